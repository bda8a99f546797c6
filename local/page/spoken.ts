/** What is said aloud to who cannot see the page: changes of phase, what begins to wait for a word, and nothing else. */
import type { PageTarget } from '../server/page-state.ts';

/** Undefined if nothing of that happened. A target that is new here is not news. */
export function newsOf(
  before: readonly PageTarget[],
  now: readonly PageTarget[],
): string | undefined {
  const news = now.flatMap((target) => {
    const was = before.find(({ id }) => id === target.id);
    return was === undefined ? [] : [...phaseNews(was, target), ...wordNews(was, target)];
  });
  return news.length === 0 ? undefined : news.join('. ');
}

function phaseNews(was: PageTarget, { id, phase, because }: PageTarget): readonly string[] {
  if (was.phase === phase) return [];
  return [`${id} is ${phase}${because === undefined ? '' : `: ${because}`}`];
}

function wordNews(was: PageTarget, { id, awaited }: PageTarget): readonly string[] {
  const fresh = awaited.filter((one) => was.awaited.every((old) => old.id !== one.id));
  return fresh.map(({ what }) => `${id} waits for a person's word: ${what}`);
}
