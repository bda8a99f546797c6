/** The account's stop switch: while it is on nothing new starts, and every way back is open. */

import { expect, test } from 'vitest';
import { standingOf } from '../../../shared/core/model/standing.ts';
import {
  at,
  baking,
  CHOOSING,
  looked,
  red,
  returning,
  rolling,
  rollout,
  rose,
  waiting,
  when,
} from '../../build.ts';

const stop = { by: 'ada', because: 'black friday', since: at(-10) };

test('what waits is held, and told once with who and why', () => {
  const first = looked(waiting(), 1, { stop });
  expect(first.action).toBeUndefined();
  expect(first.told).toMatchObject([
    {
      kind: 'held',
      because: 'ada holds all targets of this account: black friday',
      next: 'it starts after `resume --all`',
    },
  ]);
  expect(looked(first.record, 2, { stop }).kinds).toEqual([]);
});

test('it ends when the switch is off: no hold of the account is for ever in the record', () => {
  const held = looked(waiting(), 1, { stop }).record;
  expect(looked(held, 2).action?.type).toBe('RegisterRevision');
});

test('it is no hold that a person is asked about after an hour', () => {
  const held = looked(waiting(), 1, { stop }).record;
  expect(looked(held, 24 * 60, { stop }).kinds).toEqual([]);
});

test('what runs goes on to its end', () => {
  const on = looked(rolling(), 1, { stop, service: 2, rollouts: [rollout(2)] });
  expect(on.standing).toBe('deploying');
  expect(looked(baking(), 17, { stop, service: 2 }).kinds).toEqual(['proven']);
});

test('an alarm condemns all the same, and the way back is gone', () => {
  const condemned = when(baking(), rose(5)).record;
  expect(standingOf(condemned)).toBe('rolling-back');
  const back = looked(condemned, 6, { stop, service: 2 });
  expect(back.action).toMatchObject({ type: 'StartRollout' });
  const stopping = looked(rolling(), 2, {
    stop,
    service: 2,
    rollouts: [rollout(2)],
    alarms: { 'web-5xx': red(at(1)) },
  });
  expect(stopping.action).toMatchObject({ type: 'StopRollout' });
});

test('a rollback that is on its way already is not held', () => {
  expect(looked(returning(CHOOSING), 6, { stop, service: 2 }).action).toMatchObject({
    type: 'StartRollout',
  });
});
