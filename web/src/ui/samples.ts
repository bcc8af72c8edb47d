/** Sample photos for those who come without one, read from samples/samples.json. */
import { language, nameElement, t, type LocalName } from '../i18n';
import { offerOne, type Offer } from '../photo/first';
import { part, published } from './dom';

interface Sample {
  id: string;
  name: LocalName;
  picture: string;
  thumbnail: string;
  credit: string;
}

/** A sample's picture could not be fetched. */
export class SampleMissing extends Error {}

/** Hears of a sample as soon as it is chosen; its picture may still be on its way. */
type OnSample = (offer: Offer) => void;

/** Shows the samples; without a list of them the row stays hidden. */
export async function setUpSamples(onSample: OnSample): Promise<void> {
  const response = await fetch(published('samples/samples.json')).catch(() => undefined);
  if (!response?.ok) return;
  const samples = (await response.json()) as Sample[];
  const row = part('#samples-row', HTMLElement);
  row.append(...samples.map((sample) => sampleButton(sample, onSample)));
  part('#samples', HTMLElement).hidden = samples.length === 0;
}

function sampleButton(sample: Sample, onSample: OnSample): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'sample';
  const name = sample.name[language];
  nameElement(button, t('samples.one', { name }));
  button.title = sample.credit ? `${name} (${sample.credit})` : name;
  const image = new Image(72, 72);
  image.alt = '';
  image.src = published(`samples/${sample.thumbnail}`);
  button.append(image);
  button.addEventListener('click', () => {
    onSample(offerOne(name, () => fetchPicture(sample.picture)));
  });
  return button;
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
