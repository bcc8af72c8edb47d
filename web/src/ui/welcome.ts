/**
 * The stage before there is a photo: what the chosen effect makes of a sample, swept once from before to after, the
 * ways to give a photo, and the samples, each of which starts the effect that suits it best.
 */
import { language, nameElement, t, type LocalName } from '../i18n';
import { offerOne, type Offer } from '../photo/first';
import { isTouch } from './device';
import { part, published } from './dom';

export interface Sample {
  id: string;
  name: LocalName;
  picture: string;
  thumbnail: string;
  credit: string;
  /** The effect it starts, by its kind and, among the styles, its id. */
  effect: string;
  style?: string;
  /** Pictures of it before and after, where it stands for its effect on the first screen. */
  hero?: { before: string; after: string };
}

/** A sample's picture could not be fetched. */
export class SampleMissing extends Error {}

/** Hears of a sample as soon as it is chosen; its picture may still be on its way. */
type OnSample = (offer: Offer, sample: Sample) => void;

export interface Welcome {
  /** Invites to that effect, with its own headline and sample. */
  invite(kind: string, headline: string): void;
}

const THUMBNAIL = { width: 240, height: 160 };
const ICONS: Record<string, string> = { style: 'i-brush', 'day-night': 'i-time' };

/** Without a list of samples the page invites with words alone. */
export function setUpWelcome(onSample: OnSample): Welcome {
  let samples: Sample[] = [];
  let invited: string | undefined;
  if (isTouch()) part('#lead', HTMLElement).textContent = t('lead.touch');

  const choose = (sample: Sample) => {
    onSample(
      offerOne(sample.name[language], () => fetchPicture(sample.picture)),
      sample,
    );
  };
  part('#hero', HTMLButtonElement).addEventListener('click', () => {
    const sample = heroOf(samples, invited);
    if (sample) choose(sample);
  });
  void fetchSamples().then((found) => {
    samples = found;
    part('#samples-row', HTMLElement).append(...samples.map((sample) => sampleButton(sample, choose)));
    part('#samples', HTMLElement).hidden = samples.length === 0;
    showHero(heroOf(samples, invited));
  });

  return {
    invite(kind, headline) {
      if (kind === invited) return;
      invited = kind;
      part('#headline', HTMLElement).textContent = headline;
      showHero(heroOf(samples, kind));
    },
  };
}

async function fetchSamples(): Promise<Sample[]> {
  const response = await fetch(published('samples/samples.json')).catch(() => undefined);
  return response?.ok ? ((await response.json()) as Sample[]) : [];
}

function heroOf(
  samples: Sample[],
  kind: string | undefined,
): (Sample & Required<Pick<Sample, 'hero'>>) | undefined {
  return samples.find(
    (sample): sample is Sample & Required<Pick<Sample, 'hero'>> =>
      sample.effect === kind && sample.hero !== undefined,
  );
}

/** Sweeps once from before to after when both pictures are there; the style sheet has the motion. */
function showHero(sample: (Sample & Required<Pick<Sample, 'hero'>>) | undefined): void {
  const hero = part('.hero', HTMLElement);
  const button = part('#hero', HTMLButtonElement);
  button.hidden = sample === undefined;
  delete hero.dataset['sweeps'];
  if (!sample) return;
  nameElement(button, t('samples.hero', { name: sample.name[language] }));
  const images = (['before', 'after'] as const).map((side) => {
    const image = part(`.hero-${side}`, HTMLImageElement);
    image.src = published(`samples/${sample.hero[side]}`);
    return image.decode();
  });
  Promise.all(images).then(
    () => {
      hero.dataset['sweeps'] = '';
    },
    () => undefined, // a picture that is missing, or that another one has taken the place of
  );
}

function sampleButton(sample: Sample, choose: (sample: Sample) => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'sample';
  const name = sample.name[language];
  nameElement(button, t('samples.one', { name }));
  button.title = sample.credit ? `${name} (${sample.credit})` : name;
  const image = new Image(THUMBNAIL.width, THUMBNAIL.height);
  image.alt = '';
  image.src = published(`samples/${sample.thumbnail}`);
  button.append(image, effectMark(sample.effect));
  button.addEventListener('click', () => {
    choose(sample);
  });
  return button;
}

function effectMark(effect: string): HTMLElement {
  const mark = document.createElement('span');
  mark.className = 'sample-effect';
  mark.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#${ICONS[effect] ?? ''}" /></svg>`;
  return mark;
}

async function fetchPicture(path: string): Promise<Blob> {
  try {
    const response = await fetch(published(`samples/${path}`));
    if (!response.ok) throw new Error(String(response.status));
    return await response.blob();
  } catch (cause) {
    throw new SampleMissing(`samples/${path} could not be fetched.`, { cause });
  }
}
