/** A photo that is not on the screen, painted as the one that is, as a file. */
import type { Painter, PaintRequest } from '../effects/painter';
import { dropPicture } from '../engine/picture';
import { decodePhoto } from '../photo/decode';
import { exportPicture, resultName } from '../photo/export';
import type { Candidate } from '../photo/first';
import { toImageData, type Area } from '../photo/resize';
import { photoOf } from '../ui/photo';
import type { FileKind } from '../ui/save';

type Wanted = Pick<PaintRequest, 'effect' | 'strength' | 'settings'> & FileKind;

/** Only this photo is in memory meanwhile. Rejects with PhotoError or EngineError. */
export async function fileOf(
  painter: Painter,
  { open, name }: Candidate,
  { effect, strength, settings, type, size }: Wanted,
  signal: AbortSignal,
): Promise<File> {
  const { bitmap, width, height } = await decodePhoto(await open(), name);
  try {
    const source = { width, height, read: (area: Area) => toImageData(bitmap, Infinity, area) };
    const request = { photo: photoOf(bitmap, name), effect, strength, settings, goal: 'full' as const };
    const picture = await painter.paintUnseen(request, size === 'full' ? source : undefined, { signal });
    const file = await exportPicture(picture, type);
    dropPicture(picture);
    return new File([file], resultName(name, effect.name, type), { type });
  } finally {
    bitmap.close();
  }
}
