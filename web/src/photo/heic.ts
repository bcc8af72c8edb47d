/** HEIC where the browser does not read it: by libheif, which is fetched with the first such photo. */
import { PhotoError } from './errors';
import type { HeicReply } from './heic-worker';

/** The upright picture. Rejects with PhotoError 'decoder-missing' or 'unsupported-heic'. */
export async function decodeHeic(file: Blob): Promise<ImageBitmap> {
  const bytes = await file.arrayBuffer();
  const worker = new Worker(new URL('./heic-worker.ts', import.meta.url), { type: 'module' });
  try {
    const reply = await new Promise<HeicReply>((resolve) => {
      worker.onmessage = ({ data }: MessageEvent<HeicReply>) => {
        resolve(data);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        resolve('not-loaded');
      };
      worker.postMessage(bytes, [bytes]);
    });
    if (reply === 'not-loaded') throw new PhotoError('decoder-missing', 'The decoder cannot be loaded.');
    if (reply === 'not-decoded') throw new PhotoError('unsupported-heic', 'The HEIC file cannot be decoded.');
    keepDecoder();
    return await createImageBitmap(reply);
  } finally {
    worker.terminate(); // its memory has grown with the photo
  }
}

/** For use without a network, where the decoder was fetched before the first visit's service worker ran. */
function keepDecoder(): void {
  const container = (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker; // not on plain http
  void container?.ready.then(({ active }) => active?.postMessage('keep-heic'));
}
