/** A look at a release that ECS calls SUCCESSFUL: it is watched until its bake is over. */

import { announce, because, type Decision, enter, inPhase } from '../model/decision.ts';
import { expected } from '../model/defined.ts';
import { clockTime } from '../model/moment.ts';
import type { StandingObservation } from '../model/observation.ts';
import { type Baking, bakingOf } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { imageWaits } from '../model/record/waiting.ts';
import { attentionAt, bakeEndsAt, judgedAt } from '../release/bake-window.ts';
import { condemn } from '../release/condemn.ts';
import { describeFailures } from '../release/evidence.ts';
import { tellEnd } from '../release/release-ends.ts';
import { gather, verdictOn } from '../release/watched.ts';
import { askBesideBake, doubtOfProof, extend, prove, unmeasuredUnheardOf } from './proving.ts';
import { type At, firstBroken, type Rule } from './rule.ts';
import { amissInBake, askAboutTraffic, withoutMended } from './traffic.ts';

/** What must hold until it is proven. */
export const BAKING: readonly Rule<Baking>[] = [
  {
    rule: () => 'no alarm rose since it started, and its tasks stand',
    broken: ({ record, observation }) => verdictOn(record, observation)?.because,
    otherwise: goBack,
  },
  {
    rule: () => 'tasks are wanted',
    broken: ({ phase, observation }) =>
      observation.service.desired === 0 || phase.empty
        ? 'desired count 0 proves nothing'
        : undefined,
    otherwise: whileEmpty,
  },
  {
    rule: () => 'no newer image waits for what could not be proven',
    broken: ({ record }) =>
      record.needsAttention !== undefined && imageWaits(record)
        ? 'a newer image came while it could not be proven'
        : undefined,
    otherwise: makeWay,
  },
  {
    rule: () => 'the load balancer gives everything to it',
    broken: (at) => {
      const amiss = amissInBake(at);
      return amiss?.isUnknown ? undefined : amiss?.because;
    },
    otherwise: askAboutTraffic,
  },
  {
    rule: ({ phase }) => `it is watched for ${phase.release.rules.bakeMinutes} minutes`,
    broken: ({ phase, observation }) =>
      observation.at < bakeEndsAt(phase)
        ? `its bake ends at ${clockTime(bakeEndsAt(phase))}`
        : undefined,
    otherwise: goOn,
  },
  {
    rule: () => 'its alarms have judged all of that time',
    broken: ({ phase, observation }) =>
      observation.at < judgedAt(phase)
        ? `metrics come late: they have by ${clockTime(judgedAt(phase))}`
        : undefined,
    otherwise: goOn,
  },
  {
    rule: () => 'the load balancer was heard',
    broken: (at) => amissInBake(at)?.because,
    isAskedLast: true,
    otherwise: extend,
  },
  {
    rule: () => 'nothing about it is in doubt',
    broken: doubtOfProof,
    isAskedLast: true,
    otherwise: extend,
  },
  {
    rule: () => 'its alarms had data',
    broken: unmeasuredUnheardOf,
    isAskedLast: true,
    otherwise: extend,
  },
];

export function whileBaking(given: TargetRecord, observation: StandingObservation): Decision {
  const at = expected(bakingNow(given, observation), 'the release that bakes');
  return firstBroken(BAKING, at) ?? prove(at);
}

/** With all that this observation adds; undefined: no release of ours bakes. */
export function bakingNow(
  given: TargetRecord,
  observation: StandingObservation,
): At<Baking> | undefined {
  const record = gather(given, observation);
  const phase = bakingOf(record.phase);
  if (phase === undefined) return undefined;
  const at = { record, phase, observation };
  return { ...at, record: withoutMended(record, amissInBake(at)) };
}

function goBack({ record, phase, observation }: At<Baking>): Decision {
  const verdict = expected(verdictOn(record, observation), 'what speaks against it');
  return because(condemn(record, phase, verdict, observation.at), `condemned: ${verdict.because}`);
}

function goOn(at: At<Baking>): Decision {
  const { record, phase, observation } = at;
  const again = beganAgainBecause(phase);
  if (again !== undefined && observation.at >= attentionAt(phase)) {
    return askBesideBake(at, `its bake began again and again: ${again}`);
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

/** Desired count 0 proves nothing: the bake begins when tasks run, and a newer image need not wait. */
function whileEmpty(at: At<Baking>): Decision {
  const { record, phase, observation } = at;
  const { service } = observation;
  if (service.desired > 0 && service.running > 0) {
    const { empty: _, extendedBecause: __, ...rest } = phase;
    const began = { succeededAt: observation.at, servesSince: observation.at };
    const baking = inPhase(record, { ...rest, ...began });
    return because(baking, 'tasks run now: the bake begins');
  }
  if (imageWaits(record)) return makeWay(at, 'a newer image came while the desired count was 0');
  if (phase.empty) return because(record, 'desired count 0: nothing runs, so nothing is proven');
  const { release } = phase;
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

/** It ends unproven, and what waits may start. */
function makeWay({ record, phase, observation }: At<Baking>, sentence: string): Decision {
  const resting = enter(record, { phase: 'idle' });
  const next = 'it is not a place to return to';
  const why = { at: observation.at, because: sentence, next };
  return because(tellEnd(resting, phase, 'superseded', why), sentence);
}
