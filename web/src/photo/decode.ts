/** A file the visitor gave, decoded: upright, whole, or refused with a code. */
import { PhotoError } from './errors';

export { PhotoError, type PhotoErrorCode } from './errors';

export interface DecodedPhoto {
  /** Upright: the camera's orientation is applied. */
  bitmap: ImageBitmap;
  width: number;
  height: number;
  /** The file's name, "photo" where it has none. */
  name: string;
}

/** Decodes a picture file. Rejects with PhotoError. */
export async function decodePhoto(file: Blob, name: string): Promise<DecodedPhoto> {
  if (file.size === 0) throw new PhotoError('empty', 'The file is empty.');
  const bitmap = await createImageBitmap(file, { imageOrientation: 'from-image' }).catch((cause: unknown) => {
    throw new PhotoError('not-a-picture', 'The file is no picture the browser can read.', { cause });
  });
  return { bitmap, width: bitmap.width, height: bitmap.height, name: name || 'photo' };
}
