/** The dialog behind the promise: what paints here, what this device keeps of the page, and the button that clears it. */
import { openStore, STORE } from '../engine/files';
import { language, t } from '../i18n';
import { SHARED } from '../photo/shared';
import { part, testId } from './dom';

export function setUpStorage(): void {
  const dialog = part('#storage', HTMLDialogElement);
  const text = part('#storage-text', HTMLElement);
  const clear = testId('clear-models', HTMLButtonElement);

  async function show(whenEmpty: string): Promise<void> {
    const bytes = await storedBytes();
    clear.disabled = bytes === 0;
    text.textContent = bytes ? t('storage.kept', { size: megabytes(bytes) }) : whenEmpty;
  }

  part('#promise', HTMLButtonElement).addEventListener('click', () => {
    void show(t('storage.none')).then(() => {
      dialog.showModal();
    });
  });
  part('#storage-close', HTMLButtonElement).addEventListener('click', () => {
    dialog.close();
  });
  clear.addEventListener('click', () => {
    void clearStored().then(() => show(t('storage.cleared')));
  });
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toLocaleString(language, { maximumFractionDigits: 1 });
}

/** Bytes of every file in the store; 0 where the browser has none. */
async function storedBytes(): Promise<number> {
  const store = await openStore();
  const kept = await Promise.all(((await store?.keys()) ?? []).map((key) => store?.match(key)));
  return kept.reduce((sum, file) => sum + Number(file?.headers.get('content-length') ?? 0), 0);
}

/** Removes the models and the page's own copy; the open page goes on with what it holds in memory. */
async function clearStored(): Promise<void> {
  const { caches, navigator } = globalThis as Partial<typeof globalThis>;
  const registration = await navigator?.serviceWorker?.getRegistration();
  await registration?.unregister();
  await Promise.all([STORE, SHARED].map((name) => caches?.delete(name)));
}
