/** Somebody else's deployment: waited for, told, never fought. */

import { announce, because, type Decision, enter } from '../model/decision.ts';
import type { Moment, TaskDefinitionArn } from '../model/image.ts';
import { revisionName } from '../model/image.ts';
import type { Observation, PrimaryDeployment } from '../model/observation.ts';
import { provenAs, wasCondemned } from '../model/record/known.ts';
import type { External } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE } from '../model/rules.ts';
import { NOTHING_AGAINST } from '../release/evidence.ts';
import { describeLateCall, removeLateCall } from '../release/late-call.ts';
import { wouldReturn } from '../release/watch-mode.ts';
import { withStaleWays } from '../release/ways-back.ts';
import { whose } from '../release/whose.ts';

type Deployed = Pick<PrimaryDeployment, 'revision' | 'createdAt'>;

/** Begins to watch a deployment that is not ours. `bakeMinutes` 0: it ran before we came. */
export function watchExternal(
  record: TargetRecord,
  { revision, createdAt }: Deployed,
  bakeMinutes: number,
  at: Moment,
): TargetRecord {
  const phase: External = {
    phase: 'baking',
    of: 'external',
    revision,
    createdAt,
    since: at,
    bakeMinutes,
    evidence: NOTHING_AGAINST,
  };
  const runs = { revision, images: {}, since: createdAt };
  return enter({ ...record, alarmsToClear: [], runs }, phase);
}

/** Two replacements of ours within this time are no accident. */
const FIGHT_MS = 24 * 60 * MINUTE;
const REPLACEMENTS_MAX = 3;

/**
 * Somebody else's revision replaced one of ours. The second time within a day is a fight, as with a
 * Terraform or CDK that puts its own revision back: it is told with both names, and not fought.
 */
export function noteReplaced(
  record: TargetRecord,
  ours: TaskDefinitionArn,
  theirs: TaskDefinitionArn,
  at: Moment,
): TargetRecord {
  const earlier = record.takeovers.find((one) => at - one.at < FIGHT_MS);
  const replaced = [{ at, ours, theirs }, ...record.takeovers].slice(0, REPLACEMENTS_MAX);
  const noted: TargetRecord = { ...record, takeovers: replaced };
  if (earlier === undefined) return noted;
  return announce(noted, 'fought', {
    at,
    revision: theirs,
    because: `somebody else replaced our ${revisionName(ours)} by ${revisionName(theirs)}, and our ${revisionName(earlier.ours)} by ${revisionName(earlier.theirs)} less than a day before`,
    next: 'theirs is left running; let one of the two own the task definition: see "Peace with the owner of the infrastructure" in infra/README.md',
  });
}

/** Told: somebody deployed while nothing of ours was on its way. */
export function announceExternal(
  record: TargetRecord,
  primary: Deployed,
  observation: Observation,
): Decision {
  const { at } = observation;
  const name = revisionName(primary.revision);
  // Theirs had replaced it: where ECS returns from theirs, and is seen only when it has, nothing tells who did.
  const isBack = record.takeovers.some(({ ours }) => ours === primary.revision);
  const sentence =
    whose(record, primary, observation) === 'proven'
      ? `somebody, or ECS itself, put back ${name}, which is proven`
      : isBack
        ? `somebody, or ECS itself, put back ${name}`
        : `somebody else deployed ${name}`;
  const { runs } = record;
  const wasOurs = provenAs(record, runs?.revision)?.window !== undefined;
  const noted =
    wasOurs && runs !== undefined
      ? noteReplaced(record, runs.revision, primary.revision, at)
      : record;
  const observing = watchExternal(noted, primary, record.rules.bakeMinutes, at);
  const told = announce(observing, 'superseded', {
    at,
    revision: primary.revision,
    because: sentence,
    next: 'it is left alone and watched; new images wait until it has proven itself or failed',
  });
  return because(told, sentence);
}

/** What it started goes again, where we may act and know where to go; else it is watched like any other. */
export function putLateCallRight(
  record: TargetRecord,
  primary: PrimaryDeployment,
  observation: Observation,
): Decision {
  const sentence = describeLateCall(primary, record.runs);
  const { mode, bakeMinutes } = record.rules;
  if (mode === 'act' && record.rollbackCandidates.length > 0)
    return removeLateCall(record, primary, sentence, observation.at);
  const told =
    mode === 'watch'
      ? wouldReturn(record, sentence, observation.at).record
      : announce(record, 'superseded', {
          at: observation.at,
          revision: primary.revision,
          because: sentence,
          next: 'there is no proven release to return to: it is watched',
        });
  return because(watchExternal(told, primary, bakeMinutes, observation.at), sentence);
}

/** Somebody's deployment failed, and ECS put the one before it back. */
export function ecsReturned(
  record: TargetRecord,
  primary: PrimaryDeployment,
  observation: Observation,
): Decision {
  const { revision, createdAt } = primary;
  const { at } = observation;
  const left = record.runs?.revision ?? revision;
  const sentence = `ECS returned from ${revisionName(left)}, which is not ours, to ${revisionName(revision)}`;
  const candidate = provenAs(record, revision);
  if (
    wasCondemned(record, revision) &&
    record.rules.mode === 'act' &&
    record.rollbackCandidates.length > 0
  ) {
    // Nobody meant it: ECS knows its last completed deployment only.
    const why = `${sentence}, which was condemned`;
    return removeLateCall(record, primary, why, at);
  }
  if (candidate === undefined) {
    const watched = watchExternal(record, primary, record.rules.bakeMinutes, at);
    const next = 'what runs now is watched';
    const told = announce(watched, 'superseded', { at, revision: left, because: sentence, next });
    return because(told, sentence);
  }
  const runs = { revision, images: candidate.images, since: createdAt };
  const stands = withStaleWays({ ...record, runs }, at);
  const told = announce(enter(stands, { phase: 'idle' }), 'adopted', {
    at,
    images: candidate.images,
    revision,
    because: `${sentence}, which is proven`,
    next: 'a release that fails returns here',
  });
  return because(told, sentence);
}
