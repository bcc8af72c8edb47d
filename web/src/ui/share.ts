/** Copy and share, shown only where the browser can. On phones sharing comes first, beside Save. */
import { isCancelled } from '../engine/client';
import { exportPicture } from '../photo/export';
import { isTouch } from './device';
import { onPress, part } from './dom';
import type { Painted, Save } from './save';

export interface Share {
  enable(enabled: boolean): void;
}

export interface ShareEvents {
  current: () => Painted | undefined;
  /** The picture as the file that Save would give. */
  save: Pick<Save, 'file' | 'choice'>;
  onCopied: (painted: Painted) => void;
  onShared: (painted: Painted) => void;
  /** The file is there, and the browser wants another press to share it. */
  onReady: () => void;
  onFailed: (action: 'copy' | 'share') => void;
  onError: (error: unknown) => void;
}

export function setUpShare(events: ShareEvents): Share {
  const copyButton = part('#copy', HTMLButtonElement);
  const shareButton = part('#share', HTMLButtonElement);
  const isFirst = isTouch() && canShare();
  copyButton.hidden = isFirst || !canCopy();
  shareButton.hidden = !canShare();
  if (isFirst) putFirst(shareButton);
  const share = sharer(events);

  onPress(copyButton, async () => {
    const painted = events.current();
    if (!painted) return;
    await copy(painted).then(
      () => {
        events.onCopied(painted);
      },
      () => {
        events.onFailed('copy');
      },
    );
  });
  onPress(shareButton, async () => {
    const painted = events.current();
    if (painted) await share(painted);
  });
  return {
    enable(enabled) {
      copyButton.disabled = shareButton.disabled = !enabled;
    },
  };
}

/** Makes Share the first button of the row in which pictures are saved. */
function putFirst(button: HTMLButtonElement): void {
  button.className = 'button primary';
  const row = part('#save', HTMLElement);
  row.dataset['shares'] = '';
  row.prepend(button);
}

/** Shares a picture; a file that took longer than browsers let a press count for is kept for the next press. */
function sharer({ save, onShared, onReady, onFailed, onError }: ShareEvents) {
  let kept: { painted: Painted; choice: string; file: File } | undefined;
  return async (painted: Painted): Promise<void> => {
    try {
      const { choice } = save;
      const isKept = kept?.painted === painted && kept.choice === choice;
      const file = isKept && kept ? kept.file : await save.file(painted);
      kept = { painted, choice, file };
      await navigator.share({ files: [file] });
      kept = undefined;
      onShared(painted);
    } catch (error) {
      const name = error instanceof DOMException ? error.name : '';
      if (name === 'NotAllowedError') onReady();
      else if (name === 'AbortError' || isCancelled(error)) return;
      else if (name) onFailed('share');
      else onError(error);
    }
  };
}

function canCopy(): boolean {
  return 'ClipboardItem' in window && 'clipboard' in navigator;
}

function canShare(): boolean {
  const probe = new File([], 'probe.jpg', { type: 'image/jpeg' });
  return 'canShare' in navigator && navigator.canShare({ files: [probe] });
}

function copy(painted: Painted): Promise<void> {
  // Safari wants the item within the click, so the file is promised rather than awaited.
  const item = new ClipboardItem({ 'image/png': exportPicture(painted.pixels, 'image/png') });
  return navigator.clipboard.write([item]);
}
