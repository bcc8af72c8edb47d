/**
 * What an effect is: something that can be made of a photo. Each effect is a folder beside this file and one line in
 * index.ts; its `kind` tells it apart from the others.
 */
import type { CallOptions, EngineClient, EngineInfo, PhotoSource } from '../engine/client';
import type { Picture } from '../engine/picture';
import type { PeopleControl } from './people-control';

/** What every effect that can be chosen has. */
export interface EffectBase {
  kind: string;
  id: string;
  /** In the visitor's language; files that are saved are named after it. */
  name: string;
}

/** A photo at the two sizes it is painted at. */
export interface Photo {
  name: string;
  /** Longer side at most 1024 px. */
  full: ImageData;
  /** Longer side small enough to follow a slider; the same picture as `full` where that is small itself. */
  preview: ImageData;
}

/** The networks as effects use them. */
export type Networks = Pick<
  EngineClient,
  | 'predictStyle'
  | 'inventStyle'
  | 'measure'
  | 'stylise'
  | 'styliseLarge'
  | 'translate'
  | 'findPeople'
  | 'fit'
  | 'carry'
>;

/** How long an effect's steps take, relative to one another, for the progress bar. */
export interface StepShares {
  prepare: number;
  preview: number;
  full: number;
}

/** How an effect makes pictures. One instance serves the whole visit and may remember what networks said of photos. */
export interface EffectPainter<E extends EffectBase> {
  readonly shares: StepShares;
  /** Whether nothing has to be asked before this photo can be painted in any strength. */
  isPrepared(photo: Photo, effect: E): boolean;
  /** Whether the engine must run once the effect is prepared. */
  readonly paintsWithEngine: boolean;
  /** Asks the networks of the started engine what does not depend on the strength. Rejects with EngineError. */
  prepare(photo: Photo, effect: E, engine: EngineInfo, call: CallOptions): Promise<void>;
  /** The effect on the photo at one of its sizes; strength is over 0, up to 100. Rejects with EngineError. */
  paint(size: 'preview' | 'full', request: Strong<E>, call: CallOptions): Promise<Picture>;
  /** The same on the photo at its own size; what was painted on the screen is prepared. Rejects with EngineError. */
  paintLarge(source: PhotoSource, request: Strong<E>, call: CallOptions): Promise<ImageData>;
}

/** What an effect's finer controls say, by name; 1 is on, 0 is off. */
export type Settings = Readonly<Record<string, number>>;

/** Of an effect without finer controls. */
export const NO_SETTINGS: Settings = {};

export function isSameSettings(one: Settings, other: Settings): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** A photo, what to make of it, and how strongly: 0 is the photo itself, 100 the full effect. */
export interface Strong<E extends EffectBase> {
  photo: Photo;
  effect: E;
  strength: number;
  settings: Settings;
}

/** An effect's tab over the panel. */
export interface EffectTab {
  /** `mode-ID` is the tab's id and data-testid. */
  id: string;
  label: string;
}

/** What the panel shows while the effect's tab is chosen. */
export interface EffectPanel<E extends EffectBase> {
  element: HTMLElement;
  /** Undefined where the effect's networks were not published with the page: it is not offered then. */
  tab: EffectTab | undefined;
  /** What is made of a photo while the tab is chosen; undefined while there is nothing to choose from. */
  readonly effect: E | undefined;
  /** Small controls that stand beside the tab, chosen or not. */
  beside?: HTMLElement;
  /** Finer controls, shown under Adjust; without them Adjust is not there. */
  adjust?: FinerControls;
  /** Marks that effect as chosen, without telling anyone. */
  choose(effect: E): void;
  /** That effect is painted: its networks have been asked. */
  painted?(effect: E): void;
  /** The tab was chosen, or another one was. */
  open?(opened: boolean): void;
  /** Another photo is there, or none. */
  judge?(photo: ImageData | undefined): void;
}

export interface FinerControls {
  element: HTMLElement;
  /** What they say; another object once that changes. */
  readonly settings: Settings;
  /** Puts them somewhere, or where they begin, without a word to anyone. */
  set(settings?: Settings): void;
  /** How strongly people are painted, where the photo shows any. */
  readonly people: PeopleControl;
}

export interface PanelEvents<E extends EffectBase> {
  /** Another effect was chosen within the panel or beside its tab. */
  onChoose(effect: E): void;
  /** A pointer rests on an effect that is not chosen, or no longer does. */
  onPoint(effect: E | undefined): void;
  /** A finer control was moved. */
  onAdjust(): void;
  /** An effect got another name. */
  onRename(): void;
  /** How strong the chosen effect is now, 0 to 100. */
  strength(): number;
  /** An effect was opened that says how strong it is; the finer controls show the rest already. */
  onOpen(effect: E, strength: number): void;
  /** Something was done that no picture shows. */
  onDone(sentence: string): void;
  /** What the panel was asked for cannot be done. */
  onError(error: unknown): void;
}

/** What an effect's folder offers to the page. */
export interface EffectModule<E extends EffectBase, P extends EffectPanel<E> = EffectPanel<E>> {
  createPainter(networks: Networks): EffectPainter<E>;
  setUpPanel(events: PanelEvents<E>): P;
  /** What the page invites to before there is a photo. */
  headline(): string;
  /** The painted picture, for those who do not see it. */
  describe(effect: E): string;
  /** What is going on while it is painted. */
  working(effect: E): string;
}
