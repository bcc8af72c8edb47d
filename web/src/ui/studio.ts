/**
 * The page as a whole: keeps the photo, the style and the picture painted last, passes what the controls say
 * to the painter and what the painter says to the controls, and tells in <html data-state> where it stands.
 */
import { EFFECTS, moduleOf, setUpPanels, type Effect } from '../effects';
import { isSameSettings, NO_SETTINGS, type EffectPanel, type Photo } from '../effects/effect';
import { canFindPeople, maskOf, type Mask } from '../effects/people';
import { Painter, type PaintRequest } from '../effects/painter';
import { fromFragment, OUTCOME_SIDE, Outcomes, squareThumbnail } from '../effects/style';
import { createEngine, isCancelled, untilAborted } from '../engine/client';
import { dropPicture, type Picture } from '../engine/picture';
import { t } from '../i18n';
import { decodeFirst, type Candidate, type Offer, type Opened } from '../photo/first';
import { centreSquare, toImageData } from '../photo/resize';
import { startOptions } from './address';
import { setUpAlert } from './alert';
import { setUpBadge } from './badge';
import { Batch } from './batch';
import { setUpCamera } from './camera';
import { setUpCompare } from './compare';
import { fileOf } from '../batch/file';
import { part, testId } from './dom';
import { setUpDropZone } from './drop';
import { paintFullSize, type Original } from './full_size';
import { setUpHint } from './hint';
import { setUpLaunch } from './launch';
import { setUpLeaving } from './leaving';
import { LatestOnly } from './latest-only';
import { notice } from './notice';
import { Paintings, type Painting } from './paintings';
import { setUpProgress } from './progress';
import { kindOf, setUpSave } from './save';
import { photoOf } from './photo';
import { besidesSentence, reducedSentence, sentence, takenSentence } from './sentences';
import { setUpShare } from './share';
import { FULL_STRENGTH, setUpStrength } from './strength';
import {
  canPaint,
  canSave,
  isBusy,
  isOfAnotherEffect,
  mayPaintGallery,
  restored,
  stateOf,
  statusOf,
  Strengths,
  type Choice,
  type Facts,
} from './studio-state';
import { setUpTabs } from './tabs';
import { setUpView } from './view';
import { setUpWelcome, type Sample } from './welcome';

const STYLE_SIDE = 512; // the predictor reads 256 px; twice that leaves room for its own reduction

export class Studio {
  #photo: Photo | undefined;
  readonly #paintings = new Paintings();
  #original: Original | undefined; // the photo's file
  #saving: AbortController | undefined; // the full size that is being painted
  readonly #reading = new LatestOnly<'photo' | 'style'>();
  #pointed: Effect | undefined; // a style that is looked at before it is chosen
  #dragging = false;
  #starting = true;
  #gallery: Facts['gallery'] = 'loading';
  #note = ''; // said once in place of the usual status
  #isSaved = false; // what is painted, as the chosen file
  readonly #strengths = new Strengths();

  readonly #alert = setUpAlert(
    () => {
      this.#render();
    },
    () => {
      this.#focusStage();
    },
  );
  readonly #badge = setUpBadge();
  readonly #leaving = setUpLeaving();
  readonly #compare = setUpCompare();
  readonly #hint = setUpHint();
  readonly #view = setUpView(
    (held) => {
      if (held) this.#hint.hide();
      this.#compare.hold(held && this.#painted !== undefined);
    },
    () => {
      this.#repaint();
    },
  );
  readonly #progress = setUpProgress(() => {
    this.#cancel();
    this.#focusStage();
  });
  readonly #panels = setUpPanels({
    onChoose: (effect) => {
      this.#pointed = undefined;
      this.#open(this.#panelOf(effect));
      this.#paint();
    },
    onPoint: (effect) => {
      this.#peek(effect);
    },
    onAdjust: () => {
      this.#paint();
    },
    onRename: () => {
      this.#render();
    },
    strength: () => this.#strength.value,
    onOpen: (effect, strength) => {
      this.#openChoice(effect, strength);
    },
    onDone: (sentence) => {
      this.#say(sentence);
      notice(sentence);
    },
    onError: (error) => {
      this.#refuse(error);
    },
  });
  readonly #tabs = setUpTabs<Effect>(
    Object.values(this.#panels),
    () => {
      this.#strength.set(this.#strengths.of(this.#kind));
      this.#paint();
    },
    () => {
      void this.#lookForPeople();
    },
  );
  readonly #strength = setUpStrength(
    () => {
      this.#drag();
    },
    () => {
      this.#rest();
    },
  );
  readonly #engine = createEngine(startOptions(location.search), {
    onStarted: (info) => {
      this.#badge.show(info);
      this.#panels.style.adjust.offerBoldness(info.hasBoldness);
      this.#engineStarted();
    },
    onFailed: (error) => {
      this.#engineFailed(error);
    },
    onAbandoned: () => {
      this.#engineRests();
    },
  });
  readonly #painter = new Painter(this.#engine, {
    onProgress: (stage, fraction) => {
      this.#progress.show(stage, fraction);
    },
    onPicture: (picture, request, final) => {
      this.#show(picture, request, final);
    },
    onRest: () => {
      this.#render();
    },
    onError: (error) => {
      this.#refuse(error, () => {
        this.#paint();
      });
    },
  });
  readonly #outcomes = new Outcomes(
    (request, call) => this.#engine.stylise(request, call),
    () => this.#panels.style.items,
  );
  readonly #save = setUpSave({
    current: () => this.#painted,
    paintFullSize: () => this.#paintFullSize(),
    onSaved: (name, { pixels }) => {
      this.#leaving.saved(pixels);
      this.#isSaved = true;
      this.#say(t('status.saved', { name }));
    },
    onChange: () => {
      this.#tidy();
      this.#render();
    },
    onError: (error) => {
      this.#failToSave(error);
    },
  });
  readonly #share = setUpShare({
    current: () => this.#painted,
    save: this.#save,
    onCopied: ({ pixels }) => {
      this.#leaving.saved(pixels);
      this.#say(t('status.copied'));
    },
    onShared: ({ pixels }) => {
      this.#leaving.saved(pixels);
    },
    onReady: () => {
      this.#say('');
      notice(t('notice.share'));
    },
    onFailed: (action) => {
      this.#alert.show(t(`error.${action}`));
    },
    onError: (error) => {
      this.#failToSave(error);
    },
  });
  readonly #batch = new Batch({
    onChoose: (photo) => {
      this.#turnTo(photo).catch((error: unknown) => {
        this.#refuse(error, undefined, photo.name);
      });
    },
    makeFile: (photo, signal) => this.#makeFile(photo, signal),
    reason: (error, { name }) => sentence(error, name),
    onChange: () => {
      this.#render();
    },
    onEnd: (saved, reasons) => {
      this.#say(t('status.all', { count: saved, of: this.#batch.film.photos.length }));
      notice(t('status.all', { count: saved, of: this.#batch.film.photos.length }));
      if (reasons.length > 0) this.#alert.show(reasons.join(' '));
    },
    onError: (error) => {
      this.#refuse(error);
    },
  });
  readonly #welcome = setUpWelcome((offer, sample) => {
    this.#begin(sample);
    this.#orRefused((each) => this.#takePhoto(each))(offer);
  });

  /** Brings the controls to life, loads the gallery and warms the engine up while the visitor looks around. */
  open(): void {
    const takePhoto = this.#orRefused((offer) => this.#takePhoto(offer));
    setUpDropZone(
      takePhoto,
      this.#orRefused((offer) => this.#takeStyle(offer)),
    );
    setUpCamera(takePhoto, () => {
      this.#alert.show(t('error.camera'));
    });
    setUpLaunch(takePhoto);
    part('#paint', HTMLButtonElement).addEventListener('click', () => {
      this.#paint();
      this.#focusStage();
    });
    part('#clear', HTMLButtonElement).addEventListener('click', () => {
      this.#clear();
    });
    window.addEventListener('hashchange', () => {
      this.#openAddress();
    });
    this.#loadGallery();
    this.#start();
  }

  /** What fails after a file was opened, such as the memory for its pixels, is said as well. */
  #orRefused(take: (offer: Offer) => Promise<void>): (offer: Offer) => void {
    return (offer) => {
      take(offer).catch((error: unknown) => {
        this.#refuse(error);
      });
    };
  }

  /** Chooses the effect that suits a sample. */
  #begin({ effect, style }: Sample): void {
    const panel = Object.entries(this.#panels).find(([kind]) => kind === effect)?.[1];
    if (style) this.#panels.style.prefer(style);
    if (panel) this.#open(panel);
  }

  get #kind(): Effect['kind'] {
    const found = Object.entries(this.#panels).find(([, panel]) => panel === this.#tabs.panel);
    return (found?.[0] ?? 'style') as Effect['kind'];
  }

  /** An effect came from a file or an address, with its strength. */
  #openChoice(effect: Effect, strength: number): void {
    this.#tabs.open(this.#panelOf(effect));
    this.#setStrength(strength);
    if (!this.#photo) notice(t('notice.style', { style: effect.name }));
    this.#paint();
  }

  #panelOf({ kind }: Effect): EffectPanel<Effect> {
    return this.#panels[kind] as EffectPanel<Effect>;
  }

  /** Shows an effect's tab at the strength it was left with. */
  #open(panel: EffectPanel<Effect>): void {
    if (panel === this.#tabs.panel) return;
    this.#tabs.open(panel);
    this.#strength.set(this.#strengths.of(this.#kind));
  }

  /** Has the controls show that choice. */
  #choose({ effect, strength, settings }: Choice): void {
    const panel = this.#panelOf(effect);
    panel.choose(effect);
    panel.adjust?.set(settings);
    this.#tabs.open(panel);
    this.#setStrength(strength);
  }

  #setStrength(strength: number): void {
    this.#strengths.leave(this.#kind, strength);
    this.#strength.set(strength);
  }

  /** What the controls say; undefined while there is nothing to choose from. */
  get #choice(): Choice | undefined {
    const { effect, adjust } = this.#tabs.panel;
    return effect && { effect, strength: this.#strength.value, settings: adjust?.settings ?? NO_SETTINGS };
  }

  get #painted(): Painting | undefined {
    return this.#paintings.current;
  }

  #loadGallery(): void {
    this.#gallery = 'loading';
    this.#panels.style.load(startOptions(location.search).models).then(
      () => {
        this.#galleryIs('loaded');
        this.#openAddress();
      },
      () => {
        this.#galleryIs('failed');
      },
    );
    this.#render();
  }

  /** The style that the page's address names, where it names one. */
  #openAddress(): void {
    try {
      const saved = fromFragment(location.hash);
      if (saved) void this.#panels.style.openSaved(saved);
    } catch (error) {
      this.#refuse(error);
    }
  }

  #start(): void {
    this.#engine.ready().catch(() => undefined); // told to onStarted and onFailed
  }

  #engineStarted(): void {
    this.#starting = false;
    this.#render();
  }

  /** It starts again with the next painting. */
  #engineRests(): void {
    this.#starting = false;
    this.#badge.fail();
    this.#render();
  }

  #engineFailed(error: unknown): void {
    this.#badge.fail();
    if (!this.#painter.busy)
      this.#refuse(error, () => {
        this.#start();
      });
  }

  #galleryIs(outcome: 'loaded' | 'failed'): void {
    this.#gallery = outcome;
    if (outcome === 'failed') this.#missGallery();
    this.#render();
  }

  #missGallery(): void {
    this.#alert.show(t('error.gallery'), () => {
      this.#loadGallery();
    });
  }

  async #takePhoto(offer: Offer): Promise<void> {
    if (await this.#takesStyleFile(offer)) return;
    const opened = await this.#read('photo', offer);
    if (!opened) return;
    if (this.#photo) this.#resetControls();
    this.#place(opened);
    this.#batch.offer(opened.photos, opened.candidate);
  }

  /** Where they begin: what was chosen for one photo is not meant for the next. */
  #resetControls(): void {
    this.#strengths.reset();
    for (const panel of Object.values(this.#panels)) panel.adjust?.set();
    this.#strength.set(FULL_STRENGTH);
  }

  /** The control of people appears where someone is found; nothing waits for it, and without it all else works. */
  async #lookForPeople(): Promise<void> {
    const photo = this.#photo;
    if (!photo || !this.#tabs.isAdjusted || !canFindPeople()) return;
    const mask = await maskOf(photo, this.#engine).catch(() => undefined);
    if (photo === this.#photo) this.#offerPeople(mask);
  }

  #offerPeople(mask: Mask | undefined): void {
    for (const panel of Object.values(this.#panels)) panel.adjust?.people.offer(mask);
  }

  /** Another photo of the film strip: the choice stays. */
  async #turnTo(photo: Candidate): Promise<void> {
    const opened = await this.#read('photo', { candidates: [photo], given: [photo.name] });
    if (!opened) return;
    this.#batch.film.choose(photo);
    this.#place(opened);
  }

  #place({ bitmap, file, name }: Opened): void {
    const photo = photoOf(bitmap, name);
    const { full } = photo;
    const original = { file, width: bitmap.width, height: bitmap.height };
    this.#photo = photo;
    this.#original = original;
    this.#outcomes.take(toImageData(bitmap, OUTCOME_SIDE, centreSquare(bitmap.width, bitmap.height)));
    this.#save.offer({ full: original, screen: full });
    bitmap.close();
    this.#tabs.judge(photo.preview);
    this.#offerPeople(undefined);
    void this.#lookForPeople();
    this.#keep(undefined);
    this.#compare.close();
    const hadFocus = part('#welcome', HTMLElement).contains(document.activeElement);
    this.#turnToEasel(); // it must be there before a picture is fitted to it
    if (hadFocus) this.#focusStage();
    this.#view.showPhoto(full);
    this.#paint();
  }

  async #takeStyle(offer: Offer): Promise<void> {
    if (await this.#takesStyleFile(offer)) return;
    const opened = await this.#read('style', offer);
    if (!opened) return;
    const { bitmap, name } = opened;
    // Only the centre square is read: reducing all of a panorama would leave a few pixels of it.
    const picture = toImageData(bitmap, STYLE_SIDE, centreSquare(bitmap.width, bitmap.height));
    const thumbnail = squareThumbnail(bitmap);
    bitmap.close();
    this.#panels.style.addOwn(picture, styleName(name), thumbnail);
  }

  /** Whether what was given is a style that was saved, by its name; it is opened then. */
  async #takesStyleFile({ given, candidates }: Offer): Promise<boolean> {
    if (given.length !== 1 || !given[0]?.endsWith('.json')) return false;
    for await (const file of candidates) {
      await this.#panels.style.openSaved(await file.open());
      return true;
    }
    return false;
  }

  /** The first picture of an offer; undefined where it was cancelled or overtaken by a newer one of its kind. */
  async #read(kind: 'photo' | 'style', offer: Offer): Promise<Opened | undefined> {
    const opening = this.#reading.of(kind, decodeFirst(offer), ({ bitmap }) => {
      bitmap.close();
    });
    this.#tidy();
    this.#progress.show('open', 0);
    this.#render();
    const opened = await opening;
    if (opened)
      notice(
        kind === 'photo'
          ? [besidesSentence(opened), reducedSentence(opened)].join(' ').trim()
          : takenSentence(opened),
      );
    return opened;
  }

  /** Shows a preview in the style that is pointed at, and the painting again once none is. */
  #peek(effect: Effect | undefined): void {
    const left = this.#pointed;
    this.#pointed = effect;
    this.#view.preview('');
    if (isBusy(this.#facts) || !this.#painted) return;
    const { request, pixels } = this.#painted;
    if (effect && this.#painter.isPrepared({ ...request, effect })) {
      this.#outcomes.rest(false);
      this.#painter.ask({ ...request, effect, goal: 'peek' });
    } else if (left) this.#show(pixels, request, true);
  }

  #drag(): void {
    if (!this.#photo) return;
    this.#dragging = true;
    this.#strengths.leave(this.#kind, this.#strength.value);
    this.#tidy();
    if (!this.#fade(this.#photo)) this.#ask('preview');
  }

  /** Fades what is painted into the photo at the slider's strength; false where nothing as strong is painted yet. */
  #fade(photo: Photo): boolean {
    const choice = this.#choice;
    const fade = choice && this.#paintings.fadeOf({ photo, ...choice });
    if (!choice || !fade) return false;
    this.#painter.cancel();
    this.#view.showPainted(fade.picture, moduleOf(choice.effect).describe(choice.effect), fade.share);
    this.#render();
    return true;
  }

  #rest(): void {
    if (!this.#dragging) return; // cancelled, or the slider was moved before there was a photo
    this.#dragging = false;
    this.#paint();
  }

  /** Paints the full picture, or shows it again where it is painted already. */
  #paint(): void {
    if (this.#photo) this.#tidy();
    const painted = this.#painted;
    const { effect } = this.#tabs.panel;
    if (painted && this.#isCurrent(painted.request)) {
      this.#painter.cancel();
      this.#show(painted.pixels, painted.request, true);
    } else if (this.#photo && !effect && this.#gallery === 'failed') this.#missGallery();
    else {
      if (effect && isOfAnotherEffect(painted?.request, effect)) this.#view.veil();
      this.#ask('full');
    }
    this.#render();
  }

  #ask(goal: PaintRequest['goal']): void {
    const choice = this.#choice;
    if (!this.#photo || !choice) return;
    this.#painter.ask({ photo: this.#photo, ...choice, goal });
    this.#render();
  }

  #isCurrent({ photo, effect, strength, settings }: PaintRequest): boolean {
    const choice = this.#choice;
    return (
      photo === this.#photo &&
      effect === choice?.effect &&
      strength === choice.strength &&
      isSameSettings(settings, choice.settings)
    );
  }

  #show(picture: Picture, request: PaintRequest, final: boolean): void {
    const { effect, photo, goal } = request;
    if (goal === 'peek' && effect !== this.#pointed) {
      dropPicture(picture);
      return;
    }
    this.#view.showPainted(picture, moduleOf(effect).describe(effect));
    this.#view.preview(goal === 'peek' ? effect.name : '');
    if (!final) dropPicture(picture);
    else if (this.#painted?.pixels !== picture) {
      this.#keep({ pixels: picture, photoName: photo.name, styleName: effect.name, request });
      this.#panelOf(effect).painted?.(effect);
      this.#hint.offer();
    }
  }

  /** Keeps a picture in place of the former one. */
  #keep(painted: Painting | undefined): void {
    this.#paintings.keep(painted);
    this.#isSaved = false;
    this.#leaving.watch(painted?.request.strength === 0 ? undefined : painted?.pixels);
  }

  /** The painting at the photo's own size; the one on the screen stays. */
  async #paintFullSize(): Promise<ImageData> {
    const [painted, original] = [this.#painted, this.#original];
    if (!painted || !original) throw new Error('Nothing is painted yet.');
    this.#tidy();
    const saving = (this.#saving = new AbortController());
    this.#progress.show('open', 0);
    this.#render();
    try {
      const painting = paintFullSize(this.#painter, painted.request, original, {
        signal: saving.signal,
        onProgress: ({ stage, fraction }) => {
          if (this.#saving === saving) this.#progress.show(stage, fraction);
        },
      });
      return await untilAborted(painting, saving.signal); // Download is free again at once
    } finally {
      if (this.#saving === saving) this.#saving = undefined;
      this.#render();
    }
  }

  /** A photo of the film strip as the file that is saved of it. */
  async #makeFile(photo: Candidate, signal: AbortSignal): Promise<File> {
    const choice = this.#choice;
    if (!choice) throw new Error('Nothing is chosen yet.');
    return fileOf(this.#painter, photo, { ...choice, ...kindOf(this.#save.choice) }, signal);
  }

  #stopSaving(): void {
    this.#saving?.abort();
    this.#saving = undefined;
  }

  /** What lay on the graphics processor is gone, the painting too where it was a bitmap there. */
  #repaint(): void {
    if (!this.#photo) return;
    this.#view.redraw(this.#photo.full);
    if (!this.#painted) return;
    this.#keep(undefined);
    this.#paint();
  }

  /** Stops whatever runs; the last finished picture and its choice, or the photo, are there again at once. */
  #cancel(): void {
    this.#reading.forget();
    this.#stopSaving();
    this.#batch.stop();
    this.#painter.cancel();
    this.#restore();
    this.#render();
  }

  /** Goes back to what is painted: the picture, its effect and its strength. */
  #restore(): void {
    this.#dragging = false;
    const choice = restored(this.#choice, this.#painted?.request);
    if (choice) this.#choose(choice);
    if (this.#painted) this.#show(this.#painted.pixels, this.#painted.request, true);
    else this.#view.hidePainting();
  }

  #clear(): void {
    this.#cancel();
    this.#resetControls();
    this.#photo = undefined;
    this.#keep(undefined);
    this.#outcomes.take(undefined);
    this.#batch.offer([], undefined);
    this.#hint.hide();
    this.#tabs.judge(undefined);
    this.#compare.close();
    notice('');
    this.#tidy();
    this.#render();
    this.#focusStage();
  }

  /** Keeps the keyboard's place where the control that had it is gone. */
  #focusStage(): void {
    const home = this.#photo ? '#view' : '#welcome [data-way="file"]';
    part(home, HTMLElement).focus({ preventScroll: true });
  }

  /** An error as a sentence; what was painted before it is there again, and what failed can be tried once more. */
  #refuse(error: unknown, retry?: () => void, file?: string): void {
    const failed = this.#choice;
    if (!this.#painter.busy) this.#restore();
    this.#alert.show(
      sentence(error, file),
      retry &&
        (() => {
          if (failed) this.#choose(failed);
          retry();
        }),
    );
  }

  #failToSave(error: unknown): void {
    if (!isCancelled(error)) this.#refuse(error, undefined, this.#photo?.name);
  }

  #say(note: string): void {
    this.#alert.hide();
    this.#note = note;
    this.#render();
  }

  /** What an earlier action said is over once the visitor does something else. */
  #tidy(): void {
    this.#stopSaving();
    this.#isSaved = false;
    this.#note = '';
    this.#alert.hide();
  }

  /** Everything that says where the page stands. */
  get #facts(): Facts {
    const { width = 0, height = 0 } = this.#original ?? {};
    const painted = this.#painted;
    return {
      starting: this.#starting,
      gallery: this.#gallery,
      hasPhoto: this.#photo !== undefined,
      effect: this.#tabs.panel.effect,
      reading: this.#reading.waits,
      painting: this.#painter.busy,
      dragging: this.#dragging,
      batch: this.#batch.progress,
      saving: this.#saving && { width, height },
      alert: this.#alert.shown,
      painted: painted && {
        name: painted.request.effect.name,
        width: painted.pixels.width,
        height: painted.pixels.height,
      },
      note: this.#note,
    };
  }

  #render(): void {
    const facts = this.#facts;
    document.documentElement.dataset['state'] = stateOf(facts);
    this.#turnToEasel();
    part('#paint', HTMLElement).hidden = !canPaint(facts);
    testId('compare', HTMLButtonElement).disabled = !this.#painted;
    testId('status', HTMLElement).textContent = statusOf(facts);
    if (!isBusy(facts) || this.#dragging) this.#progress.hide();
    this.#save.enable(canSave(facts));
    this.#save.tell(this.#isSaved);
    this.#batch.enable(canSave(facts));
    if (facts.batch) this.#progress.show('paint', facts.batch.done / facts.batch.of);
    this.#share.enable(canSave(facts));
    this.#welcome.invite(this.#kind, EFFECTS[this.#kind].headline());
    this.#outcomes.rest(mayPaintGallery(facts) && !this.#pointed);
  }

  /** Strength and saving are there with a photo. */
  #turnToEasel(): void {
    const hasPhoto = this.#photo !== undefined;
    part('#welcome', HTMLElement).hidden = hasPhoto;
    part('#easel', HTMLElement).hidden = part('#finish', HTMLElement).hidden = !hasPhoto;
  }
}

/** A style's name from its file's; '' where that says nothing. */
function styleName(file: string): string {
  return file.replace(/\.\w{1,5}$/, '');
}
