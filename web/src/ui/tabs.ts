/** The tabs over the panel: one or more for each effect. The chosen one's panel is shown. */
import type { EffectBase, EffectPanel, EffectTab } from '../effects/effect';
import { neighbour } from './arrow-keys';
import { part } from './dom';

export interface Tabs<E extends EffectBase> {
  /** What is made of a photo now; undefined while the chosen tab has nothing to choose from. */
  readonly effect: E | undefined;
  /** Chooses a tab by its id. */
  open(id: string): void;
  /** Shows the panels another photo, or none. */
  judge(photo: ImageData | undefined): void;
}

/** onChange: another tab was chosen. The first tab of the first panel is chosen to begin with. */
export function setUpTabs<E extends EffectBase>(panels: EffectPanel<E>[], onChange: () => void): Tabs<E> {
  const list = part('#modes', HTMLElement);
  const places = new Map<HTMLElement, { tab: EffectTab<E>; panel: EffectPanel<E> }>();
  for (const panel of panels) {
    panel.element.role = 'tabpanel';
    part('.finish', HTMLElement).before(panel.element);
    for (const tab of panel.tabs) places.set(tabButton(tab, panel.element.id), { tab, panel });
  }
  list.append(...places.keys());
  const isChoice = places.size > 1;
  list.hidden = !isChoice;
  part('#panel-title', HTMLElement).classList.toggle('unseen', isChoice);
  let chosen = [...places.keys()][0];

  function show(): void {
    const place = chosen && places.get(chosen);
    for (const [button, { panel }] of places) {
      // Only the chosen tab is a stop of the Tab key.
      button.ariaSelected = String(button === chosen);
      button.tabIndex = button === chosen ? 0 : -1;
      panel.element.hidden = panel !== place?.panel;
    }
    if (!chosen || !place) return;
    place.panel.element.setAttribute('aria-labelledby', chosen.id);
    place.panel.open?.(place.tab);
  }

  function choose(button: HTMLElement): void {
    if (button === chosen) return;
    chosen = button;
    show();
    onChange();
  }

  for (const button of places.keys()) {
    button.addEventListener('click', () => {
      choose(button);
    });
  }
  list.addEventListener('keydown', (event) => {
    const button = neighbour([...places.keys()], event);
    if (!button) return;
    event.preventDefault();
    button.focus();
    choose(button);
  });
  show();

  return {
    get effect() {
      return chosen && places.get(chosen)?.tab.effect;
    },
    open(id) {
      const button = [...places].find(([, { tab }]) => tab.id === id)?.[0];
      if (button) choose(button);
    },
    judge(photo) {
      for (const panel of panels) panel.judge?.(photo);
    },
  };
}

function tabButton(
  { id, icon, label }: { id: string; icon: string; label: string },
  panel: string,
): HTMLElement {
  const button = document.createElement('button');
  button.className = 'mode';
  button.type = 'button';
  button.role = 'tab';
  button.id = button.dataset['testid'] = `mode-${id}`;
  button.setAttribute('aria-controls', panel);
  button.innerHTML = `<svg class="icon" aria-hidden="true"><use href="#${icon}" /></svg><span></span>`;
  (button.lastElementChild as HTMLElement).textContent = label;
  return button;
}
