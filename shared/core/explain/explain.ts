/**
 * explain(record, observation) -> each rule of the phase with its answer, in the order in which `decide`
 * asks them. It changes nothing. Answers come from the functions that `decide` asks, where there is
 * one: gates, verdicts, windows, doubts. The order of the rules, and the plain comparisons (what
 * runs, how many tasks are wanted, when a bake ends), are written here once more: whoever changes
 * them in a phase changes them here.
 */

import { revisionName } from '../model/image.ts';
import type { FoundService, Observation } from '../model/observation.ts';
import type { Baking, External, Forward, TargetRecord } from '../model/record.ts';
import { watchBaked } from '../phases/baking.ts';
import { verdictOf } from '../phases/following.ts';
import { doubtOf as doubtOfProof } from '../phases/proving.ts';
import { bakedFrom, watchObserved, windowOf } from '../phases/watching.ts';
import { findRollout } from '../release/attempt.ts';
import { bakeEndsAt, bakeWindow, judgedAt } from '../release/bake-window.ts';
import {
  clockTime,
  risesSeen,
  whyCondemned,
  withFailures,
  withRises,
} from '../release/evidence.ts';
import { whyGone } from '../release/gone.ts';
import { doubtOf as doubtOfAdoption, isSteady } from '../release/standing.ts';
import { askedFor, followedTo } from './attempt.ts';
import { explainReturn } from './rollback.ts';
import { given, no, type Tried, unknown, unless, yes } from './rule-result.ts';
import { explainStart } from './start.ts';

const SERVICE_EXISTS = 'the service exists, and ECS drives it';
const NOTHING_AGAINST = 'no alarm rose since it started, and its tasks stand';

/** Up to the first rule without which the others say nothing. */
export function explain(record: TargetRecord, observation: Observation): readonly Tried[] {
  const { phase } = record;
  const { service } = observation;
  if (record.retired) return [no('the config names this target', 'it is retired')];
  const gone = whyGone(service);
  if (gone !== undefined || service.state === 'missing') return [no(SERVICE_EXISTS, gone ?? '')];
  const found = yes(SERVICE_EXISTS);
  switch (phase.phase) {
    case 'idle':
      return [found, ...explainStart(record, service, observation)];
    case 'deploying':
      return phase.goal === 'forward'
        ? [found, ...rolling(record, phase, observation)]
        : [found, ...explainReturn(record, phase, service, observation)];
    case 'baking':
      return phase.of === 'release'
        ? [found, ...baking(record, phase, service, observation)]
        : [found, ...observing(record, phase, service, observation)];
  }
}

function rolling(record: TargetRecord, phase: Forward, observation: Observation): readonly Tried[] {
  const { attempt, release } = phase;
  const asked = askedFor(attempt);
  if (attempt.request === undefined) return asked;
  const found = findRollout(record, attempt, observation);
  const followed = [...asked, ...followedTo(found)];
  if (found.found !== 'ours') return followed;
  const { rollout } = found;
  const window = { from: rollout.createdAt, alarms: release.rules.alarms };
  const rises = withRises(release.evidence, risesSeen(record, observation), window);
  const watch = withFailures(rises, observation, rollout.revision);
  const ended = verdictOf({ ...release, evidence: watch }, rollout, observation);
  return [
    ...followed,
    unless(
      NOTHING_AGAINST,
      whyCondemned(watch, window, release.rules, observation.service)?.because,
    ),
    unless(
      `ECS goes on with it, for ${release.rules.rolloutMinutes} minutes at most`,
      ended?.because,
    ),
    given('ECS calls it SUCCESSFUL', rollout.status === 'SUCCESSFUL', `ECS says ${rollout.status}`),
  ];
}

function baking(
  record: TargetRecord,
  phase: Baking,
  service: FoundService,
  observation: Observation,
): readonly Tried[] {
  const watched = watchBaked(record, phase, observation);
  const { rules } = phase.release;
  const { primary } = service;
  const replaced =
    primary.revision !== phase.attempt.revision && primary.createdAt > phase.rollout.createdAt;
  const endsAt = bakeEndsAt(watched);
  const judged = judgedAt(watched);
  const over = observation.at >= judged;
  return [
    given('it is what runs', !replaced, `${revisionName(primary.revision)} runs`),
    unless(
      NOTHING_AGAINST,
      whyCondemned(watched.release.evidence, bakeWindow(watched), rules, observation.service)
        ?.because,
    ),
    given('tasks are wanted', service.desired > 0, 'desired count 0 proves nothing'),
    given(
      `it is watched for ${rules.bakeMinutes} minutes`,
      observation.at >= endsAt,
      `its bake ends at ${clockTime(endsAt)}`,
    ),
    given(
      'its alarms have judged all of that time',
      over,
      `metrics come late: they have by ${clockTime(judged)}`,
    ),
    proofOf(record, watched, service, observation, over),
  ];
}

function proofOf(
  record: TargetRecord,
  phase: Baking,
  service: FoundService,
  observation: Observation,
  over: boolean,
): Tried {
  const rule = 'nothing about it is in doubt';
  return over
    ? unless(rule, doubtOfProof(record, phase, service, observation))
    : unknown(rule, 'asked when its bake is over and judged');
}

function observing(
  record: TargetRecord,
  phase: External,
  service: FoundService,
  observation: Observation,
): readonly Tried[] {
  const { primary } = service;
  const name = revisionName(phase.revision);
  const watched = watchObserved(record, phase, observation);
  const against =
    phase.bakeMinutes === 0
      ? undefined
      : whyCondemned(watched.evidence, windowOf(record, phase), record.rules, observation.service)
          ?.because;
  const bakedAt = bakedFrom(record, phase, phase.steadyAt ?? observation.at, observation);
  return [
    given(
      `${name} is what runs`,
      primary.revision === phase.revision,
      `${revisionName(primary.revision)} runs`,
    ),
    unless(NOTHING_AGAINST, against),
    given('ECS does not call it failed', primary.rolloutState !== 'FAILED', 'ECS says FAILED'),
    given('tasks are wanted', service.desired > 0, 'desired count 0 proves nothing'),
    given(
      'it is steady',
      isSteady(service),
      `${service.running} of ${service.desired} tasks run, ECS says ${primary.rolloutState}`,
    ),
    given(
      `it is watched for ${phase.bakeMinutes} minutes`,
      observation.at >= bakedAt,
      `until ${clockTime(bakedAt)} at least`,
    ),
    unless('nothing about it is in doubt', doubtOfAdoption(record, watched, observation)),
  ];
}
