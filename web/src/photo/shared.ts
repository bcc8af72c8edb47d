/**
 * Photos that were shared to the installed app: the service worker keeps them on this device until the page that
 * it opens for them has read them.
 */

/** Name of the store in Cache Storage. */
export const SHARED = 'nocturne-shared';
const NAME = 'x-file-name';

/** Keeps the files, in their order, in place of any that nobody has read. */
export async function keepShared(files: File[]): Promise<void> {
  await caches.delete(SHARED);
  const store = await caches.open(SHARED);
  for (const [i, file] of files.entries()) {
    await store.put(
      `${location.origin}/${i}`,
      new Response(file, { headers: { [NAME]: encodeURIComponent(file.name) } }),
    );
  }
}

/** The kept files, which are kept no longer. */
export async function takeShared(): Promise<File[]> {
  const { caches } = globalThis as Partial<typeof globalThis>; // absent on plain http
  if (!(await caches?.has(SHARED).catch(() => false))) return [];
  const store = await caches?.open(SHARED);
  const kept = await Promise.all(((await store?.keys()) ?? []).map((key) => store?.match(key)));
  const files = await Promise.all(kept.flatMap((each) => (each ? fileIn(each) : [])));
  await caches?.delete(SHARED);
  return files;
}

async function fileIn(kept: Response): Promise<File> {
  return new File([await kept.blob()], decodeURIComponent(kept.headers.get(NAME) ?? ''));
}
