/**
 * What a drop or a paste holds, as an offer: files, the files of folders, and pictures written out in HTML or in an
 * address. With none of these, why not: the page fetches nothing from elsewhere.
 */
import { picturesInHtml, pictureAt } from '../photo/data-url';
import type { PhotoErrorCode } from '../photo/errors';
import type { Candidate, Offer } from '../photo/first';

/** Files that systems and photo programs leave in folders: hidden ones, and a Synology's thumbnails. */
const NO_PHOTO = /^(\.|@eaDir$)/;
const ADDRESS = /^([a-z][a-z0-9+.-]*:|www\.)\S+$|^\S+\.\S+\/\S*$/i;

/**
 * Reads the transfer at once, as it is empty once its event is over. `name` is for pictures that have none or that
 * the browser calls `nameless`.
 */
export function offerOf(data: DataTransfer, name: string, nameless = ''): Offer {
  const items = [...data.items].filter(({ kind }) => kind === 'file');
  const entries = items.map((item) => item.webkitGetAsEntry?.());
  const files = items
    .flatMap((item, i) => (entries[i]?.isDirectory ? [] : (item.getAsFile() ?? [])))
    .map((file) => candidate(file.name === nameless ? name : file.name, file));
  const folders = entries.filter((entry) => entry?.isDirectory) as FileSystemDirectoryEntry[];
  const written = picturesOf(data).map((picture) => candidate(name, picture));
  const given = [...files, ...folders].map((each) => each.name);
  return {
    candidates: inTurn([...files, ...written], folders),
    given: given.length > 0 ? given : written.map((each) => each.name),
    lack: lackOf(data),
  };
}

function candidate(name: string, file: Blob): Candidate {
  return { name, open: () => file };
}

/** The same picture is often there in several ways; the first that has any counts. */
function picturesOf(data: DataTransfer): Blob[] {
  const inHtml = picturesInHtml(data.getData('text/html'));
  if (inHtml.length > 0) return inHtml;
  return [data.getData('text/uri-list'), data.getData('text/plain')]
    .flatMap((address) => pictureAt(address) ?? [])
    .slice(0, 1);
}

function lackOf(data: DataTransfer): PhotoErrorCode {
  const [html, list, text] = ['text/html', 'text/uri-list', 'text/plain'].map((type) => data.getData(type));
  if (list || /<img\b/i.test(html ?? '') || ADDRESS.test(text?.trim() ?? '')) return 'only-address';
  return html?.trim() || text?.trim() ? 'only-text' : 'nothing-given';
}

async function* inTurn(files: Candidate[], folders: FileSystemDirectoryEntry[]): AsyncGenerator<Candidate> {
  yield* files;
  for (const folder of folders) yield* filesWithin(folder, folder.name);
}

/** A folder's files by name, then those of the folders in it. */
async function* filesWithin(folder: FileSystemDirectoryEntry, top: string): AsyncGenerator<Candidate> {
  const entries = (await entriesOf(folder)).filter(({ name }) => !NO_PHOTO.test(name));
  entries.sort(
    (a, b) =>
      Number(b.isFile) - Number(a.isFile) || a.name.localeCompare(b.name, undefined, { numeric: true }),
  );
  for (const entry of entries) {
    if (entry.isDirectory) yield* filesWithin(entry as FileSystemDirectoryEntry, top);
    else yield { name: entry.name, folder: top, open: () => fileOf(entry as FileSystemFileEntry) };
  }
}

/** All entries, of which a reader gives some at a time; none where the folder cannot be read. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve) => {
      reader.readEntries(resolve, () => {
        resolve([]);
      });
    });
    if (some.length === 0) return entries;
    entries.push(...some);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}
