/** Whether Fargate's quota has room for the most tasks of a rollout: 4 tasks of 2 vCPUs, 200 %, so 8 vCPUs more. */
import { DescribeServicesCommand, ECSClient, type Service } from '@aws-sdk/client-ecs';
import { mockClient } from 'aws-sdk-client-mock';
import { expect, test } from 'vitest';
import { capacityCheck } from '../../cli/doctor/capacity-check.ts';
import { definitionFacts } from '../../cli/doctor/definition-facts.ts';
import type { FargateVcpus, VcpuFacts } from '../../shared/aws/account/fargate-vcpus.ts';
import {
  createExaminer,
  type ExaminerClients,
  type Found,
  type ServiceFacts,
} from '../../shared/aws/examine.ts';
import type { Target } from '../../shared/config/config.ts';
import type { Rules } from '../../shared/core/model/rules.ts';
import { shopPipeline } from '../shop.ts';

const { web } = shopPipeline().targets;
if (web === undefined) throw new Error('no target');
const own: Target = web;

const SERVICE: ServiceFacts = {
  status: 'ACTIVE',
  controller: 'ECS',
  scheduling: 'REPLICA',
  desired: 4,
  revision: 'web:1',
  minimumHealthyPercent: 100,
  maximumPercent: 200,
  runsOn: ['FARGATE'],
  circuitBreaker: true,
  deploymentAlarms: [],
  graceSeconds: 60,
  balancers: [],
};
const DEFINITION = definitionFacts({ family: 'web', cpu: '2048' });
const MISSING = { state: 'missing' } as const;
const seen = (used: number, quota: number): Found<VcpuFacts> => ({
  state: 'seen',
  value: { used, quota },
});
const unseen = (because: string) => ({ state: 'unseen', because }) as const;

function check(
  onDemand: Found<VcpuFacts>,
  change: {
    readonly service?: Partial<ServiceFacts>;
    readonly rules?: Partial<Rules>;
    readonly spot?: Found<VcpuFacts>;
    readonly definition?: typeof DEFINITION;
  } = {},
) {
  const vcpus: FargateVcpus = { FARGATE: onDemand, FARGATE_SPOT: change.spot ?? MISSING };
  return capacityCheck(
    { rules: { ...own.rules, rollout: {}, ...change.rules } },
    { ...SERVICE, ...change.service },
    change.definition ?? DEFINITION,
    { vcpus, region: 'eu-central-1' },
  );
}

const raise = (code: string, to: number) =>
  `aws service-quotas request-service-quota-increase --service-code fargate --quota-code ${code} --desired-value ${to} --region eu-central-1`;

test('56 of 64 vCPUs are in use: the 8 more fit exactly', () => {
  expect(check(seen(56, 64))).toEqual({
    name: 'vCPUs for a rollout',
    state: 'ok',
    says: 'a rollout may have 4 tasks more, 8 vCPUs; 56 of 64 Fargate On-Demand vCPUs are in use',
    fix: null,
  });
});

test('with a quarter of a vCPU less it fails, and the command asks for what it lacks', () => {
  expect(check(seen(56.25, 64))).toMatchObject({
    state: 'failed',
    says: 'a rollout may have 4 tasks more, 8 vCPUs; 56.25 of 64 Fargate On-Demand vCPUs are in use: ECS could not start all of them, and the rollout takes longer or stands still',
    fix: raise('L-3032A538', 65),
  });
});

test("a share of a task is rounded down, as ECS does, and the config's percent is what is sent", () => {
  const half = { maximumPercent: 137 };
  expect(check(seen(62, 64), { service: half })).toMatchObject({
    state: 'ok',
    says: expect.stringMatching(/^a rollout may have 1 task more, 2 vCPUs; /),
  });
  expect(check(seen(62, 64), { rules: { rollout: half } }).state).toBe('ok');
  const none = { maximumPercent: 124 };
  expect(check(seen(64, 64), { service: none })).toMatchObject({
    state: 'ok',
    says: 'a rollout stops tasks before it starts others: never more than 4',
  });
});

test('a shift has all of both revisions, whatever maximumPercent says', () => {
  const strategy = { kind: 'canary', percent: 5, canaryBakeMinutes: 5, bakeMinutes: 5 } as const;
  const change = { service: { maximumPercent: 125 }, rules: { strategy } };
  expect(check(seen(56, 64), change).state).toBe('ok');
  expect(check(seen(57, 64), change)).toMatchObject({
    state: 'failed',
    says: expect.stringContaining('no traffic would be shifted'),
    fix: raise('L-3032A538', 65),
  });
});

test('Spot has a quota of its own', () => {
  const service = { runsOn: ['FARGATE_SPOT'] };
  expect(check(seen(0, 6), { service, spot: seen(10, 10) })).toMatchObject({
    state: 'failed',
    says: expect.stringContaining('; 10 of 10 Fargate Spot vCPUs are in use: '),
    fix: raise('L-36FBB829', 18),
  });
  expect(check(seen(6, 6), { service, spot: seen(2, 10) }).state).toBe('ok');
});

test('of both, only what holds wherever ECS starts them is said', () => {
  const service = { runsOn: ['FARGATE', 'FARGATE_SPOT'] };
  expect(check(seen(2, 10), { service, spot: seen(2, 10) }).state).toBe('ok');
  expect(check(seen(6, 10), { service, spot: seen(2, 10) })).toMatchObject({
    state: 'skipped',
    says: 'a rollout may have 4 tasks more, 8 vCPUs; 6 of 10 Fargate On-Demand vCPUs are in use, and 2 of 10 Fargate Spot vCPUs are in use: not all would fit on FARGATE, and how many ECS starts there is not known before',
  });
  expect(check(seen(6, 10), { service, spot: seen(7, 10) })).toMatchObject({
    state: 'failed',
    fix: raise('L-3032A538', 14),
  });
});

test.each<[string, Found<VcpuFacts>, Parameters<typeof check>[1], string]>([
  [
    'without the right',
    unseen('the permission cloudwatch:GetMetricData is missing'),
    {},
    'the permission cloudwatch:GetMetricData is missing',
  ],
  [
    'without data',
    MISSING,
    {},
    'CloudWatch has no point of Fargate On-Demand vCPUs in use in the last hour',
  ],
  [
    'on instances',
    seen(64, 64),
    { service: { runsOn: ['EC2'] } },
    'it runs on EC2: what is left there is not asked',
  ],
  [
    'on a capacity provider of instances',
    seen(64, 64),
    { service: { runsOn: ['gpu-fleet'] } },
    'it runs on gpu-fleet: what is left there is not asked',
  ],
  [
    'where ECS says neither',
    seen(64, 64),
    { service: { runsOn: [] } },
    'ECS names neither a launch type nor a capacity provider of it',
  ],
  ['while none is wanted', seen(64, 64), { service: { desired: 0 } }, 'it wants no tasks'],
  [
    'without a cpu',
    seen(64, 64),
    { definition: definitionFacts({ family: 'web' }) },
    'the task definition web says no cpu of a task',
  ],
])('%s it is skipped, and says why', (_, onDemand, change, says) => {
  expect(check(onDemand, change)).toMatchObject({ state: 'skipped', says });
});

test.each<[Service, readonly string[]]>([
  [{ launchType: 'FARGATE' }, ['FARGATE']],
  [
    {
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', base: 1, weight: 0 },
        { capacityProvider: 'FARGATE_SPOT', weight: 3 },
      ],
    },
    ['FARGATE', 'FARGATE_SPOT'],
  ],
  [
    {
      capacityProviderStrategy: [
        { capacityProvider: 'FARGATE', weight: 1 },
        { capacityProvider: 'FARGATE_SPOT', weight: 0 },
      ],
    },
    ['FARGATE'],
  ],
  [{}, []],
])('a service as ECS tells it: %o runs on %o', async (service, runsOn) => {
  const ecs = new ECSClient({});
  mockClient(ecs)
    .on(DescribeServicesCommand)
    .resolves({ services: [service] });
  const clients = { ecs } as unknown as ExaminerClients;
  const told = await createExaminer(clients, fetch).service('production', 'web');
  expect(told).toMatchObject({ state: 'seen', value: { runsOn } });
});
