/** A release that is condemned and could not be left: users have it now, and that is said first. */
import { splitAsking } from '../release/quote.ts';
import type { LastRelease } from './last-release.ts';
import { allTasks, type RunningNow, shortNames, tasksRunning } from './running-now.ts';

export interface StillBad {
  /** `main-2 is bad and STILL SERVES, with all 4 tasks` */
  readonly what: string;
  /** What speaks against it, and why it could not be left: sentences without full stops, not AWS's words. */
  readonly against: string;
  readonly notBack: string;
}

/** `asked`: why a person is needed, as it is remembered. Undefined: ECS counts no task of what was condemned. */
export function stillBadOf(
  asked: string,
  last: LastRelease | undefined,
  running: RunningNow,
): StillBad | undefined {
  const { why, condemned } = splitAsking(asked);
  if (condemned === undefined || last?.became !== 'needs-attention') return undefined;
  const bad = running.revisions.find(({ revision }) => revision === last.revision);
  if (bad === undefined || bad.running === 0 || last.images === undefined) return undefined;
  const count = tasksRunning(running);
  const tasks = bad.running === count ? allTasks(count) : `${bad.running} of ${count} tasks`;
  // Where another has tasks as well, ECS does not tell who answers.
  const does = bad.traffic === 'all' ? 'SERVES' : 'RUNS';
  return {
    what: `${shortNames(last.images)} is bad and STILL ${does}, with ${tasks}`,
    against: condemned,
    notBack: `It could not be rolled back: ${why}`,
  };
}
