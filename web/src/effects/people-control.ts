/** The finer control of people, where a photo shows any: how strongly they are painted, who was found, and corrections. */
import { t, type WordKey } from '../i18n';
import { panelFrom } from '../ui/dom';
import { showFilled } from '../ui/slider';
import type { Settings } from './effect';
import { MaskView } from './mask-view';
import html from './people.html?raw';
import { AS_ALL_ELSE, type Mask } from './people';

export class PeopleControl {
  readonly element = panelFrom(html);
  readonly #strength: HTMLInputElement;
  readonly #size: HTMLInputElement;
  readonly #show = this.#button('mask-show', 'people.show');
  readonly #brush = this.#button('mask-brush', 'people.brush');
  readonly #adds = this.#button('brush-add', 'people.add');
  readonly #removes = this.#button('brush-remove', 'people.remove');
  readonly #undo = this.#button('brush-undo', 'people.undo');
  readonly #view: MaskView;
  #mask: Mask | undefined;
  #chosen: number | undefined;

  /**
   * `id` tells the control of one effect from another's; `usual` is the strength where people are spared and nothing
   * else is said; `onAdjust` hears that something was changed.
   */
  constructor(
    id: string,
    private readonly usual: number,
    onAdjust: () => void,
  ) {
    this.#strength = this.#slider('person-strength', `people-${id}`, t('people'));
    this.#size = this.#slider('brush-size', `brush-${id}`, t('people.size'));
    this.#view = new MaskView(
      () => ({ radius: this.#size.valueAsNumber / 200, adds: isPressed(this.#adds) }),
      () => {
        this.#render();
        onAdjust();
      },
    );
    this.#strength.addEventListener('change', () => {
      const value = this.#strength.valueAsNumber;
      this.#chosen = value === this.#usual ? undefined : value;
      onAdjust();
    });
    for (const slider of [this.#strength, this.#size]) {
      slider.addEventListener('input', () => {
        this.#render();
      });
    }
    for (const toggle of [this.#show, this.#brush]) {
      toggle.addEventListener('click', () => {
        press(toggle, !isPressed(toggle));
        this.#render();
      });
    }
    for (const kind of [this.#adds, this.#removes]) {
      kind.addEventListener('click', () => {
        press(this.#adds, kind === this.#adds);
        press(this.#removes, kind === this.#removes);
      });
    }
    this.#undo.addEventListener('click', () => {
      this.#mask?.corrections.undo();
      this.#view.redraw();
      this.#render();
      onAdjust();
    });
    this.set({});
    this.offer(undefined);
  }

  /** Of the settings: nothing where people are painted as usual and the mask is as it was found. */
  get settings(): Settings {
    const people = this.#chosen;
    const mask = this.#mask?.corrections.current ?? 0;
    return { ...(people !== undefined && { people }), ...(mask !== 0 && { mask }) };
  }

  set({ people, mask = 0 }: Settings): void {
    this.#chosen = people;
    this.#placeStrength();
    this.#mask?.corrections.goTo(mask);
    this.#view.redraw();
    this.#render();
  }

  /** Is there with a mask, and not without one. */
  offer(mask: Mask | undefined): void {
    this.#mask = mask;
    this.#placeStrength();
    this.element.hidden = !mask;
    this.#view.take(mask);
    this.open(false);
  }

  /** Whether what lies on the picture may be seen. */
  open(opened: boolean): void {
    if (!opened) for (const toggle of [this.#show, this.#brush]) press(toggle, false);
    else this.#view.redraw();
    this.#render();
  }

  get #usual(): number {
    return this.#mask && !this.#mask.isSpared ? AS_ALL_ELSE : this.usual;
  }

  #placeStrength(): void {
    this.#strength.valueAsNumber = this.#chosen ?? this.#usual;
  }

  #render(): void {
    for (const slider of [this.#strength, this.#size]) {
      (slider.previousElementSibling as HTMLOutputElement).value = slider.value;
      showFilled(slider);
    }
    (this.element.querySelector('.brush') as HTMLElement).hidden = !isPressed(this.#brush);
    this.#undo.disabled = !this.#mask?.corrections.current;
    this.#view.show(isPressed(this.#show), isPressed(this.#brush));
  }

  #button(name: string, word: WordKey): HTMLButtonElement {
    const button = this.element.querySelector(`[data-testid=${name}]`) as HTMLButtonElement;
    button.textContent = t(word);
    return button;
  }

  #slider(name: string, id: string, words: string): HTMLInputElement {
    const slider = this.element.querySelector(`[data-testid=${name}]`) as HTMLInputElement;
    const label = slider.parentElement?.querySelector('label') as HTMLLabelElement;
    slider.id = label.htmlFor = id;
    label.textContent = words;
    return slider;
  }
}

function isPressed(button: HTMLButtonElement): boolean {
  return button.ariaPressed === 'true';
}

function press(button: HTMLButtonElement, pressed: boolean): void {
  button.ariaPressed = String(pressed);
}
