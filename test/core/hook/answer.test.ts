/** What ECS is answered at each stage: the record's own evidence, and nothing that is decided anew. */
import { describe, expect, test } from 'vitest';
import { answerHook, guardsOf } from '../../../shared/core/hook/answer.ts';
import type { HookAsk, HookSeen } from '../../../shared/core/hook/ask.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import type { Strategy, WhenUnsure } from '../../../shared/core/model/rules.ts';
import {
  asked,
  at,
  attempt,
  green,
  record,
  red,
  registering,
  release,
  restoring,
  returning,
  rolling,
  rules,
  STOPPING,
} from '../../build.ts';
import { CANARY, course } from '../traffic/a-shift.ts';

const OURS = 'arn:aws:ecs:eu-central-1:123456789012:service-deployment/production/web/rollout-2';
const THEIRS = OURS.replace('rollout-2', 'rollout-9');

/** Ten minutes in; it has had 5 % since minute 1. */
function answer(known: TargetRecord, ask: Partial<HookAsk> = {}, seen: Partial<HookSeen> = {}) {
  return answerHook({
    record: known,
    ask: {
      deployment: OURS,
      stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT',
      share: 0.05,
      since: at(1),
      wentOnAt: at(1),
      ...ask,
    },
    seen: { at: at(10), alarms: { 'web-5xx': green() }, ...seen },
  });
}

const HOLD = { by: 'ada', because: 'the sale begins', since: at(0) };

test('ECS goes on where nothing speaks against the release', () => {
  expect(answer(rolling())).toEqual({
    status: 'SUCCEEDED',
    because: 'nothing speaks against it at PRE_PRODUCTION_TRAFFIC_SHIFT',
  });
});

describe('a way back is never held', () => {
  test.each([
    ['of a condemned release', returning(STOPPING), {}],
    ['while somebody holds the target', rolling({}, { hold: HOLD }), {}],
    ['while CloudWatch does not answer', rolling(), { alarms: undefined }],
  ])('%s', (_, known, seen) => {
    const ask = { stage: 'PRODUCTION_TRAFFIC_SHIFT', share: 0, returns: true } as const;
    const { alarms } = { alarms: { 'web-5xx': red(at(5)) }, ...seen };
    expect(answer(known, ask, alarms === undefined ? {} : { alarms }).status).toBe('SUCCEEDED');
  });
});

test('our own way back is not held either', () => {
  const back = restoring({
    rollout: { arn: OURS, serviceRevision: 'x', createdAt: at(6) },
  });
  const held = returning(back, {}, { hold: HOLD });
  const said = answer(held, { stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT', share: 0 }, { alarms: {} });
  expect(said).toEqual({
    status: 'SUCCEEDED',
    because: 'ecs/production/web/1 comes back, and nothing holds that',
  });
  expect(answer(held, { deployment: THEIRS }).because).toContain('none of ours');
});

test('while the load balancer does something else, the traffic waits for the next look', () => {
  const amiss = course({ amissSince: at(9) });
  expect(answer(rolling({ attempt: attempt({ course: amiss }) }))).toMatchObject({
    status: 'IN_PROGRESS',
    because: 'the load balancer does not do what ECS says: the next look judges',
  });
});

describe('FAILED is said of what is condemned', () => {
  test('with its reason', () => {
    expect(answer(returning(STOPPING))).toEqual({
      status: 'FAILED',
      because: 'condemned: alarm web-5xx rose',
    });
  });

  test('and of no other deployment', () => {
    expect(answer(returning(STOPPING), { deployment: THEIRS }).status).toBe('SUCCEEDED');
  });
});

describe('whose is the deployment?', () => {
  test('somebody else’s is let through, even while the target is held', () => {
    const held = rolling({}, { hold: HOLD });
    expect(answer(held, { deployment: THEIRS }, { alarms: { 'web-5xx': red(at(5)) } })).toEqual({
      status: 'SUCCEEDED',
      because: 'the deployment is none of ours, and is let through',
    });
  });

  test('one that has ended is let through, however late it is asked about: nothing of it is left to hold', () => {
    expect(answer(record(), {}, { at: at(600) })).toEqual({
      status: 'SUCCEEDED',
      because: 'the deployment is none of ours, and is let through',
    });
  });

  test('where ECS was asked for nothing yet, it is none of ours', () => {
    expect(answer(registering()).because).toContain('none of ours');
  });

  test('one that no look has found yet may be ours: ECS waits for that look', () => {
    expect(answer(asked())).toEqual({
      status: 'IN_PROGRESS',
      seconds: 5,
      because: 'ECS was asked for a rollout that no look has found yet: it may be this one',
    });
  });
});

describe('the traffic stays as it is', () => {
  test('while somebody holds the target, or the account', () => {
    expect(answer(rolling({}, { hold: HOLD }))).toEqual({
      status: 'IN_PROGRESS',
      seconds: 30,
      because: 'ada holds this target: the sale begins',
    });
    expect(answer(rolling(), {}, { stop: HOLD }).because).toBe(
      'ada holds all targets of this account: the sale begins',
    );
  });

  test('while the state of an alarm is unknown: trouble of ours takes no traffic back', () => {
    expect(answer(rolling(), {}, { alarms: {} })).toMatchObject({
      status: 'IN_PROGRESS',
      because: 'CloudWatch did not tell the state of alarm web-5xx',
    });
    const unknown = { 'web-5xx': { state: 'unknown', because: 'AccessDenied' } } as const;
    expect(answer(rolling(), {}, { alarms: unknown })).toMatchObject({
      status: 'IN_PROGRESS',
      because: 'the state of alarm web-5xx is unknown: AccessDenied',
    });
  });

  test('while a rise is not judged yet: it may have been muted', () => {
    expect(answer(rolling(), {}, { alarms: { 'web-5xx': red(at(5)) } })).toEqual({
      status: 'IN_PROGRESS',
      seconds: 5,
      because:
        'alarm web-5xx rose at 10:05:00 UTC: 30 was greater than the threshold (5): the next look judges',
    });
  });

  test('but not for a rise that was muted, or that is older than the release', () => {
    const muted = rolling({}, { mutedRises: { 'web-5xx': [at(5)] } });
    expect(answer(muted, {}, { alarms: { 'web-5xx': red(at(5)) } }).status).toBe('SUCCEEDED');
    expect(answer(rolling(), {}, { alarms: { 'web-5xx': red(at(-60)) } }).status).toBe('SUCCEEDED');
  });
});

describe('a share is judged before it grows', () => {
  // One minute to judge, and two for metrics that come late: minute 4.
  test.each([
    ['PRE_PRODUCTION_TRAFFIC_SHIFT', 0.05],
    ['POST_PRODUCTION_TRAFFIC_SHIFT', undefined],
  ])('at %s', (stage, share) => {
    const ask = { stage, ...(share === undefined ? {} : { share }) };
    expect(answer(rolling(), ask, { at: at(3.5) })).toEqual({
      status: 'IN_PROGRESS',
      seconds: 30,
      because: 'its alarms have judged this share by 10:04:00 UTC',
    });
    expect(answer(rolling(), ask, { at: at(3.9) })).toMatchObject({ seconds: 6 });
    expect(answer(rolling(), ask, { at: at(4) }).status).toBe('SUCCEEDED');
  });

  test('a step of minutes that lies behind has been judged when the next one is asked about', () => {
    expect(answer(rolling(), { since: at(10), wentOnAt: at(1) }).status).toBe('SUCCEEDED');
  });

  test('the whole of the traffic, and a step of an unknown age: from the first question on', () => {
    const whole = { stage: 'POST_PRODUCTION_TRAFFIC_SHIFT', since: at(8), wentOnAt: at(1) };
    const { because } = answer(rolling(), whole);
    expect(because).toBe('its alarms have judged this share by 10:11:00 UTC');
    const said = answerHook({
      record: rolling(),
      ask: { deployment: OURS, stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT', share: 0.05, since: at(8) },
      seen: { at: at(10), alarms: { 'web-5xx': green() } },
    });
    expect(said.because).toBe(because);
  });

  test('before the first step nobody has met it', () => {
    expect(answer(rolling(), { share: 0, wentOnAt: at(9) }).status).toBe('SUCCEEDED');
    expect(answer(rolling(), { stage: 'PRE_SCALE_UP', wentOnAt: at(9) }).status).toBe('SUCCEEDED');
  });
});

describe('shortly before ECS waits no longer, the config says what is done where nobody knows', () => {
  const unsure = (whenUnsure: WhenUnsure | undefined, minutes: number, hold = false) => {
    const strategy: Strategy = { ...CANARY, ...(whenUnsure && { whenUnsure }) };
    const bound = release({ rules: rules({ strategy }) });
    const known = rolling({ release: bound }, hold ? { hold: HOLD } : {});
    const alarms = { 'web-5xx': { state: 'unknown', because: 'Throttling' } } as const;
    return answer(known, { since: at(0) }, { at: at(minutes), alarms });
  };

  test.each([
    [undefined, 'IN_PROGRESS'],
    ['ask', 'IN_PROGRESS'],
    ['proceed', 'SUCCEEDED'],
    ['rollback', 'FAILED'],
  ] as const)('%s: %s', (whenUnsure, status) => {
    expect(unsure(whenUnsure, 1_409).status).toBe('IN_PROGRESS');
    expect(unsure(whenUnsure, 1_410).status).toBe(status);
  });

  test('with what was not known, and whose word it is', () => {
    expect(unsure('proceed', 1_410).because).toBe(
      "the state of alarm web-5xx is unknown: Throttling; nobody knew better for a day, and whenUnsure says 'proceed'",
    );
  });

  test("somebody else's deployment is no doubt: it is let through", () => {
    const strategy: Strategy = { ...CANARY, whenUnsure: 'rollback' };
    const known = rolling({ release: release({ rules: rules({ strategy }) }) });
    const theirs = answer(known, { deployment: THEIRS, since: at(0) }, { at: at(1_430) });
    expect(theirs.status).toBe('SUCCEEDED');
  });

  test("a person's hold is no doubt", () => {
    expect(unsure('proceed', 1_430, true).status).toBe('IN_PROGRESS');
  });
});

test('for the answer, the alarms of the release are asked; where nothing is watched, none', () => {
  expect(guardsOf(rolling())).toEqual(['web-5xx']);
  expect(guardsOf(record())).toEqual([]);
});
