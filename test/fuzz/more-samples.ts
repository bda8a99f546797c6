/** Samples of what `events/` does not have: configs, scenarios, task definitions. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Sample } from './samples.ts';
import { WITHIN } from './values.ts';

/** Every setting of a config, in JSON. */
export const pipelines: readonly Sample[] = [
  {
    name: 'a pipeline with every setting',
    value: {
      account: '123456789012',
      region: 'eu-central-1',
      targets: {
        web: {
          type: 'ecs-service',
          cluster: 'production',
          service: 'web',
          containers: {
            app: {
              repository: 'shop/web',
              tags: { glob: ['main-*', 'v[0-9]*'] },
              newer: 'push-time',
            },
            log: { repository: 'shop/log', tags: { regex: '^build-(\\d+)$' }, newer: 'number' },
          },
          alarms: ['web-5xx', 'web-latency'],
          rollout: {
            minimumHealthyPercent: 50,
            maximumPercent: 200,
            circuitBreaker: {
              enable: true,
              resetOnHealthyTask: false,
              threshold: { type: 'COUNT', value: 3 },
            },
            ecsBakeMinutes: 5,
          },
          strategy: 'rolling',
          bakeMinutes: 10,
          maxTaskFailures: 3,
          rolloutMinutes: 60,
          rollbackMinutes: 30,
          whileAlarmRed: 'hold',
          holdMinutes: 240,
          afterHold: 'ask',
          mode: 'act',
        },
        worker: {
          type: 'ecs-service',
          cluster: 'production',
          service: 'worker',
          containers: {
            worker: { repository: 'shop/worker', tags: { semver: '>=1.2' }, newer: 'semver' },
          },
          alarms: { noAlarmsBecause: 'it answers no requests' },
          mode: 'watch',
        },
      },
    },
  },
  {
    name: 'a small pipeline',
    value: {
      account: '123456789012',
      region: 'us-west-2',
      targets: {
        web: {
          type: 'ecs-service',
          cluster: 'c',
          service: 's',
          containers: { app: { repository: 'shop/web', tags: { glob: '*' } } },
          alarms: ['a'],
        },
      },
    },
  },
];

const secret = `${'x'.repeat(100)}${WITHIN}`;
const same = { type: 'ecs-service', cluster: secret, service: secret };

/** Mistakes that a single edit does not make. */
export const badPipelines: readonly Sample[] = [
  { name: 'two targets on one service', value: { targets: { [secret]: same, other: same } } },
];

const folder = new URL('../../local/scenarios/', import.meta.url);

/** Those that we ship, and one with each kind of step. */
export const scenarios: readonly Sample[] = [
  ...readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({
      name: file,
      value: JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
    })),
  {
    name: 'a scenario with every step',
    value: {
      about: 'everything',
      targets: {
        web: {
          desiredCount: 4,
          loadBalancer: true,
          requestsPerSecond: 50,
          images: {
            app: { tag: 'main-0', behaviour: { errorRate: 0.1, latencyMs: 20 }, byTag: true },
          },
          circuitBreaker: { enable: true, rollback: false },
          alarms: {
            'web-5xx': { errorPercent: 5, minimumRequests: 20, minutes: 3, redMinutes: 2 },
          },
          config: { bakeMinutes: 5 },
        },
        extra: {
          images: 'none',
          alarms: 'none',
          config: {
            cluster: 'production',
            service: 'extra',
            containers: { app: { repository: 'shop/extra', tags: { glob: 'v*' } } },
            alarms: { noAlarmsBecause: 'why not' },
          },
        },
      },
      steps: [
        { at: '1m', push: { repository: 'shop/web', tags: ['main-1', 'main-2'], multiArch: true } },
        {
          at: '2m',
          push: { repository: 'shop/web', tag: 'main-3', digest: `sha256:${'a'.repeat(64)}` },
        },
        { at: '3m', redeliver: { repository: 'shop/web', tag: 'main-1' } },
        { at: '4m', event: { source: 'aws.ecr', 'detail-type': 'ECR Image Action', detail: {} } },
        { at: '5m', setAlarm: { name: 'web-5xx', state: 'ALARM', reason: 'somebody' } },
        { at: '6m', updateService: { target: 'web', images: { app: 'main-1' } } },
        { at: '7m', updateService: { target: 'web', revision: 1 } },
        { at: '8m', scale: { target: 'web', desiredCount: 0 } },
        { at: '9m', traffic: { target: 'web', requestsPerSecond: 1 } },
        { at: '10m', deleteImage: { repository: 'shop/web', tag: 'main-2' } },
        { at: '11m', deregister: { target: 'web', revisions: [1, 2] } },
        { at: '12m', loseEvents: { detailType: 'ECR Image Action', count: 2 } },
        { at: '13m', operator: { target: 'web', command: { do: 'rollback', to: 'x' }, by: 'ada' } },
        {
          at: '14m',
          operator: { target: 'web', command: { do: 'deploy', images: { app: 'main-1' } } },
        },
        {
          at: '1h2m3s',
          operator: {
            target: 'extra',
            ask: { do: 'unquarantine', repository: 'shop/web', tag: 'main-1' },
            minutesLate: 5,
          },
        },
        { at: '1h10m', muteAlarm: { name: 'web-5xx', minutes: 5 } },
        { at: '1h11m', throttle: { operation: 'ecs:UpdateService', minutes: 5 } },
        { at: '1h12m', holdAll: { by: 'ada' } },
        { at: '1h13m', resumeAll: { because: 'it is over' } },
        { at: '1h14m', deleteService: { target: 'web' } },
        { at: '1h15m', deleteCluster: { target: 'web' } },
        { at: '1h16m', createService: { target: 'web', images: { app: 'main-1' } } },
      ],
      until: '2h',
      expect: {
        targets: {
          web: {
            phase: 'idle',
            running: { app: 'main-1' },
            proven: ['main-1'],
            quarantined: [],
            releases: { 'main-1': 'proven', 'main-3': ['rolled-back', 'refused'] },
            told: ['proven main-1'],
            badRequestsMost: 100,
            attentionAsked: false,
          },
        },
        calls: { 'ecs:UpdateService': 2 },
      },
    },
  },
];

/** Answers of DescribeTaskDefinition. */
export const definitions: readonly Sample[] = [
  {
    name: 'a task definition',
    value: {
      taskDefinition: {
        taskDefinitionArn: 'arn:aws:ecs:eu-central-1:123456789012:task-definition/web:7',
        family: 'web',
        revision: 7,
        status: 'ACTIVE',
        registeredAt: 1_789_551_603.508,
        registeredBy: 'arn:aws:iam::123456789012:user/ada',
        requiresAttributes: [{ name: 'com.amazonaws.ecs.capability.task-iam-role' }],
        compatibilities: ['EC2', 'FARGATE'],
        requiresCompatibilities: ['FARGATE'],
        networkMode: 'awsvpc',
        cpu: '256',
        memory: '512',
        volumes: [{ name: 'tmp', host: {} }],
        runtimePlatform: { cpuArchitecture: 'ARM64' },
        containerDefinitions: [
          {
            name: 'app',
            image: 'registry/shop/web:latest',
            essential: true,
            portMappings: [{ containerPort: 8080, protocol: 'tcp' }],
            environment: [{ name: 'DB_PASSWORD', value: 'not for logs' }],
            secrets: [
              { name: 'KEY', valueFrom: 'arn:aws:ssm:eu-central-1:123456789012:parameter/k' },
            ],
            logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'web' } },
          },
          { name: 'log', image: 'fluent/bit:3', essential: false },
          { name: 'worker', image: `registry/shop/worker@sha256:${'a'.repeat(64)}` },
        ],
      },
      tags: [
        { key: 'team', value: 'shop' },
        { key: 'aws:cloudformation:stack-name', value: 'web' },
      ],
    },
  },
];
