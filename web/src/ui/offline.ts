/**
 * Keeps the page usable without a network: registers the service worker once the page can paint, so that it
 * does not compete with the first painting, and has the rest kept when something is painted and the page rests.
 */
import { published } from './dom';

const REST_MS = 3000;

/** What browsers that know it say of the connection. */
interface Connection {
  saveData?: boolean;
  type?: string;
  effectiveType?: string;
}

/** Watches <html data-state>. Only the built page has a service worker. */
export function setUpOffline(): void {
  const container = (navigator as { serviceWorker?: ServiceWorkerContainer }).serviceWorker; // not on plain http
  if (!container || !import.meta.env.PROD) return;
  let registered: Promise<unknown> | undefined;
  let rest = 0;
  const look = () => {
    const { state } = document.documentElement.dataset;
    clearTimeout(rest);
    if (state === 'ready' || state === 'done') registered ??= register(container);
    if (state === 'done') rest = setTimeout(keepAll, REST_MS, container);
  };
  new MutationObserver(look).observe(document.documentElement, { attributeFilter: ['data-state'] });
  look();
}

/** A browser or a host that refuses costs the visitor nothing but the use without a network. */
async function register(container: ServiceWorkerContainer): Promise<void> {
  await container.register(published('service-worker.js')).catch(() => undefined);
}

/** Has the models that were not needed yet fetched too, except where bytes cost the visitor money. */
async function keepAll(container: ServiceWorkerContainer): Promise<void> {
  if (isMetered((navigator as { connection?: Connection }).connection)) return;
  const { active } = await container.ready;
  active?.postMessage('keep-all');
}

/** Whether the visitor saves data, or the connection is a phone's or slow. */
export function isMetered({ saveData, type, effectiveType }: Connection = {}): boolean {
  return saveData === true || type === 'cellular' || /2g|3g/.test(effectiveType ?? '');
}
