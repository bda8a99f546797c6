/** The rules of a way back, each with its answer. */

import { revisionName } from '../model/image.ts';
import type { FoundService, Observation } from '../model/observation.ts';
import type { Returning, TargetRecord } from '../model/record.ts';
import { isExternal, TRIES_MAX, whyNoCandidate } from '../phases/choosing.ts';
import { isWithdrawn } from '../phases/restoring.ts';
import { findRollout } from '../release/attempt.ts';
import { isOverdue, nextCandidate } from '../release/rollback-candidates.ts';
import { askedFor, followedTo } from './attempt.ts';
import { given, no, type Tried, unknown, yes } from './rule-result.ts';

export function explainReturn(
  record: TargetRecord,
  phase: Returning,
  service: FoundService,
  observation: Observation,
): readonly Tried[] {
  const { way, condemned } = phase;
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
        ...followedTo(findRollout(record, way.attempt, observation)),
        inTime(phase.since),
      ];
    case 'choosing':
      return choosing(record, phase, service, observation);
    case 'restoring':
      return [
        given(
          `${revisionName(way.rung.revision)} is proven`,
          !isWithdrawn(record, way),
          'an alarm that was heard late has condemned it',
        ),
        ...askedFor(way.attempt),
        ...(way.attempt.ask === undefined
          ? []
          : followedTo(findRollout(record, way.attempt, observation))),
        inTime(way.since),
      ];
  }
}

function choosing(
  record: TargetRecord,
  phase: Returning,
  service: FoundService,
  observation: Observation,
): readonly Tried[] {
  const rung = nextCandidate(record, phase);
  const left = rung !== undefined && phase.tried < TRIES_MAX;
  return [
    given(
      'nobody was faster',
      !isExternal(record, phase, service),
      `somebody else deployed ${revisionName(service.primary.revision)}`,
    ),
    given('a proven release is left to return to', left, whyNoCandidate(phase, rung)),
    ...(rung === undefined ? [] : [usable(rung.release, rung.revision, observation)]),
  ];
}

function usable(release: string, revision: string, { rung }: Observation): Tried {
  const rule = `${release} can be started again`;
  if (rung?.revision !== revision) return unknown(rule, 'the next look asks');
  return rung.state === 'usable' ? yes(rule, revisionName(rung.revision)) : no(rule, rung.because);
}
