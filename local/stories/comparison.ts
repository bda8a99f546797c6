/**
 * What a bad image cost: requests answered badly, and how long until somebody asked for a rollback
 * and until all was good again. Read off the world alone, so that it is the same measure with
 * Slipway and with ECS alone.
 */

import { eventsOn } from '@slipway/local-cloud/eventbridge/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { badRequestsBetween } from '@slipway/local-cloud/traffic/state.ts';
import type { Pipeline, Target } from '../../shared/config/config.ts';
import { builtImages } from './scenario-builds.ts';
import type { Scenario } from './scenario-format.ts';
import { BEGIN } from './scenario-world.ts';
import type { Stage } from './stage.ts';

export interface Episode {
  readonly target: string;
  readonly tag: string;
  /** Its event came once more. */
  readonly again: boolean;
  /** From the first bad request, or the first failed task where there are no requests. */
  readonly spike: 'requests' | 'tasks';
  readonly withSlipway: Cost;
  readonly ecsAlone: Cost;
}

export interface Cost {
  readonly badRequests: number;
  /** Absent: it never came to that. */
  readonly secondsToAsk?: number;
  readonly secondsToGood?: number;
  /** False: this image never ran here, so there was nothing to undo. */
  readonly started: boolean;
}

/**
 * One for each target and each time that a bad image comes, until the next image comes. An event
 * that is delivered again is a time of its own.
 */
export function compare(
  scenario: Scenario,
  pipeline: Pipeline,
  withSlipway: Stage,
  ecsAlone: Stage,
): readonly Episode[] {
  return Object.values(pipeline.targets).flatMap((target) => {
    const arrivals = arrivalsFor(target, scenario, pipeline);
    return arrivals.flatMap(({ at, repository, tag, again, bad }, index) => {
      if (!bad) return [];
      const until = BEGIN + (arrivals[index + 1]?.at ?? scenario.until);
      const window = { from: BEGIN + at, until };
      const stages = [withSlipway, ecsAlone];
      const spike = stages.some(({ world }) => badSteps(world, target, window).length > 0)
        ? 'requests'
        : 'tasks';
      const costOf = ({ world, labels }: Stage) =>
        cost(world, target, labels.digestOf(repository, tag) ?? '', window, spike);
      const costs = { withSlipway: costOf(withSlipway), ecsAlone: costOf(ecsAlone) };
      if (!costs.withSlipway.started && !costs.ecsAlone.started) return [];
      return [{ target: target.id, tag, again, spike, ...costs } as const];
    });
  });
}

/** When an image of the target's repositories is pushed, or its event comes again. */
function arrivalsFor({ rules }: Target, scenario: Scenario, pipeline: Pipeline) {
  const { steps } = scenario;
  const repositories = Object.values(rules.containers).map((it) => it.repository);
  const built = builtImages(scenario, pipeline).map(({ behaviour, ...image }) => ({
    ...image,
    again: false,
    bad: isBad(behaviour),
  }));
  const pushed = steps.flatMap(({ at, push }) => {
    const tag = push?.tag ?? push?.tags?.[0];
    if (push === undefined || tag === undefined) return [];
    const { repository, behaviour } = push;
    return [{ at, repository, tag, again: false, bad: isBad(behaviour) }];
  });
  const pushes = [...pushed, ...built];
  const repeats = steps.flatMap(({ at, redeliver }) => {
    const first = pushes.find(
      ({ repository, tag }) => repository === redeliver?.repository && tag === redeliver.tag,
    );
    return first === undefined ? [] : [{ ...first, at, again: true }];
  });
  return [...pushes, ...repeats]
    .filter(({ repository }) => repositories.includes(repository))
    .sort((a, b) => a.at - b.at);
}

function isBad(behaviour: object | undefined): boolean {
  const {
    startSeconds: _,
    latencyMs: __,
    faultyAfterSeconds: ___,
    ...bad
  } = {
    startSeconds: 0,
    latencyMs: 0,
    faultyAfterSeconds: 0,
    ...behaviour,
  };
  return Object.values(bad).some((value) => value !== undefined && value !== 0 && value !== false);
}

interface Window {
  readonly from: number;
  readonly until: number;
}

function cost(
  world: World,
  target: Target,
  digest: string,
  window: Window,
  spike: Episode['spike'],
): Cost {
  const badRequests = badRequestsBetween(world, target, window.from, window.until);
  const attempt = attemptOf(world, target, digest, window);
  if (attempt === undefined) return { badRequests, started: false };
  const bad =
    spike === 'requests'
      ? badSteps(world, target, window)
      : failedTasks(world, attempt.taskDefinitions, window);
  const spikeAt = bad[0];
  if (spikeAt === undefined) return { badRequests, started: true };
  const seconds = (at: number) => Math.max(0, Math.round((at - spikeAt) / 1000));
  const last = bad.at(-1) ?? spikeAt;
  // Bad to the end: only the next push, if anything, ended it. And tasks that nobody starts any
  // more do not fail, which is not good yet.
  const isOver = last < window.until - QUIET_MS && (spike === 'requests' || attempt.askedAt);
  return {
    badRequests,
    started: true,
    ...(attempt.askedAt === undefined ? {} : { secondsToAsk: seconds(attempt.askedAt) }),
    ...(isOver ? { secondsToGood: seconds(last) } : {}),
  };
}

const QUIET_MS = 60_000;

/** The deployments that brought the image, and when somebody first asked to go back from them. */
function attemptOf(world: World, { cluster, service }: Target, digest: string, window: Window) {
  const history = (world.ecs.services[`${cluster}/${service}`]?.history ?? []).flatMap(
    (id) => world.ecs.serviceDeployments[id] ?? [],
  );
  const digestsOf = (revision: string) =>
    (world.ecs.revisions[revision]?.containers ?? []).map((it) => it.digest ?? '');
  const brings = history.filter(
    ({ createdAt, target }) =>
      createdAt >= window.from && createdAt <= window.until && digestsOf(target).includes(digest),
  );
  const [first] = brings;
  if (first === undefined) return undefined;
  const ranBefore = history
    .filter(({ createdAt }) => createdAt < first.createdAt)
    .map(({ target }) => digestsOf(target).join());
  const back = history.find(
    ({ createdAt, target }) =>
      createdAt > first.createdAt && ranBefore.includes(digestsOf(target).join()),
  );
  const moments = [...brings.map(({ rollback }) => rollback?.startedAt), back?.createdAt].filter(
    (at) => at !== undefined && at <= window.until,
  ) as number[];
  return {
    taskDefinitions: brings.map(({ target }) => world.ecs.revisions[target]?.taskDefinition),
    askedAt: moments.length === 0 ? undefined : Math.min(...moments),
  };
}

function badSteps(
  world: World,
  { cluster, service }: Target,
  { from, until }: Window,
): readonly number[] {
  const source = world.traffic.sources.find(
    (it) => it.cluster === cluster && it.service === service,
  );
  const steps = source?.badSteps ?? [];
  return steps.filter(({ at }) => at > from && at <= until).map(({ at }) => at);
}

const FAILURES = new Set(['EssentialContainerExited', 'TaskFailedToStart']);

function failedTasks(
  world: World,
  taskDefinitions: readonly (string | undefined)[],
  { from, until }: Window,
): readonly number[] {
  return eventsOn(world, 'default').flatMap(({ 'detail-type': type, time, detail }) => {
    const at = Date.parse(time);
    const failed =
      type === 'ECS Task State Change' &&
      detail.lastStatus === 'STOPPED' &&
      taskDefinitions.includes(String(detail.taskDefinitionArn)) &&
      FAILURES.has(String(detail.stopCode));
    return failed && at >= from && at <= until ? [at] : [];
  });
}
