/** Which bad images came to a target in one world, and how it went with each of them there. */
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { behaviourOf } from '@slipway/local-cloud/ecr/state.ts';
import type { ServiceDeploymentRecord } from '@slipway/local-cloud/ecs/state.ts';
import { eventsOn } from '@slipway/local-cloud/eventbridge/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { badRequestsBetween } from '@slipway/local-cloud/traffic/state.ts';
import type { Target } from '../../shared/config/config.ts';
import type { Step } from './scenario-format.ts';
import { BEGIN } from './setup/scenario-world.ts';
import type { Stage } from './stage.ts';

/** How it went with one bad image in one world. */
export type Course =
  | { readonly deployed: false }
  /** Without harm: no request was answered badly, or no task failed, as long as it ran. */
  | { readonly deployed: true; readonly harm?: Harm };

/** Seconds from the first bad request, or the first failed task. */
export interface Harm {
  /** Bad requests, or failed tasks, until the next bad image. */
  readonly count: number;
  /** Absent: nobody asked for a rollback from it. */
  readonly toAsked?: number;
  /** Absent: it was never good again before the story ended. */
  readonly toGood?: number;
}

export interface Arrival {
  /** The same in both worlds: repository, tag, and which of its arrivals this is. */
  readonly name: string;
  readonly at: number;
  readonly tag: string;
  readonly digest: string;
  readonly again: boolean;
}

interface Window {
  readonly from: number;
  readonly to: number;
}

/** So long without anything bad is good again. */
const CALM_MS = 60_000;

/** The bad images of the target's repositories, each time that one is pushed or its event comes. */
export function arrivalsIn(
  { world, labels }: Pick<Stage, 'world' | 'labels'>,
  { rules }: Target,
  steps: readonly Step[],
): readonly Arrival[] {
  const repositories = Object.values(rules.containers).map((it) => it.repository);
  const redelivered = steps.flatMap(({ at, redeliver }) => {
    if (redeliver === undefined) return [];
    const { repository, tag } = redeliver;
    const digest = labels.digestOf(repository, tag) ?? '';
    return [{ at: BEGIN + at, repository, tag, digest }];
  });
  const come = [...pushesIn(world), ...redelivered]
    .filter(({ at, repository }) => at >= BEGIN && repositories.includes(repository))
    .filter(({ digest }) => isBad(behaviourOf(world, digest)))
    .sort((a, b) => a.at - b.at)
    // An image with several tags comes once, under the first.
    .filter((it, i, all) => i === all.findIndex((o) => o.at === it.at && o.digest === it.digest));
  return come.map(({ at, repository, tag, digest }, index) => {
    const before = come.slice(0, index);
    const times = before.filter((it) => it.repository === repository && it.tag === tag).length;
    const again = before.some((it) => it.digest === digest);
    return { name: `${repository}:${tag} ${times}`, at, tag, digest, again };
  });
}

function pushesIn(world: World) {
  return eventsOn(world, 'default').flatMap(({ source, time, detail }) => {
    const { 'repository-name': repository, 'image-digest': digest, 'image-tag': tag } = detail;
    if (source !== 'aws.ecr' || detail['action-type'] !== 'PUSH' || tag === undefined) return [];
    const image = { repository: String(repository), digest: String(digest), tag: String(tag) };
    return [{ at: Date.parse(time), ...image }];
  });
}

/** Slow is not bad: no alarm of the stories watches it, and no request is lost. */
function isBad(behaviour: Behaviour): boolean {
  const { errorRate = 0, failsHealthCheck, unpullable } = behaviour;
  const { exitCodeOnStart, crashAfterSeconds, oomAfterSeconds } = behaviour;
  const stops = [exitCodeOnStart, crashAfterSeconds, oomAfterSeconds].some(
    (it) => it !== undefined,
  );
  return errorRate > 0 || failsHealthCheck === true || unpullable === true || stops;
}

export function courseOf(
  world: World,
  target: Target,
  arrivals: readonly Arrival[],
  name: string,
  from: 'bad request' | 'failed task',
  until: number,
): Course {
  const arrival = arrivals.find((it) => it.name === name);
  const start = arrival && startOf(world, target, arrival, arrivals);
  if (arrival === undefined || start === undefined) return { deployed: false };
  const { digest } = arrival;
  const window = { from: start, to: endOf(world, target, arrivals, arrival, start, until) };
  const inWindow = deploymentsOf(world, target).filter((it) => isIn(it.createdAt, window));
  const brings = inWindow.filter((it) => brought(world, it).includes(digest));
  const bad =
    from === 'bad request'
      ? badStepsOf(world, target, window)
      : failedTasksOf(world, target, window, revisionsOf(world, brings));
  const [first] = bad;
  const last = bad.at(-1);
  if (first === undefined || last === undefined) return { deployed: true };
  const askedAt = askedAtOf(world, target, window, digest);
  // Tasks that nobody starts any more do not fail either: only what replaced the image is good.
  const newest = inWindow.at(-1);
  const isLeft = from === 'bad request' || isReturned(newest) || !brings.includes(newest as never);
  const isOver = last < window.to - CALM_MS && isLeft;
  const seconds = (at: number) => Math.max(0, Math.round((at - first) / 1000));
  return {
    deployed: true,
    harm: {
      count:
        from === 'bad request'
          ? badRequestsBetween(world, target, window.from, window.to)
          : bad.length,
      ...(askedAt === undefined ? {} : { toAsked: seconds(askedAt) }),
      ...(isOver ? { toGood: seconds(last) } : {}),
    },
  };
}

/** When its first deployment began, before the same image came once more. */
function startOf(
  world: World,
  target: Target,
  { at, digest }: Arrival,
  arrivals: readonly Arrival[],
): number | undefined {
  const again = arrivals.find((it) => it.at > at && it.digest === digest)?.at;
  const window = { from: at, to: again ?? Number.POSITIVE_INFINITY };
  return deploymentsOf(world, target).find(
    (it) => isIn(it.createdAt, window) && brought(world, it).includes(digest),
  )?.createdAt;
}

/**
 * Until the next bad image begins, if all was good then; otherwise nobody could tell the two
 * apart, and what the second adds belongs to how long the first was not good again.
 */
function endOf(
  world: World,
  target: Target,
  arrivals: readonly Arrival[],
  arrival: Arrival,
  start: number,
  until: number,
): number {
  const others = arrivals
    .filter(({ at }) => at > arrival.at)
    .flatMap((it) => startOf(world, target, it, arrivals) ?? []);
  const isCalm = (at: number) =>
    badStepsOf(world, target, { from: at - CALM_MS, to: at }).length === 0;
  return Math.min(until, ...others.filter((at) => at > start && isCalm(at)));
}

/** When somebody first asked to go back from it, unless a newer image came before. */
function askedAtOf(
  world: World,
  target: Target,
  window: Window,
  digest: string,
): number | undefined {
  const all = deploymentsOf(world, target);
  const ranBefore = all
    .filter(({ createdAt }) => createdAt < window.from)
    .map((it) => brought(world, it).join());
  for (const deployment of all.filter(({ createdAt }) => isIn(createdAt, window))) {
    const digests = brought(world, deployment);
    if (!digests.includes(digest)) {
      return ranBefore.includes(digests.join()) ? deployment.createdAt : undefined;
    }
    const { rollback } = deployment;
    if (rollback !== undefined && rollback.startedAt <= window.to) return rollback.startedAt;
  }
  return undefined;
}

function isReturned(deployment: ServiceDeploymentRecord | undefined): boolean {
  return deployment?.status === 'ROLLBACK_SUCCESSFUL';
}

/** Oldest first, of every service that bore the name. */
function deploymentsOf(world: World, { cluster, service }: Target) {
  return Object.values(world.ecs.serviceDeployments)
    .filter((it) => it.service === `${cluster}/${service}`)
    .sort((a, b) => a.createdAt - b.createdAt);
}

function brought(world: World, { target }: ServiceDeploymentRecord): readonly string[] {
  return (world.ecs.revisions[target]?.containers ?? []).map(({ digest }) => digest ?? '');
}

function revisionsOf(world: World, deployments: readonly ServiceDeploymentRecord[]) {
  return deployments.map(({ target }) => world.ecs.revisions[target]?.taskDefinition);
}

function badStepsOf(world: World, { cluster, service }: Target, window: Window): readonly number[] {
  const source = world.traffic.sources.find(
    (it) => it.cluster === cluster && it.service === service,
  );
  return (source?.badSteps ?? [])
    .map(({ at }) => at)
    .filter((at) => at > window.from && at <= window.to);
}

const FAILURES = new Set(['EssentialContainerExited', 'TaskFailedToStart']);

/** When its tasks failed; of these task definitions, or of any. */
export function failedTasksOf(
  world: World,
  { cluster, service }: Target,
  window: Window,
  taskDefinitions?: readonly (string | undefined)[],
): readonly number[] {
  return eventsOn(world, 'default').flatMap(({ 'detail-type': type, time, detail }) => {
    if (type !== 'ECS Task State Change' || detail.lastStatus !== 'STOPPED') return [];
    const at = Date.parse(time);
    const isIts =
      detail.group === `service:${service}` &&
      String(detail.clusterArn).endsWith(`/${cluster}`) &&
      (taskDefinitions?.includes(String(detail.taskDefinitionArn)) ?? true);
    return isIts && FAILURES.has(String(detail.stopCode)) && isIn(at, window) ? [at] : [];
  });
}

function isIn(at: number, { from, to }: Window): boolean {
  return at >= from && at <= to;
}
