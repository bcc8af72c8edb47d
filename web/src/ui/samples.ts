/** Sample photos for those who come without one, read from samples/samples.json. */
import { language, nameElement, t, type LocalName } from '../i18n';
import { part, published } from './dom';
import type { Arrival } from './drop';

interface Sample {
  id: string;
  name: LocalName;
  picture: string;
  thumbnail: string;
  credit: string;
}

/** Shows the samples; without a list of them the row stays hidden. */
export async function setUpSamples(onPhoto: Arrival, onMissing: () => void): Promise<void> {
  const response = await fetch(published('samples/samples.json')).catch(() => undefined);
  if (!response?.ok) return;
  const samples = (await response.json()) as Sample[];
  const row = part('#samples-row', HTMLElement);
  row.append(...samples.map((sample) => sampleButton(sample, onPhoto, onMissing)));
  part('#samples', HTMLElement).hidden = samples.length === 0;
}

function sampleButton(sample: Sample, onPhoto: Arrival, onMissing: () => void): HTMLButtonElement {
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
    fetchPicture(sample.picture).then((file) => {
      onPhoto(file, name);
    }, onMissing);
  });
  return button;
}

async function fetchPicture(path: string): Promise<Blob> {
  const response = await fetch(published(`samples/${path}`));
  if (!response.ok) throw new Error(`samples/${path}: ${response.status}`);
  return response.blob();
}
