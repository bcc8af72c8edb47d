/** The film strip: the photos of a visitor who gave several, each with how far it is. One of them is on the easel. */
import type { State } from '../batch/queue';
import { nameElement, t } from '../i18n';
import { newCanvas } from '../photo/canvas';
import { decodePhoto } from '../photo/decode';
import type { Candidate } from '../photo/first';
import { centreSquare, toImageData } from '../photo/resize';
import { part } from './dom';

export interface Film {
  readonly photos: readonly Candidate[];
  /** Shows these photos, and which of them is on the easel; fewer than two, none. */
  offer(photos: Candidate[], chosen: Candidate | undefined): void;
  choose(chosen: Candidate): void;
  /** Says how far one is; `why` is what is wrong with it. */
  mark(photo: Candidate, state: State, why?: string): void;
}

const THUMBNAIL = 96; // px

export function setUpFilm(onChoose: (photo: Candidate) => void): Film {
  const strip = part('#film-photos', HTMLElement);
  let buttons = new Map<Candidate, HTMLButtonElement>();

  function offer(photos: Candidate[], chosen: Candidate | undefined): void {
    buttons = new Map(photos.length > 1 ? photos.map((photo) => [photo, frameOf(photo, onChoose)]) : []);
    strip.replaceChildren(...buttons.values());
    part('#film', HTMLElement).hidden = buttons.size === 0;
    if (chosen) choose(chosen);
    void develop(buttons, () => strip.contains([...buttons.values()][0] ?? null));
  }

  function choose(chosen: Candidate): void {
    for (const [photo, button] of buttons) button.ariaPressed = String(photo === chosen);
    buttons.get(chosen)?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  return {
    get photos() {
      return [...buttons.keys()];
    },
    offer,
    choose,
    mark(photo, state, why) {
      const button = buttons.get(photo);
      if (!button) return;
      button.dataset['state'] = state;
      nameElement(button, [photo.name, t(`film.${state}`), why].filter(Boolean).join('. '));
    },
  };
}

function frameOf(photo: Candidate, onChoose: (photo: Candidate) => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'frame';
  button.dataset['testid'] = 'film-photo';
  nameElement(button, photo.name);
  button.addEventListener('click', () => {
    onChoose(photo);
  });
  return button;
}

/** Draws the thumbnails one after another, so that memory holds one decoded photo; a broken one stays empty. */
async function develop(buttons: Map<Candidate, HTMLButtonElement>, isWanted: () => boolean): Promise<void> {
  for (const [photo, button] of buttons) {
    if (!isWanted()) return;
    const thumbnail = await thumbnailOf(photo).catch(() => undefined);
    if (thumbnail) button.prepend(thumbnail);
  }
}

async function thumbnailOf({ open, name }: Candidate): Promise<HTMLCanvasElement> {
  const { bitmap, width, height } = await decodePhoto(await open(), name);
  const pixels = toImageData(bitmap, THUMBNAIL, centreSquare(width, height));
  bitmap.close();
  const context = newCanvas(pixels.width, pixels.height);
  context.putImageData(pixels, 0, 0);
  return context.canvas;
}
