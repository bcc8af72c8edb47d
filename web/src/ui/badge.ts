/** The badge that says what really computes: graphics card or processor, and through which interface. */
import type { EngineInfo } from '../engine/client';
import { isWordKey, t } from '../i18n';
import { testId } from './dom';

export interface Badge {
  show(info: EngineInfo): void;
  fail(): void;
}

export function setUpBadge(): Badge {
  const badge = testId('backend', HTMLElement);
  badge.title = t('badge.hint');
  return {
    show(info) {
      badge.dataset['backend'] = info.backend;
      badge.replaceChildren(...localLabel(info.label));
    },
    fail() {
      delete badge.dataset['backend'];
      badge.textContent = t('badge.failed');
    },
  };
}

/** "WebAssembly (CPU)" with the part in brackets in the visitor's words, which narrow windows leave out. */
function localLabel(label: string): (string | HTMLElement)[] {
  const [, name, word] = /^(.*) \((\w+)\)$/.exec(label) ?? [];
  const key = `badge.${word ?? ''}`;
  if (!name || !isWordKey(key)) return [label];
  const device = document.createElement('span');
  device.className = 'device';
  device.textContent = ` · ${t(key)}`;
  return [name, device];
}
