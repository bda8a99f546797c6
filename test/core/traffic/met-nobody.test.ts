/** An alarm speaks against an image only over minutes in which the load balancer may have sent it a request. */
import { describe, expect, test } from 'vitest';
import type { ShiftCourse } from '../../../shared/core/model/balancer.ts';
import { nextAfterRollback } from '../../../shared/core/release/condemn.ts';
import { routesOf } from '../../../shared/core/traffic/course.ts';
import {
  at,
  attempt,
  baking,
  condemned,
  crashed,
  looked,
  type ObservationChange,
  red,
  rolling,
  rollout,
  rose,
  when,
} from '../../build.ts';
import { BLUE, course, GREEN, gives, RULE, SHIFTS, split, WITH_STRATEGY } from './a-shift.ts';

/** None of it at minute 2, and 5 % at minute 3. */
const AT_5: Partial<ShiftCourse> = {
  steps: [{ share: 0.05, after: at(2), seenAt: at(3) }],
  heardAt: at(4),
};
const [ROUTE] = course().routes;

const shifting = (change: Partial<ShiftCourse>) =>
  rolling({ ...SHIFTS, attempt: attempt({ course: course(change) }) }, WITH_STRATEGY);

/** At minute 5 a look finds the alarm red. */
function judged(change: Partial<ShiftCourse>, alarm: ReturnType<typeof red>, unheard = false) {
  const heard: ObservationChange = unheard
    ? { balancer: { [RULE]: { state: 'unknown', because: 'Throttling' } } }
    : split(2, 95, 5);
  return looked(shifting(change), 5, {
    ...heard,
    rollouts: [rollout(2)],
    alarms: { 'web-5xx': alarm },
  });
}

describe('the release goes, and its image is not blamed', () => {
  test.each<[string, ReturnType<typeof red>]>([
    ['the alarm rose before its first share', red(at(2))],
    ['it rose later, for data that end before that', red(at(4), at(2))],
  ])('%s', (_, alarm) => {
    const { record, because } = judged(AT_5, alarm);
    expect(because).toContain('condemned: alarm web-5xx rose');
    expect(record.quarantine).toEqual([]);
    expect(record.phase).toMatchObject({ goal: 'back', condemned: { innocent: 'met-nobody' } });
  });

  test('what comes next says so, and it does not come again by itself', () => {
    const { record } = judged(AT_5, red(at(2)));
    expect(record.newest).toMatchObject({ app: { again: 'push' } });
    expect(nextAfterRollback(condemned({ blamed: [], innocent: 'met-nobody' }))).toMatch(
      /is not blamed: deploy it by hand, or push it again, when that alarm is quiet: no request had come to it yet$/,
    );
  });

  test('an event of the alarm says no more than its data', () => {
    const { record } = when(shifting({ heardAt: at(4) }), rose(4));
    expect(record.quarantine).toEqual([]);
  });
});

describe('the image is blamed', () => {
  test.each<[string, Partial<ShiftCourse>, ReturnType<typeof red>, boolean?]>([
    ['some of the data are younger than its first share', AT_5, red(at(4), at(2.5))],
    [
      'nobody knows since when it had its first share',
      { steps: [{ share: 0.05, after: at(3), seenAt: at(3) }], heardAt: at(4) },
      red(at(4), at(2)),
    ],
    ['the load balancer was never heard', {}, red(at(4), at(2)), true],
    [
      'requests of a test listener came to it',
      { ...AT_5, routes: ROUTE ? [{ ...ROUTE, isTested: true }] : [] },
      red(at(4), at(2)),
    ],
    [
      'another load balancer may have sent some',
      { ...AT_5, routes: ROUTE ? [ROUTE, { ...ROUTE, rule: `${RULE}-2` }] : [] },
      red(at(4), at(2)),
    ],
    ['there is no load balancer', { routes: [] }, red(at(4), at(2)), true],
  ])('%s', (_, change, alarm, unheard) => {
    const { record } = judged(change, alarm, unheard);
    expect(record.quarantine).toHaveLength(1);
    expect(record.phase).toMatchObject({ goal: 'back' });
  });

  test('its tasks fail: that needs no request', () => {
    const stoppedTasks = ['a', 'b', 'c'].map((id) => crashed(id, 2));
    const then = looked(shifting({ heardAt: at(4) }), 5, {
      ...split(2, 100, 0),
      rollouts: [rollout(2)],
      stoppedTasks,
    });
    expect(then.record.quarantine).toHaveLength(1);
  });

  test('in the bake, where it has everything', () => {
    const phase = { ...SHIFTS, attempt: attempt({ course: course(AT_5) }) };
    const then = looked(baking(phase, WITH_STRATEGY), 6, {
      ...split(2, 0, 100),
      alarms: { 'web-5xx': red(at(5)) },
    });
    expect(then.record.quarantine).toHaveLength(1);
  });
});

test('a test rule is remembered with the route', () => {
  const pairs = [{ rule: RULE, groups: [BLUE, GREEN] as const, testRule: `${RULE}-test` }];
  const traffic = { balancers: 1, shiftable: 1, connects: false, pairs };
  expect(routesOf({ traffic }, gives({ [BLUE]: 100, [GREEN]: 0 }))).toEqual([
    { rule: RULE, from: BLUE, to: GREEN, isTested: true },
  ]);
});
