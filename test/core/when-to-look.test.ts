/** When `tick` sends the next look, should no event come before. */
import { expect, test } from 'vitest';
import type { TargetRecord } from '../../shared/core/model/record.ts';
import {
  asking,
  at,
  baking,
  CHOOSING,
  looked,
  type ObservationChange,
  observing,
  pushed,
  record,
  red,
  returning,
  rolling,
  rollout,
  service,
  waiting,
  when,
} from '../build.ts';

test.each<
  [rule: string, given: TargetRecord, minutes: number, seen: ObservationChange, lookAt?: number]
>([
  ['at rest nobody looks', record(), 5, {}],
  ['while a person is asked nobody looks', asking(), 5, {}],
  [
    'what waits is looked at every minute',
    waiting(),
    5,
    { alarms: { 'web-5xx': red(at(0)) } },
    at(6),
  ],
  ['what rolls out, every minute', rolling(), 5, { rollouts: [rollout(2)] }, at(6)],
  ['what bakes, every minute', baking(), 5, { service: 2 }, at(6)],
  ['and when its bake is judged', baking(), 15.5, { service: 2 }, at(16)],
  ['somebody else, every minute', observing(), 5, { service: 9 }, at(6)],
  [
    'the way back, every half minute',
    returning(CHOOSING),
    6,
    { service: 2, rollbackTo: { state: 'usable', revision: '' as never } },
    at(6.5),
  ],
  [
    'nothing runs: every hour',
    baking({ empty: true }),
    5,
    { service: service(2, { desired: 0, running: 0 }) },
    at(65),
  ],
  [
    'after an act once more, when a late call would be seen',
    record({ actedAt: at(5) }),
    6,
    {},
    at(6.5) + 1,
  ],
  ['and then nobody looks', record({ actedAt: at(5) }), 6.6, {}],
  ['what is untold is told by one more handling', record(), 5, { undelivered: 1 }, at(6)],
])('%s', (_, given, minutes, seen, lookAt) => {
  expect(looked(given, minutes, seen).record.observeAt).toBe(lookAt);
});

test('an end is followed by one more look, in case it did not get out', () => {
  const proven = looked(baking({}, { actedAt: at(0) }), 16, { service: 2 });
  expect(proven.kinds).toEqual(['proven']);
  expect(proven.record.observeAt).toBe(at(17));
  const told = { ...proven.record, outbox: { announcements: [], history: [], quarantine: [] } };
  expect(looked(told, 17, { service: 2 }).record.observeAt).toBeUndefined();
});

test('an event that changes what is on its way makes a look due at once', () => {
  expect(when(record(), pushed(2)).record.observeAt).toBe(at(0));
  expect(when(record({ observeAt: at(-1) }), pushed(2)).record.observeAt).toBe(at(-1));
});

test('a hint is never believed, only a reason to look', () => {
  for (const given of [record(), rolling(), baking(), returning(CHOOSING)]) {
    const hint = { type: 'Hinted', at: at(5), cause: 'SERVICE_DEPLOYMENT_COMPLETED' } as const;
    expect(when(given, hint).record).toBe(given);
  }
});
