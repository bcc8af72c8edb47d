/** The tabs over the panel, one for each effect. The chosen one's panel is shown, and its finer controls. */
import type { EffectBase, EffectPanel, EffectTab } from '../effects/effect';
import { setUpAdjust } from './adjust';
import { neighbour } from './arrow-keys';
import { part } from './dom';

export interface Tabs<E extends EffectBase> {
  /** The panel that is shown. */
  readonly panel: EffectPanel<E>;
  /** Whether the finer controls are open. */
  readonly isAdjusted: boolean;
  /** Shows a panel, without a word to onChange. */
  open(panel: EffectPanel<E>): void;
  /** Shows the panels another photo, or none. */
  judge(photo: ImageData | undefined): void;
}

/** onChange: the visitor chose another tab; onAdjust: opened the finer controls. The first panel is shown to begin with. */
export function setUpTabs<E extends EffectBase>(
  offered: readonly EffectPanel<E>[],
  onChange: () => void,
  onAdjust: () => void,
): Tabs<E> {
  const adjust = setUpAdjust(onAdjust);
  const tray = part('#tray', HTMLElement);
  const list = part('#modes', HTMLElement);
  const places = new Map<HTMLElement, EffectPanel<E>>();
  for (const panel of offered) {
    if (!panel.tab) continue;
    panel.element.role = 'tabpanel';
    part('[data-testid="notice"]', HTMLElement).before(panel.element);
    places.set(tabButton(panel.tab, panel.element.id), panel);
    if (panel.beside) tray.append(panel.beside);
  }
  list.append(...places.keys());
  const isChoice = places.size > 1;
  tray.hidden = !isChoice;
  part('#panel-title', HTMLElement).classList.toggle('unseen', isChoice);
  let chosen = offered[0] as EffectPanel<E>;

  function show(): void {
    for (const [button, panel] of places) {
      const isChosen = panel === chosen;
      // Only the chosen tab is a stop of the Tab key.
      button.ariaSelected = String(isChosen);
      button.tabIndex = isChosen ? 0 : -1;
      panel.element.hidden = !isChosen;
      panel.beside?.toggleAttribute('data-chosen', isChosen);
      if (isChosen) panel.element.setAttribute('aria-labelledby', button.id);
      panel.open?.(isChosen);
    }
    adjust.show(chosen.adjust?.element);
  }

  function open(panel: EffectPanel<E>): void {
    if (panel === chosen) return;
    chosen = panel;
    show();
  }

  function choose(button: HTMLElement): void {
    const panel = places.get(button);
    if (!panel || panel === chosen) return;
    open(panel);
    onChange();
  }

  onTab(list, [...places.keys()], choose);
  show();

  return {
    get panel() {
      return chosen;
    },
    get isAdjusted() {
      return adjust.isOpen;
    },
    open,
    judge(photo) {
      for (const panel of offered) panel.judge?.(photo);
    },
  };
}

/** A tab is chosen by a click, or as the arrow keys reach it. */
function onTab(list: HTMLElement, buttons: HTMLElement[], choose: (button: HTMLElement) => void): void {
  for (const button of buttons) {
    button.addEventListener('click', () => {
      choose(button);
    });
  }
  list.addEventListener('keydown', (event) => {
    const button = neighbour(buttons, event);
    if (!button) return;
    event.preventDefault();
    button.focus();
    choose(button);
  });
}

function tabButton({ id, label }: EffectTab, panel: string): HTMLElement {
  const button = document.createElement('button');
  button.className = 'mode';
  button.type = 'button';
  button.role = 'tab';
  button.id = button.dataset['testid'] = `mode-${id}`;
  button.setAttribute('aria-controls', panel);
  button.textContent = label;
  return button;
}
