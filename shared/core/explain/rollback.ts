/** The rules of a way back, each with its answer. */

import { revisionName } from '../model/image.ts';
import type { Observation, StandingObservation } from '../model/observation.ts';
import type { Back } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { TRIES_MAX, whyNoCandidate } from '../phases/selecting.ts';
import { isOverdue, isWithdrawn, nextCandidate } from '../release/rollback-candidates.ts';
import { whose } from '../release/whose.ts';
import { askedFor, followedTo, soughtRollout } from './attempt.ts';
import { given, no, type Tried, unknown, yes } from './rule-result.ts';

export function explainReturn(
  record: TargetRecord,
  phase: Back,
  observation: StandingObservation,
): readonly Tried[] {
  const { step: way, condemned } = phase;
  const inTime = (since: number) =>
    given(
      `it takes at most ${condemned.rollbackMinutes} minutes`,
      !isOverdue(phase, since, observation),
      'the next way is tried',
    );
  switch (way.step) {
    case 'stopping':
      return [
        yes('ECS itself returns fastest: it is asked to'),
        ...followedTo(soughtRollout(record, way.attempt, observation)),
        inTime(phase.since),
      ];
    case 'selecting':
      return choosing(record, phase, observation);
    case 'redeploying':
      return [
        given(
          `${revisionName(way.candidate.revision)} is proven`,
          !isWithdrawn(record, way.candidate),
          'an alarm that was heard late has condemned it',
        ),
        ...askedFor(way.attempt),
        ...(way.attempt.request === undefined
          ? []
          : followedTo(soughtRollout(record, way.attempt, observation))),
        inTime(way.since),
      ];
  }
}

function choosing(
  record: TargetRecord,
  phase: Back,
  observation: StandingObservation,
): readonly Tried[] {
  const { primary } = observation.service;
  const candidate = nextCandidate(record, phase);
  const left = candidate !== undefined && phase.started < TRIES_MAX;
  return [
    given(
      'nobody was faster',
      whose(record, primary, observation) !== 'external',
      `somebody else deployed ${revisionName(primary.revision)}`,
    ),
    given('a proven release is left to return to', left, whyNoCandidate(record, phase, candidate)),
    ...(candidate === undefined
      ? []
      : [usable(candidate.release, candidate.revision, observation)]),
  ];
}

function usable(release: string, revision: string, { rollbackTo: candidate }: Observation): Tried {
  const rule = `${release} can be started again`;
  if (candidate?.revision !== revision) return unknown(rule, 'the next look asks');
  switch (candidate.state) {
    case 'usable':
      return yes(rule, revisionName(candidate.revision));
    case 'deregistered':
      return yes(rule, `the content of ${revisionName(candidate.revision)} is registered anew`);
    case 'gone':
      return no(rule, candidate.because);
  }
}
