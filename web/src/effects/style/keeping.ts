/** Styles that are kept, under Adjust: saved as a file, passed on as an address, opened again. */
import { isTouch } from '../../ui/device';
import { download } from '../../ui/save';
import { onPress } from '../../ui/dom';
import { EXTENSION, toFragment, toText, type SavedStyle } from './style-file';
import { t, type Word } from './words';

export interface KeepingEvents {
  /** The chosen style as it is painted now; undefined while it is not painted yet. */
  current(): SavedStyle | undefined;
  onOpen(file: Blob): void;
  /** Said once it is done. */
  onDone(sentence: string): void;
  onFailedToCopy(): void;
}

/** Brings to life the `.style-file` within the finer controls. */
export function setUpKeeping(controls: HTMLElement, events: KeepingEvents): void {
  const input = controls.querySelector('[data-testid=style-load]') as HTMLInputElement;
  const shares = isTouch() && 'share' in navigator;

  press('style-save', 'keep.save', async (saved) => {
    const name = `${saved.name.replace(/[\\/:*?"<>|]/g, '-')}${EXTENSION}`;
    download(new File([toText(saved)], name, { type: 'application/json' }));
    events.onDone(t('keep.saved', { name }));
  });
  press('style-link', shares ? 'keep.share' : 'keep.link', async (saved) => {
    const url = new URL(toFragment(saved), document.baseURI).href;
    if (shares) await navigator.share({ title: saved.name, url });
    else await navigator.clipboard.writeText(url);
    if (!shares) events.onDone(t('keep.copied'));
  });
  button('style-open', 'keep.open').addEventListener('click', () => {
    input.click();
  });
  input.ariaLabel = t('keep.open');
  input.addEventListener('change', () => {
    const [file] = input.files ?? [];
    if (file) events.onOpen(file);
    input.value = '';
  });

  function button(name: string, word: Word): HTMLButtonElement {
    const element = controls.querySelector(`[data-testid=${name}]`) as HTMLButtonElement;
    element.textContent = t(word);
    return element;
  }

  function press(name: string, word: Word, action: (saved: SavedStyle) => Promise<void>): void {
    onPress(button(name, word), async () => {
      const saved = events.current();
      if (!saved) return;
      await action(saved).catch((error: unknown) => {
        const isWithdrawn = error instanceof DOMException && error.name === 'AbortError';
        if (!isWithdrawn) events.onFailedToCopy();
      });
    });
  }
}
