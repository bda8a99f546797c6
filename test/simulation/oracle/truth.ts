/**
 * What is true of a world, whatever our record says: who brought what to run and when, which alarm
 * rose for which data, which tasks failed, what has proven itself. Read off the model and the trail.
 */
import type { ServiceDeploymentRecord } from '@slipway/local-cloud/ecs/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { Pipeline, Source, Target } from '../../../shared/config/config.ts';
import { GIT_REPOSITORY } from '../stage.ts';
import { type FailedTask, type Head, Trail } from './trail.ts';

export const MINUTE = 60_000;
/** An alarm of both that is red for longer means what alarms mean. */
export const HELD_MS = 20 * MINUTE;
/** The default limit of a small service: every world of the simulation names its own. */
export const TASK_FAILURES_LEAST = 2;

/** One stretch of time in which a service's PRIMARY deployment was this one. */
export interface Reign {
  readonly from: number;
  /** When the next one began; Infinity: it goes on. */
  to: number;
  readonly taskDefinition: string;
  readonly by: 'us' | 'somebody' | 'ecs' | 'creation';
  readonly deployment: ServiceDeploymentRecord;
}

export interface Rise {
  readonly alarm: string;
  readonly at: number;
  /** Begin of the oldest and end of the newest breaching period; the rise itself if somebody set it. */
  readonly dataFrom: number;
  readonly dataTo: number;
  readonly muted: boolean;
}

export class Truth {
  readonly world: World;
  readonly trail = new Trail();
  /** Anything may be late, doubled, lost or refused in this world. */
  faulty = false;
  /** Which of two images is newer, the pushes alone say. */
  ordersByPush = true;
  begin = 0;
  /** Nothing is wrong in this world but that CloudWatch does not answer: events come all the same. */
  isOnlyBlind = false;
  /** Events of alarms are lost on purpose. */
  isDeaf = false;
  /** When the faults stopped. */
  quietFrom = 0;
  readonly #pipeline: () => Pipeline;
  /** What GitHub's branches pointed to when the world began. */
  readonly #began: readonly Head[];
  readonly #rises: Rise[] = [];
  #read = 0;

  constructor(world: World, pipeline: () => Pipeline) {
    this.world = world;
    this.#pipeline = pipeline;
    const { refs = {} } = world.github.repositories[GIT_REPOSITORY] ?? {};
    this.#began = Object.entries(refs).map(([ref, commit]) => {
      return { at: Number.NEGATIVE_INFINITY, branch: ref.slice('refs/heads/'.length), commit };
    });
  }

  /** What a branch pointed to, and since when, oldest first: what was there before the first push included. */
  headsOf(branch: string): readonly Head[] {
    return [...this.#began, ...this.trail.heads].filter((head) => head.branch === branch);
  }

  targets(): readonly Target[] {
    return Object.values(this.#pipeline().targets);
  }

  sources(): readonly Source[] {
    return Object.values(this.#pipeline().sources);
  }

  target(key: string): Target | undefined {
    return this.targets().find((one) => one.key === key);
  }

  /** Oldest first. */
  reigns(service: string): readonly Reign[] {
    const { serviceDeployments, revisions } = this.world.ecs;
    const all: Reign[] = [];
    for (const deployment of Object.values(serviceDeployments)) {
      if (deployment.service !== service) continue;
      const { createdAt, target, rollback, sources } = deployment;
      const ours = this.trail.calls.some(
        (call) =>
          call.operation === 'UpdateService' &&
          call.at === createdAt &&
          call.target === `ecs/${service}`,
      );
      const by = ours ? 'us' : sources.length === 0 ? 'creation' : 'somebody';
      const named = (id: string) => revisions[id]?.taskDefinition ?? '';
      all.push({ from: createdAt, to: Infinity, taskDefinition: named(target), by, deployment });
      if (rollback === undefined) continue;
      const taskDefinition = named(rollback.revision);
      all.push({ from: rollback.startedAt, to: Infinity, taskDefinition, by: 'ecs', deployment });
    }
    all.sort((a, b) => a.from - b.from);
    for (let i = all.length - 2; i >= 0; i--) {
      const [reign, next] = [all[i] as Reign, all[i + 1] as Reign];
      // A forced deployment of what runs goes on with the same revision.
      const same = next.taskDefinition === reign.taskDefinition;
      reign.to = same ? next.to : next.from;
    }
    return all;
  }

  primary(service: string): string | undefined {
    const found = this.world.ecs.services[service];
    return found === undefined || found.status !== 'ACTIVE' ? undefined : found.taskDefinition;
  }

  digestsOf(taskDefinition: string): Readonly<Record<string, string>> {
    const [family = '', revision] = nameOf(taskDefinition).split(':');
    const definition = this.world.ecs.families[family]?.find(
      (one) => one.revision === Number(revision),
    );
    const entries = (definition?.registered.containerDefinitions ?? []).flatMap(
      ({ name = '', image = '' }) => {
        const digest =
          /sha256:[0-9a-f]{64}/.exec(image)?.[0] ?? this.#resolved(taskDefinition, name);
        return digest === undefined ? [] : [[name, digest] as const];
      },
    );
    return Object.fromEntries(entries);
  }

  /** What ECS made of a tag when a deployment of it began. */
  #resolved(taskDefinition: string, container: string): string | undefined {
    return Object.values(this.world.ecs.revisions)
      .findLast((revision) => revision.taskDefinition === taskDefinition)
      ?.containers.find(({ name }) => name === container)?.digest;
  }

  /** Every time that an alarm rose, oldest first. */
  rises(): readonly Rise[] {
    const { history } = this.world.cloudwatch;
    for (; this.#read < history.length; this.#read++) {
      const item = history[this.#read];
      if (item === undefined || !/to ALARM$/.test(item.summary)) continue;
      const data = breachOf(item.data);
      const { alarmName: alarm, at } = item;
      const muted = this.trail.mutings.some(
        (one) => one.alarm === alarm && at >= one.from && at < one.to,
      );
      this.#rises.push({ alarm, at, dataFrom: data?.from ?? at, dataTo: data?.to ?? at, muted });
    }
    return this.#rises;
  }

  /** Was this alarm red all the time from `from` to `to`? */
  isRed(alarm: string, from: number, to: number): boolean {
    const found = this.world.cloudwatch.alarms[alarm];
    return found?.state.value === 'ALARM' && found.state.transitionedAt <= from && to <= this.now;
  }

  /** From its rise at `at` on, for so long at least. */
  staysRed(alarm: string, at: number, forMs: number): boolean {
    const next = this.world.cloudwatch.history.find(
      (item) => item.alarmName === alarm && item.at > at && /from ALARM/.test(item.summary),
    );
    return next === undefined || next.at >= at + forMs;
  }

  get now(): number {
    return this.world.now;
  }

  failures(service: string, taskDefinition: string): readonly FailedTask[] {
    return [...this.trail.failed.values()].filter(
      (one) => one.service === service && one.taskDefinition === taskDefinition,
    );
  }

  /** A release keeps the rules that it began with, at most an hour before ECS was asked for it. */
  bakeMsOf({ by, deployment }: Reign, target: Target): number {
    if (by === 'creation') return 0;
    const { createdAt } = deployment;
    // Where traffic is shifted ECS has baked it before it says SUCCESSFUL.
    const { strategy } = target.rules;
    const isShift = by === 'us' && deployment.shift !== undefined && strategy !== undefined;
    const baked = isShift ? strategy.bakeMinutes : 0;
    const mine = this.trail.bakes.filter(({ key, at }) => key === target.key && at <= createdAt);
    const before = mine.findLast(({ at }) => at <= createdAt - 60 * MINUTE);
    const recent = mine.filter(({ at }) => at > createdAt - 60 * MINUTE);
    const all = before === undefined ? recent : [before, ...recent];
    const minutes = all.length === 0 ? [target.rules.bakeMinutes] : all.map((one) => one.minutes);
    return Math.max(0, Math.min(...minutes) - baked) * MINUTE;
  }

  /** Those that the config names, or named: a release keeps the alarms that it began with. */
  alarmsEver({ key, rules }: Target): readonly string[] {
    const before = this.trail.bakes.filter((one) => one.key === key);
    return [...rules.alarms, ...before.flatMap(({ alarms }) => alarms)];
  }

  /** Alarms of the target that rose with data of this reign, up to this moment. */
  risesAgainst(
    reign: Reign,
    target: Target,
    until: number,
    alarms = target.rules.alarms,
  ): readonly Rise[] {
    return this.rises().filter(
      (rise) =>
        !rise.muted &&
        alarms.includes(rise.alarm) &&
        rise.at >= reign.from &&
        rise.at <= until &&
        rise.dataTo > reign.from,
    );
  }

  /** An alarm in an outage of both may be held where the judge acts, for as long as such a one is: neither is asked for. */
  mayTellOfBoth({ rules }: Target, { alarm, at, dataFrom, dataTo }: Rise, until: number): boolean {
    if (rules.judge !== 'act') return false;
    const inOutage = this.trail.outages.some(
      ({ from, to }) => dataTo > from && dataFrom < to + MINUTE,
    );
    return inOutage && !(until > at + HELD_MS && this.staysRed(alarm, at, HELD_MS));
  }

  /** Of a release that does not run no alarm tells anything: somebody had it run nothing then, and its data is no younger. */
  roseOverNothing({ id }: Target, { at, dataTo }: Rise): boolean {
    return dataTo <= (this.trail.filledAfter(id, at) ?? 0);
  }

  /** When this reign had proven its revision, if it had by now: successful, baked, with nothing against it. */
  provenAt(reign: Reign, target: Target): number | undefined {
    const { deployment, by } = reign;
    const ended = by === 'ecs' ? 'ROLLBACK_SUCCESSFUL' : 'SUCCESSFUL';
    if (deployment.status !== ended) return undefined;
    // What ran before we came is taken as it is.
    const ranBefore = by !== 'us' && reign.from < this.begin + MINUTE;
    const finishedAt = deployment.finishedAt ?? Infinity;
    const baked = finishedAt + (ranBefore ? 0 : this.bakeMsOf(reign, target));
    if (baked > Math.min(this.now, reign.to) + 5_000) return undefined;
    if (ranBefore) return baked;
    const rises = this.risesAgainst(reign, target, baked).filter(
      (rise) => !this.roseOverNothing(target, rise),
    );
    if (rises.some((rise) => !this.mayTellOfBoth(target, rise, baked))) return undefined;
    const failed = this.failures(deployment.service, reign.taskDefinition).filter(
      ({ at }) => at >= reign.from && at <= baked,
    );
    return failed.length >= (target.rules.maxTaskFailures ?? TASK_FAILURES_LEAST)
      ? undefined
      : baked;
  }

  /** Task definitions that the world proves, and when each did so last. */
  proven(service: string, target: Target): ReadonlyMap<string, number> {
    const found = new Map<string, number>();
    for (const reign of this.reigns(service)) {
      const at = this.provenAt(reign, target);
      if (at !== undefined) found.set(reign.taskDefinition, at);
    }
    return found;
  }

  /** Does ECR still have its images? What was deregistered is registered anew with its content. */
  canBeHad(taskDefinition: string): boolean {
    const [family = '', revision] = nameOf(taskDefinition).split(':');
    const definition = this.world.ecs.families[family]?.find(
      (one) => one.revision === Number(revision),
    );
    if (definition === undefined) return false;
    const digests = Object.values(this.digestsOf(taskDefinition));
    return digests.every((digest) => this.pushedAt(digest) !== undefined);
  }

  /** When ECR took it; undefined: ECR does not have it. */
  pushedAt(digest: string): number | undefined {
    for (const { images } of Object.values(this.world.ecr.repositories)) {
      const image = images[digest];
      if (image !== undefined && image.status === 'ACTIVE') return image.pushedAt;
    }
    return undefined;
  }
}

export function nameOf(taskDefinition: string): string {
  return taskDefinition.slice(taskDefinition.lastIndexOf('/') + 1);
}

interface Reason {
  readonly newState?: {
    readonly stateReasonData?: {
      readonly period?: number;
      readonly threshold?: number;
      readonly evaluatedDatapoints?: readonly {
        readonly timestamp: string;
        readonly value?: number;
      }[];
    };
  };
}

/** Of an alarm that CloudWatch itself judged; all our alarms are red above their threshold. */
function breachOf(data: string): { from: number; to: number } | undefined {
  const reason = (JSON.parse(data) as Reason).newState?.stateReasonData;
  const { period = 60, threshold = 0, evaluatedDatapoints = [] } = reason ?? {};
  const breaching = evaluatedDatapoints
    .filter(({ value }) => value !== undefined && value > threshold)
    .map(({ timestamp }) => Date.parse(timestamp));
  if (breaching.length === 0) return undefined;
  return { from: Math.min(...breaching), to: Math.max(...breaching) + period * 1000 };
}

/** A paused handler calls late: what was so this long ago it may not have seen. */
export function patience({ faulty }: Pick<Truth, 'faulty'>): number {
  return faulty ? 6 * MINUTE : 8_000;
}
