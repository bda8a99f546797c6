/** A look at a release that ECS calls SUCCESSFUL: it is watched until its bake is over. */

import {
  announce,
  because,
  type Decision,
  describeImages,
  enter,
  inPhase,
} from '../model/decision.ts';
import { revisionName } from '../model/image.ts';
import type { FoundService, Observation, StandingObservation } from '../model/observation.ts';
import type { Baking, Release, TargetRecord } from '../model/record.ts';
import {
  attentionAt,
  bakeEndsAt,
  bakeWindow,
  judgedAt,
  slowestAlarm,
} from '../release/bake-window.ts';
import { condemn } from '../release/condemn.ts';
import {
  clockTime,
  describeFailures,
  risesSeen,
  silencedBecause,
  whyCondemned,
  withFailures,
  withRises,
} from '../release/evidence.ts';
import { removeLateCall } from '../release/late-call.ts';
import { whose } from '../release/whose.ts';
import { watchReplacement } from './external.ts';
import { askBesideBake, prove } from './proving.ts';

export function whileBaking(
  record: TargetRecord,
  phase: Baking,
  observation: StandingObservation,
): Decision {
  const { service } = observation;
  const who = whose(record, service.primary, observation);
  if (who === 'late-call' || who === 'proven' || who === 'external') {
    return displaced(record, phase, service, observation);
  }
  const watched = watchBaked(record, phase, observation);
  const current = watched === phase ? record : inPhase(record, watched);
  const verdict = whyCondemned(
    watched.release.evidence,
    bakeWindow(watched),
    watched.release.rules,
    service,
  );
  if (verdict !== undefined) {
    return because(
      condemn(current, watched, verdict, observation.at),
      `condemned: ${verdict.because}`,
    );
  }
  if (service.desired === 0 || watched.empty)
    return whileEmpty(current, watched, service, observation);
  if (record.needsAttention !== undefined && Object.keys(record.waiting).length > 0) {
    const sentence = 'a newer image came while it could not be proven';
    return endUnproven(current, watched, 'superseded', sentence, observation);
  }
  if (observation.at < judgedAt(watched)) return goOn(current, watched, observation);
  return prove(current, watched, service, observation);
}

function goOn(record: TargetRecord, phase: Baking, observation: Observation): Decision {
  const again = beganAgainBecause(phase);
  if (again !== undefined && observation.at >= attentionAt(phase)) {
    return askBesideBake(record, phase, `its bake began again and again: ${again}`, observation);
  }
  if (observation.at >= bakeEndsAt(phase)) {
    const until = clockTime(judgedAt(phase));
    return because(record, `the bake is over; its alarms have judged all of it by ${until}`);
  }
  return because(
    record,
    again === undefined ? 'the bake goes on' : `the bake began again: ${again}`,
  );
}

function beganAgainBecause({ succeededAt, release }: Baking): string | undefined {
  const { lastFailedAt = 0, redBeforeAt = 0 } = release.evidence;
  if (Math.max(lastFailedAt, redBeforeAt) <= succeededAt) return undefined;
  return redBeforeAt > lastFailedAt
    ? 'an alarm is red since before it started'
    : describeFailures(release.evidence);
}

export function watchBaked(record: TargetRecord, phase: Baking, observation: Observation): Baking {
  const { release } = phase;
  const { revision } = phase.attempt;
  if (revision === undefined) return phase;
  const judgesInMs = slowestAlarm(release.rules, observation) ?? phase.judgesInMs;
  const timed: Baking =
    judgesInMs === undefined || judgesInMs === phase.judgesInMs ? phase : { ...phase, judgesInMs };
  const rises = withRises(release.evidence, risesSeen(record, observation), bakeWindow(timed));
  const failures = withFailures(rises, observation, revision);
  const against = isRedSinceBefore(record, phase, observation)
    ? { ...failures, redBeforeAt: observation.at }
    : failures;
  if (against === release.evidence) return timed;
  const next: Release = { ...release, evidence: against };
  return { ...timed, release: next };
}

/** It cannot speak against the release, nor for it: it must have been OK for as long as a bake. */
function isRedSinceBefore(
  record: TargetRecord,
  { rollout, release }: Baking,
  observation: Observation,
): boolean {
  return release.rules.alarms.some((name) => {
    const alarm = observation.alarms?.[name];
    return (
      alarm?.state === 'ALARM' &&
      alarm.since < rollout.createdAt &&
      silencedBecause(record, name, alarm) === undefined
    );
  });
}

function displaced(
  record: TargetRecord,
  phase: Baking,
  { primary }: FoundService,
  observation: Observation,
): Decision {
  const { release } = phase;
  const late = whose(record, primary, observation) === 'late-call';
  const who = late ? 'a late call of ours started' : 'somebody else deployed';
  const sentence = `${who} ${revisionName(primary.revision)} while ${describeImages(release.images)} was baking`;
  const now = late ? record : watchReplacement(record, phase.attempt, primary, observation);
  const told = announce(now, 'superseded', {
    at: observation.at,
    release: release.id,
    images: release.images,
    because: sentence,
    next: late
      ? 'the newest proven release is put back'
      : 'theirs is left alone and watched; deploy this image by hand, or push a newer one',
    revision: phase.attempt.revision,
  });
  return late ? removeLateCall(told, primary, sentence, observation.at) : because(told, sentence);
}

/** Desired count 0 proves nothing: the bake begins when tasks run, and a newer image need not wait. */
function whileEmpty(
  record: TargetRecord,
  phase: Baking,
  service: FoundService,
  observation: Observation,
): Decision {
  if (service.desired > 0 && service.running > 0) {
    const { empty: _, extendedBecause: __, ...rest } = phase;
    return because(
      inPhase(record, { ...rest, succeededAt: observation.at }),
      'tasks run now: the bake begins',
    );
  }
  const { release } = phase;
  if (Object.keys(record.waiting).length > 0) {
    const sentence = 'a newer image came while the desired count was 0';
    return endUnproven(record, phase, 'superseded', sentence, observation);
  }
  if (phase.empty) return because(record, 'desired count 0: nothing runs, so nothing is proven');
  const sentence = 'the rollout succeeded with desired count 0: nothing runs, so nothing is proven';
  const told = announce(inPhase(record, { ...phase, empty: true }), 'held', {
    at: observation.at,
    release: release.id,
    images: release.images,
    because: sentence,
    next: 'the bake begins by itself when tasks run; a newer push replaces it',
  });
  return because(told, sentence);
}

function endUnproven(
  record: TargetRecord,
  phase: Baking,
  kind: 'superseded' | 'failed',
  sentence: string,
  observation: Observation,
): Decision {
  const { release } = phase;
  const told = announce(enter(record, { phase: 'idle' }), kind, {
    at: observation.at,
    release: release.id,
    images: release.images,
    because: sentence,
    next: 'it is not a place to return to',
  });
  return because(told, sentence);
}
