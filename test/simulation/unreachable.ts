/**
 * Decided sentences that no whole world reaches, each with the reason. They are guarded by unit tests.
 */
import type { SentencePlace } from './sentences.ts';

interface Unreachable {
  readonly file: string;
  /** Of the text of its call; absent: all of the file. */
  readonly says?: string;
}

/** By the reason. */
const UNREACHABLE: Readonly<Record<string, readonly Unreachable[]>> = {
  'what comes to a target of the config brings its config first, and what comes to another is not heard':
    [{ file: 'decide.ts', says: 'the config names this target no longer' }],
  'simulated worlds have no test listener that a look could send requests of its own to': [
    { file: 'release/judge/own-requests.ts' },
  ],
  'a command of nobody is refused before': [
    { file: 'events/approval.ts', says: 'say it by the queue' },
  ],
  'ECR is not asked of a foreign repository: asked at every way in, all the same': [
    { file: 'events/offer.ts', says: 'push it to the configured repository' },
  ],
  'GitHub says nothing for a day, and worlds take half a day at most': [
    { file: 'source/comparing.ts', says: "'unbuilt'" },
  ],
};

export function whyUnreachable({
  where,
  text,
}: Pick<SentencePlace, 'where' | 'text'>): string | undefined {
  const [file] = where.split(':');
  const fits = (one: Unreachable) =>
    one.file === file && (one.says === undefined || text.includes(one.says));
  return Object.entries(UNREACHABLE).find(([, all]) => all.some(fits))?.[0];
}
