/** The map of styles, under Adjust: a point that is dragged or walked over a field of styles, and surprises from it. */
import { published } from '../../ui/dom';
import { language, nameElement } from '../../i18n';
import type { StyleEffect } from './effect';
import {
  cellAt,
  MapMissing,
  middleOf,
  nearestCell,
  styleAt,
  surprisingCell,
  type Point,
  type StyleMap,
} from './map';
import { USUAL_WEIGHT, remixed } from './mixture';
import { t } from './words';

export interface MapEvents {
  /** The chosen style. */
  chosen(): StyleEffect | undefined;
  /** Whether the gallery has a style of that id. */
  isThere(id: string): boolean;
  newId(): string;
  /** The point moves: how the style there would look. */
  onPeek(style: StyleEffect): void;
  onMake(style: StyleEffect): void;
  onError(error: unknown): void;
}

const REST_MS = 250; // walking with the arrow keys paints only where one stops
const MOST_REMEMBERED = 24;
const STEPS: Record<string, Point> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};

export class MapField {
  readonly #details: HTMLDetailsElement;
  readonly #field: HTMLElement;
  readonly #events: MapEvents;
  #map: StyleMap | undefined;
  #point: Point = { x: 0.5, y: 0.5 };
  #made = ''; // id of the style that the point makes
  #shown: number[] = []; // cells of the last surprises
  #rest = 0;

  /** Brings to life the `.map` within the finer controls. */
  constructor(controls: HTMLElement, events: MapEvents) {
    this.#events = events;
    this.#details = controls.querySelector('.map') as HTMLDetailsElement;
    this.#field = controls.querySelector('.map-field') as HTMLElement;
    const surprise = controls.querySelector('[data-testid=surprise]') as HTMLElement;
    nameElement(this.#field, t('map.field'));
    (this.#details.querySelector('summary') as HTMLElement).textContent = t('map');
    surprise.textContent = t('map.surprise');
    surprise.addEventListener('click', () => {
      void this.#withMap((map) => {
        this.#surprise(map);
      });
    });
    this.#details.addEventListener('toggle', () => {
      if (this.#details.open) void this.#withMap(() => undefined);
    });
    this.#followPointer();
    this.#field.addEventListener('keydown', (event) => {
      this.#walk(event);
    });
  }

  /** Without the map, where the page's networks are not those that it was made for. */
  hide(): void {
    this.#details.hidden = true;
    (this.#details.parentElement?.querySelector('[data-testid=surprise]') as HTMLElement).hidden = true;
  }

  /** Puts the point where the chosen style is, unless it is there already. */
  show(): void {
    const { vector, id } = this.#events.chosen() ?? {};
    if (!this.#map || !vector || id === this.#made) return;
    this.#place(this.#map, middleOf(this.#map, nearestCell(this.#map, vector)));
  }

  async #withMap(act: (map: StyleMap) => void): Promise<void> {
    try {
      this.#map ??= await this.#load();
      this.show();
      act(this.#map);
    } catch (error) {
      this.#details.open = false;
      this.#events.onError(error);
    }
  }

  async #load(): Promise<StyleMap> {
    const response = await fetch(published('styles/map.json')).catch(() => undefined);
    if (!response?.ok) throw new MapMissing(`styles/map.json: ${response?.status}`);
    const map = (await response.json()) as StyleMap;
    const { style } = this.#field;
    style.backgroundImage = `url("${published(`styles/${map.swatches}`)}")`;
    style.aspectRatio = `${map.columns} / ${map.rows}`;
    this.#field.ariaValueMax = String(map.rows * map.columns - 1);
    return map;
  }

  #followPointer(): void {
    const field = this.#field;
    const follow = (event: PointerEvent) => {
      if (!this.#map || !field.hasPointerCapture(event.pointerId)) return;
      const box = field.getBoundingClientRect();
      this.#move(this.#map, {
        x: (event.clientX - box.left) / box.width,
        y: (event.clientY - box.top) / box.height,
      });
    };
    field.addEventListener('pointerdown', (event) => {
      field.setPointerCapture(event.pointerId);
      follow(event);
    });
    field.addEventListener('pointermove', follow);
    field.addEventListener('pointerup', (event) => {
      if (this.#map && field.hasPointerCapture(event.pointerId)) this.#stay(this.#map);
    });
  }

  #walk(event: KeyboardEvent): void {
    const step = STEPS[event.key];
    const map = this.#map;
    if (!map || !step) return;
    event.preventDefault();
    const { x, y } = this.#point;
    this.#move(map, { x: x + step.x / (2 * map.columns), y: y + step.y / (2 * map.rows) });
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => {
      this.#stay(map);
    }, REST_MS);
  }

  #surprise(map: StyleMap): void {
    const from = this.#events.chosen()?.vector ?? styleAt(map, this.#point);
    const cell = surprisingCell(map, from, this.#shown, Math.random());
    this.#shown = [cell, ...this.#shown].slice(0, MOST_REMEMBERED);
    this.#place(map, middleOf(map, cell));
    this.#stay(map);
  }

  #move(map: StyleMap, point: Point): void {
    this.#place(map, point);
    const style = this.#styleAt(map);
    if (style) this.#events.onPeek(style);
  }

  #stay(map: StyleMap): void {
    const style = this.#styleAt(map);
    if (style) this.#events.onMake(style);
  }

  #place(map: StyleMap, { x, y }: Point): void {
    this.#point = { x: Math.min(1, Math.max(0, x)), y: Math.min(1, Math.max(0, y)) };
    this.#field.style.setProperty('--x', `${100 * this.#point.x}%`);
    this.#field.style.setProperty('--y', `${100 * this.#point.y}%`);
    this.#field.ariaValueNow = String(cellAt(map, this.#point));
    this.#field.ariaValueText = this.#placeName(map);
  }

  /** One style is made by the point, until the visitor mixes it or chooses another. */
  #styleAt(map: StyleMap): StyleEffect | undefined {
    const chosen = this.#events.chosen();
    if (!chosen) return undefined;
    const isFree = this.#made && !this.#events.isThere(this.#made);
    const isChosen = chosen.id === this.#made && chosen.parts?.length === 1;
    if (!isFree && !isChosen) this.#made = this.#events.newId();
    const part = { name: this.#placeName(map), weight: USUAL_WEIGHT, vector: styleAt(map, this.#point) };
    return remixed(chosen, [part], this.#made);
  }

  #placeName(map: StyleMap): string {
    const places = map.places[cellAt(map, this.#point)] ?? [];
    const [near = '', next] = places.map(({ name }) => name[language]);
    return next ? t('map.between', { near, next }) : t('map.near', { near });
  }
}
