/** Where the judge acts, a share grows when it calls the share harmless: at least as long as each step lasts. */
import { describe, expect, test } from 'vitest';
import { answerHook } from '../../../shared/core/hook/answer.ts';
import type { HookAsk } from '../../../shared/core/hook/ask.ts';
import type { Judged } from '../../../shared/core/model/observation.ts';
import type { Release } from '../../../shared/core/model/record/release.ts';
import type { Rules } from '../../../shared/core/model/rules.ts';
import { at, attempt, green, release, rolling, rollout, rules } from '../../build.ts';

const { arn, serviceRevision, createdAt } = rollout(2);
const rolloutOf2 = { arn, serviceRevision, createdAt };

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
  change: {
    share?: number;
    minute?: number;
    saidAt?: number;
    how?: Partial<Rules>;
    /** Some minute of it was counted. */
    measured?: boolean;
    of?: Partial<Release>;
    more?: Partial<Judged>;
    ask?: Partial<HookAsk>;
    alarm?: ReturnType<typeof green>;
  } = {},
) {
  const { share = 0.05, minute = 10, saidAt = minute, how = HELD, measured = true } = change;
  const said = {
    at: at(saidAt),
    since: at(saidAt),
    because: 'of 550 requests, 0 failed',
    ...(measured && { from: at(1) }),
    ...change.more,
  };
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
    ...change.ask,
  };
  return answerHook({
    record: rolling({ release: release({ rules: rules(how), evidence, ...change.of }) }),
    ask,
    seen: { at: at(minute), alarms: { 'web-5xx': change.alarm ?? green() } },
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
    expect(answer('harmless', { share, minute: 1 + minutes }).status).toBe('SUCCEEDED');
  });

  test.each(['suspicious', 'alike', 'unmeasured'] as const)('is held while it is %s', (state) => {
    const held = answer(state, { share, minute: 12 });
    expect(held).toMatchObject({ status: 'IN_PROGRESS' });
    expect(held.because).toBe(`the judge says ${state}: of 550 requests, 0 failed`);
  });

  test('is held while nobody has looked, or long ago', () => {
    expect(answer(undefined, { share, minute: 12 }).because).toContain('not looked');
    expect(answer('harmless', { share, minute: 14, saidAt: 10.9 }).because).toContain('not looked');
    expect(answer('harmless', { share, minute: 14, saidAt: 11 }).status).toBe('SUCCEEDED');
  });
});

test.each([
  ['the first share', 0.05, 5.9, '5 minutes', 6],
  ['one in the middle', 0.5, 1.25, '30 s', 15],
  ['the last one below 100 %', 0.95, 2, '10 minutes', 30],
])('ECS hears for how long %s is judged, and asks again when that is over', (...row) => {
  const [, share, minute, words, seconds] = row;
  expect(answer('harmless', { share, minute })).toEqual({
    status: 'IN_PROGRESS',
    because: `this share is judged for ${words} at least`,
    seconds,
  });
});

test('a share counts from when ECS was last told to go on, and not from when it asked', () => {
  expect(answer('harmless', { minute: 12, ask: { since: at(11) } }).status).toBe('SUCCEEDED');
});

describe('a slow alarm', () => {
  // It judges for ten minutes, and its metrics come two minutes late: minute 13.
  const slow = { alarm: { ...green(), judgesInMs: 600_000 }, minute: 12 } as const;

  test('is not waited for in the middle: the judge has seen the same minutes', () => {
    expect(answer('harmless', { ...slow, share: 0.5 }).status).toBe('SUCCEEDED');
  });

  test.each<[string, Parameters<typeof answer>[1]]>([
    ['before the second step', {}],
    ['before the last', { share: 0.95 }],
    ['where ECS waits by itself', { how: CANARY, share: 0.5 }],
    ['where the judge only watches', { share: 0.5, how: { ...HELD, judge: 'watch' } }],
    ['after the last', { share: 0.5, ask: { stage: 'POST_PRODUCTION_TRAFFIC_SHIFT' } }],
    [
      'in the middle of steps that ECS waits for by itself',
      {
        share: 0.5,
        how: {
          judge: 'act',
          strategy: { kind: 'linear', stepPercent: 5, stepBakeMinutes: 1, bakeMinutes: 0 },
        },
      },
    ],
  ])('is waited for %s', (_, change) => {
    const wait = answer('harmless', { ...slow, ...change });
    expect(wait.because).toMatch(/^its alarms have judged this share by /);
  });
});

test('the judge holds the steps alone: what is asked after the last is for the alarms', () => {
  const ask = { stage: 'POST_PRODUCTION_TRAFFIC_SHIFT', share: 1 } as const;
  expect(answer('alike', { minute: 12, ask }).status).toBe('SUCCEEDED');
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

describe('what was never measured holds a share until it is', () => {
  test.each([
    ['unmeasured', 0.05],
    ['disputed', 0.05],
    ['waiting', 0.05],
    ['waiting', 0.5],
    [undefined, 0.5],
  ] as const)('%s, at a share of %d', (state, share) => {
    const held = answer(state, { share, minute: 60, measured: false });
    expect(held.status).toBe('IN_PROGRESS');
    expect(held.because).toContain('that is inconclusive, and it stays until that changes');
  });

  test("unless the config says 'proceed'", () => {
    const how = { ...HELD, afterInconclusive: 'proceed' } as const;
    expect(answer('unmeasured', { minute: 25.9, measured: false, how }).status).toBe('IN_PROGRESS');
    expect(answer('unmeasured', { minute: 26, measured: false, how }).status).toBe('SUCCEEDED');
  });
});

test("with 'hold' what was measured, and not called harmless, stays as well", () => {
  const how = { ...HELD, afterInconclusive: 'hold' } as const;
  expect(answer('alike', { minute: 60, how }).status).toBe('IN_PROGRESS');
  expect(answer('harmless', { minute: 60, how }).status).toBe('SUCCEEDED');
});

describe('what started under a red alarm, and may be the fix', () => {
  const red = { redAtStart: ['web-5xx'] };
  const fix = { isNotWorse: true } as const;

  test('goes on while both suffer, if it does not fail more', () => {
    expect(answer('alike', { of: red, more: fix }).status).toBe('SUCCEEDED');
    // An outage that is older than the release is history, and no longer called one.
    expect(answer('waiting', { of: red, more: fix }).status).toBe('SUCCEEDED');
    expect(answer('alike', { of: red, more: fix, minute: 5 }).status).toBe('IN_PROGRESS');
  });

  test('and not if something says that it fails more, nor another release', () => {
    expect(answer('alike', { of: red }).status).toBe('IN_PROGRESS');
    expect(answer('alike', { more: fix }).status).toBe('IN_PROGRESS');
    expect(answer('suspicious', { of: red }).status).toBe('IN_PROGRESS');
  });
});

test('a canary goes on when it is harmless', () => {
  expect(answer('waiting', { how: CANARY }).status).toBe('IN_PROGRESS');
  expect(answer('harmless', { how: CANARY }).status).toBe('SUCCEEDED');
});

test('in watch nothing is held by the judge', () => {
  expect(answer('alike', { how: { ...CANARY, judge: 'watch' } }).status).toBe('SUCCEEDED');
});

test('that it is inconclusive is told by a look before the traffic goes on', () => {
  const courseAt = (share: number) => ({
    routes: [],
    steps: [{ share, after: at(0), seenAt: at(1) }],
    heardAt: at(1),
  });
  const said = { state: 'waiting', because: 'few', at: at(60), since: at(1), from: at(1) } as const;
  const answered = (
    more: object,
    course = courseAt(0.5),
    afterInconclusive: Rules['afterInconclusive'] = 'proceed',
  ) =>
    answerHook({
      record: rolling({
        attempt: attempt({ rollout: rolloutOf2, course }),
        release: release({
          rules: rules({ ...CANARY, afterInconclusive }),
          evidence: { rises: [], failures: [], failed: 0, judged: said, ...more },
        }),
      }),
      ask: { deployment: OURS, stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT', share: 0.05, since: at(1) },
      seen: { at: at(60), alarms: { 'web-5xx': green() } },
    });
  expect(answered({}).because).toContain('that is inconclusive, and the next look tells it');
  const inconclusive = { share: 0.05, at: at(59), because: 'few' };
  expect(answered({ inconclusive }).status).toBe('SUCCEEDED');
  // Somebody gave it everything: no look tells of a share that is held, so none is waited for.
  expect(answered({}, courseAt(1)).status).toBe('SUCCEEDED');
  expect(answered({}, courseAt(1), 'hold').status).toBe('SUCCEEDED');
  expect(answered({}, courseAt(0.5), 'hold').because).toContain('it stays until that changes');
});
