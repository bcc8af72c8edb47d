/** Finding the page's elements: what index.html promises is there, or the page says which part is missing. */

/** The one element at `selector`, of the class asked for. */
export function part<T extends Element>(selector: string, kind: new () => T): T {
  const element = document.querySelector(selector);
  if (!(element instanceof kind)) throw new Error(`index.html has no ${kind.name} at ${selector}`);
  return element;
}

/** The one element with that data-testid, of the class asked for. */
export function testId<T extends Element>(name: string, kind: new () => T): T {
  return part(`[data-testid="${name}"]`, kind);
}

/**
 * Runs the action when the button is pressed. The second click of a double click, the repeats of a key that is held
 * down, and presses while the action still runs do nothing.
 */
export function onPress(button: HTMLButtonElement, action: () => Promise<void>): void {
  let isRunning = false;
  button.addEventListener('keydown', (event) => {
    if (event.repeat && event.key === 'Enter') event.preventDefault();
  });
  button.addEventListener('click', ({ detail: clicks }) => {
    if (isRunning || clicks > 1) return;
    isRunning = true;
    void action().finally(() => {
      isRunning = false;
    });
  });
}

/** The canvas's 2D drawing context. */
export function context2d(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d');
  if (!context) throw new Error('This browser has no 2D canvas.');
  return context;
}

/** The address of a published file, relative to the page wherever it is hosted. */
export function published(path: string): string {
  return new URL(path, document.baseURI).href;
}

/** The one element of a piece of HTML of our own. */
export function panelFrom(html: string): HTMLElement {
  const template = document.createElement('template');
  template.innerHTML = html;
  const element = template.content.firstElementChild;
  if (!(element instanceof HTMLElement)) throw new Error('A panel must be one element.');
  return element;
}
