/** A word about what was done otherwise than the visitor may expect; no error. */
import { testId } from './dom';

/** Shows one sentence in place of the former one; '' shows none. A new photo takes it away. */
export function notice(sentence: string): void {
  testId('notice', HTMLElement).textContent = sentence;
}
