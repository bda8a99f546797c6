/**
 * The world before Slipway arrives: clusters, services that run something, repositories, alarms and
 * traffic, as the scenario describes them. A quarter of an hour old when the scenario begins.
 */
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { addRepository } from '@slipway/local-cloud/ecr/state.ts';
import { DEFAULT_TARGET_GROUPS } from '@slipway/local-cloud/ecs/task/targets.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { advance, emptyWorld, execute } from '@slipway/local-cloud/services.ts';
import { addTraffic } from '@slipway/local-cloud/traffic/state.ts';
import type { Pipeline, Target } from '../../../shared/config/config.ts';
import { addGit } from '../../slipway/git-setup.ts';
import { EXECUTION_ROLE } from '../../slipway/policies.ts';
import type { Scenario } from '../scenario-format.ts';
import { answersRequests } from './answers-requests.ts';
import { addAlarms } from './scenario-alarms.ts';
import {
  addGroups,
  type Balanced,
  connected,
  groupTimes,
  hasTwoGroups,
  oneGroup,
  PORT,
} from './scenario-balancer.ts';
import { trafficOf } from './scenario-traffic.ts';
import type { InitialImage, TargetSetup } from './setup-format.ts';

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

/** A world of the pipeline's targets, at `begin`. The service's own breaker returns by default. */
export function worldOf(
  pipeline: Pipeline,
  scenario: Pick<Scenario, 'targets' | 'targetGroups' | 'throttledHook'>,
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
  const { targetGroups: times = 'tuned', throttledHook } = scenario;
  if (times === 'default') world.ecs.targetGroups = DEFAULT_TARGET_GROUPS;
  if (throttledHook !== undefined) world.ecs.unknowns = { throttledHook };
  const targets = Object.values(pipeline.targets).map((target) => {
    const setup = scenario.targets?.[target.id] ?? {};
    return { target, setup, configured: prepare(world, target, setup) };
  });
  for (const { target, setup, configured } of targets) {
    addTarget(world, target, setup, { configured, seed, times });
  }
  addGit(world, pipeline);
  advance(world, begin);
  for (const { target, configured } of targets) shiftFromNowOn(world, target, configured);
  return world;
}

/** Targets and sources that the pipeline names and a world of another day does not have yet. */
export function addMissingTargets(world: World, pipeline: Pipeline): void {
  for (const target of Object.values(pipeline.targets)) {
    if (world.ecs.services[`${target.cluster}/${target.service}`] !== undefined) continue;
    addTarget(world, target, {}, { configured: asSetUp(world, target, {}) });
  }
  addGit(world, pipeline);
}

/** How the service deploys; what shifts traffic is set once it runs, since nobody is served before. */
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
  readonly shifting?: Readonly<Record<string, unknown>>;
}

/** Settings alone start no deployment (API reference, UpdateService): they hold from the next one. */
function shiftFromNowOn(
  world: World,
  { cluster, service }: Target,
  { shifting, ...others }: DeploymentSetup,
): void {
  if (shifting === undefined) return;
  const deploymentConfiguration = { ...others, ...shifting };
  execute(world, 'ecs', 'UpdateService', { cluster, service, deploymentConfiguration });
}

interface Adding {
  readonly configured: DeploymentSetup;
  readonly seed?: number;
  readonly times?: 'tuned' | 'default';
}

/** What the service itself is configured with before Slipway. */
function asSetUp(_world: World, _target: Target, setup: TargetSetup): DeploymentSetup {
  const { enable = true, rollback = enable } = setup.circuitBreaker ?? {};
  return { deploymentCircuitBreaker: { enable, rollback } };
}

function addTarget(
  world: World,
  target: Target,
  setup: TargetSetup,
  { configured, seed = 0, times = 'tuned' }: Adding,
): void {
  const { cluster, service, rules } = target;
  const { shifting: _, ...deploymentConfiguration } = configured;
  execute(world, 'ecs', 'CreateCluster', { clusterName: cluster });
  for (const { repository } of Object.values(rules.containers)) {
    const made = world.ecr.repositories[repository] ?? addRepository(world, repository);
    // Who waits for scans has turned them on.
    const { scanning = rules.scan === undefined ? 'off' : 'basic' } = setup;
    if (scanning !== 'off') made.scanning = scanning;
  }
  const balanced = answersRequests(target, setup)
    ? balancerOf(world, target, setup, times)
    : undefined;
  const count = balanced === undefined ? DEFAULTS.without : DEFAULTS.behindLoadBalancer;
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
        ...(balanced && { portMappings: [PORT] }),
        logConfiguration: logsOf(world, service),
      }),
    ),
  });
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
    ...balanced?.settings,
  });
  if (balanced === undefined) return;
  const requestsPerSecond =
    setup.requestsPerSecond ?? DEFAULTS.behindLoadBalancer.requestsPerSecond;
  addTraffic(world, { ...balanced.route, requestsPerSecond, ...trafficOf(setup, seed) });
  addAlarms(world, target, setup, balanced.watched);
}

/** Two groups where a load balancer shifts traffic between them, or where the scenario says how they are set. */
function balancerOf(
  world: World,
  target: Target,
  setup: TargetSetup,
  times: 'tuned' | 'default',
): Balanced {
  if (setup.serviceConnect === true) return connected(target);
  if (!hasTwoGroups(target, setup)) return oneGroup(world, target);
  const { loadBalancer } = setup;
  const { type = 'application', testPort } = typeof loadBalancer === 'object' ? loadBalancer : {};
  return addGroups(world, target, groupTimes(setup, times), type, testPort);
}

function logsOf({ region }: World, service: string) {
  const options = {
    'awslogs-group': `/ecs/${service}`,
    'awslogs-region': region,
    'awslogs-stream-prefix': 'ecs',
  };
  return { logDriver: 'awslogs', options };
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
