/** What a saved picture is called: after the photo and the style. */

export type PictureType = 'image/png' | 'image/jpeg' | 'image/webp';

const EXTENSIONS: Record<PictureType, string> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
};
const LONGEST_PART = 40;

/** "Beach day.JPG" and "Flow field" as PNG give "Beach day - Flow field.png". */
export function resultName(photoName: string, styleName: string, type: PictureType): string {
  const photo = safePart(photoName.replace(/\.[A-Za-z0-9]{1,5}$/, '')) || 'photo';
  const style = safePart(styleName);
  return `${style ? `${photo} - ${style}` : photo}.${EXTENSIONS[type]}`;
}

/** Letters of any script stay; what a file system or a shell trips over becomes a space. */
function safePart(text: string): string {
  const safe = text
    .normalize('NFC')
    .replace(/[\p{C}\\/:*?"<>|%#`$]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '');
  return [...safe].slice(0, LONGEST_PART).join('').trim();
}
