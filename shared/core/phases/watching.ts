/**
 * A look at somebody else's deployment, or at what ran before us. When it stands as a release must
 * stand, it is adopted: it becomes a place to return to.
 */

import { announce, because, type Decision, enter, inPhase, restAsking } from '../model/decision.ts';
import { expected } from '../model/defined.ts';
import { type Moment, revisionName } from '../model/image.ts';
import { clockTime } from '../model/moment.ts';
import type { Observation, StandingObservation } from '../model/observation.ts';
import { type External, externalOf } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { imageWaits } from '../model/record/waiting.ts';
import { MINUTE } from '../model/rules.ts';
import { judgingTime, slowestAlarm } from '../release/bake-window.ts';
import { doubtOf, isSteady } from '../release/doubt.ts';
import { wouldReturn } from '../release/watch-mode.ts';
import { gather, verdictOn } from '../release/watched.ts';
import { withStaleWays } from '../release/ways-back.ts';
import { adopt, rememberPush, stayUnproven } from './adopting.ts';
import { type At, firstBroken, type Rule } from './rule.ts';

/** Unknown or red alarms delay an adoption this long; then what runs stays unproven. */
const ADOPTION_PATIENCE_MS = 10 * MINUTE;

/** What must hold until it is adopted. */
export const WATCHING: readonly Rule<External>[] = [
  {
    rule: () => 'no alarm rose since it started, and its tasks stand',
    // Of what ran before us, it is not known since when.
    broken: ({ record, phase, observation }) =>
      phase.bakeMinutes === 0 ? undefined : verdictOn(record, observation)?.because,
    otherwise: (at, why) =>
      at.record.rules.mode === 'watch'
        ? wouldReturn(enter(at.record, { phase: 'idle' }), why, at.observation.at)
        : leaveUnproven(at, `${nameOf(at)} is not ours and is left running, but ${why}`),
  },
  {
    rule: () => 'ECS does not call it failed',
    broken: ({ observation: { service } }) =>
      service.primary.rolloutState === 'FAILED' ? 'ECS says FAILED' : undefined,
    otherwise: (at) => leaveUnproven(at, `ECS says that the deployment of ${nameOf(at)} failed`),
  },
  {
    rule: () => 'tasks are wanted',
    broken: ({ observation: { service } }) =>
      service.desired === 0 ? 'desired count 0 proves nothing' : undefined,
    otherwise: (at, why) => {
      const resting = enter(at.record, { phase: 'idle' });
      return because(resting, `${nameOf(at)}: ${why}, so it is not adopted`);
    },
  },
  {
    rule: () => 'it is steady',
    broken: ({ observation: { service } }) =>
      isSteady(service)
        ? undefined
        : `${service.running} of ${service.desired} tasks run, ECS says ${service.primary.rolloutState}`,
    otherwise: waitForSteady,
  },
  {
    rule: ({ phase }) => `it is watched for ${phase.bakeMinutes} minutes`,
    broken: (at) =>
      at.observation.at < bakedAt(at) ? `until ${clockTime(bakedAt(at))} at least` : undefined,
    otherwise: (at) =>
      because(
        at.record,
        `${nameOf(at)} is steady and is watched for ${at.phase.bakeMinutes} minutes`,
      ),
  },
  {
    rule: () => 'nothing about it is in doubt',
    broken: ({ record, phase, observation }) =>
      doubtOf(
        record,
        record.rules.alarms,
        phase.bakeMinutes === 0 ? 'spared' : 'asked',
        observation,
      ),
    otherwise: waitForProof,
  },
];

export function whileWatching(given: TargetRecord, observation: StandingObservation): Decision {
  const at = expected(watchingNow(given, observation), 'the deployment that is watched');
  const decision = firstBroken(WATCHING, at) ?? adopt(at.record, at.phase, observation);
  // In the middle of a shift of ours it leaves the traffic split.
  return decision.record.phase.phase === 'idle'
    ? { ...decision, record: withStaleWays(decision.record, observation.at) }
    : decision;
}

/** With all that this observation adds; undefined: no external deployment is watched. */
export function watchingNow(
  given: TargetRecord,
  observation: StandingObservation,
): At<External> | undefined {
  const record = withImages(gather(given, observation), observation);
  const phase = externalOf(record.phase);
  if (phase === undefined) return undefined;
  if (!isSteady(observation.service) || phase.steadyAt !== undefined)
    return { record, phase, observation };
  const steady: External = { ...phase, steadyAt: observation.at };
  return { record: inPhase(record, steady), phase: steady, observation };
}

function withImages(record: TargetRecord, { service, at }: StandingObservation): TargetRecord {
  const { images } = service.primary;
  if (images === undefined || record.runs === undefined) return record;
  const runs = { ...record.runs, images };
  return rememberPush({ ...record, runs }, service.primary, at);
}

function nameOf({ phase }: At<External>): string {
  return revisionName(phase.revision);
}

/** Somebody else's deployment bakes as ours do; what ran before us is asked nothing of its past. */
function bakedAt({ record: { rules }, phase, observation }: At<External>): Moment {
  const steadyAt = phase.steadyAt ?? observation.at;
  if (phase.bakeMinutes === 0) return steadyAt;
  const judged = judgingTime(rules, slowestAlarm(rules, observation));
  return steadyAt + phase.bakeMinutes * MINUTE + judged;
}

/** It has the time of a rollout to become steady, and once more if it was steady and is no longer. */
function waitForSteady(at: At<External>): Decision {
  const { record, phase, observation } = at;
  const { rolloutMinutes } = record.rules;
  const patience = (rolloutMinutes + phase.bakeMinutes) * MINUTE;
  if (observation.at < (phase.steadyAt ?? phase.since) + patience) {
    return because(record, `the deployment of ${nameOf(at)} is waited for, not superseded`);
  }
  const sentence = `${nameOf(at)} is not ours and has not become steady within ${rolloutMinutes} minutes`;
  return leaveUnproven(at, sentence);
}

function waitForProof(at: At<External>, doubt: string): Decision {
  const { record, phase, observation } = at;
  const isPatient = observation.at < bakedAt(at) + ADOPTION_PATIENCE_MS;
  return isPatient && !mayNotWait(record, phase, observation)
    ? because(record, `not adopted yet: ${doubt}`)
    : stayUnproven(record, phase.revision, doubt, observation);
}

/**
 * An image that waits may be what mends a red alarm. CloudWatch that did not answer is asked again
 * all the same where what ran before us would be the only place to return to.
 */
function mayNotWait(
  record: TargetRecord,
  { bakeMinutes }: External,
  { alarms }: Observation,
): boolean {
  if (!imageWaits(record)) return false;
  const isUnknown = record.rules.alarms.some((name) => alarms?.[name]?.state === 'unknown');
  return bakeMinutes > 0 || !isUnknown;
}

/** It keeps running, but nothing returns to it, and a person should know. */
function leaveUnproven({ record, observation: { at } }: At<External>, sentence: string): Decision {
  const asking = announce(restAsking(record, { because: sentence, since: at }), 'needs-attention', {
    at,
    because: sentence,
    next: 'push a newer image, or deploy or roll back by hand',
  });
  return because(asking, sentence);
}
