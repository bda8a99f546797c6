/** Where the judge acts, a share grows when it calls the share harmless: at least as long as each step lasts. */
import { describe, expect, test } from 'vitest';
import { answerHook, type HookAsk } from '../../../shared/core/hook/answer.ts';
import type { Judged } from '../../../shared/core/model/observation.ts';
import type { Rules } from '../../../shared/core/model/rules.ts';
import { at, green, release, rolling, rules } from '../../build.ts';

const OURS = 'arn:aws:ecs:eu-central-1:123456789012:service-deployment/production/web/rollout-2';
const HELD: Partial<Rules> = {
  judge: 'act',
  strategy: {
    kind: 'linear',
    stepPercent: 5,
    stepBakeMinutes: 0,
    bakeMinutes: 0,
    heldByJudge: true,
  },
};
const CANARY: Partial<Rules> = {
  judge: 'act',
  strategy: { kind: 'canary', percent: 5, canaryBakeMinutes: 5, bakeMinutes: 10 },
};

/** The share is what it is since minute 1; the judge has just said so. */
function answer(
  state: Judged['state'] | undefined,
  change: { share?: number; minute?: number; saidAt?: number; how?: Partial<Rules> } = {},
) {
  const { share = 0.05, minute = 10, saidAt = minute, how = HELD } = change;
  const said = { at: at(saidAt), since: at(saidAt), because: 'of 550 requests, 0 failed' };
  const evidence = {
    rises: [],
    failures: [],
    failed: 0,
    ...(state && { judged: { state, ...said } }),
  };
  const ask: HookAsk = {
    deployment: OURS,
    stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT',
    share,
    since: at(1),
    wentOnAt: at(1),
  };
  return answerHook({
    record: rolling({ release: release({ rules: rules(how), evidence }) }),
    ask,
    seen: { at: at(minute), alarms: { 'web-5xx': green() } },
  });
}

test('nobody has met it yet: the first step is not held', () => {
  expect(answer(undefined, { share: 0 }).status).toBe('SUCCEEDED');
});

describe.each([
  ['the first share', 0.05, 5],
  ['one in the middle', 0.5, 0.5],
  ['the last one below 100 %', 0.95, 10],
])('%s', (_, share, minutes) => {
  test(`goes on when it is harmless, after ${minutes} minutes`, () => {
    expect(answer('harmless', { share, minute: 0.99 + minutes }).status).toBe('IN_PROGRESS');
    expect(answer('harmless', { share, minute: 12 }).status).toBe('SUCCEEDED');
  });

  test.each(['suspicious', 'alike', 'unmeasured'] as const)('is held while it is %s', (state) => {
    const held = answer(state, { share, minute: 12 });
    expect(held).toMatchObject({ status: 'IN_PROGRESS' });
    expect(held.because).toBe(`the judge says ${state}: of 550 requests, 0 failed`);
  });

  test('is held while nobody has looked, or long ago', () => {
    expect(answer(undefined, { share, minute: 12 }).because).toContain('not looked');
    expect(answer('harmless', { share, minute: 14, saidAt: 10.9 }).because).toContain('not looked');
  });
});

test('too few requests hold the first share, and no other', () => {
  expect(answer('waiting', { minute: 12 }).status).toBe('IN_PROGRESS');
  expect(answer('waiting', { minute: 12, share: 0.5 }).status).toBe('SUCCEEDED');
  expect(answer('waiting', { minute: 12, share: 0.95 }).status).toBe('SUCCEEDED');
});

test('what the judge cannot say holds a share for twenty minutes beyond, and no longer', () => {
  expect(answer('waiting', { minute: 25.9 }).status).toBe('IN_PROGRESS');
  expect(answer('waiting', { minute: 26 }).status).toBe('SUCCEEDED');
});

test('a canary goes on when it is harmless', () => {
  expect(answer('waiting', { how: CANARY }).status).toBe('IN_PROGRESS');
  expect(answer('harmless', { how: CANARY }).status).toBe('SUCCEEDED');
});

test('in watch nothing is held by the judge', () => {
  expect(answer('alike', { how: { ...CANARY, judge: 'watch' } }).status).toBe('SUCCEEDED');
});
