/** Copy and share, shown only where the browser can. */
import { exportPicture, resultName } from '../photo/export';
import { onPress, part } from './dom';
import type { Painted } from './download';

export interface Share {
  enable(enabled: boolean): void;
}

export interface ShareEvents {
  current: () => Painted | undefined;
  onCopied: (painted: Painted) => void;
  onShared: (painted: Painted) => void;
  onFailed: (action: 'copy' | 'share') => void;
}

export function setUpShare({ current, onCopied, onShared, onFailed }: ShareEvents): Share {
  const copyButton = part('#copy', HTMLButtonElement);
  const shareButton = part('#share', HTMLButtonElement);
  copyButton.hidden = !canCopy();
  shareButton.hidden = !canShare();

  onPress(copyButton, async () => {
    const painted = current();
    if (!painted) return;
    await copy(painted).then(
      () => {
        onCopied(painted);
      },
      () => {
        onFailed('copy');
      },
    );
  });
  onPress(shareButton, async () => {
    const painted = current();
    if (!painted) return;
    try {
      await share(painted);
      onShared(painted);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) onFailed('share');
    }
  });
  return {
    enable(enabled) {
      copyButton.disabled = shareButton.disabled = !enabled;
    },
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

async function share(painted: Painted): Promise<void> {
  const type = 'image/jpeg';
  const name = resultName(painted.photoName, painted.styleName, type);
  const file = new File([await exportPicture(painted.pixels, type)], name, { type });
  await navigator.share({ files: [file] });
}
