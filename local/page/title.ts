/** The title of the tab: which targets need to be looked at. */
import type { PageTarget } from '../server/page-state.ts';
import { phaseWords } from './phase-words.ts';

export function titleText(targets: readonly PageTarget[]): string {
  const pressing = targets.filter(({ phase }) => ['bad', 'ask'].includes(phaseWords(phase).tone));
  const [first] = pressing;
  if (first === undefined) return 'Slipway local';
  const others = pressing.length === 1 ? '' : ` and ${pressing.length - 1} more`;
  return `${first.id}: ${first.phase}${others} · Slipway local`;
}
