/** The worker for the arithmetic around the networks: no TensorFlow.js, so it can be stopped and replaced at once. */
import { carry, fit, mixed, type Fitting, type Maps, type Size } from './guided';
import { fitToCoarse } from './levels';
import { reduce } from './working';
import { toFloats } from './pixels';

/** Photos are opaque RGBA; `pictures` are [height,width,3 K] in [0,1], of the working photo's size. */
export type CarryRequest =
  | { kind: 'reduce'; photo: ImageData; size: Size }
  | { kind: 'fit'; working: ImageData; pictures: Float32Array; weights: number[]; fitting: Fitting }
  | { kind: 'carry'; photo: ImageData; maps: Maps; strength: number }
  | { kind: 'fit-to-coarse'; fine: ImageData; coarse: ImageData };

/** What each kind of request is answered with. */
export interface CarryAnswers {
  reduce: ImageData;
  fit: Maps;
  carry: ImageData;
  'fit-to-coarse': ImageData;
}

export type CarryReply =
  | { type: 'progress'; fraction: number }
  | { type: 'done'; value: CarryAnswers[CarryRequest['kind']] }
  | { type: 'failed'; message: string; isFull: boolean };

self.onmessage = ({ data }: MessageEvent<CarryRequest>) => {
  try {
    const value = answer(data);
    const { buffer } = value instanceof ImageData ? value.data : value.values;
    post({ type: 'done', value }, [buffer]);
  } catch (error) {
    post({ type: 'failed', message: String(error), isFull: error instanceof RangeError });
  }
};

function answer(request: CarryRequest): CarryAnswers[CarryRequest['kind']] {
  if (request.kind === 'reduce') return reduce(request.photo, request.size);
  if (request.kind === 'fit') {
    const { width, height } = request.working;
    const size = { width, height };
    const photo = toFloats(request.working, { ...size, top: 0, left: 0 });
    return fit(photo, mixed(request.pictures, request.weights), size, request.fitting);
  }
  const onProgress = (fraction: number) => {
    post({ type: 'progress', fraction });
  };
  if (request.kind === 'fit-to-coarse') {
    fitToCoarse(request.fine, request.coarse, onProgress);
    return request.fine;
  }
  // The photo came as a copy of the page's; it becomes the result, so that no third picture is held.
  carry(request.photo, request.maps, request.strength, onProgress);
  return request.photo;
}

function post(reply: CarryReply, transfer: Transferable[] = []): void {
  self.postMessage(reply, { transfer });
}
