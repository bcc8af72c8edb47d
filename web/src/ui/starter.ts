/** Starts the engine once, in the background, and lets any number of callers wait for it, watch it and stop it. */
import type { EngineClient, EngineInfo, Progress, StartOptions } from '../engine/client';
import type { Engine } from './painter';

export interface StarterEvents {
  onStarted(): void;
  onFailed(error: unknown): void;
  /** The start was given up on the visitor's word. */
  onAbandoned(): void;
}

/** The engine, started at the first `ready` and, where that failed, again at the next. */
export function startOnce(client: EngineClient, options: StartOptions, events: StarterEvents): Engine {
  const watchers = new Set<(progress: Progress) => void>();
  let starting: Promise<EngineInfo> | undefined;
  let controller = new AbortController();
  let isStarted = false;

  function start(): Promise<EngineInfo> {
    controller = new AbortController();
    const { signal } = controller;
    const started = client.start(options, {
      signal,
      onProgress(progress) {
        for (const watch of watchers) watch(progress);
      },
    });
    started.then(
      () => {
        isStarted = true;
        events.onStarted();
      },
      (error: unknown) => {
        if (signal.aborted) return; // by `abandon`, which told so
        starting = undefined;
        events.onFailed(error);
      },
    );
    return started;
  }

  return {
    get started() {
      return isStarted;
    },
    ready(onProgress) {
      watchers.add(onProgress);
      starting ??= start();
      return starting.finally(() => watchers.delete(onProgress));
    },
    abandon() {
      if (isStarted || !starting) return;
      starting = undefined;
      controller.abort();
      events.onAbandoned();
    },
    predictStyle: (request, call) => client.predictStyle(request, call),
    stylise: (request, call) => client.stylise(request, call),
    styliseLarge: (request, call) => client.styliseLarge(request, call),
    translate: (request, call) => client.translate(request, call),
    carry: (request, call) => client.carry(request, call),
  };
}

/** What the page's address asks for: ?backend=webgl|wasm|webgpu and ?models=PATH on this origin. */
export function startOptions(search: string): StartOptions {
  const asked = new URLSearchParams(search);
  const backend = asked.get('backend');
  const models = asked.get('models');
  return {
    ...(isBackend(backend) && { backend }),
    ...(models && { models }),
  };
}

function isBackend(name: string | null): name is NonNullable<StartOptions['backend']> {
  return name === 'webgl' || name === 'wasm' || name === 'webgpu';
}
