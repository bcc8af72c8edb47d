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
      badge.textContent = localLabel(info.label);
    },
    fail() {
      delete badge.dataset['backend'];
      badge.textContent = t('badge.failed');
    },
  };
}

/** "WebAssembly (CPU)" with the part in brackets in the visitor's words. */
function localLabel(label: string): string {
  return label.replace(/\((\w+)\)/, (brackets, device: string) => {
    const key = `badge.${device}`;
    return isWordKey(key) ? `· ${t(key)}` : brackets;
  });
}
