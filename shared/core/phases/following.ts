/** ECS's service deployment of a release tells how it goes: on, back, or on to the bake. */

import { because, conclude, type Decision, enter, inPhase } from '../model/decision.ts';
import type { Observation, ObservedRollout, StandingObservation } from '../model/observation.ts';
import {
  type Baking,
  backOf,
  type Forward,
  type Release,
  type TargetRecord,
} from '../model/record.ts';
import { MINUTE } from '../model/rules.ts';
import { QUOTE_MAX, shorten } from '../model/text.ts';
import { LOOK_AGAIN_MS } from '../release/attempt.ts';
import { condemn, type Verdict } from '../release/condemn.ts';
import {
  blamedContainers,
  describeFailures,
  risesSeen,
  whyCondemned,
  withFailures,
  withRises,
} from '../release/evidence.ts';
import { announceStarted } from '../release/release-ends.ts';
import { whileBaking } from './baking.ts';
import { whileRollingBack } from './rolling-back.ts';

export function follow(
  record: TargetRecord,
  phase: Forward,
  rollout: ObservedRollout,
  observation: StandingObservation,
): Decision {
  const { release } = phase;
  const window = { from: rollout.createdAt, alarms: release.rules.alarms };
  const rises = withRises(release.evidence, risesSeen(record, observation), window);
  const watch = withFailures(rises, observation, rollout.revision);
  const watched: Release = watch === release.evidence ? release : { ...release, evidence: watch };
  const next: Forward = { ...phase, release: watched };
  const told = announceStarted(inPhase(record, next), next, observation.at);
  const current =
    told.phase.phase === 'deploying' && told.phase.goal === 'forward' ? told.phase : next;
  const verdict =
    whyCondemned(watch, window, release.rules, observation.service) ??
    verdictOf(watched, rollout, observation);
  if (verdict !== undefined && mayBeGone(rollout, observation)) {
    return because(told, 'ECS says STOPPED, and not why: the next look tells what became of it');
  }
  if (verdict !== undefined) return goBack(told, current, verdict, observation);
  if (rollout.status === 'SUCCESSFUL') return beginBake(told, current, rollout, observation);
  return because(told, `ECS says ${rollout.status}`);
}

/**
 * So ends the rollout of a service that is deleted, and the service may have been read a moment before:
 * that is no verdict on the image.
 */
function mayBeGone(
  { status, statusReason, finishedAt }: ObservedRollout,
  { at }: Observation,
): boolean {
  const isFresh = finishedAt !== undefined && at < finishedAt + LOOK_AGAIN_MS;
  return status === 'STOPPED' && statusReason === undefined && isFresh;
}

/** What ECS itself says against it. */
export function verdictOf(
  release: Release,
  rollout: ObservedRollout,
  observation: Observation,
): Verdict | undefined {
  const { rolloutMinutes } = release.rules;
  switch (rollout.status) {
    case 'PENDING':
    case 'IN_PROGRESS':
    case 'STOP_REQUESTED':
    case 'ROLLBACK_REQUESTED':
      // Not since it was asked for: AWS may not have taken that for a while.
      return observation.at > rollout.createdAt + rolloutMinutes * MINUTE + ecsBake(observation)
        ? {
            because: `it did not finish within ${rolloutMinutes} minutes (ECS says ${rollout.status})`,
            alarms: [],
          }
        : undefined;
    case 'STOPPED':
    case 'ROLLBACK_IN_PROGRESS':
    case 'ROLLBACK_SUCCESSFUL':
    case 'ROLLBACK_FAILED':
      return {
        because: describeEnd(release, rollout),
        alarms: redNow(release, observation),
        ...blamedContainers(release.evidence),
        ...(isOfBefore(release, rollout, observation) ? { blamesNobody: true } : {}),
      };
    case 'SUCCESSFUL':
      return undefined;
  }
}

/**
 * ECS's verdict by an alarm is only as good as the breach behind it. Our own list of evidence has found
 * none inside the release's window; if an alarm is red all the same, for what was before or muted, that
 * is what ECS means.
 */
function isOfBefore(
  { rules, evidence }: Release,
  { statusReason = '' }: ObservedRollout,
  { alarms }: Observation,
): boolean {
  if (!/\balarms?\b/i.test(statusReason) || evidence.failed > 0) return false;
  return rules.alarms.some((name) => alarms?.[name]?.state === 'ALARM');
}

/** ECS says SUCCESSFUL only after it. */
function ecsBake({ service }: Observation): number {
  const own = service.state === 'found' ? service.deploymentConfiguration.bakeTimeInMinutes : 0;
  return typeof own === 'number' ? own * MINUTE : 0;
}

function describeEnd(
  { evidence: watch }: Release,
  { status, statusReason }: ObservedRollout,
): string {
  const reason = statusReason === undefined ? '' : ` (${shorten(statusReason, QUOTE_MAX)})`;
  const tasks = watch.failed === 0 ? '' : `; ${describeFailures(watch)}`;
  return `ECS ended its rollout: ${status}${reason}${tasks}`;
}

function redNow(release: Release, observation: Observation): readonly string[] {
  return release.rules.alarms.filter((name) => observation.alarms?.[name]?.state === 'ALARM');
}

function goBack(
  record: TargetRecord,
  phase: Forward,
  verdict: Verdict,
  observation: StandingObservation,
): Decision {
  const condemned = condemn(record, phase, verdict, observation.at);
  const back = backOf(condemned.phase);
  if (back === undefined) return because(condemned, verdict.because);
  const next = whileRollingBack(condemned, back, observation);
  return because(next.record, `condemned: ${verdict.because}`);
}

function beginBake(
  record: TargetRecord,
  { release, attempt }: Forward,
  rollout: ObservedRollout,
  observation: StandingObservation,
): Decision {
  const { arn, serviceRevision, createdAt } = rollout;
  const baking: Baking = {
    phase: 'baking',
    of: 'release',
    release,
    attempt,
    rollout: { arn, serviceRevision, createdAt },
    succeededAt: rollout.finishedAt ?? observation.at,
  };
  const { ownBakeMinutes: _, ...rest } = record;
  const next: TargetRecord = {
    ...conclude(enter(rest, baking), arn),
    runs: {
      revision: rollout.revision,
      images: { ...record.runs?.images, ...release.images },
      since: createdAt,
    },
  };
  return whileBaking(next, baking, observation);
}
