/** What is watched now, a release of ours or an external deployment: since when, by which alarms, and what speaks against it. */
import { inPhase, withRelease } from '../model/decision.ts';
import type { TaskDefinitionArn } from '../model/image.ts';
import type { Observation } from '../model/observation.ts';
import { bakingOf, externalOf, ownRelease } from '../model/record/phase.ts';
import type { Evidence } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Rules } from '../model/rules.ts';
import { CLOCK_MARGIN_MS } from './attempt.ts';
import { bakeWindow, slowestAlarm } from './bake-window.ts';
import {
  risesSeen,
  silencedBecause,
  type Window,
  whyCondemned,
  withFailures,
  withRises,
} from './evidence.ts';
import { withHeldRises } from './judge/held-rises.ts';
import { tellInconclusive } from './judge/inconclusive.ts';
import { judgedAgainst, tellWhatJudgeWould, withJudged } from './judge/judged.ts';
import { ownRequestsAgainst, tellUnreached, withOwnRequests } from './judge/own-requests.ts';
import type { Verdict } from './verdict.ts';

export interface Watched {
  readonly window: Window;
  readonly evidence: Evidence;
  readonly rules: Rules;
  readonly revision?: TaskDefinitionArn | undefined;
}

/** Undefined: nothing is, so an alarm that rises now speaks against nothing. */
export function watchedNow(record: TargetRecord): Watched | undefined {
  const { phase } = record;
  const external = externalOf(phase);
  if (external !== undefined) {
    const { rules } = record;
    const { createdAt: from, evidence, revision } = external;
    return { window: { from, alarms: rules.alarms }, evidence, rules, revision };
  }
  const own = ownRelease(phase);
  if (own === undefined) return undefined;
  const { release, attempt } = own;
  const { evidence, rules } = release;
  if (own.phase === 'baking') {
    return { window: bakeWindow(own), evidence, rules, revision: attempt.revision };
  }
  // Until the rollout is found, it begins where the rollout may be found at the earliest.
  const askedAt = attempt.request?.at ?? release.startedAt;
  const from = attempt.rollout?.createdAt ?? askedAt - CLOCK_MARGIN_MS;
  return { window: { from, alarms: rules.alarms }, evidence, rules, revision: attempt.revision };
}

export function withEvidence(record: TargetRecord, evidence: Evidence): TargetRecord {
  const { phase } = record;
  if (watchedNow(record)?.evidence === evidence) return record;
  const external = externalOf(phase);
  if (external !== undefined) return inPhase(record, { ...external, evidence });
  return withRelease(record, { evidence });
}

/** With what this observation adds to what speaks against it. */
export function gather(given: TargetRecord, observation: Observation): TargetRecord {
  const record = withJudgingTime(given, observation);
  const watched = watchedNow(record);
  if (watched?.revision === undefined) return record;
  const { window, evidence, revision } = watched;
  const rises = withRises(evidence, risesSeen(record, observation), window);
  const failures = withFailures(rises, observation, revision);
  const judged = withOwnRequests(withJudged(failures, observation), observation);
  const held = withHeldRises(judged, watched.rules, window, observation);
  const next = withEvidence(
    record,
    isRedSinceBefore(record, observation) ? { ...held, redBeforeAt: observation.at } : held,
  );
  const told = tellInconclusive(tellWhatJudgeWould(record, next, observation.at), observation.at);
  return tellUnreached(told, observation.at);
}

/** Why it is condemned by what was gathered; undefined: nothing speaks against it yet. */
export function verdictOn(record: TargetRecord, { service }: Observation): Verdict | undefined {
  const watched = watchedNow(record);
  if (watched === undefined) return undefined;
  const { evidence, window, rules } = watched;
  return (
    whyCondemned(evidence, window, rules, service) ??
    ownRequestsAgainst(evidence) ??
    judgedAgainst(evidence, rules)
  );
}

function withJudgingTime(record: TargetRecord, observation: Observation): TargetRecord {
  const baking = bakingOf(record.phase);
  const judgesInMs = baking && slowestAlarm(baking.release.rules, observation);
  return baking === undefined || judgesInMs === undefined || judgesInMs === baking.judgesInMs
    ? record
    : inPhase(record, { ...baking, judgesInMs });
}

/** It cannot speak against the release, nor for it: it must have been OK for as long as a bake. */
function isRedSinceBefore(record: TargetRecord, observation: Observation): boolean {
  const baking = bakingOf(record.phase);
  if (baking === undefined) return false;
  return baking.release.rules.alarms.some((name) => {
    const alarm = observation.alarms?.[name];
    return (
      alarm?.state === 'ALARM' &&
      alarm.since < bakeWindow(baking).from &&
      silencedBecause(record, name, alarm) === undefined
    );
  });
}
