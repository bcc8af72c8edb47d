/** Pictures that arrive by drop anywhere, by paste and by the file inputs; a drop on the styles is a style. */
import { t } from '../i18n';
import { part, testId } from './dom';

export type Arrival = (file: Blob, name: string) => void;

export function setUpDropZone(onPhoto: Arrival, onStyle: Arrival): void {
  acceptFiles(testId('photo-input', HTMLInputElement), onPhoto);
  acceptFiles(testId('style-input', HTMLInputElement), onStyle);
  part('#own', HTMLButtonElement).addEventListener('click', () => {
    testId('style-input', HTMLInputElement).click();
  });
  for (const button of document.querySelectorAll('[data-way="file"]')) {
    button.addEventListener('click', () => {
      testId('photo-input', HTMLInputElement).click();
    });
  }
  acceptDrops(onPhoto, onStyle);
  document.addEventListener('paste', (event) => {
    const file = event.clipboardData?.files[0];
    if (!file) return;
    event.preventDefault();
    // Browsers call every pasted picture image.png.
    onPhoto(file, file.name && file.name !== 'image.png' ? file.name : t('paste.name'));
  });
}

/** Hands each chosen file over; the input is emptied, so that the same file can be chosen again. */
export function acceptFiles(input: HTMLInputElement, onFile: Arrival): void {
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    if (file) onFile(file, file.name);
    input.value = '';
  });
}

function acceptDrops(onPhoto: Arrival, onStyle: Arrival): void {
  const body = document.body;
  const panel = part('.panel', HTMLElement);
  const isStyle = ({ target }: DragEvent) =>
    target instanceof Node && panel.contains(target) && !part('#styles', HTMLElement).hidden;

  document.addEventListener('dragover', (event) => {
    if (!event.dataTransfer) return;
    const hasFiles = event.dataTransfer.types.includes('Files');
    event.preventDefault(); // of links too: a dropped one would lead away from the page and its photo
    event.dataTransfer.dropEffect = hasFiles ? 'copy' : 'none';
    if (hasFiles) body.dataset['drag'] = isStyle(event) ? 'style' : 'photo';
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) delete body.dataset['drag'];
  });
  document.addEventListener('drop', (event) => {
    delete body.dataset['drag'];
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) (isStyle(event) ? onStyle : onPhoto)(file, file.name);
  });
}
