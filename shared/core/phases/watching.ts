/**
 * A look at somebody else's deployment, or at what ran before us. When it stands as a release must
 * stand, it is adopted: it becomes a place to return to.
 */

import { announce, because, type Decision, enter, inPhase, restAsking } from '../model/decision.ts';
import { type Moment, revisionName } from '../model/image.ts';
import type {
  FoundService,
  Observation,
  PrimaryDeployment,
  StandingObservation,
} from '../model/observation.ts';
import type { External, TargetRecord } from '../model/record.ts';
import { MINUTE } from '../model/rules.ts';
import { judgingTime, slowestAlarm } from '../release/bake-window.ts';
import {
  risesSeen,
  type Window,
  whyCondemned,
  withFailures,
  withRises,
} from '../release/evidence.ts';
import { doubtOf, isSteady } from '../release/standing.ts';
import { wouldReturn } from '../release/watch-mode.ts';
import { whose } from '../release/whose.ts';
import { adopt, rememberPush, stayUnproven } from './adopting.ts';
import { announceExternal, ecsReturned, putLateCallRight } from './external.ts';

/** Unknown or red alarms delay an adoption this long; then what runs stays unproven. */
const ADOPTION_PATIENCE_MS = 10 * MINUTE;

export function whileWatching(
  record: TargetRecord,
  phase: External,
  observation: StandingObservation,
): Decision {
  const { service } = observation;
  const { primary } = service;
  switch (whose(record, primary, observation)) {
    case 'ours':
      break;
    case 'stale':
      return because(record, 'a stale look');
    case 'ecs-return':
      return ecsReturned(record, phase.revision, primary, observation);
    case 'late-call':
      return putLateCallRight(record, primary, observation);
    case 'proven':
    case 'external':
      return announceExternal(record, primary, observation);
  }
  const watching = watchObserved(record, phase, observation);
  const observed = withImages(inPhase(record, watching), primary, observation.at);
  return judge(observed, watching, service, observation);
}

export function windowOf(record: TargetRecord, { createdAt }: External): Window {
  return { from: createdAt, alarms: record.rules.alarms };
}

export function watchObserved(
  record: TargetRecord,
  phase: External,
  observation: Observation,
): External {
  const rises = withRises(phase.evidence, risesSeen(record, observation), windowOf(record, phase));
  const against = withFailures(rises, observation, phase.revision);
  return against === phase.evidence ? phase : { ...phase, evidence: against };
}

function withImages(record: TargetRecord, primary: PrimaryDeployment, at: Moment): TargetRecord {
  if (primary.images === undefined || record.runs === undefined) return record;
  const runs = { ...record.runs, images: primary.images };
  return rememberPush({ ...record, runs }, primary, at);
}

function judge(
  record: TargetRecord,
  phase: External,
  service: FoundService,
  observation: Observation,
): Decision {
  const { primary } = service;
  const name = revisionName(phase.revision);
  const verdict =
    phase.bakeMinutes === 0
      ? undefined
      : whyCondemned(phase.evidence, windowOf(record, phase), record.rules, observation.service);
  if (verdict !== undefined) {
    if (record.rules.mode === 'watch') {
      return wouldReturn(enter(record, { phase: 'idle' }), verdict.because, observation.at);
    }
    return leaveUnproven(
      record,
      observation,
      `${name} is not ours and is left running, but ${verdict.because}`,
    );
  }
  if (primary.rolloutState === 'FAILED') {
    return leaveUnproven(record, observation, `ECS says that the deployment of ${name} failed`);
  }
  if (service.desired === 0) {
    return because(
      enter(record, { phase: 'idle' }),
      `${name}: desired count 0 proves nothing, so it is not adopted`,
    );
  }
  if (!isSteady(service)) return waitForSteady(record, phase, observation, name);
  const steadyAt = phase.steadyAt ?? observation.at;
  const steady = inPhase(record, { ...phase, steadyAt });
  const bakedAt = bakedFrom(record, phase, steadyAt, observation);
  if (observation.at < bakedAt) {
    return because(steady, `${name} is steady and is watched for ${phase.bakeMinutes} minutes`);
  }
  const doubt = doubtOf(record, phase, observation);
  if (doubt !== undefined) {
    const isPatient = observation.at < bakedAt + ADOPTION_PATIENCE_MS;
    return isPatient && !mayNotWait(steady, phase, observation)
      ? because(steady, `not adopted yet: ${doubt}`)
      : stayUnproven(steady, phase.revision, doubt, observation);
  }
  return adopt(steady, phase, primary, observation);
}

/**
 * An image that waits may be what mends a red alarm. CloudWatch that did not answer is asked again
 * all the same where what ran before us would be the only place to return to.
 */
function mayNotWait(
  { waiting, rules }: TargetRecord,
  { bakeMinutes }: External,
  { alarms }: Observation,
): boolean {
  if (Object.keys(waiting).length === 0) return false;
  const isUnknown = rules.alarms.some((name) => alarms?.[name]?.state === 'unknown');
  return bakeMinutes > 0 || !isUnknown;
}

/** Somebody else's deployment bakes as ours do; what ran before us is asked nothing of its past. */
export function bakedFrom(
  { rules }: TargetRecord,
  { bakeMinutes }: External,
  steadyAt: Moment,
  observation: Observation,
): Moment {
  if (bakeMinutes === 0) return steadyAt;
  const judged = judgingTime(rules, slowestAlarm(rules, observation));
  return steadyAt + bakeMinutes * MINUTE + judged;
}

/** It has the time of a rollout to become steady, and once more if it was steady and is no longer. */
function waitForSteady(
  record: TargetRecord,
  phase: External,
  observation: Observation,
  name: string,
): Decision {
  const patience = (record.rules.rolloutMinutes + phase.bakeMinutes) * MINUTE;
  if (observation.at < (phase.steadyAt ?? phase.since) + patience) {
    return because(record, `the deployment of ${name} is waited for, not superseded`);
  }
  return leaveUnproven(
    record,
    observation,
    `${name} is not ours and has not become steady within ${record.rules.rolloutMinutes} minutes`,
  );
}

/** It keeps running, but nothing returns to it, and a person should know. */
function leaveUnproven(record: TargetRecord, observation: Observation, sentence: string): Decision {
  const asking = announce(
    restAsking(record, { because: sentence, since: observation.at }),
    'needs-attention',
    {
      at: observation.at,
      because: sentence,
      next: 'push a newer image, or deploy or roll back by hand',
    },
  );
  return because(asking, sentence);
}
