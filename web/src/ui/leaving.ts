/** Asks before the page is left with a painting that was not saved, copied or shared. */

export interface Leaving {
  /** The painting that is there now; undefined where none would be lost. */
  watch(painting: object | undefined): void;
  /** The painting is safe elsewhere. */
  saved(painting: object): void;
}

export function setUpLeaving(): Leaving {
  const safe = new WeakSet<object>();
  let current: object | undefined;

  /** The listener is there only while it is needed: browsers keep no page with one for the way back. */
  function update(): void {
    if (current && !safe.has(current)) window.addEventListener('beforeunload', ask);
    else window.removeEventListener('beforeunload', ask);
  }

  return {
    watch(painting) {
      current = painting;
      update();
    },
    saved(painting) {
      safe.add(painting);
      update();
    },
  };
}

function ask(event: BeforeUnloadEvent): void {
  event.preventDefault();
  event.returnValue = true; // for browsers that do not ask otherwise
}
