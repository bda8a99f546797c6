/** What became of a request that nobody answered: whose rollout is found, how long it is waited for, when it is given up. */
import { describe, expect, test } from 'vitest';
import type {
  Observation,
  ObservedRollout,
  StandingObservation,
} from '../../../shared/core/model/observation.ts';
import type { RolloutRequest } from '../../../shared/core/model/record/release.ts';
import { findRollout, missing, noteFound } from '../../../shared/core/release/attempt.ts';
import { at, attempt, record, rollout, seen, service } from '../../build.ts';

/** Asked for at minute 0; at minute `minutes` ECS lists these, newest first. */
const found = (...rollouts: readonly ObservedRollout[]) =>
  findRollout(record(), attempt(), { rollouts, at: at(9) } as unknown as Observation);

describe('among the rollouts that ECS lists', () => {
  test('ours is the newest of our revision', () => {
    expect(found(rollout(2))).toMatchObject({ found: 'ours', rollout: { arn: rollout(2).arn } });
    const older = rollout(1, { createdAt: at(0) });
    expect(found(rollout(2), older)).toMatchObject({ found: 'ours' });
  });

  test('one that came after ours, or after our asking, is newer', () => {
    const theirs = rollout(9, { createdAt: at(3) });
    expect(found(theirs, rollout(2))).toMatchObject({ found: 'newer', newer: { arn: theirs.arn } });
    expect(found(theirs)).toMatchObject({ found: 'newer' });
  });

  test('one from before our asking says nothing of ours', () => {
    expect(found(rollout(9, { createdAt: at(0) }))).toEqual({ found: 'none' });
    expect(found(rollout(9, { createdAt: at(-1) }))).toEqual({ found: 'none' });
    expect(found()).toEqual({ found: 'none' });
  });
});

describe('ECS lists none', () => {
  const answer = (change: Partial<RolloutRequest>, minutes: number, runs: number) => {
    const { request } = attempt();
    const asked = attempt({ request: { ...request, ...change } as RolloutRequest });
    return missing(asked, seen(record(), minutes, { service: runs }) as StandingObservation);
  };

  test.each<[string, Partial<RolloutRequest>, number, number, string]>([
    ['a second look must find none either', {}, 1, 1, 'wait'],
    ['a minute later', { missedAt: at(1) }, 1.9, 1, 'wait'],
    ['then it is asked again', { missedAt: at(1) }, 2, 1, 'ask-again'],
    ['three times', { missedAt: at(1), count: 3 }, 2, 1, 'give-up'],
    [
      'what AWS put off is asked for after twenty seconds',
      { deferred: { at: at(1), because: 'Throttling', carriedOut: 'no' } },
      1.3,
      1,
      'wait',
    ],
    [
      'and not sooner',
      { deferred: { at: at(1), because: 'Throttling', carriedOut: 'no' } },
      1.4,
      1,
      'ask-again',
    ],
    ['and it runs already: its list lags for ten minutes', { missedAt: at(1) }, 9.9, 2, 'wait'],
    ['and it is never listed after that', { missedAt: at(1) }, 10, 2, 'give-up'],
  ])('%s', (_, change, minutes, runs, expected) => {
    expect(answer(change, minutes, runs)).toBe(expected);
  });

  test('of an attempt that ECS was not asked for nothing is missed', () => {
    const { request: _, ...unasked } = attempt();
    const observation = seen(record(), 1, { service: service(1) }) as StandingObservation;
    expect(missing(unasked, observation)).toBe('wait');
  });
});

test('a rollout that is known is not noted anew', () => {
  const known = attempt();
  expect(noteFound(known, rollout(2))).toBe(known);
  expect(noteFound(known, rollout(3)).rollout?.arn).toBe(rollout(3).arn);
});
