// What is refused before a browser's decoder is asked.
import { expect, test } from 'vitest';
import { decodePhoto } from '../src/photo/decode';

test('a dropped folder is not a picture', async () => {
  const folder = new Blob(['its size is that of a directory entry']);
  folder.slice = () => {
    const part = new Blob();
    part.arrayBuffer = () => Promise.reject(new DOMException('', 'NotFoundError'));
    return part;
  };
  await expect(decodePhoto(folder, 'Holiday')).rejects.toMatchObject({ code: 'not-a-picture' });
});
