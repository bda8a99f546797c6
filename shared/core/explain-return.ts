/** The rules of a way back, each with its answer. */
import { findRollout } from './attempt.ts';
import { isForeign, TRIES_MAX, whyNoRung } from './choosing.ts';
import { revisionName } from './decision.ts';
import { askedFor, followedTo } from './explain-attempt.ts';
import type { Returning, TargetRecord } from './record.ts';
import { isWithdrawn } from './restoring.ts';
import type { FoundService, Seen } from './seen.ts';
import { given, no, type Tried, unknown, yes } from './tried.ts';
import { isOverdue, nextRung } from './way-back.ts';

export function explainReturn(
  record: TargetRecord,
  phase: Returning,
  service: FoundService,
  seen: Seen,
): readonly Tried[] {
  const { way, condemned } = phase;
  const inTime = (since: number) =>
    given(
      `it takes at most ${condemned.rollbackMinutes} minutes`,
      !isOverdue(phase, since, seen),
      'the next way is tried',
    );
  switch (way.step) {
    case 'stopping':
      return [
        yes('ECS itself returns fastest: it is asked to'),
        ...followedTo(findRollout(record, way.attempt, seen)),
        inTime(phase.since),
      ];
    case 'choosing':
      return choosing(record, phase, service, seen);
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
          : followedTo(findRollout(record, way.attempt, seen))),
        inTime(way.since),
      ];
  }
}

function choosing(
  record: TargetRecord,
  phase: Returning,
  service: FoundService,
  seen: Seen,
): readonly Tried[] {
  const rung = nextRung(record, phase);
  const left = rung !== undefined && phase.tried < TRIES_MAX;
  return [
    given(
      'nobody was faster',
      !isForeign(record, phase, service),
      `somebody else deployed ${revisionName(service.primary.revision)}`,
    ),
    given('a proven release is left to return to', left, whyNoRung(phase, rung)),
    ...(rung === undefined ? [] : [usable(rung.release, rung.revision, seen)]),
  ];
}

function usable(release: string, revision: string, { rung }: Seen): Tried {
  const rule = `${release} can be started again`;
  if (rung?.revision !== revision) return unknown(rule, 'the next look asks');
  return rung.state === 'usable' ? yes(rule, revisionName(rung.revision)) : no(rule, rung.because);
}
