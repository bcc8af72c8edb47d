/** The published styles: styles/gallery.json, or that of another folder of networks. */
import { language, type LocalName } from '../../i18n';
import { published } from '../../ui/dom';
import type { StyleEffect } from './effect';

interface GalleryFile {
  style_space: string;
  styles: { id: string; name: LocalName; thumbnail: string; vector: number[] }[];
}

export interface Gallery {
  styles: { style: StyleEffect; thumbnail: string }[];
  space: string;
}

async function fetchPublishedGallery(): Promise<GalleryFile> {
  const response = await fetch(published('styles/gallery.json'));
  if (!response.ok) throw new Error(`styles/gallery.json: ${response.status}`);
  return (await response.json()) as GalleryFile;
}

/** The gallery with the vectors of another folder's networks, as converter/run.py writes it; nothing if there is none. */
async function fetchOwnGallery(models: string): Promise<GalleryFile | undefined> {
  const folder = new URL(models.endsWith('/') ? models : `${models}/`, document.baseURI);
  if (folder.origin !== location.origin) return undefined; // the engine refuses it, with a sentence
  const response = await fetch(new URL('gallery.json', folder));
  if (!response.ok || !response.headers.get('content-type')?.includes('json')) return undefined;
  return (await response.json()) as GalleryFile;
}

/** The styles with the addresses of their pictures, and the space of their vectors. */
export async function fetchGallery(models?: string): Promise<Gallery> {
  const file = (models && (await fetchOwnGallery(models))) || (await fetchPublishedGallery());
  const styles = file.styles.map(({ id, name, thumbnail, vector }) => ({
    style: {
      kind: 'style' as const,
      id,
      name: name[language],
      vector: Float32Array.from(vector),
      space: file.style_space,
    },
    thumbnail,
  }));
  return { styles, space: file.style_space };
}
