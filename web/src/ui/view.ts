/**
 * The picture on its easel. The painted picture lies below and the visitor's photo above it: visible until
 * something is painted, and again to compare. Zoomed and panned by gestures, keys and buttons.
 */
import type { Picture } from '../engine/picture';
import { nameElement, t } from '../i18n';
import { context2d, part, testId } from './dom';
import { trackGestures } from './gestures';
import { PanZoom } from './pan_zoom';

export interface View {
  /** Shows a new photo, not painted yet, whole. */
  showPhoto(photo: ImageData): void;
  /** Draws the photo anew, not painted yet, seen as before. */
  redraw(photo: ImageData): void;
  /** Shows the photo again, without drawing anything anew. */
  hidePainting(): void;
  /** Shows the photo under a veil until something is painted: what was painted is of another effect. */
  veil(): void;
  /** Says that what is seen is only a preview of that style; '' says nothing. */
  preview(style: string): void;
  /** Shows a painting, or a `share` of it over the photo; a smaller one (a preview) is drawn enlarged. */
  showPainted(painted: Picture, label: string, share?: number): void;
}

const ZOOM_STEP = 1.5;
const ARROW = 60; // CSS px a key press moves

/** onLost: the graphics processor's reset has taken the pictures; the canvases are blank. */
export function setUpView(onHold: (held: boolean) => void, onLost: () => void): View {
  const view = part('#view', HTMLElement);
  const paper = part('#paper', HTMLElement);
  const result = testId('result', HTMLCanvasElement);
  const original = part('#original', HTMLCanvasElement);
  const pill = part('#preview', HTMLElement);
  const camera: PanZoom = new PanZoom(view, paper, (percent) => {
    showZoom(camera, percent);
  });

  setUpZoomButtons(camera);
  setUpKeys(view, camera);
  trackGestures(view, camera, onHold);
  new ResizeObserver(() => {
    camera.fit(result.width, result.height);
  }).observe(view);

  for (const canvas of [result, original]) canvas.addEventListener('contextrestored', onLost);

  function redraw(photo: ImageData): void {
    for (const canvas of [result, original]) draw(canvas, photo, photo);
    hidePainting();
  }

  function hidePainting(): void {
    delete paper.dataset['painted'];
    delete paper.dataset['veiled'];
    result.ariaLabel = t('result.photo');
  }

  return {
    showPhoto(photo) {
      redraw(photo);
      camera.home();
      camera.fit(photo.width, photo.height);
    },
    redraw,
    hidePainting,
    veil() {
      hidePainting();
      paper.dataset['veiled'] = '';
    },
    preview(style) {
      pill.hidden = style === '';
      pill.textContent = t('preview', { style });
    },
    showPainted(painted, label, share = 1) {
      if (share < 1) drawOver(result, painted, original, share);
      else draw(result, painted, original);
      delete paper.dataset['veiled'];
      paper.dataset['painted'] = '';
      result.ariaLabel = label;
    },
  };
}

/** Draws the pixels over the whole of a canvas of that size. */
function draw(canvas: HTMLCanvasElement, picture: Picture, size: { width: number; height: number }): void {
  const { width, height } = size;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = context2d(canvas);
  if (picture instanceof ImageData && picture.width === width && picture.height === height) {
    context.putImageData(picture, 0, 0);
    return;
  }
  context.imageSmoothingQuality = 'high';
  context.drawImage(picture instanceof ImageData ? canvasOf(picture) : picture, 0, 0, width, height);
}

/** Draws a share of the picture over the photo. */
function drawOver(
  canvas: HTMLCanvasElement,
  picture: Picture,
  photo: HTMLCanvasElement,
  share: number,
): void {
  const context = context2d(canvas);
  context.drawImage(photo, 0, 0, canvas.width, canvas.height);
  context.globalAlpha = share;
  context.drawImage(
    picture instanceof ImageData ? canvasOf(picture) : picture,
    0,
    0,
    canvas.width,
    canvas.height,
  );
  context.globalAlpha = 1;
}

function canvasOf(pixels: ImageData): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width: pixels.width, height: pixels.height });
  context2d(canvas).putImageData(pixels, 0, 0);
  return canvas;
}

/** "Fit" where the whole picture is seen, else its scale: at 100% its pixels are the screen's. */
function showZoom(camera: PanZoom, exact: number): void {
  const figure = part('[data-zoom="fit"]', HTMLButtonElement);
  const percent = Math.round(exact);
  const isWhole = camera.scale === 1;
  figure.textContent = isWhole ? t('zoom.whole') : `${percent}%`;
  nameElement(figure, isWhole ? t('zoom.actual') : t('zoom.fit', { percent }));
}

function setUpZoomButtons(camera: PanZoom): void {
  const actions = {
    in: () => {
      camera.zoom(ZOOM_STEP);
    },
    out: () => {
      camera.zoom(1 / ZOOM_STEP);
    },
    fit: () => {
      if (camera.scale === 1) camera.actualSize();
      else camera.home();
    },
  };
  for (const [name, action] of Object.entries(actions)) {
    part(`[data-zoom="${name}"]`, HTMLButtonElement).addEventListener('click', () => {
      camera.glide(action);
    });
  }
}

function setUpKeys(view: HTMLElement, camera: PanZoom): void {
  const actions: Record<string, () => void> = {
    '+': () => {
      camera.zoom(ZOOM_STEP);
    },
    '=': () => {
      camera.zoom(ZOOM_STEP);
    },
    '-': () => {
      camera.zoom(1 / ZOOM_STEP);
    },
    '0': () => {
      camera.home();
    },
    ArrowLeft: () => {
      camera.pan(ARROW, 0);
    },
    ArrowRight: () => {
      camera.pan(-ARROW, 0);
    },
    ArrowUp: () => {
      camera.pan(0, ARROW);
    },
    ArrowDown: () => {
      camera.pan(0, -ARROW);
    },
  };
  view.addEventListener('keydown', (event) => {
    const action = actions[event.key];
    const withModifier = event.ctrlKey || event.metaKey || event.altKey;
    if (event.target !== view || !action || withModifier) return;
    event.preventDefault();
    camera.glide(action);
  });
}
