/** What in the world speaks against an image: dated, and with its source. */

import type { Target } from '../../../shared/config/config.ts';
import { isWorse } from './judge/causes.ts';
import { lateFrom } from './late.ts';
import { MINUTE, type Reign, type Truth } from './truth.ts';

export interface Evidence {
  readonly at: number;
  readonly source: 'alarm' | 'tasks' | 'ecs' | 'late' | 'person' | 'judge';
  readonly says: string;
  /** Of an alarm: none of its data is younger. */
  readonly dataTo?: number;
}

/** Heard, handled and, with faults, handled again: so late may a word still have its effect. */
const WORD_COUNTS_MS = 30 * MINUTE;

/** Everything against an image of this target, up to now; none: it did nothing wrong. */
export function evidenceAgainst(truth: Truth, target: Target, digest: string): readonly Evidence[] {
  const service = target.key.slice('ecs/'.length);
  const reigns = truth.reigns(service);
  const found = reigns
    .filter((reign) => Object.values(truth.digestsOf(reign.taskDefinition)).includes(digest))
    .flatMap((reign) => againstReign(truth, target, reign, digest));
  return [...found, ...words(truth, target, digest, reigns)];
}

/** Of one stretch of time in which it ran, or was on its way. */
function againstReign(
  truth: Truth,
  target: Target,
  reign: Reign,
  digest?: string,
): readonly Evidence[] {
  const { deployment, taskDefinition } = reign;
  // An alarm tells late of what lies in it.
  const alarms = truth
    .risesAgainst(reign, target, truth.now, truth.alarmsEver(target))
    .filter(({ at, dataFrom }) => at <= reign.to || dataFrom < reign.to)
    .map(
      ({ alarm, at, dataTo }): Evidence => ({ at, source: 'alarm', says: `${alarm} rose`, dataTo }),
    );
  const inContainer = Object.entries(truth.digestsOf(taskDefinition))
    .filter(([, one]) => one === digest)
    .map(([name]) => name);
  const tasks = truth
    .failures(deployment.service, taskDefinition)
    .filter(
      ({ container }) =>
        digest === undefined || container === undefined || inContainer.includes(container),
    )
    .map(({ at, id }): Evidence => ({ at, source: 'tasks', says: `task ${id} failed` }));
  return [...alarms, ...tasks, ...late(truth, target, reign), ...judged(truth, target, reign)];
}

/** Where it may act, it may blame what answers worse than what ran before. */
function judged(truth: Truth, { rules }: Target, reign: Reign): readonly Evidence[] {
  if (rules.judge !== 'act' || !isWorse(truth, reign)) return [];
  return [{ at: reign.from, source: 'judge', says: 'it fails more than what ran before' }];
}

function late(truth: Truth, target: Target, reign: Reign): readonly Evidence[] {
  const { deployment } = reign;
  const limit = lateFrom(truth, target, reign);
  if (truth.now < limit || (deployment.finishedAt ?? Infinity) < limit) return [];
  return [{ at: limit, source: 'late', says: 'its rollout took too long' }];
}

const AGAINST: readonly string[] = ['rollback', 'reject'];

/** A person's rollback, or no to a release, speaks against what ran, or was on its way, when it was said. */
function words(
  truth: Truth,
  target: Target,
  digest: string,
  reigns: readonly Reign[],
): readonly Evidence[] {
  const said = truth.trail.acts.filter(
    (act) =>
      act.target === target.id && AGAINST.includes(act.what) && truth.now - act.at < WORD_COUNTS_MS,
  );
  return said.flatMap((act): Evidence[] => {
    const ran = reigns.findLast(({ from }) => from <= act.at);
    // Who says what they saw means that, and nothing that has come since.
    if (act.leaves?.includes(':task-definition/') === true) {
      const seen = Object.values(truth.digestsOf(act.leaves));
      if (!seen.includes(digest)) return [];
    }
    const registered = truth.trail.calls.findLast(
      (call) =>
        call.operation === 'RegisterTaskDefinition' &&
        call.target === target.key &&
        call.at <= act.at + 5_000,
    );
    const meant =
      (ran !== undefined && Object.values(truth.digestsOf(ran.taskDefinition)).includes(digest)) ||
      JSON.stringify(registered?.input ?? '').includes(digest) ||
      mayBeOnItsWay(truth, target, { digest, at: act.at }, reigns);
    return meant ? [{ at: act.at, source: 'person', says: 'a person rolled it back' }] : [];
  });
}

/**
 * It may be on its way without a trace in AWS: no image that ran before was pushed after it. A newer one may be there
 * that was not offered yet.
 */
function mayBeOnItsWay(
  truth: Truth,
  target: Target,
  { digest, at }: { readonly digest: string; readonly at: number },
  reigns: readonly Reign[],
): boolean {
  const pushedAt = truth.pushedAt(digest);
  const container = Object.entries(target.rules.containers).find(([, { repository }]) => {
    return truth.world.ecr.repositories[repository]?.images[digest] !== undefined;
  })?.[0];
  if (pushedAt === undefined || pushedAt > at || container === undefined) return false;
  return reigns
    .filter(({ from }) => from <= at)
    .every(({ taskDefinition }) => {
      const ran = truth.digestsOf(taskDefinition)[container];
      return ran === undefined || ran === digest || (truth.pushedAt(ran) ?? 0) < pushedAt;
    });
}
