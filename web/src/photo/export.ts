/** Pictures to files: PNG, JPEG or WebP, whichever the browser can write. */
import { holdsPixels, newCanvas, release } from './canvas';
import { PhotoError } from './errors';
import type { PictureType } from './name';
import { encodePng } from './png';

export { resultName, type PictureType } from './name';

const QUALITY = 0.93; // of the lossy formats: brush grain survives, files stay about 2 bits a pixel

/**
 * The picture as a file of the type asked for, at its own size.
 * Rejects with PhotoError 'unsupported-export' where the browser cannot write that type; PNG it always can.
 */
export async function exportPicture(
  picture: ImageData | ImageBitmap | HTMLCanvasElement,
  type: PictureType,
): Promise<Blob> {
  const isCanvas = picture instanceof HTMLCanvasElement;
  const blob = isCanvas ? await write(picture, type) : await fileOf(picture, type);
  // A browser that cannot write a type silently answers with a PNG.
  if (blob?.type !== type) throw new PhotoError('unsupported-export', `This browser cannot write ${type}.`);
  return blob;
}

/** Whether this browser can write pictures of that type. */
export function canExport(type: PictureType): Promise<boolean> {
  return exportPicture(newCanvas(1, 1).canvas, type).then(
    () => true,
    () => false,
  );
}

/** Whether this browser can write a picture so large as that type; PNG needs no canvas. */
export function canExportAt(
  type: PictureType,
  { width, height }: { width: number; height: number },
): boolean {
  if (type === 'image/png') return true;
  const context = newCanvas(width, height);
  context.fillRect(width - 1, height - 1, 1, 1);
  const holds = holdsPixels(context);
  release(context.canvas);
  return holds;
}

async function fileOf(picture: ImageData | ImageBitmap, type: PictureType): Promise<Blob | null> {
  const context = newCanvas(picture.width, picture.height);
  if (picture instanceof ImageData) context.putImageData(picture, 0, 0);
  else context.drawImage(picture, 0, 0);
  const blob = holdsPixels(context) ? await write(context.canvas, type) : null;
  release(context.canvas);
  const canEncode = type === 'image/png' && picture instanceof ImageData;
  return blob ?? (canEncode ? encodePng(picture) : null);
}

function write(canvas: HTMLCanvasElement, type: PictureType): Promise<Blob | null> {
  return new Promise((resolve) => {
    canvas.toBlob(resolve, type, QUALITY);
  });
}
