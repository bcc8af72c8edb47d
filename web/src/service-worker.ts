/// <reference lib="webworker" />
/**
 * The service worker: keeps one complete version of the site, so that the page opens and paints without a network.
 * A version is the list of files, with their hashes, that the build writes into this script (vite/service-worker.ts);
 * the files lie in the store of engine/files.ts. A new version takes over only when every file of it has arrived and
 * no page of the old one is open; until then the old one, page and models, goes on working.
 */
import { keyOf, obtain, openStore, type PublishedFile } from './engine/files';
import { fetchFiles, parseManifest, type Manifest } from './engine/models';
import { keepShared } from './photo/shared';

declare const self: ServiceWorkerGlobalScope;
/** The published files that are kept at once, for later, and once asked for, all as JSON; filled in by the build. */
declare const SITE_FILES: string;
declare const LATER_FILES: string;
declare const HEIC_FILES: string;

const SITE = JSON.parse(SITE_FILES) as PublishedFile[];
const LATER = JSON.parse(LATER_FILES) as PublishedFile[];
const HEIC = JSON.parse(HEIC_FILES) as PublishedFile[];
const FIRST_MODEL = 'style-transformer'; // what every painting needs
const MODELS = SITE.flatMap(({ path }) => /^models\/([^/]+)\/manifest\.json$/.exec(path)?.[1] ?? []);
const scope = self.registration.scope;
const models = new URL('models/', scope).href;
const files = new Map([...SITE, ...LATER, ...HEIC].map((file) => [addressOf(file).pathname, file]));
files.set(new URL(scope).pathname, fileNamed('index.html'));
/** Where the system hands over what is shared to the installed app, as the manifest says. It never leaves the device. */
const SHARE = new URL('share', scope).href;

self.addEventListener('install', (event) => {
  event.waitUntil(install());
});
self.addEventListener('activate', (event) => {
  event.waitUntil(prune().then(() => self.clients.claim()));
});
self.addEventListener('message', (event) => {
  if (event.data === 'keep-all') event.waitUntil(keepAll());
  if (event.data === 'keep-heic') event.waitUntil(Promise.all(HEIC.map(keep)));
});
self.addEventListener('fetch', (event) => {
  const { request } = event;
  const file = fileAt(new URL(request.url));
  if (file && request.method === 'GET') event.respondWith(answer(file, request));
  else if (request.url === SHARE && request.method === 'POST') event.respondWith(receive(request));
});

/** Fails, and leaves the version before it in charge, unless every file arrives whole. */
async function install(): Promise<void> {
  await Promise.all(SITE.map(keep));
  const wanted = await Promise.all(
    MODELS.map(async (name) => name === FIRST_MODEL || (await isModelKept(name))),
  );
  await Promise.all(MODELS.filter((_, i) => wanted[i]).map(keepModel));
  if (await isKept((url) => url.includes('/assets/libheif-'))) await Promise.all(HEIC.map(keep));
}

/** Everything else the page may ask for: models not used yet, and what is large. */
async function keepAll(): Promise<void> {
  await Promise.all([...LATER.map(keep), ...MODELS.map(keepModel)]);
}

async function keep(file: PublishedFile): Promise<void> {
  const url = addressOf(file);
  await obtain(url, file);
  const store = await openStore();
  if (!(await store?.match(keyOf(url, file)))) throw new Error(`There is no room for ${file.path}.`);
}

async function keepModel(name: string): Promise<void> {
  await fetchFiles(models, await manifestOf(name));
}

/** The manifest that belongs to this version of the site. */
async function manifestOf(name: string): Promise<Manifest> {
  const file = fileNamed(`models/${name}/manifest.json`);
  return parseManifest(new TextDecoder().decode(await obtain(addressOf(file), file)), name);
}

/** Whether any version of the model's files is in the store. */
function isModelKept(name: string): Promise<boolean> {
  return isKept((url) => url.startsWith(`${models}${name}/`) && !url.includes('/manifest.json?'));
}

async function isKept(isWanted: (url: string) => boolean): Promise<boolean> {
  const keys = (await (await openStore())?.keys()) ?? [];
  return keys.some(({ url }) => isWanted(url));
}

/** A kept file, else the network's. */
async function answer(file: PublishedFile, request: Request): Promise<Response> {
  if (HEIC.includes(file)) await keep(file).catch(() => undefined);
  const kept = await (await openStore())?.match(keyOf(addressOf(file), file));
  return kept ?? fetch(request);
}

/** Keeps the shared photos for the page, and leads there; the page says so where none arrives. */
async function receive(request: Request): Promise<Response> {
  try {
    const form = await request.formData();
    await keepShared(form.getAll('photo').filter(isFile));
  } catch {
    // No room, or no form.
  }
  return Response.redirect(new URL('#shared', scope), 303);
}

/** A form without a file sends one that has neither name nor content. */
function isFile(entry: FormDataEntryValue): entry is File {
  return entry instanceof File && (entry.name !== '' || entry.size > 0);
}

/** Removes from the store what belongs to no file of this version. */
async function prune(): Promise<void> {
  const store = await openStore();
  const current = new Set([...SITE, ...LATER, ...HEIC].map((file) => keyOf(addressOf(file), file)));
  for (const name of MODELS) {
    for (const key of await modelKeys(name)) current.add(key);
  }
  const kept = ((await store?.keys()) ?? []).filter(({ url }) => url.startsWith(scope));
  await Promise.all(kept.filter(({ url }) => !current.has(url)).map((request) => store?.delete(request)));
}

async function modelKeys(name: string): Promise<string[]> {
  const { files } = await manifestOf(name);
  return files.map((file) => keyOf(new URL(`${name}/${file.path}`, models), file));
}

function fileAt({ origin, pathname }: URL): PublishedFile | undefined {
  return origin === self.location.origin ? files.get(pathname) : undefined;
}

function fileNamed(path: string): PublishedFile {
  const file = SITE.find((each) => each.path === path);
  if (!file) throw new Error(`This version has no ${path}.`);
  return file;
}

function addressOf({ path }: PublishedFile): URL {
  return new URL(path, scope);
}
