/** The dialog of a style of the visitor's own: another name, or away with it. */
import { part } from '../../ui/dom';
import type { StyleItem } from './item';

/** Gives a function that opens the dialog for an item. */
export function setUpOwnDialog(
  onRenamed: (item: StyleItem) => void,
  onRemove: (item: StyleItem) => void,
): (item: StyleItem) => void {
  const dialog = part('#own-dialog', HTMLDialogElement);
  const name = part('#own-name', HTMLInputElement);
  let edited: StyleItem | undefined;

  part('#own-dialog form', HTMLFormElement).addEventListener('submit', () => {
    const given = name.value.trim();
    if (!edited || !given) return;
    edited.style.name = given;
    onRenamed(edited);
  });
  part('#own-remove', HTMLButtonElement).addEventListener('click', () => {
    dialog.close();
    if (edited) onRemove(edited);
  });
  dialog.addEventListener('close', () => {
    edited = undefined;
  });

  return (item) => {
    edited = item;
    name.value = item.style.name;
    dialog.showModal();
    name.select();
  };
}
