/** The worker that decodes HEIC with libheif, which applies the turns and mirrorings that the file asks for. */
import libheif from 'libheif-js/libheif-wasm/libheif.js';
import wasm from 'libheif-js/libheif-wasm/libheif.wasm?url';

/** A picture, or what went wrong. Pixels, because WebKit's page draws blank bitmaps once a worker that made some ends. */
export type HeicReply = ImageData | 'not-loaded' | 'not-decoded';

/** What is used of libheif-js; its own declarations leave it out. */
interface Libheif {
  HeifDecoder: new () => { decode(file: Uint8Array): HeifImage[] };
}

interface HeifImage {
  is_primary(): boolean;
  get_width(): number;
  get_height(): number;
  /** Fills the pixels with RGBA, upright; tells null where that fails. */
  display(pixels: ImageData, done: (pixels: ImageData | null) => void): void;
}

const DISPLAY_P3 = String.fromCharCode(...[...'Display P3'].flatMap((letter) => [0, letter.charCodeAt(0)]));
const HEAD_BYTES = 1 << 16; // a colour profile stands before the pixels

self.onmessage = ({ data }: MessageEvent<ArrayBuffer>) => {
  void answer(data);
};

async function answer(file: ArrayBuffer): Promise<void> {
  const binary = await fetchBinary();
  const reply: HeicReply = binary ? await decode(binary, file).catch(() => 'not-decoded') : 'not-loaded';
  self.postMessage(reply, { transfer: typeof reply === 'string' ? [] : [reply.data.buffer] });
}

async function fetchBinary(): Promise<ArrayBuffer | undefined> {
  try {
    const response = await fetch(wasm);
    return response.ok ? await response.arrayBuffer() : undefined;
  } catch {
    return undefined;
  }
}

async function decode(wasmBinary: ArrayBuffer, file: ArrayBuffer): Promise<ImageData> {
  const { HeifDecoder } = libheif({ wasmBinary }) as unknown as Libheif;
  const images = new HeifDecoder().decode(new Uint8Array(file));
  const image = images.find((each) => each.is_primary()) ?? images[0];
  if (!image) throw new Error('There is no picture in the file.');
  const pixels = newPixels(image.get_width(), image.get_height(), isWideGamut(file));
  const decoded = await new Promise((resolve) => {
    image.display(pixels, resolve);
  });
  if (!decoded) throw new Error('The picture cannot be decoded.');
  return pixels;
}

/** Whether the colours are Display P3's, as a phone's are: by an ICC profile of that name, or by number. */
function isWideGamut(file: ArrayBuffer): boolean {
  const head = new TextDecoder('latin1').decode(file.slice(0, HEAD_BYTES));
  return head.includes(DISPLAY_P3) || head.includes('colrnclx\0\x0c');
}

function newPixels(width: number, height: number, isWide: boolean): ImageData {
  try {
    return new ImageData(width, height, { colorSpace: isWide ? 'display-p3' : 'srgb' });
  } catch {
    return new ImageData(width, height); // a browser that knows only sRGB
  }
}
