/** What `status` tells of a shift: the share of each revision and the stage, as the last look heard them. */
import { expect, test } from 'vitest';
import { shiftNow } from '../../../shared/core/incident/shift-now.ts';
import { at, attempt, baking, rolling } from '../../build.ts';
import { course, SHIFTS, WITH_STRATEGY } from '../traffic/a-shift.ts';

const shifting = (change: Parameters<typeof course>[0]) =>
  rolling({ ...SHIFTS, attempt: attempt({ course: course(change) }) }, WITH_STRATEGY);

const STAGE = { stage: 'PRODUCTION_TRAFFIC_SHIFT', stageSince: at(3) };

test('both shares as the load balancer gave them, and the stage that ECS named', () => {
  const steps = [{ share: 0.95, after: at(1), seenAt: at(2) }];
  expect(shiftNow(shifting({ ...STAGE, steps, heardAt: at(4) }))).toEqual({
    ...STAGE,
    shares: { 'web:2': 0.95, 'web:1': 0.05 },
    heardAt: at(4),
  });
});

test('before its first share the old revision has everything', () => {
  expect(shiftNow(shifting({ heardAt: at(1) }))?.shares).toEqual({ 'web:2': 0, 'web:1': 1 });
});

test('without a load balancer the stage alone is told', () => {
  expect(shiftNow(shifting({ ...STAGE, routes: [] }))).toEqual(STAGE);
});

test.each([
  ['before a look has heard anything', shifting({})],
  ['of a release that rolls', rolling()],
  ['in the bake, when ECS has ended it', baking(SHIFTS, WITH_STRATEGY)],
])('nothing is told %s', (_, record) => {
  expect(shiftNow(record)).toBeUndefined();
});
