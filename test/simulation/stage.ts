/** The account that a simulated world begins with: services that run, alarms that are green. */

import { LOCAL_PUBLIC_KEY } from '@slipway/local-cloud/ecr/cosign.ts';
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { drainDeliveries, putRule } from '@slipway/local-cloud/eventbridge/state.ts';
import { addToken } from '@slipway/local-cloud/github/setup.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import {
  advance,
  emptyWorld,
  executeCall,
  type ServiceName,
} from '@slipway/local-cloud/services.ts';
import { addTraffic } from '@slipway/local-cloud/traffic/state.ts';
import { addGit, TOKEN } from '../../local/slipway/git-setup.ts';
import { definePipeline, ecsService, noAlarms, type Pipeline } from '../../shared/config/config.ts';
import { routes } from '../../shared/runtime/routing.ts';
import type { Chance } from './chance.ts';

const ACCOUNT = '123456789012';
const REGION = 'eu-central-1';
/** 2026-11-21T00:00:00Z; what ran before has run since an hour before. */
export const BEGIN = Date.UTC(2026, 10, 21);
export const REGISTRY = `${ACCOUNT}.dkr.ecr.${REGION}.amazonaws.com`;

/** What a world may draw of the config; the rest is fixed. */
export interface Settings {
  readonly bakeMinutes: number;
  readonly maxTaskFailures: number;
  readonly whileAlarmRed: 'hold' | 'proceed';
  readonly afterHold: 'proceed' | 'refuse' | 'ask';
  readonly breaker: boolean;
  readonly desired: number;
  /** Which of two images is newer; by their pushes unless told. */
  readonly order?: Order;
  /** What an image must have before it starts: a scan that lets it through, or a signature. */
  readonly gate?: Gate;
  /** How long handlers of two configs run side by side when it changes. */
  readonly overlapMinutes?: number;
  /** `web` has a second container. */
  readonly sidecar?: boolean;
  /** Images come from commits: of our builds, or of somebody's, who tags them with the commit. */
  readonly git?: GitImages;
  /** Of a build that still runs when a newer commit comes. */
  readonly whileBuilding?: 'stop' | 'finish';
}

/** Who makes the images of commits: our builds, or somebody who pushes them himself. */
export type GitImages = 'built' | 'pushed';

export type Gate = 'scan' | 'signature';

export type Order = 'push-time' | 'number' | 'semver';

const TAGS = {
  'push-time': { tags: { glob: 'main-*' } },
  number: { tags: { glob: 'main-*' }, newer: 'number' },
  semver: { tags: { semver: '>=0.0.0' }, newer: 'semver' },
} as const;

export function drawSettings(chance: Chance): Settings {
  return {
    bakeMinutes: chance.pick([1, 3, 10]),
    maxTaskFailures: chance.pick([1, 3]),
    whileAlarmRed: chance.pick(['hold', 'hold', 'proceed']),
    afterHold: chance.pick(['ask', 'refuse', 'proceed']),
    breaker: chance.hits(0.8),
    desired: chance.pick([1, 2, 3]),
  };
}

const GATES = {
  scan: { scan: { highest: 'MEDIUM', waitMinutes: 10, afterWait: 'ask' } },
  signature: { signature: { publicKey: LOCAL_PUBLIC_KEY, waitMinutes: 10 } },
} as const;

/** Where commits come from, and what is built of them. */
export const GIT_REPOSITORY = 'acme/shop';
function sourcesOf({ whileBuilding = 'stop' }: Settings) {
  return {
    shop: {
      repository: GIT_REPOSITORY,
      branches: ['main', 'next'],
      images: { web: { repository: 'shop/web' } },
      whileBuilding,
    },
  };
}

/** Three services: behind a load balancer, without one, and with two containers that share an alarm. */
export function pipelineOf(settings: Settings): Pipeline {
  const { bakeMinutes, maxTaskFailures, whileAlarmRed, afterHold, breaker } = settings;
  const rules = {
    bakeMinutes,
    maxTaskFailures,
    whileAlarmRed,
    afterHold,
    holdMinutes: 30,
    rolloutMinutes: 40,
    rollbackMinutes: 20,
    rollout: { circuitBreaker: { enable: breaker } },
    ...(settings.gate && GATES[settings.gate]),
  };
  const sidecar = { sidecar: { repository: 'shop/sidecar', ...TAGS['push-time'] } };
  const taken = TAGS[settings.order ?? 'push-time'];
  const { git } = settings;
  const from = { source: 'shop', branches: ['main'] };
  const byCommit = {
    ...{ tags: { glob: '*' }, newer: 'commit' as const },
    ...(git === 'built' ? { from } : { onlyBuilt: false }),
  };
  return definePipeline({
    account: ACCOUNT,
    region: REGION,
    ...(git && { sources: sourcesOf(settings) }),
    targets: {
      web: ecsService({
        mode: 'act',
        cluster: 'production',
        service: 'web',
        containers: {
          app: { repository: 'shop/web', ...(git === undefined ? taken : byCommit) },
          ...(settings.sidecar && sidecar),
        },
        alarms: ['web-5xx'],
        ...rules,
      }),
      worker: ecsService({
        mode: 'act',
        cluster: 'production',
        service: 'worker',
        containers: { worker: { repository: 'shop/worker', ...taken } },
        alarms: noAlarms('it answers no requests'),
        ...rules,
      }),
      api: ecsService({
        mode: 'act',
        cluster: 'production',
        service: 'api',
        containers: {
          app: { repository: 'shop/api', ...taken },
          sidecar: { repository: 'shop/sidecar', ...taken },
        },
        alarms: ['api-5xx', 'web-5xx'],
        ...rules,
      }),
    },
  });
}

/** As the config's order reads it: the place of an image is its number. */
export function tagOf({ order }: Pick<Settings, 'order'>, number: number): string {
  return order === 'semver' ? `1.${number}.0` : `main-${number}`;
}

interface Service {
  readonly name: string;
  readonly containers: Readonly<Record<string, string>>;
  readonly traffic: boolean;
}

const SERVICES: readonly Service[] = [
  { name: 'web', containers: { app: 'shop/web' }, traffic: true },
  { name: 'worker', containers: { worker: 'shop/worker' }, traffic: false },
  { name: 'api', containers: { app: 'shop/api', sidecar: 'shop/sidecar' }, traffic: true },
];

export const REPOSITORIES = ['shop/web', 'shop/worker', 'shop/api', 'shop/sidecar'] as const;

/** The world at `BEGIN`, an hour after its services were made. */
export function setStage(
  seed: number,
  settings: Settings,
  pipeline: Pipeline,
  services: readonly string[] = SERVICES.map(({ name }) => name),
): World {
  const world = emptyWorld({ now: BEGIN - 3_600_000, seed, account: ACCOUNT, region: REGION });
  const call = (service: ServiceName, operation: string, input: object) =>
    executeCall(world, { service, operation, input }, {});
  call('ecs', 'CreateCluster', { clusterName: 'production' });
  for (const repository of REPOSITORIES) {
    call('ecr', 'CreateRepository', {
      repositoryName: repository,
      imageScanningConfiguration: { scanOnPush: settings.gate === 'scan' },
    });
  }
  for (const service of SERVICES) {
    if (services.includes(service.name)) makeService(world, service, settings, call);
  }
  addGit(world, pipeline);
  if (settings.git !== undefined) addToken(world, TOKEN, { login: 'slipway-bot' });
  for (const { name, pattern } of routes(pipeline)) {
    putRule(world, { name, pattern, target: 'engine' });
  }
  advance(world, BEGIN);
  drainDeliveries(world);
  return world;
}

function makeService(
  world: World,
  { name, containers, traffic }: Service,
  settings: Settings,
  call: (service: ServiceName, operation: string, input: object) => unknown,
): void {
  const { desired, breaker, sidecar } = settings;
  const both = name === 'web' && sidecar ? { ...containers, sidecar: 'shop/sidecar' } : containers;
  const images = Object.entries(both).map(([container, repository]) => {
    const digest = pushImage(world, { repository, tag: tagOf(settings, 0) });
    return { name: container, image: `${REGISTRY}/${repository}@${digest}`, essential: true };
  });
  call('ecs', 'RegisterTaskDefinition', {
    family: name,
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: 'arn:aws:iam::123456789012:role/ecsTaskExecutionRole',
    containerDefinitions: images.map((image) => ({
      ...image,
      portMappings: traffic ? [{ containerPort: 8080 }] : [],
    })),
  });
  const targetGroup = `targetgroup/${name}/6d0ecf831eec9f09`;
  const loadBalancer = `app/${name}/50dc6c495c0c9188`;
  call('ecs', 'CreateService', {
    cluster: 'production',
    serviceName: name,
    taskDefinition: name,
    desiredCount: desired,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    ...(traffic
      ? {
          loadBalancers: [
            {
              targetGroupArn: `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:${targetGroup}`,
              containerName: 'app',
              containerPort: 8080,
            },
          ],
        }
      : {}),
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: breaker, rollback: breaker },
    },
  });
  if (!traffic) return;
  addTraffic(world, {
    cluster: 'production',
    service: name,
    loadBalancer,
    targetGroup,
    requestsPerSecond: 10,
  });
  const dimensions = [{ Name: 'LoadBalancer', Value: loadBalancer }];
  const stat = (id: string, metric: string) => ({
    Id: id,
    ReturnData: false,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/ApplicationELB',
        MetricName: metric,
        Dimensions: [...dimensions, { Name: 'TargetGroup', Value: targetGroup }],
      },
      Period: 60,
      Stat: 'Sum',
    },
  });
  call('monitoring', 'PutMetricAlarm', {
    AlarmName: `${name}-5xx`,
    ComparisonOperator: 'GreaterThanThreshold',
    Threshold: 5,
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    TreatMissingData: 'notBreaching',
    Metrics: [
      stat('req', 'RequestCount'),
      stat('err', 'HTTPCode_Target_5XX_Count'),
      { Id: 'rate', Expression: 'IF(req > 20, 100 * FILL(err, 0) / req, 0)', ReturnData: true },
    ],
  });
}
