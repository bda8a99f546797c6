/** Whether a step of ECS's explains what the load balancer does in the middle of a shift. */
import { describe, expect, test } from 'vitest';
import type { ObservedRollout, ObservedShift } from '../../../shared/core/model/observation.ts';
import type { Strategy } from '../../../shared/core/model/rules.ts';
import {
  asksSince,
  endsAt,
  noteShare,
  routesOf,
  shareInWords,
  whyOffCourse,
} from '../../../shared/core/traffic/course.ts';
import { at } from '../../build.ts';
import { BLUE, CANARY, course, FOREIGN, GREEN, gives, RULE } from './a-shift.ts';

const LINEAR: Strategy = { kind: 'linear', stepPercent: 30, stepBakeMinutes: 2, bakeMinutes: 5 };
const ALL: Strategy = { kind: 'blueGreen', bakeMinutes: 10 };
/** 5 % was seen at minute 2, and none at minute 1. */
const AT_5 = course({ steps: [{ share: 0.05, after: at(1), seenAt: at(2) }], heardAt: at(2) });
const AT_30 = course({ steps: [{ share: 0.3, after: at(1), seenAt: at(2) }], heardAt: at(2) });
/** 25 % for five minutes, 50 % for half a minute, 75 % for ten; a minute of that may have passed before. */
const HELD: Strategy = {
  kind: 'linear',
  stepPercent: 25,
  stepBakeMinutes: 0,
  bakeMinutes: 1,
  heldByJudge: true,
};
/** Behind a second load balancer as well, which is heard in place of the first. */
const TWO = {
  ...AT_5,
  routes: AT_5.routes.flatMap((route) => [{ ...route, rule: `${RULE}-silent` }, route]),
};

interface Case {
  readonly percent: number;
  readonly minute?: number;
  readonly strategy?: Strategy;
  readonly rollout?: Partial<ObservedRollout>;
  readonly shift?: Partial<ObservedShift>;
  readonly from?: typeof AT_5;
}

function heard({ percent, minute = 5, strategy = CANARY, rollout = {}, shift = {} }: Case) {
  return {
    at: at(minute),
    strategy,
    rollout: { status: 'IN_PROGRESS' as const, ...rollout },
    shift: { stage: 'PRODUCTION_TRAFFIC_SHIFT', ...shift },
    rules: gives({ [BLUE]: 1_000 - percent * 10, [GREEN]: percent * 10 }),
  };
}

describe('ECS explains it', () => {
  test.each<[string, Case]>([
    ['nothing has moved yet', { percent: 0 }],
    ['the first step of a canary', { percent: 5 }],
    ['its share stays', { percent: 5, from: AT_5 }],
    [
      'nothing has moved at a stage before the first step',
      { percent: 0, shift: { stage: 'SCALE_UP' } },
    ],
    ['the whole of it, after the minutes of its step', { percent: 100, minute: 11, from: AT_5 }],
    ['several steps, in their time', { percent: 90, minute: 5, strategy: LINEAR, from: AT_30 }],
    [
      'the steps of the judge, in their time',
      { percent: 100, minute: 16, strategy: HELD, from: course({ heardAt: at(1) }) },
    ],
    ['the steps of linear', { percent: 30, strategy: LINEAR }],
    ['its short last step', { percent: 100, strategy: LINEAR, minute: 20 }],
    ['blue/green moves all of it', { percent: 100, strategy: ALL }],
    ['everything, in the bake', { percent: 100, strategy: ALL, shift: { stage: 'BAKE_TIME' } }],
    ['what ECS itself asked for', { percent: 7, shift: { share: 0.07 } }],
    ['a stage that is not known', { percent: 5, shift: { stage: 'PROVISIONING' } }],
    ['another load balancer is a step behind', { percent: 0, from: TWO }],
    ['ECS takes it back already', { percent: 50, rollout: { status: 'ROLLBACK_IN_PROGRESS' } }],
  ])('%s', (_, given) => {
    expect(whyOffCourse(given.from ?? course(), heard(given))).toBeUndefined();
  });
});

describe('nothing explains it', () => {
  test.each<[string, Case, string]>([
    ['a share between the steps', { percent: 50 }, "no step of ECS's goes there"],
    [
      'a share between the steps of linear',
      { percent: 40, strategy: LINEAR },
      "no step of ECS's goes there",
    ],
    [
      'what ECS did not ask for either',
      { percent: 50, shift: { share: 0.05 } },
      "no step of ECS's goes there",
    ],
    [
      'a rule edited before ECS has begun',
      { percent: 50, rollout: { status: 'PENDING' } },
      "no step of ECS's goes there",
    ],
    [
      'traffic before the first step',
      { percent: 5, shift: { stage: 'POST_SCALE_UP' } },
      'at this stage it has moved nothing yet',
    ],
    [
      'less than everything after the last step',
      { percent: 0, shift: { stage: 'BAKE_TIME' } },
      'at this stage it has moved everything',
    ],
    [
      'a share that fell',
      { percent: 0, from: AT_5 },
      'web-green had more before, and ECS takes nothing back',
    ],
    [
      'a share that grew too early',
      { percent: 100, minute: 10, from: AT_5 },
      "web-green went from 5 % to 100 % in less than the 10 minutes that ECS's steps take",
    ],
    [
      'several steps in the time of one',
      { percent: 90, minute: 4, strategy: LINEAR, from: AT_30 },
      "web-green went from 30 % to 90 % in less than the 4 minutes that ECS's steps take",
    ],
    [
      'everything at once, where nothing of it was there before',
      { percent: 100, minute: 6, strategy: LINEAR, from: course({ heardAt: at(1) }) },
      "web-green went from 0 % to 100 % in less than the 6 minutes that ECS's steps take",
    ],
    [
      'a step of the judge that our hook had ECS wait for',
      { percent: 100, minute: 15, strategy: HELD, from: course({ heardAt: at(1) }) },
      "web-green went from 0 % to 100 % in less than the 14.5 minutes that ECS's steps take",
    ],
  ])('%s', (_, given, why) => {
    const said = whyOffCourse(given.from ?? course(), heard(given));
    expect(said).toContain(`: ${why}, so somebody else has changed the rule`);
  });

  test('a third group, whatever ECS asked for; and both are quoted', () => {
    const rules = gives({ [BLUE]: 950, [FOREIGN]: 50 });
    expect(whyOffCourse(course(), { ...heard({ percent: 0, shift: { share: 0 } }), rules })).toBe(
      'ECS is at PRODUCTION_TRAFFIC_SHIFT, and the load balancer gives web-blue 95 % and shop 5 %: shop is none of the two groups of the service, so somebody else has changed the rule',
    );
  });
});

test('a third group that gets nothing may stand in the rule', () => {
  const rules = gives({ [BLUE]: 950, [GREEN]: 50, [FOREIGN]: 0 });
  expect(whyOffCourse(course(), { ...heard({ percent: 5 }), rules })).toBeUndefined();
});

test('what was not heard says nothing', () => {
  const rules = { [RULE]: { state: 'unknown', because: 'Throttling' } } as const;
  const unheard = { ...heard({ percent: 50 }), rules };
  expect(whyOffCourse(course(), unheard)).toBeUndefined();
  expect(noteShare(AT_5, unheard).steps).toEqual(AT_5.steps);
});

test('a course has each share as it grew, and keeps what nothing explains out of it', () => {
  const minute = (n: number, percent: number) => heard({ percent, minute: n });
  const begun = noteShare(course(), minute(1, 0));
  const first = noteShare(begun, minute(2, 5));
  const stays = noteShare(first, minute(3, 5));
  expect(stays.steps).toEqual([{ share: 0.05, after: at(1), seenAt: at(2) }]);
  const edited = noteShare(noteShare(stays, minute(4, 50)), minute(5, 50));
  expect(edited).toMatchObject({ steps: stays.steps, amissSince: at(4) });
  expect(noteShare(edited, minute(6, 5)).amissSince).toBeUndefined();
  const whole = noteShare(stays, minute(14, 100));
  expect(whole.steps.map(({ share }) => share)).toEqual([0.05, 1]);
});

test('a share that stood there when the load balancer was heard first has no earlier moment', () => {
  const { steps } = noteShare(course(), heard({ percent: 5, minute: 2 }));
  expect(steps).toEqual([{ share: 0.05, after: at(2), seenAt: at(2) }]);
});

test('since when ECS waits for the hook: at the stages at which it asks, however it names them', () => {
  const looked = (from: typeof AT_5, minute: number, shift: Partial<ObservedShift>) => {
    const next = noteShare(from, { ...heard({ percent: 5, minute }), shift });
    return [next, asksSince(next)] as const;
  };
  const [scaling, none] = looked(AT_5, 3, { stage: 'SCALE_UP' });
  expect([scaling.stage, none]).toEqual(['SCALE_UP', undefined]);
  const [unnamed, first] = looked(scaling, 4, {
    stage: 'PRODUCTION_TRAFFIC_SHIFT',
    hookWaits: true,
  });
  expect([unnamed.stage, first]).toEqual(['PRE_PRODUCTION_TRAFFIC_SHIFT', at(4)]);
  expect(looked(unnamed, 5, {})[1]).toBe(at(4));
  const [last, then] = looked(unnamed, 6, {
    stage: 'POST_PRODUCTION_TRAFFIC_SHIFT',
    hookWaits: true,
  });
  expect([last.stage, then, last.askedMs]).toEqual([
    'POST_PRODUCTION_TRAFFIC_SHIFT',
    at(6),
    120_000,
  ]);
});

describe('a shift goes from the group that has everything to the other one', () => {
  const pairs = [{ rule: RULE, groups: [BLUE, GREEN] as const }];
  const traffic = { balancers: 1, shiftable: 1, connects: false, pairs };

  test.each<[string, Record<string, number>, unknown]>([
    ['from blue', { [BLUE]: 100, [GREEN]: 0 }, [{ rule: RULE, from: BLUE, to: GREEN }]],
    ['from green', { [BLUE]: 0, [GREEN]: 100 }, [{ rule: RULE, from: GREEN, to: BLUE }]],
    ['from both: that is not whole', { [BLUE]: 95, [GREEN]: 5 }, []],
    ['from nobody', { [BLUE]: 0, [GREEN]: 0 }, []],
  ])('%s', (_, weights, routes) => {
    expect(routesOf({ traffic }, gives(weights))).toEqual(routes);
  });
});

test.each([
  ['before the first step was seen', 1.5, 'before it had traffic'],
  ['from then on', 2, 'at 5 % of the traffic'],
  ['after the last', 15, 'at 100 % of the traffic'],
])('evidence is told with the share that it had then: %s', (_, minute, words) => {
  const whole = { share: 1, after: at(13), seenAt: at(14) };
  const shifted = course({ steps: [...AT_5.steps, whole], heardAt: at(15) });
  expect(shareInWords(shifted, at(minute))).toBe(words);
});

test('a minute of data in whose middle it got its first share is not told as before it had traffic', () => {
  const first = { share: 0.05, after: at(1.2), seenAt: at(2.2) };
  const shifted = course({ steps: [first], heardAt: at(3) });
  expect(shareInWords(shifted, at(1), 60_000)).toBe('at 5 % of the traffic');
  expect(shareInWords(shifted, at(0), 60_000)).toBe('before it had traffic');
  expect(shareInWords(shifted, at(0.2), 60_000)).toBe('before it had traffic');
});

test('a minute of data is told with the share at its beginning', () => {
  const whole = { share: 1, after: at(13), seenAt: at(14) };
  const shifted = course({ steps: [...AT_5.steps, whole], heardAt: at(15) });
  expect(shareInWords(shifted, at(14), 60_000)).toBe('at 100 % of the traffic');
});

test('what it got since the load balancer was heard last is not known', () => {
  const none = course({ heardAt: at(2) });
  expect(shareInWords(none, at(2))).toBe('before it had traffic');
  expect(shareInWords(none, at(2.5))).toBeUndefined();
  expect(shareInWords(none, at(1.5), 60_000)).toBeUndefined();
  expect(shareInWords(AT_5, at(2), 60_000)).toBe('at 5 % of the traffic');
  expect(shareInWords(AT_5, at(2.5))).toBeUndefined();
});

test('where nobody heard the load balancer, no share is told', () => {
  expect(shareInWords(course(), at(5))).toBeUndefined();
  expect(shareInWords(undefined, at(5))).toBeUndefined();
});

test('where the traffic ends, forwards and back', () => {
  expect(endsAt(course(), 'to')).toEqual({ [RULE]: GREEN });
  expect(endsAt(course(), 'from')).toEqual({ [RULE]: BLUE });
});
