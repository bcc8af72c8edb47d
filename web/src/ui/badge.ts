/** What really computes, in the page's dialog: graphics card or processor, and through which interface. */
import type { EngineInfo } from '../engine/client';
import { isWordKey, t } from '../i18n';
import { testId } from './dom';

export interface Badge {
  show(info: EngineInfo): void;
  fail(): void;
}

export function setUpBadge(): Badge {
  const badge = testId('backend', HTMLElement);
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
  const [, name, word] = /^(.*) \((\w+)\)$/.exec(label) ?? [];
  const key = `badge.${word ?? ''}`;
  return name && isWordKey(key) ? `${name} · ${t(key)}` : label;
}
