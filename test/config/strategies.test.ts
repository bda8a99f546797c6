/** How a release comes to its users: what the user writes, and ECS's own ranges. */
import { describe, expect, test } from 'vitest';
import {
  blueGreen,
  ConfigError,
  canary,
  definePipeline,
  ecsService,
  judged,
  linear,
  rolling,
} from '../../shared/config/config.ts';
import type { EcsServiceInput } from '../../shared/config/input.ts';

function pipeline(more: Partial<EcsServiceInput>) {
  return definePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    targets: {
      web: ecsService({
        mode: 'act',
        cluster: 'production',
        service: 'web',
        containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
        alarms: ['web-5xx'],
        ...more,
      }),
    },
  });
}

const strategyOf = (strategy: EcsServiceInput['strategy']) =>
  pipeline({ strategy }).targets.web?.rules.strategy;

function mistake(more: Partial<EcsServiceInput>): string {
  try {
    pipeline(more);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ line }) => line).join('\n');
    throw error;
  }
  return 'none';
}

describe('a strategy', () => {
  test("is ECS's rolling update unless the config says another one", () => {
    expect(strategyOf(undefined)).toBeUndefined();
    expect(strategyOf(rolling())).toBeUndefined();
    expect(strategyOf('rolling')).toBeUndefined();
  });

  test("is whole: ECS's defaults are said", () => {
    expect(strategyOf(blueGreen({ bakeMinutes: 0 }))).toEqual({
      kind: 'blueGreen',
      bakeMinutes: 0,
    });
    expect(strategyOf(canary({ bakeMinutes: 10 }))).toEqual({
      kind: 'canary',
      percent: 5,
      canaryBakeMinutes: 10,
      bakeMinutes: 10,
    });
    expect(strategyOf(linear({ bakeMinutes: 10 }))).toEqual({
      kind: 'linear',
      stepPercent: 10,
      stepBakeMinutes: 6,
      bakeMinutes: 10,
    });
  });

  test('takes every tenth of a percent that ECS takes, also a computed one', () => {
    for (let tenths = 1; tenths <= 1000; tenths++) {
      expect(mistake({ strategy: canary({ percent: tenths / 10, bakeMinutes: 1 }) })).toBe('none');
    }
    expect(mistake({ strategy: canary({ percent: 0.1 + 0.2, bakeMinutes: 1 }) })).toBe('none');
  });

  test.each([
    [
      canary({ percent: 0.05, bakeMinutes: 1 }),
      'percent: is the number 0.05, expected a percent from 0.1 to 100',
    ],
    [canary({ percent: 5.25, bakeMinutes: 1 }), 'in steps of 0.1'],
    [canary({ percent: 101, bakeMinutes: 1 }), 'expected a percent from 0.1 to 100'],
    [linear({ stepPercent: 2.9, bakeMinutes: 1 }), 'expected a percent from 3 to 100'],
    [blueGreen({ bakeMinutes: 1441 }), 'a whole number of minutes from 0 to 1440'],
    [linear({ stepBakeMinutes: -1, bakeMinutes: 1 }), 'a whole number of minutes from 0 to 1440'],
  ])('out of range: %j', (strategy, words) => {
    expect(mistake({ strategy })).toContain('targets.web.strategy.');
    expect(mistake({ strategy })).toContain(words);
  });

  test('says what our hook answers where nobody knows', () => {
    const unsure = (whenUnsure: 'proceed') => blueGreen({ bakeMinutes: 0, whenUnsure });
    expect(strategyOf(unsure('proceed'))?.whenUnsure).toBe('proceed');
    expect(mistake({ strategy: unsure('hope' as 'proceed') })).toContain(
      "targets.web.strategy.whenUnsure: is \"hope\", expected 'ask', 'proceed' or 'rollback'",
    );
  });

  test('that says its bake leaves none to the rollout', () => {
    const strategy = blueGreen({ bakeMinutes: 5 });
    expect(mistake({ strategy, rollout: { ecsBakeMinutes: 5 } })).toContain(
      'targets.web.rollout.ecsBakeMinutes: is the number 5, expected nothing',
    );
    expect(mistake({ strategy: rolling(), rollout: { ecsBakeMinutes: 5 } })).toBe('none');
  });
});

test('judged() moves 5 % at a time, waits for nobody but the judge, and has it act', () => {
  const strategy = judged();
  expect(strategy).toEqual({
    kind: 'linear',
    stepPercent: 5,
    stepBakeMinutes: 0,
    bakeMinutes: 0,
    heldByJudge: true,
  });
  expect(strategyOf(strategy)).toEqual(strategy);
});

describe('judge', () => {
  const judgeOf = (more: Partial<EcsServiceInput>) => pipeline(more).targets.web?.rules.judge;

  test('watches where traffic is shifted, acts for judged(), and is off for a rolling update', () => {
    expect(judgeOf({})).toBeUndefined();
    expect(judgeOf({ strategy: blueGreen({ bakeMinutes: 5 }) })).toBe('watch');
    expect(judgeOf({ strategy: judged() })).toBe('act');
    expect(judgeOf({ strategy: linear({ bakeMinutes: 5 }), judge: 'act' })).toBe('act');
    expect(judgeOf({ strategy: linear({ bakeMinutes: 5 }), judge: 'off' })).toBeUndefined();
  });

  test('says what becomes of a share that is inconclusive, where it holds one', () => {
    const rulesOf = (more: Partial<EcsServiceInput>) => pipeline(more).targets.web?.rules;
    const strategy = judged();
    expect(rulesOf({ strategy })).not.toHaveProperty('afterInconclusive');
    expect(rulesOf({ strategy, afterInconclusive: 'hold' })?.afterInconclusive).toBe('hold');
    const watched = { strategy: blueGreen({ bakeMinutes: 5 }), afterInconclusive: 'hold' } as const;
    expect(mistake(watched)).toContain("nothing, or judge: 'act', which alone holds a share");
  });

  test('compares slow answers where the config says what is slow', () => {
    const rulesOf = (more: Partial<EcsServiceInput>) => pipeline(more).targets.web?.rules;
    expect(rulesOf({ strategy: judged(), slowMs: 800 })?.slowMs).toBe(800);
    expect(mistake({ slowMs: 800 })).toContain("nothing, or judge: 'watch' or 'act'");
  });

  test('sends requests of our own where it acts, to what the internet reaches', () => {
    const url = 'https://test.shop.example:8443';
    const strategy = judged();
    const target = (ownRequests: EcsServiceInput['ownRequests']) =>
      pipeline({ strategy, ownRequests }).targets.web;
    const paths = ['/', { path: '/health', status: 204 }];
    const web = target({ url, paths, headers: { 'x-test': 'yes' } });
    expect(web?.rules.ownRequests).toBe(true);
    expect(web?.ownRequests).toEqual({
      url,
      paths: [{ path: '/' }, { path: '/health', status: 204 }],
      headers: { 'x-test': 'yes' },
      count: 200,
    });
    const without = { strategy, judge: 'watch', ownRequests: { url, paths } } as const;
    expect(mistake({ ...without, strategy: blueGreen({ bakeMinutes: 5 }) })).toContain(
      "nothing, or judge: 'act', which alone holds a step",
    );
    const wrong = (ownRequests: object) =>
      mistake({ strategy, ownRequests: { url, paths, ...ownRequests } as never });
    for (const own of [
      'http://10.0.0.7',
      'http://localhost:9001',
      `${url}/api`,
      'test.shop',
      'https://ada@test.shop',
    ]) {
      expect(wrong({ url: own })).toContain('the test listener as the internet reaches it');
    }
    expect(wrong({ paths: [] })).toContain('at least one path');
    for (const path of ['health', '//other.example/health', '/\\other.example', { path: '//x' }]) {
      expect(wrong({ paths: [path] })).toContain("a path like '/health'");
    }
    expect(wrong({ headers: { Host: 'shop.example' } })).toContain('not set by Node itself');
    expect(wrong({ count: 5 })).toContain('a whole number of requests from 20 to 1000');
  });

  test('has nobody to compare in a rolling update, and holds the steps of judged()', () => {
    expect(mistake({ judge: 'watch' })).toContain("'off', or a strategy that shifts traffic");
    expect(mistake({ judge: 'watch', strategy: judged() })).toContain(
      "'act', or another strategy than judged()",
    );
  });
});
