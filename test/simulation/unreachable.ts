/**
 * Decided sentences that no whole world reaches, each with the reason. They are guarded by unit tests.
 */
import type { SentencePlace } from './sentences.ts';

interface Unreachable {
  readonly file: string;
  /** Of the text of its call; absent: all of the file. */
  readonly says?: string;
}

const TYPE = 'a guard for the types: who asks it has what it misses';
const FIRST =
  'what comes to a target of the config brings its config first, and what comes to another is not heard';
const ASKED = 'a look asks for the rollouts wherever one was asked for';

/** By the reason. */
const UNREACHABLE: Readonly<Record<string, readonly Unreachable[]>> = {
  [TYPE]: [
    { file: 'phases/baking.ts', says: 'nothing speaks against it' },
    { file: 'phases/baking.ts', says: 'nothing bakes' },
    { file: 'phases/proving.ts', says: 'no revision' },
    { file: 'phases/following.ts', says: 'because(record, why); if (mayBeGone' },
    { file: 'phases/redeploying.ts', says: 'the copy is being registered' },
    { file: 'phases/watching.ts', says: 'nothing is watched' },
  ],
  [FIRST]: [
    { file: 'decide.ts', says: 'retired: not looked at' },
    { file: 'events/alarm-changed.ts', says: 'retired: nothing is condemned' },
    { file: 'events/command.ts', says: 'the config names this target no longer' },
    { file: 'events/image-pushed.ts', says: 'the target is no longer in the config' },
  ],
  [ASKED]: [
    { file: 'phases/deploying.ts', says: 'the next look asks for the rollout' },
    { file: 'phases/redeploying.ts', says: 'the next look asks for the rollout' },
    { file: 'phases/stopping.ts', says: 'the next look asks for the rollout' },
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
