/** Pictures that arrive by drop anywhere, by paste and by the file inputs; a drop on the styles is a style. */
import { t } from '../i18n';
import { offerFiles, type Offer } from '../photo/first';
import { part, testId } from './dom';
import { offerOf } from './transfer';

export type Arrival = (offer: Offer) => void;

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
    if (!event.clipboardData || isDialogOpen()) return;
    event.preventDefault();
    // Browsers call every pasted picture image.png.
    onPhoto(offerOf(event.clipboardData, t('paste.name'), 'image.png'));
  });
}

/** Hands the chosen file over; the input is emptied, so that the same file can be chosen again. */
export function acceptFiles(input: HTMLInputElement, onFile: Arrival): void {
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])];
    if (files.length > 0) onFile(offerFiles(files));
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
    event.preventDefault(); // of links too: a dropped one would lead away from the page and its photo
    if (isDialogOpen()) event.dataTransfer.dropEffect = 'none';
    else body.dataset['drag'] = isStyle(event) ? 'style' : 'photo';
  });
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) delete body.dataset['drag'];
  });
  document.addEventListener('drop', (event) => {
    delete body.dataset['drag'];
    event.preventDefault();
    if (!event.dataTransfer || isDialogOpen()) return;
    (isStyle(event) ? onStyle : onPhoto)(offerOf(event.dataTransfer, t('drop.name')));
  });
}

/** What is given to an open dialog is not for the page behind it. */
function isDialogOpen(): boolean {
  return document.querySelector('dialog[open]') !== null;
}
