/** The hook's own trouble makes ECS wait; it never takes the traffic back. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parsePipeline } from '../../shared/config/config.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import { type HookDeps, lifecycleHook } from '../../shared/reconcile/lifecycle-hook.ts';
import { at, attempt, green, rolling } from '../build.ts';

const event = JSON.parse(
  readFileSync(
    new URL('../../events/ecs-lifecycle-hook-pre-production-traffic-shift.json', import.meta.url),
    'utf8',
  ),
);

const pipeline = parsePipeline({
  account: '123456789012',
  region: 'us-west-2',
  targets: {
    web: {
      ...{ type: 'ecs-service', mode: 'act', cluster: 'my-cluster', service: 'my-service' },
      containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
      alarms: ['web-5xx'],
    },
  },
});

const rollout = {
  arn: event.resourceArn,
  serviceRevision: event.executionDetails.targetServiceRevisionArn,
  createdAt: at(0),
};
const ours = rolling({ attempt: attempt({ rollout }) });

function answered(
  record: TargetRecord | undefined,
  { asked = event, ...change }: Partial<HookDeps> & { readonly asked?: unknown } = {},
) {
  const log = { debug() {}, info() {}, warn() {}, error() {}, with: () => log };
  return lifecycleHook(asked, {
    pipeline,
    records: {
      load: async () => record && { record, version: 1 },
      stop: async () => undefined,
    },
    alarms: { states: async () => ({ 'web-5xx': green() }) },
    clock: { now: () => at(10) },
    log,
    ...change,
  });
}

const failing = async () => {
  throw new Error('dynamodb:GetItem failed: ThrottlingException');
};

test('a healthy release of ours goes on', async () => {
  expect(await answered(ours)).toMatchObject({ hookStatus: 'SUCCEEDED' });
});

test('it reads the record of the service that ECS asks about, and the alarms of its release', async () => {
  const read: string[] = [];
  await answered(ours, {
    records: {
      load: async (key) => {
        read.push(key);
        return { record: ours, version: 1 };
      },
      stop: async () => undefined,
    },
    alarms: {
      states: async (names) => {
        read.push(...names);
        return { 'web-5xx': green() };
      },
    },
  });
  expect(read).toEqual(['ecs/my-cluster/my-service', 'web-5xx']);
});

test.each<[string, Partial<HookDeps>]>([
  ['the record', { records: { load: failing, stop: async () => undefined } }],
  [
    'the stop switch',
    { records: { load: async () => ({ record: ours, version: 1 }), stop: failing } },
  ],
  ['the alarms', { alarms: { states: failing } }],
])('%s cannot be read: ECS waits, and asks again', async (_, change) => {
  expect(await answered(ours, change)).toMatchObject({
    hookStatus: 'IN_PROGRESS',
    callBackDelay: 30,
    hookDetails: {
      slipway: {
        because: 'the question could not be answered: see the log of lifecycle-hook',
      },
    },
  });
});

test('what cannot be found out for nearly a day is answered as the config says', async () => {
  const [web] = Object.values(pipeline.targets);
  if (web === undefined) throw new Error('no target');
  const strategy = { kind: 'blueGreen', bakeMinutes: 5, whenUnsure: 'rollback' } as const;
  const unsure = { ...pipeline, targets: { web: { ...web, rules: { ...web.rules, strategy } } } };
  const ask = await answered(ours, { alarms: { states: failing } });
  const asked = { ...event, hookDetails: ask.hookDetails };
  const later = (minutes: number) =>
    answered(ours, {
      asked,
      pipeline: unsure,
      alarms: { states: failing },
      clock: { now: () => at(10 + minutes) },
    });
  expect(await later(1_409)).toMatchObject({ hookStatus: 'IN_PROGRESS' });
  expect(await later(1_410)).toMatchObject({ hookStatus: 'FAILED' });
});

test('what cannot be read makes ECS wait, too', async () => {
  expect(await answered(ours, { asked: {} })).toEqual({
    hookStatus: 'IN_PROGRESS',
    callBackDelay: 30,
  });
});

test('a service that the config does not name, or that was never handled, is let through', async () => {
  const elsewhere = structuredClone(event);
  elsewhere.executionDetails.serviceArn =
    'arn:aws:ecs:us-west-2:123456789012:service/other/my-service';
  expect(await answered(ours, { asked: elsewhere })).toMatchObject({ hookStatus: 'SUCCEEDED' });
  expect(await answered(undefined)).toMatchObject({ hookStatus: 'SUCCEEDED' });
});
