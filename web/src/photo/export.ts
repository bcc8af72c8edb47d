/** Pictures to files: PNG, JPEG or WebP, whichever the browser can write. */
import { PhotoError } from './errors';
import type { PictureType } from './name';

export { resultName, type PictureType } from './name';

const QUALITY = 0.93; // of the lossy formats: brush grain survives, files stay about 2 bits a pixel

/**
 * The picture as a file of the type asked for, at its own size.
 * Rejects with PhotoError 'unsupported-export' where the browser cannot write that type.
 */
export async function exportPicture(
  picture: ImageData | HTMLCanvasElement,
  type: PictureType,
): Promise<Blob> {
  const canvas = picture instanceof ImageData ? canvasOf(picture) : picture;
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, type, QUALITY);
  });
  // A browser that cannot write a type silently answers with a PNG.
  if (!blob || blob.type !== type) {
    throw new PhotoError('unsupported-export', `This browser cannot write ${type}.`);
  }
  return blob;
}

/** Whether this browser can write pictures of that type. */
export function canExport(type: PictureType): Promise<boolean> {
  return exportPicture(new ImageData(1, 1), type).then(
    () => true,
    () => false,
  );
}

function canvasOf(pixels: ImageData): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.width = pixels.width;
  canvas.height = pixels.height;
  canvas.getContext('2d')?.putImageData(pixels, 0, 0);
  return canvas;
}
