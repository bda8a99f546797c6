/** Which target group is whose: what ECS says is checked against the rule of the load balancer and the counts. */
import { describe, expect, test } from 'vitest';
import { armsOf } from '../../shared/reconcile/arms.ts';
import type { ArmPair } from '../../shared/traffic-ports.ts';

const MINUTE = 60_000;
const SINCE = 1_000 * MINUTE + 12_345;
const BLUE = 'targetgroup/web-blue/6d0ecf831eec9f09';
const GREEN = 'targetgroup/web-green/50dc6c495c0c9188';
const RULE = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/web/1/2/3';
const arn = (group: string) => `arn:aws:elasticloadbalancing:eu-central-1:123456789012:${group}`;
const pair = (own?: string): ArmPair => ({
  rule: RULE,
  loadBalancer: 'app/web/1',
  groups: [BLUE, GREEN],
  ...(own && { own }),
});
const served = (requests: number) =>
  new Map([-3, -2, -1].map((i) => [(1_000 + i) * MINUTE, { requests, errors: 0 }] as const));
/** Blue had everything before. */
const BEFORE = new Map([
  [BLUE, served(3_000)],
  [GREEN, new Map()],
]);
const QUIET = new Map([
  [BLUE, new Map()],
  [GREEN, new Map()],
]);
const into = (group: string) => ({ [RULE]: arn(group) });

describe('the new one is in', () => {
  test.each([
    ['the group that ECS tells', pair(GREEN), BEFORE, undefined],
    [
      'that into which the rule was to bring the traffic, if ECS does not tell',
      pair(),
      QUIET,
      into(GREEN),
    ],
    ['that which was idle, if neither is known', pair(), BEFORE, undefined],
  ] as const)('%s', (_, told, groups, route) => {
    const arms = armsOf([told], groups, { since: SINCE, into: route });
    expect(arms).toMatchObject({ old: groups.get(BLUE), new: groups.get(GREEN) });
  });
});

test('neither told, nor to be seen: it is not measured', () => {
  expect(armsOf([pair()], QUIET, { since: SINCE })).toMatchObject({ state: 'unmeasured' });
});

describe('nothing is compared where ECS says otherwise than', () => {
  test('the rule', () => {
    expect(armsOf([pair(BLUE)], QUIET, { since: SINCE, into: into(GREEN) })).toEqual({
      state: 'disputed',
      because:
        'ECS says that target group web-blue is its own, and the rule of the load balancer gave that one everything before it began: nothing that they counted is compared',
    });
  });

  test('the counts', () => {
    expect(armsOf([pair(BLUE)], BEFORE, { since: SINCE })).toMatchObject({
      state: 'disputed',
      because: expect.stringContaining('that one alone had requests before it began'),
    });
  });

  test('while both had requests, as after a release that was just returned, the counts say nothing', () => {
    const both = new Map([
      [BLUE, served(2_850)],
      [GREEN, served(150)],
    ]);
    expect(armsOf([pair(GREEN)], both, { since: SINCE })).toMatchObject({ new: both.get(GREEN) });
  });
});
