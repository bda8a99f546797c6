/** What ECS asks at a stage, and the answer as ECS reads it. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hookResponse, parseHookEvent } from '../../shared/edge/lifecycle-hook.ts';

const NOW = Date.parse('2026-11-21T10:00:00Z');
const MINUTE = 60_000;
const folder = new URL('../../events/', import.meta.url);
const sample = (name: string) =>
  JSON.parse(readFileSync(new URL(`ecs-lifecycle-hook-${name}.json`, folder), 'utf8'));

const SERVICE = 'arn:aws:ecs:us-west-2:123456789012:service/my-cluster/my-service';
const DEPLOYMENT =
  'arn:aws:ecs:us-west-2:123456789012:service-deployment/my-cluster/my-service/EZe5RNVLH6PPzHXINuP28';
const REVISION = SERVICE.replace(':service/', ':service-revision/');
const NEW = `${REVISION}/2222222222222222222`;
const OLD = `${REVISION}/1111111111111111111`;

interface Asked {
  readonly stage?: string;
  readonly weights?: Readonly<Record<string, number>>;
  readonly test?: Readonly<Record<string, number>>;
  readonly details?: unknown;
}

function asked({ stage = 'PRODUCTION_TRAFFIC_SHIFT', weights = {}, test = {}, details }: Asked) {
  return {
    executionId: 'a2b3c4d5-e6f7-8901-abcd-ef1234567890',
    lifecycleStage: stage,
    resourceArn: DEPLOYMENT,
    executionDetails: {
      serviceArn: SERVICE,
      targetServiceRevisionArn: NEW,
      testTrafficWeights: test,
      productionTrafficWeights: weights,
    },
    ...(details !== undefined && { hookDetails: details }),
  };
}

describe('the samples', () => {
  const expected = {
    'post-production-traffic-shift': { stage: 'POST_PRODUCTION_TRAFFIC_SHIFT' },
    'post-scale-up': { stage: 'POST_SCALE_UP' },
    'post-test-traffic-shift': { stage: 'POST_TEST_TRAFFIC_SHIFT' },
    'pre-production-traffic-shift': { stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT', share: 0 },
    'pre-scale-up': { stage: 'PRE_SCALE_UP' },
    'production-traffic-shift': { stage: 'PRODUCTION_TRAFFIC_SHIFT', share: 1 },
    'production-traffic-shift-canary-step': { stage: 'PRODUCTION_TRAFFIC_SHIFT', share: 0.1 },
    'test-traffic-shift': { stage: 'TEST_TRAFFIC_SHIFT' },
    'with-details': { stage: 'POST_TEST_TRAFFIC_SHIFT' },
  };

  test('are all expected', () => {
    const there = readdirSync(folder).filter((file) => file.startsWith('ecs-lifecycle-hook-'));
    const names = there.map((file) => file.slice('ecs-lifecycle-hook-'.length, -'.json'.length));
    expect(names.sort()).toEqual(Object.keys(expected).sort());
  });

  test.each(Object.entries(expected))('%s', (name, ask) => {
    expect(parseHookEvent(sample(name), NOW)).toEqual({
      cluster: 'my-cluster',
      service: 'my-service',
      ask: { deployment: DEPLOYMENT, since: NOW, ...ask },
    });
  });
});

describe('a share is a weight of all weights, and no percent', () => {
  test.each([
    [{ [NEW]: 50, [OLD]: 950 }, 0.05],
    [{ [NEW]: 100, [OLD]: 0 }, 1],
    [{ 'my-cluster/2222222222222222222': 5, 'my-cluster/1111111111111111111': 95 }, 0.05],
    [{ [OLD]: 100 }, 0],
    [{}, undefined],
    [{ [NEW]: 0, [OLD]: 0 }, undefined],
  ])('%j', (weights, share) => {
    expect(parseHookEvent(asked({ weights }), NOW).ask.share).toBe(share);
  });
});

describe('ECS takes the traffic back where a shift leaves the new revision with none', () => {
  test.each([
    ['a step of production', { weights: { [NEW]: 0, [OLD]: 100 } }, true],
    ['the test listener', { stage: 'TEST_TRAFFIC_SHIFT', test: { [NEW]: 0, [OLD]: 100 } }, true],
    [
      'not before the first step',
      { stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT', weights: { [NEW]: 0, [OLD]: 100 } },
      undefined,
    ],
    ['not where no weights are told', { weights: {} }, undefined],
  ])('%s', (_, given, returns) => {
    expect(parseHookEvent(asked(given), NOW).ask.returns).toBe(returns);
  });
});

describe('what an answer leaves with ECS comes back with the next question', () => {
  const wait = { status: 'IN_PROGRESS', because: 'why', seconds: 30 } as const;
  const goOn = { status: 'SUCCEEDED', because: 'why' } as const;
  const before = { stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT', weights: { [NEW]: 5, [OLD]: 95 } };
  const first = parseHookEvent(asked(before), NOW).ask;

  test('the same question again is as old as it was', () => {
    const { hookDetails: details } = hookResponse(wait, NOW, first);
    const { ask } = parseHookEvent(asked({ ...before, details }), NOW + MINUTE);
    expect(ask.since).toBe(NOW);
    expect(ask).not.toHaveProperty('wentOnAt');
  });

  test('the next one is new, and knows when ECS went on with a step', () => {
    const { hookDetails } = hookResponse(goOn, NOW + MINUTE, first);
    const next = {
      stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT',
      weights: { [NEW]: 50, [OLD]: 50 },
      details: { theirs: true, ...hookDetails },
    };
    expect(parseHookEvent(asked(next), NOW + 5 * MINUTE).ask).toMatchObject({
      since: NOW + 5 * MINUTE,
      wentOnAt: NOW + MINUTE,
    });
  });

  test.each([
    [null],
    [['slipway']],
    ['slipway'],
    [{ slipway: 1 }],
    [{ slipway: { stage: 'X', since: 'long ago' } }],
  ])('anything else in its place is as if nothing was left: %j', (details) => {
    const ask = parseHookEvent(asked({ stage: 'POST_SCALE_UP', details }), NOW).ask;
    expect(ask).toEqual({ deployment: DEPLOYMENT, stage: 'POST_SCALE_UP', since: NOW });
  });
});

test('the answer is what ECS reads, and why stands beside it', () => {
  const { ask } = parseHookEvent(asked({ stage: 'PRE_SCALE_UP' }), NOW);
  expect(
    hookResponse({ status: 'SUCCEEDED', because: 'nothing speaks against it' }, NOW, ask),
  ).toEqual({
    hookStatus: 'SUCCEEDED',
    hookDetails: {
      slipway: { stage: 'PRE_SCALE_UP', since: NOW, because: 'nothing speaks against it' },
    },
  });
  expect(hookResponse({ status: 'IN_PROGRESS', because: 'held', seconds: 30 }, NOW)).toEqual({
    hookStatus: 'IN_PROGRESS',
    callBackDelay: 30,
  });
});

describe('what is no question of ECS is refused with what was expected', () => {
  test.each([
    [
      {},
      'lifecycle hook of ECS, lifecycleStage: is missing, expected a stage like PRE_PRODUCTION_TRAFFIC_SHIFT; the message goes to the dead-letter queue',
    ],
    [
      { ...asked({}), resourceArn: 'x' },
      'lifecycle hook of ECS, resourceArn: is "x", expected the ARN of an ECS service deployment; the message goes to the dead-letter queue',
    ],
    [asked({ weights: { [NEW]: -5 } }), expect.stringContaining('expected a weight')],
  ])('%#', (event, message) => {
    expect(() => parseHookEvent(event, NOW)).toThrow(expect.objectContaining({ message }));
  });
});
