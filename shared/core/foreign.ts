/** Somebody else's deployment: waited for, told, never fought. */

import { CLOCK_MARGIN_MS } from './attempt.ts';
import { announce, because, type Decision, inPhase, revisionName } from './decision.ts';
import type { Moment, TaskDefinitionArn } from './image.ts';
import type { Observing, TargetRecord } from './record.ts';
import type { PrimaryDeployment, Seen } from './seen.ts';
import { NOTHING_AGAINST } from './watch.ts';

type Foreign = Pick<PrimaryDeployment, 'revision' | 'createdAt'>;

/** Begins to watch a deployment that is not ours. `bakeMinutes` 0: it ran before we came. */
export function watchDeployment(
  record: TargetRecord,
  { revision, createdAt }: Foreign,
  bakeMinutes: number,
  at: Moment,
): TargetRecord {
  const phase: Observing = {
    phase: 'observing',
    revision,
    createdAt,
    since: at,
    bakeMinutes,
    watch: NOTHING_AGAINST,
  };
  const runs = { revision, images: {}, since: createdAt };
  return inPhase({ ...record, clearing: [], runs }, phase);
}

/** The same, told: somebody deployed while nothing of ours was on its way. */
export function observe(record: TargetRecord, primary: Foreign, at: Moment): Decision {
  const sentence = `somebody else deployed ${revisionName(primary.revision)}`;
  const observing = watchDeployment(record, primary, record.rules.bakeMinutes, at);
  const told = announce(observing, 'superseded', {
    at,
    revision: primary.revision,
    because: sentence,
    next: 'it is left alone and watched; new images wait until it has proven itself or failed',
  });
  return because(told, sentence);
}

/**
 * ECS's reads lag behind by seconds. A deployment that is older than the one we know, and that shows
 * long after that one was made, is no echo: ECS returned to it, and it keeps its own number.
 */
export function isStale(primary: Foreign, newerSince: Moment, seen: Seen): boolean {
  return primary.createdAt <= newerSince && seen.at < newerSince + CLOCK_MARGIN_MS;
}

/** Somebody's deployment failed, and ECS put the one before it back. */
export function ecsReturned(
  record: TargetRecord,
  left: TaskDefinitionArn,
  primary: PrimaryDeployment,
  seen: Seen,
): Decision {
  const { revision, createdAt } = primary;
  const sentence = `ECS returned from ${revisionName(left)}, which is not ours, to ${revisionName(revision)}`;
  const rung = record.ladder.find((one) => one.revision === revision);
  const back =
    rung === undefined
      ? watchDeployment(record, primary, record.rules.bakeMinutes, seen.at)
      : inPhase(
          { ...record, runs: { revision, images: rung.images, since: createdAt } },
          { phase: 'resting' },
        );
  const told = announce(back, 'superseded', {
    at: seen.at,
    revision: left,
    because: sentence,
    next: rung === undefined ? 'what runs now is watched' : 'what runs now is proven',
  });
  return because(told, sentence);
}
