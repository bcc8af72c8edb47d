/** The effects there are. A new one is a folder beside this file and one line in this list. */
import type { EffectModule, PanelEvents } from './effect';
import { dayNight } from './day-night';
import { style } from './style';

export const EFFECTS = { style, 'day-night': dayNight };

type Modules = typeof EFFECTS;
type EffectOf<M> = M extends EffectModule<infer E> ? E : never;

/** Any effect; its `kind` is its name in the list. */
export type Effect = EffectOf<Modules[keyof Modules]>;

/** The module of an effect. The union's members are told apart by `kind`, which TypeScript cannot follow. */
export function moduleOf({ kind }: Effect): EffectModule<Effect> {
  return EFFECTS[kind] as unknown as EffectModule<Effect>;
}

export type Panels = { [Kind in keyof Modules]: ReturnType<Modules[Kind]['setUpPanel']> };

/** The panels of all effects, in the order of their tabs. */
export function setUpPanels(events: PanelEvents<Effect>): Panels {
  const panels = Object.entries(EFFECTS).map(([kind, effect]) => [kind, effect.setUpPanel(events)]);
  return Object.fromEntries(panels) as Panels;
}
