/** What ECS is sent for a strategy that shifts traffic, what a service must have for it, how long it takes. */
import { describe, expect, test } from 'vitest';
import type { FoundService } from '../../../shared/core/model/observation.ts';
import type { Strategy } from '../../../shared/core/model/rules.ts';
import { ecsBakesMs, whyNoShift } from '../../../shared/core/release/shift.ts';
import { deploymentConfiguration, whyUnsupported } from '../../../shared/core/release/strategy.ts';
import { rules, service } from '../../build.ts';

const MINUTE = 60_000;
const blueGreen: Strategy = { kind: 'blueGreen', bakeMinutes: 10 };
const canary: Strategy = { kind: 'canary', percent: 5, canaryBakeMinutes: 10, bakeMinutes: 15 };
const linear: Strategy = { kind: 'linear', stepPercent: 25, stepBakeMinutes: 2, bakeMinutes: 5 };

const breaker = { enable: true, rollback: false };
const hooks = [{ hookTargetArn: 'theirs', lifecycleStages: ['PRE_SCALE_UP'] }];
const forward = { forward: true, ecsRollsBack: false } as const;
const back = { forward: false } as const;

function sent(
  strategy: Strategy,
  now: FoundService['deploymentConfiguration'],
  goal: typeof forward | typeof back,
) {
  return deploymentConfiguration(now, rules({ strategy }), goal);
}

describe('forwards', () => {
  const now = { strategy: 'ROLLING', lifecycleHooks: hooks, deploymentCircuitBreaker: breaker };

  test.each([
    [blueGreen, { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 10 }],
    [
      canary,
      {
        strategy: 'CANARY',
        bakeTimeInMinutes: 15,
        canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 10 },
      },
    ],
    [
      linear,
      {
        strategy: 'LINEAR',
        bakeTimeInMinutes: 5,
        linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 2 },
      },
    ],
  ])('%j is sent whole, and hooks of the service stay', (strategy, expected) => {
    expect(sent(strategy, now, forward)).toMatchObject({ ...expected, lifecycleHooks: hooks });
  });

  test('what belonged to another strategy is not sent beside it', () => {
    const before = sent(canary, now, forward);
    expect(sent(linear, before, forward)).not.toHaveProperty('canaryConfiguration');
    expect(sent(blueGreen, before, forward)).not.toHaveProperty('canaryConfiguration');
  });

  test('ECS returns by itself, also where nothing is proven: a shift that just ends leaves the traffic split', () => {
    const alarms = { alarmNames: ['theirs'], enable: true, rollback: false };
    expect(sent(canary, { ...now, alarms }, forward)).toMatchObject({
      deploymentCircuitBreaker: { enable: true, rollback: true },
      alarms: { enable: true, rollback: true },
    });
  });
});

test('back, all traffic goes at once, nobody waits for a bake, and ECS does not undo it', () => {
  const way = sent(canary, sent(canary, { deploymentCircuitBreaker: breaker }, forward), back);
  expect(way).toMatchObject({
    strategy: 'BLUE_GREEN',
    bakeTimeInMinutes: 0,
    deploymentCircuitBreaker: { enable: true, rollback: false },
  });
  expect(way).not.toHaveProperty('canaryConfiguration');
});

test('back, a service without hooks is sent none', () => {
  expect(sent(canary, {}, back)).not.toHaveProperty('lifecycleHooks');
  expect(sent(canary, { lifecycleHooks: hooks }, back)).toMatchObject({ lifecycleHooks: hooks });
});

test.each<[string, FoundService['deploymentConfiguration'], number]>([
  [
    'what a linear shift once said counts for no canary',
    { ...sent(linear, {}, forward), strategy: 'CANARY' },
    5,
  ],
  [
    'what is no number, for nothing',
    {
      strategy: 'CANARY',
      bakeTimeInMinutes: '7',
      canaryConfiguration: { canaryBakeTimeInMinutes: '9' },
    },
    0,
  ],
  ['a rolling update: its own bake', { bakeTimeInMinutes: 3 }, 3],
  ['nothing said: none', {}, 0],
  ['a canary: its step and its bake', sent(canary, {}, forward), 25],
  [
    'linear: three steps of two minutes, none after the last, and its bake',
    sent(linear, {}, forward),
    11,
  ],
  ['linear by 30 %: 30, 60, 90', sent({ ...linear, stepPercent: 30 }, {}, forward), 11],
  [
    'what a canary once said counts for no other strategy',
    { ...sent(canary, {}, forward), strategy: 'ROLLING' },
    15,
  ],
])('ECS waits of itself: %s', (_, configuration, minutes) => {
  expect(ecsBakesMs(configuration)).toBe(minutes * MINUTE);
});

describe('a service', () => {
  const why = (strategy: Strategy, traffic?: FoundService['traffic']) =>
    whyNoShift(service(1, traffic ? { traffic } : {}), strategy);
  const one = { balancers: 1, shiftable: 1, connects: false };

  test('whose load balancers have both groups takes every strategy', () => {
    for (const strategy of [blueGreen, canary, linear]) expect(why(strategy, one)).toBeUndefined();
  });

  test('that lacks a second group is told what it lacks', () => {
    expect(why(canary, { ...one, shiftable: 0 })).toEqual({
      because:
        "CANARY moves traffic between two target groups, and 1 of the service's 1 load balancers lack the second one",
      next: 'give each advancedConfiguration { alternateTargetGroupArn, productionListenerRule, roleArn }, as docs/strategies.md shows',
    });
  });

  test('whose load balancers lack it in part is told how many', () => {
    expect(why(canary, { ...one, balancers: 3 })?.because).toContain(
      "2 of the service's 3 load balancers lack the second one",
    );
  });

  test('without load balancer takes blue/green only; with Service Connect all of them', () => {
    expect(why(blueGreen)).toBeUndefined();
    expect(why(canary)?.because).toContain('CANARY needs a load balancer or Service Connect');
    expect(why(linear, { balancers: 0, shiftable: 0, connects: true })).toBeUndefined();
  });

  test('that deploys by a strategy which the config does not name is left alone', () => {
    const canaried = service(1, { deploymentConfiguration: { strategy: 'CANARY' } });
    expect(whyUnsupported(canaried, {})).toContain('says nothing of it');
    const named = { ...canaried, traffic: one };
    expect(whyUnsupported(named, { strategy: canary })).toBeUndefined();
  });
});

describe('our hook is asked at each step of the production traffic, beside those of the service', () => {
  const hook = { function: 'arn:ours', role: 'arn:role' };
  const now = { strategy: 'CANARY', lifecycleHooks: hooks, deploymentCircuitBreaker: breaker };
  const asking = (
    current: FoundService['deploymentConfiguration'],
    goal: typeof forward | typeof back,
  ) => deploymentConfiguration(current, rules({ strategy: canary, hook }), goal).lifecycleHooks;
  const ours = {
    hookTargetArn: 'arn:ours',
    roleArn: 'arn:role',
    lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'POST_PRODUCTION_TRAFFIC_SHIFT'],
    timeoutConfiguration: { timeoutInMinutes: 1440, action: 'ROLLBACK' },
  };

  test('forwards, once, however often', () => {
    expect(asking(now, forward)).toEqual([...hooks, ours]);
    const again = { ...now, lifecycleHooks: [...hooks, ours] };
    expect(asking(again, forward)).toEqual([...hooks, ours]);
  });

  test('and not on the way back, which nothing holds', () => {
    expect(asking({ ...now, lifecycleHooks: [...hooks, ours] }, back)).toEqual(hooks);
  });
});
