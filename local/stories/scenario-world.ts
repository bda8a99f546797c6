/**
 * The world before Slipway arrives: clusters, services that run something, repositories, alarms and
 * traffic, as the scenario describes them. A quarter of an hour old when the scenario begins.
 */
import { createHash } from 'node:crypto';
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { addRepository } from '@slipway/local-cloud/ecr/state.ts';
import { DEFAULT_TARGET_GROUPS } from '@slipway/local-cloud/ecs/task/targets.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { advance, emptyWorld, execute } from '@slipway/local-cloud/services.ts';
import type { Pattern } from '@slipway/local-cloud/traffic/chances.ts';
import { addTraffic } from '@slipway/local-cloud/traffic/state.ts';
import type { Pipeline, Target } from '../../shared/config/config.ts';
import { addGit } from '../slipway/git-setup.ts';
import { EXECUTION_ROLE } from '../slipway/policies.ts';
import type { AlarmSetup, InitialImage, Scenario, TargetSetup } from './scenario-format.ts';

/** Virtual time of the scenario's beginning. Fixed, so that an `event` can name times. */
export const BEGIN = Date.UTC(2026, 10, 20, 10, 0, 0);
const AGE_MS = 15 * 60_000;
/** ECS is eventually consistent; how late its reads are is not documented (unverified). */
const READ_LAG_MOST_MS = 5_000;
/** Of what runs at the beginning, unless the scenario says otherwise. */
export const INITIAL_TAG = 'main-0000000';
const DEFAULTS = {
  behindLoadBalancer: { desiredCount: 4, requestsPerSecond: 50 },
  without: { desiredCount: 2 },
} as const;
export const ALARM_DEFAULTS = {
  errorPercent: 5,
  minimumRequests: 20,
  minutes: 3,
  redMinutes: 2,
} as const;

/** A world of the pipeline's targets, at `begin`. The service's own breaker returns by default. */
export function worldOf(
  pipeline: Pipeline,
  scenario: Pick<Scenario, 'targets' | 'targetGroups'>,
  seed: number,
  prepare: (world: World, target: Target, setup: TargetSetup) => DeploymentSetup = asSetUp,
  begin = BEGIN,
): World {
  const { account, region } = pipeline;
  const world = emptyWorld({
    now: begin - AGE_MS,
    seed,
    account,
    region,
    readLagMs: READ_LAG_MOST_MS,
  });
  if (scenario.targetGroups === 'default') world.ecs.targetGroups = DEFAULT_TARGET_GROUPS;
  for (const target of Object.values(pipeline.targets)) {
    const setup = scenario.targets?.[target.id] ?? {};
    addTarget(world, target, setup, prepare(world, target, setup), seed);
  }
  addGit(world, pipeline);
  advance(world, begin);
  return world;
}

/** Targets and sources that the pipeline names and a world of another day does not have yet. */
export function addMissingTargets(world: World, pipeline: Pipeline): void {
  for (const target of Object.values(pipeline.targets)) {
    if (world.ecs.services[`${target.cluster}/${target.service}`] !== undefined) continue;
    addTarget(world, target, {}, asSetUp(world, target, {}));
  }
  addGit(world, pipeline);
}

export interface DeploymentSetup {
  readonly minimumHealthyPercent?: number;
  readonly maximumPercent?: number;
  readonly bakeTimeInMinutes?: number;
  readonly deploymentCircuitBreaker: { readonly enable: boolean; readonly rollback: boolean };
  readonly alarms?: {
    readonly alarmNames: readonly string[];
    readonly enable: boolean;
    readonly rollback: boolean;
  };
}

/** What the service itself is configured with before Slipway. */
function asSetUp(_world: World, _target: Target, setup: TargetSetup): DeploymentSetup {
  const { enable = true, rollback = enable } = setup.circuitBreaker ?? {};
  return { deploymentCircuitBreaker: { enable, rollback } };
}

/** A service with alarms is one that answers requests. */
function isBehindLoadBalancer({ rules }: Target, { loadBalancer }: TargetSetup): boolean {
  return loadBalancer ?? rules.alarms.length > 0;
}

function addTarget(
  world: World,
  target: Target,
  setup: TargetSetup,
  deploymentConfiguration: DeploymentSetup,
  seed = 0,
): void {
  const { cluster, service, rules } = target;
  execute(world, 'ecs', 'CreateCluster', { clusterName: cluster });
  for (const { repository } of Object.values(rules.containers)) {
    const made = world.ecr.repositories[repository] ?? addRepository(world, repository);
    // Who waits for scans has turned them on.
    const { scanning = rules.scan === undefined ? 'off' : 'basic' } = setup;
    if (scanning !== 'off') made.scanning = scanning;
  }
  const behindLoadBalancer = isBehindLoadBalancer(target, setup);
  const route = routeOf(target);
  const count = behindLoadBalancer ? DEFAULTS.behindLoadBalancer : DEFAULTS.without;
  execute(world, 'ecs', 'RegisterTaskDefinition', {
    family: service,
    requiresCompatibilities: ['FARGATE'],
    networkMode: 'awsvpc',
    cpu: '512',
    memory: '1024',
    executionRoleArn: `arn:aws:iam::${world.account}:role/${EXECUTION_ROLE}`,
    containerDefinitions: Object.entries(rules.containers).map(
      ([name, { registry, repository }]) => ({
        name,
        image: `${registry}/${initialReference(world, repository, imageOf(setup, name))}`,
        essential: true,
        environment: [{ name: 'STAGE', value: cluster }],
        ...(behindLoadBalancer ? { portMappings: [{ containerPort: 8080 }] } : {}),
        logConfiguration: logsOf(world, service),
      }),
    ),
  });
  const [first = ''] = Object.keys(rules.containers);
  execute(world, 'ecs', 'CreateService', {
    cluster,
    serviceName: service,
    taskDefinition: service,
    desiredCount: setup.desiredCount ?? count.desiredCount,
    launchType: 'FARGATE',
    networkConfiguration: {
      awsvpcConfiguration: {
        subnets: ['subnet-0a1b2c3d', 'subnet-1b2c3d4e'],
        securityGroups: ['sg-0a1b2c3d'],
      },
    },
    deploymentConfiguration,
    ...(behindLoadBalancer
      ? {
          loadBalancers: [
            {
              targetGroupArn: `arn:aws:elasticloadbalancing:${world.region}:${world.account}:${route.targetGroup}`,
              containerName: first,
              containerPort: 8080,
            },
          ],
        }
      : {}),
  });
  if (!behindLoadBalancer) return;
  const requestsPerSecond =
    setup.requestsPerSecond ?? DEFAULTS.behindLoadBalancer.requestsPerSecond;
  addTraffic(world, { ...route, requestsPerSecond, ...drawnBy(setup, seed) });
  if (setup.alarms === 'none') return;
  for (const alarm of rules.alarms) {
    if (world.cloudwatch.alarms[alarm] === undefined) {
      const definition = setup.alarms?.[alarm] ?? {};
      if (definition.byHand === true) addAlarmByHand(world, alarm);
      else addAlarm(world, alarm, route, definition);
    }
  }
}

function logsOf({ region }: World, service: string) {
  const options = {
    'awslogs-group': `/ecs/${service}`,
    'awslogs-region': region,
    'awslogs-stream-prefix': 'ecs',
  };
  return { logDriver: 'awslogs', options };
}

/** The same seed draws the same requests for Slipway and for ECS alone: they are compared. */
function drawnBy({ requests = 'expected' }: TargetSetup, seed: number): { drawn?: Drawing } {
  return requests === 'expected' ? {} : { drawn: { seed, pattern: PATTERNS[requests] } };
}

type Drawing = { readonly seed: number; readonly pattern: Pattern };

const PATTERNS: Readonly<Record<'steady' | 'daily' | 'bursts', Pattern>> = {
  steady: { kind: 'steady' },
  daily: { kind: 'daily', amplitude: 0.6, peakHour: 20 },
  bursts: { kind: 'bursts', factor: 10, seconds: 60, everyMinutes: 20 },
};

/** Where a target's requests come from; made from its name, as nothing else depends on it. */
export function routeOf({ cluster, service }: Pick<Target, 'cluster' | 'service'>) {
  return {
    cluster,
    service,
    loadBalancer: `app/${cluster}/${hex(cluster)}`,
    targetGroup: `targetgroup/${service}/${hex(`${cluster}/${service}`)}`,
  };
}

function hex(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

function imageOf({ images }: TargetSetup, container: string): InitialImage | undefined {
  return images === 'none' ? undefined : (images?.[container] ?? {});
}

/** `shop/web@sha256:…`, or by its tag; without an image, a tag that is not there. */
function initialReference(
  world: World,
  repository: string,
  image: InitialImage | undefined,
): string {
  if (image === undefined) return `${repository}:not-pushed-yet`;
  const { tag = INITIAL_TAG, behaviour, byTag = false } = image;
  const digest =
    world.ecr.repositories[repository]?.tags[tag] ??
    pushImage(world, { repository, tag, ...(behaviour && { behaviour: behaviour as Behaviour }) });
  return byTag ? `${repository}:${tag}` : `${repository}@${digest}`;
}

/** An alarm whose metric nobody writes: it stays as it is set. */
function addAlarmByHand(world: World, name: string): void {
  execute(world, 'monitoring', 'PutMetricAlarm', {
    AlarmName: name,
    AlarmDescription: 'set by the scenario',
    Namespace: 'Scenario',
    MetricName: name,
    Statistic: 'Maximum',
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 0,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'ignore',
  });
  execute(world, 'monitoring', 'SetAlarmState', {
    AlarmName: name,
    StateValue: 'OK',
    StateReason: 'the scenario begins',
  });
}

/** The rate of 5xx in percent, by metric math, as long as there are requests enough to judge. */
function addAlarm(
  world: World,
  name: string,
  { loadBalancer, targetGroup }: ReturnType<typeof routeOf>,
  setup: AlarmSetup,
): void {
  const { errorPercent, minimumRequests, minutes, redMinutes } = { ...ALARM_DEFAULTS, ...setup };
  const metric = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/ApplicationELB',
        MetricName,
        Dimensions: [
          { Name: 'LoadBalancer', Value: loadBalancer },
          { Name: 'TargetGroup', Value: targetGroup },
        ],
      },
      Period: 60,
      Stat: 'Sum',
    },
  });
  execute(world, 'monitoring', 'PutMetricAlarm', {
    AlarmName: name,
    AlarmDescription: `5xx in percent of the requests, with more than ${minimumRequests} a minute`,
    Metrics: [
      {
        Id: 'rate',
        Expression: `IF(req > ${minimumRequests}, 100 * FILL(err, 0) / req, 0)`,
        Label: '5xx %',
        ReturnData: true,
      },
      metric('err', 'HTTPCode_Target_5XX_Count'),
      metric('req', 'RequestCount'),
    ],
    EvaluationPeriods: minutes,
    DatapointsToAlarm: redMinutes,
    Threshold: errorPercent,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  });
}
