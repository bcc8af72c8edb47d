/** Fingers, mouse and wheel on the stage: drag pans, two fingers pinch, a double tap zooms, a still hold compares. */
import type { PanZoom } from './pan_zoom';

const HOLD_MS = 300;
const STILL = 8; // CSS px a finger may tremble and still be a tap or a hold
const DOUBLE_TAP_MS = 320;
const DOUBLE_TAP_DISTANCE = 30;
const WHEEL_SPEED = 0.0022; // of the logarithm of the zoom, a wheel pixel

interface Finger {
  x: number;
  y: number;
  travelled: number;
}

export function trackGestures(view: HTMLElement, camera: PanZoom, onHold: (held: boolean) => void): void {
  const fingers = new Map<number, Finger>();
  const hold = holdTimer(onHold);
  let lastTap: { time: number; x: number; y: number } | undefined;

  view.addEventListener('pointerdown', (event) => {
    if (event.button !== 0 || isControl(event.target)) return;
    fingers.set(event.pointerId, { x: event.clientX, y: event.clientY, travelled: 0 });
    view.setPointerCapture(event.pointerId);
    if (fingers.size === 1) hold.start();
    else hold.stop();
  });

  view.addEventListener('pointermove', (event) => {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    const before = spread(fingers);
    const [dx, dy] = [event.clientX - finger.x, event.clientY - finger.y];
    finger.x = event.clientX;
    finger.y = event.clientY;
    finger.travelled += Math.hypot(dx, dy);
    if (finger.travelled > STILL) hold.stop();
    const after = spread(fingers);
    if (before && after && before.distance > 0) {
      camera.zoom(after.distance / before.distance, after);
      camera.pan(after.clientX - before.clientX, after.clientY - before.clientY);
    } else if (!hold.held) camera.pan(dx, dy);
  });

  function lift(event: PointerEvent): void {
    const finger = fingers.get(event.pointerId);
    if (!finger) return;
    fingers.delete(event.pointerId);
    const held = hold.held;
    hold.stop();
    if (event.type === 'pointercancel' || held || finger.travelled > STILL) return;
    const tap = { time: event.timeStamp, x: event.clientX, y: event.clientY };
    const isDouble = lastTap && isSecondTap(lastTap, tap);
    if (isDouble) camera.toggle(event);
    lastTap = isDouble ? undefined : tap;
  }
  view.addEventListener('pointerup', lift);
  view.addEventListener('pointercancel', lift);

  // A long press on a phone would open the browser's menu over the comparison.
  view.addEventListener('contextmenu', (event) => {
    if (fingers.size > 0) event.preventDefault();
  });
  view.addEventListener(
    'wheel',
    (event) => {
      zoomByWheel(event, camera);
    },
    { passive: false },
  );
}

/** Leaves the wheel to the page where the picture is whole and the page has somewhere to scroll. */
function zoomByWheel(event: WheelEvent, camera: PanZoom): void {
  const pageScrolls = document.documentElement.scrollHeight > innerHeight + 1;
  if (camera.scale === 1 && !event.ctrlKey && (event.deltaY > 0 || pageScrolls)) return;
  event.preventDefault();
  const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
  const speed = event.ctrlKey ? 4 * WHEEL_SPEED : WHEEL_SPEED; // a trackpad's pinch comes in small steps
  camera.zoom(Math.exp(-event.deltaY * lines * speed), event);
}

function holdTimer(onHold: (held: boolean) => void) {
  let timer = 0;
  let held = false;
  return {
    get held() {
      return held;
    },
    start() {
      timer = setTimeout(() => {
        held = true;
        onHold(true);
      }, HOLD_MS);
    },
    stop() {
      clearTimeout(timer);
      if (held) onHold(false);
      held = false;
    },
  };
}

/** Distance and middle of two fingers. */
function spread(fingers: Map<number, Finger>) {
  const [a, b] = [...fingers.values()];
  if (!a || !b) return undefined;
  return {
    distance: Math.hypot(a.x - b.x, a.y - b.y),
    clientX: (a.x + b.x) / 2,
    clientY: (a.y + b.y) / 2,
  };
}

function isSecondTap(first: { time: number; x: number; y: number }, second: typeof first): boolean {
  const near = Math.hypot(first.x - second.x, first.y - second.y) < DOUBLE_TAP_DISTANCE;
  return near && second.time - first.time < DOUBLE_TAP_MS;
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof Element && target.closest('[role="slider"], button') !== null;
}
