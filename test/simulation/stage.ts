/** The account that a simulated world begins with: services that run, alarms that are green. */

import { LOCAL_PUBLIC_KEY } from '@slipway/local-cloud/ecr/cosign.ts';
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import type { Unknowns } from '@slipway/local-cloud/ecs/shift/state.ts';
import { drainDeliveries, putRule } from '@slipway/local-cloud/eventbridge/state.ts';
import { addToken } from '@slipway/local-cloud/github/setup.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import {
  advance,
  emptyWorld,
  executeCall,
  type ServiceName,
} from '@slipway/local-cloud/services.ts';
import type { CommonErrors } from '@slipway/local-cloud/traffic/common-errors.ts';
import { addTraffic } from '@slipway/local-cloud/traffic/state.ts';
import { addGit, TOKEN } from '../../local/slipway/git-setup.ts';
import { addAlarms } from '../../local/stories/setup/scenario-alarms.ts';
import { addGroups, connected, PORT } from '../../local/stories/setup/scenario-balancer.ts';
import {
  definePipeline,
  ecsService,
  noAlarms,
  type Pipeline,
  type Target,
} from '../../shared/config/config.ts';
import type { ReleaseApprovalRules } from '../../shared/core/model/approval.ts';
import { defined } from '../../shared/core/model/defined.ts';
import type { Freeze } from '../../shared/core/model/freeze/freeze.ts';
import type { Strategy } from '../../shared/core/model/rules.ts';
import { routes } from '../../shared/runtime/routing.ts';
import type { Chance } from './chance.ts';
import { installHook } from './hook.ts';

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
  /** The task definition of `web` stands in git, too. */
  readonly hasDefinition?: boolean;
  /** `web` shifts its traffic between two groups; absent: a rolling update. */
  readonly shift?: ShiftSettings;
  /** When nothing new starts, in all three targets; absent: never. */
  readonly freeze?: Freeze;
  /** `worker` takes the images of `web`, after that has proven them. */
  readonly promotion?: PromotionSettings;
  /** Of a build that still runs when a newer commit comes. */
  readonly whileBuilding?: 'stop' | 'finish';
}

/** How an image comes from `web` to `worker`. */
export interface PromotionSettings {
  readonly soakMinutes: number;
  /** A person's word is wanted before it starts there. */
  readonly word?: Omit<ReleaseApprovalRules, 'by'>;
}

/** How the traffic of `web` comes to a release, and how ECS does what AWS does not say. */
export interface ShiftSettings {
  readonly strategy: Strategy;
  readonly unknowns?: Unknowns;
  /** Whether each release is compared with the one before it; absent: as the config has it by itself. */
  readonly judge?: 'act' | 'watch';
  readonly afterInconclusive?: 'proceed' | 'hold';
  /** The judge alone speaks: there is no alarm. */
  readonly isUnguarded?: boolean;
  /** Drawn by chance where a release is judged, as requests are; absent: ten, and exactly. */
  readonly requestsPerSecond?: number;
  /** What fails whichever revision answers, where requests are drawn. */
  readonly errors?: CommonErrors;
  /** Answers that take longer are slow, and judged as well. */
  readonly slowMs?: number;
  /** What its traffic comes by; an Application Load Balancer unless told. */
  readonly by?: 'application' | 'network' | 'connect';
  /** A person's word is wanted before a step. */
  readonly word?: Omit<ReleaseApprovalRules, 'by'>;
}

/** Who makes the images of commits: our builds, somebody who pushes them himself, or others whose word GitHub confirms. */
export type GitImages = 'built' | 'pushed' | 'elsewhere';

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

const REQUESTS_PER_SECOND = 10;

const GATES = {
  scan: { scan: { highest: 'MEDIUM', waitMinutes: 10, afterWait: 'ask' } },
  signature: { signature: { publicKey: LOCAL_PUBLIC_KEY, waitMinutes: 10 } },
} as const;

/** Where commits come from, and what is built of them. */
export const GIT_REPOSITORY = 'acme/shop';
/** Where `web` has its task definition, in the world that keeps it there. */
export const DEFINITION = 'web/taskdef.json';

function sourcesOf({ git, whileBuilding = 'stop' }: Settings) {
  const shop = { repository: GIT_REPOSITORY, images: { web: { repository: 'shop/web' } } };
  return {
    shop:
      git === 'elsewhere'
        ? { ...shop, builtBy: 'elsewhere' as const, branches: ['main'] }
        : { ...shop, branches: ['main', 'next'], whileBuilding },
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
    ...(settings.freeze && { freeze: settings.freeze }),
  };
  const sidecar = { sidecar: { repository: 'shop/sidecar', ...TAGS['push-time'] } };
  const taken = TAGS[settings.order ?? 'push-time'];
  const { git } = settings;
  const from = { source: 'shop', branches: ['main'] };
  const byCommit = {
    ...{ tags: { glob: '*' }, newer: 'commit' as const },
    ...(git === 'pushed' ? { onlyBuilt: false } : { from }),
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
        ...(settings.hasDefinition && { definition: DEFINITION }),
        alarms: settings.shift?.isUnguarded ? noAlarms('the judge alone is asked') : ['web-5xx'],
        ...rules,
        ...(settings.shift && shiftOf(settings.shift)),
        // Ten minutes more at each shift, on the way back, too (docs/strategies.md).
        ...(settings.shift?.by === 'network' && { rolloutMinutes: 90, rollbackMinutes: 60 }),
        ...(settings.shift?.word && { approvals: { release: wordOf(settings.shift.word) } }),
      }),
      worker: ecsService({
        mode: 'act',
        cluster: 'production',
        service: 'worker',
        containers: { worker: { repository: workerTakes(settings), ...taken } },
        alarms: noAlarms('it answers no requests'),
        ...rules,
        ...(settings.promotion && promotionOf(settings.promotion)),
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

function workerTakes({ promotion }: Pick<Settings, 'promotion'>): string {
  return promotion === undefined ? 'shop/worker' : 'shop/web';
}

function promotionOf({ soakMinutes, word }: PromotionSettings) {
  return {
    after: { targets: ['web'], soakMinutes },
    ...(word && { approvals: { release: wordOf(word) } }),
  };
}

function shiftOf({ strategy, judge, afterInconclusive, slowMs }: ShiftSettings) {
  return defined({ strategy, judge, afterInconclusive, slowMs });
}

/** As the config's order reads it: the place of an image is its number. */
export function tagOf({ order }: Pick<Settings, 'order'>, number: number): string {
  return order === 'semver' ? `1.${number}.0` : `main-${number}`;
}

/** As the config says it. */
function wordOf({ before, minutes, otherwise }: NonNullable<ShiftSettings['word']>) {
  return { before, within: `${minutes}m`, otherwise };
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
    if (!services.includes(service.name)) continue;
    const target = pipeline.targets[service.name];
    if (service.name === 'web' && settings.shift !== undefined && target !== undefined) {
      makeShifting(world, service, settings, { call, target });
    } else makeService(world, service, settings, call);
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

/** The time that its targets take to come and to go: a service that is tuned for it. */
const GROUP_TIMES = { healthCheckSeconds: 10, healthyChecks: 3, drainSeconds: 30 } as const;

/** Behind a rule of two groups, which ECS may move, and whose hook is ours. */
function makeShifting(
  world: World,
  service: Service,
  settings: Settings,
  { call, target }: { readonly call: Call; readonly target: Target },
): void {
  const { by = 'application' } = settings.shift ?? {};
  const {
    settings: balancer,
    route,
    watched,
  } = by === 'connect' ? connected(target) : addGroups(world, target, GROUP_TIMES, by);
  if (settings.shift?.unknowns !== undefined) world.ecs.unknowns = settings.shift.unknowns;
  installHook(world);
  createService(world, service, settings, { call, balancer });
  const { judge, errors, requestsPerSecond = REQUESTS_PER_SECOND } = settings.shift ?? {};
  const drawn = judge && { drawn: { seed: world.chance }, ...(errors && { errors }) };
  addTraffic(world, { ...route, requestsPerSecond, ...drawn });
  // Another target may name it, where its own does not.
  const rules = { ...target.rules, alarms: [`${service.name}-5xx`] };
  if (watched === undefined) addUnmeasured(target, call);
  else addAlarms(world, { ...target, rules }, {}, watched);
}

/** Nothing that is modelled counts the answers: it rises when somebody sets it, and is OK again. */
function addUnmeasured({ rules }: Target, call: Call): void {
  for (const AlarmName of rules.alarms) {
    call('monitoring', 'PutMetricAlarm', {
      AlarmName,
      Namespace: 'Shop',
      MetricName: AlarmName,
      Statistic: 'Maximum',
      Period: 60,
      EvaluationPeriods: 3,
      DatapointsToAlarm: 2,
      Threshold: 0,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'notBreaching',
    });
  }
}

type Call = (service: ServiceName, operation: string, input: object) => unknown;

function createService(
  world: World,
  { name, containers, traffic }: Service,
  settings: Settings,
  { call, balancer }: { readonly call: Call; readonly balancer: object },
): void {
  const { desired, breaker, sidecar } = settings;
  const own = name === 'worker' ? { worker: workerTakes(settings) } : containers;
  const both = name === 'web' && sidecar ? { ...own, sidecar: 'shop/sidecar' } : own;
  const images = Object.entries(both).map(([container, repository]) => {
    const tag = tagOf(settings, 0);
    const there = world.ecr.repositories[repository]?.tags[tag];
    const digest = there ?? pushImage(world, { repository, tag });
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
      portMappings: traffic ? [PORT] : [],
    })),
  });
  call('ecs', 'CreateService', {
    cluster: 'production',
    serviceName: name,
    taskDefinition: name,
    desiredCount: desired,
    launchType: 'FARGATE',
    networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
    ...balancer,
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: breaker, rollback: breaker },
    },
  });
}

function makeService(world: World, service: Service, settings: Settings, call: Call): void {
  const { name, traffic } = service;
  const targetGroup = `targetgroup/${name}/6d0ecf831eec9f09`;
  const loadBalancer = `app/${name}/50dc6c495c0c9188`;
  const targetGroupArn = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT}:${targetGroup}`;
  const behind = { targetGroupArn, containerName: 'app', containerPort: 8080 };
  const balancer = traffic ? { loadBalancers: [behind] } : {};
  createService(world, service, settings, { call, balancer });
  if (!traffic) return;
  addTraffic(world, {
    cluster: 'production',
    service: name,
    loadBalancer,
    targetGroup,
    requestsPerSecond: REQUESTS_PER_SECOND,
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
