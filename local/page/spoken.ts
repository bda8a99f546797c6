/** What is said aloud to who cannot see the page: changes of phase, and nothing else. */
import type { PageTarget } from '../server/page-state.ts';

/** Undefined if no phase changed. A target that is new here is not news. */
export function phaseNews(
  before: readonly PageTarget[],
  now: readonly PageTarget[],
): string | undefined {
  const news = now.flatMap(({ id, phase, because }) => {
    const was = before.find((target) => target.id === id);
    if (was === undefined || was.phase === phase) return [];
    return [`${id} is ${phase}${because === undefined ? '' : `: ${because}`}`];
  });
  return news.length === 0 ? undefined : news.join('. ');
}
