/**
 * The same world without Slipway, at its best: ECS's own breaker and deployment alarms, both with
 * rollback, and a plain pipeline that deploys every image when it arrives and does what a person
 * says. What Slipway is compared with; troubles of AWS's API that a story throws do not touch it.
 */

import type { BusEvent } from '@slipway/local-cloud/eventbridge/bus-event.ts';
import { matches } from '@slipway/local-cloud/eventbridge/pattern.ts';
import { drainDeliveries, putRule } from '@slipway/local-cloud/eventbridge/state.ts';
import { AwsError } from '@slipway/local-cloud/kernel/errors.ts';
import { nextTimerAt } from '@slipway/local-cloud/kernel/timers.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { advance, execute } from '@slipway/local-cloud/services.ts';
import type { Pipeline, Target } from '../../shared/config/config.ts';
import { shiftForward } from '../../shared/core/release/shift.ts';
import { findSource, imageTagOf } from '../../shared/route/find-sources.ts';
import { containersFor } from '../../shared/route/find-targets.ts';
import { routes } from '../../shared/runtime/routing.ts';
import { ImageNames, noteImage } from './image-names.ts';
import { deployManually, updateManually } from './manual-deploy.ts';
import type { Scenario } from './scenario-format.ts';
import { ALARM_DEFAULTS } from './setup/scenario-alarms.ts';
import { type DeploymentSetup, worldOf } from './setup/scenario-world.ts';
import type { TargetSetup } from './setup/setup-format.ts';
import type { CommitPushed, PersonCommand, Stage } from './stage.ts';

const PIPELINE = 'plain-pipeline';

export interface EcsSetting {
  /**
   * How long ECS watches the alarms after a rollout: as many minutes as Slipway bakes, or until they
   * have judged the last of those minutes.
   */
  readonly bakes: 'as long' | 'until judged';
  /** In place of steps that only the judge holds: its own canary of 5 % for ten minutes, or a rolling update. */
  readonly unjudged?: 'canary' | 'rolling';
}

export class EcsAlone implements Stage {
  readonly world: World;
  readonly pipeline: Pipeline;
  readonly labels: ImageNames;
  #lost: { readonly detailType: string; left: number }[] = [];
  /** By target that a person holds: the newest image of each container that came meanwhile. */
  readonly #held = new Map<string, Record<string, string>>();

  constructor(
    pipeline: Pipeline,
    scenario: Scenario,
    seed: number,
    setting: EcsSetting = { bakes: 'as long' },
  ) {
    this.world = worldOf(pipeline, scenario, seed, (...of) => guardedByEcs(setting, ...of));
    this.pipeline = pipeline;
    this.labels = new ImageNames(this.world);
    for (const { name, pattern, function: to } of routes(pipeline)) {
      if (to === 'image-pushed') putRule(this.world, { name, pattern, target: PIPELINE });
    }
  }

  async runUntil(until: number): Promise<void> {
    for (;;) {
      for (const { event } of drainDeliveries(this.world)) this.#hear(event);
      const at = nextTimerAt(this.world);
      if (at === undefined || at > until) break;
      advance(this.world, at);
    }
    advance(this.world, until);
  }

  lose(detailType: string, count: number): void {
    this.#lost.push({ detailType, left: count });
  }

  deliver(event: unknown): void {
    const listens = this.world.eventbridge.rules.some(({ pattern }) => matches(pattern, event));
    if (listens) this.#deploy(event as BusEvent);
  }

  /**
   * A person does by hand, or with the pipeline, what they would have Slipway do. What reaches
   * Slipway late nobody does by hand: who looks sees that it is no longer wanted.
   */
  ask(target: Target, { command: ask }: PersonCommand, lateMs = 0): void {
    if (lateMs > 0) return;
    switch (ask.do) {
      case 'deploy': {
        const images = Object.entries(ask.images).map(
          ([name, { registry, repository, digest }]) =>
            [name, `${registry}/${repository}@${digest}`] as const,
        );
        this.#try(() => deployManually(this.world, target, Object.fromEntries(images)));
        break;
      }
      case 'rollback':
        this.#rollBack(target, ask.to);
        break;
      case 'hold':
        this.#hold(target);
        break;
      case 'resume':
        this.#resume(target);
        break;
      case 'unquarantine':
        // There is no quarantine.
        break;
    }
  }

  async stopAll(on: boolean): Promise<void> {
    for (const target of Object.values(this.pipeline.targets)) {
      if (on) this.#hold(target);
      else this.#resume(target);
    }
  }

  /** Nobody keeps releases: a rollback goes to what ran before. */
  releaseNamed(): undefined {}

  async wouldLeave(): Promise<undefined> {}

  /** AWS's trouble with Slipway's calls. */
  throttle(): void {}

  tell(): void {}

  /** A plain pipeline builds whatever is pushed, too. */
  pushed({ repository, ref, commit, paths }: CommitPushed): void {
    const found = findSource(this.pipeline, { repository, ref, paths });
    if ('because' in found) return;
    for (const image of found.images) {
      const rules = found.source.rules.images[image];
      if (rules === undefined) continue;
      const variables = {
        SLIPWAY_COMMIT: commit,
        SLIPWAY_IMAGE_TAG: imageTagOf(ref, commit),
        SLIPWAY_REPOSITORY_URI: `${rules.registry}/${rules.repository}`,
      };
      execute(this.world, 'codebuild', 'StartBuild', {
        projectName: rules.project,
        sourceVersion: commit,
        environmentVariablesOverride: Object.entries(variables).map(([name, value]) => ({
          name,
          value,
        })),
      });
    }
  }

  #hear(event: BusEvent): void {
    noteImage(this.world, this.labels, event);
    const lost = this.#lost.find((it) => it.left > 0 && it.detailType === event['detail-type']);
    if (lost !== undefined) lost.left--;
    else this.#deploy(event);
  }

  #deploy({ detail }: BusEvent): void {
    const repository = String(detail['repository-name']);
    const tag = String(detail['image-tag']);
    for (const target of Object.values(this.pipeline.targets)) {
      const containers = containersFor(target, repository, [tag]);
      if (containers.length === 0) continue;
      const reference = `${this.pipeline.registry}/${repository}:${tag}`;
      const images = Object.fromEntries(containers.map((name) => [name, reference]));
      const held = this.#held.get(target.id);
      if (held === undefined) this.#try(() => deployManually(this.world, target, images));
      else this.#held.set(target.id, { ...held, ...images });
    }
  }

  #hold({ id }: Target): void {
    if (!this.#held.has(id)) this.#held.set(id, {});
  }

  #resume(target: Target): void {
    const waits = this.#held.get(target.id) ?? {};
    this.#held.delete(target.id);
    if (Object.keys(waits).length === 0) return;
    this.#try(() => deployManually(this.world, target, waits));
  }

  /** To what was last brought to its end and is not what runs now; or to what has this tag. */
  #rollBack(target: Target, tag: string | undefined): void {
    const { serviceDeployments, revisions, services } = this.world.ecs;
    const key = `${target.cluster}/${target.service}`;
    const running = services[key]?.taskDefinition;
    const before = Object.values(serviceDeployments)
      .filter(({ service, status }) => service === key && status === 'SUCCESSFUL')
      .sort((a, b) => b.createdAt - a.createdAt)
      .flatMap((it) => revisions[it.target] ?? [])
      .filter(({ taskDefinition }) => taskDefinition !== running)
      .find(
        ({ containers }) =>
          tag === undefined ||
          containers.some(({ digest = '' }) => this.labels.tagOf(digest) === tag),
      );
    if (before === undefined) return;
    const { taskDefinition } = before;
    this.#try(() => updateManually(this.world, target, { taskDefinition }));
  }

  /** A pipeline that ECS refuses fails; it is not the story's business. */
  #try(deploy: () => void): void {
    try {
      deploy();
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
    }
  }
}

/**
 * The alarms of the config, as ECS's own, and its breaker, whatever the owner left out. Traffic is shifted as
 * with Slipway; the bake is that of the strategy then.
 */
function guardedByEcs(
  setting: EcsSetting,
  _world: World,
  target: Target,
  setup: TargetSetup,
): DeploymentSetup {
  const { alarms, rollout, bakeMinutes } = target.rules;
  const strategy = withoutJudge(target, setting);
  const { minimumHealthyPercent, maximumPercent } = rollout;
  const more = setting.bakes === 'until judged' ? minutesToJudge(target, setup) : 0;
  const guard =
    alarms.length === 0
      ? {}
      : {
          bakeTimeInMinutes: (strategy?.bakeMinutes ?? bakeMinutes) + more,
          alarms: { alarmNames: alarms, enable: true, rollback: true },
        };
  return {
    deploymentCircuitBreaker: { enable: true, rollback: true },
    ...(minimumHealthyPercent === undefined ? {} : { minimumHealthyPercent }),
    ...(maximumPercent === undefined ? {} : { maximumPercent }),
    ...(strategy === undefined
      ? guard
      : { shifting: { ...shiftForward({}, strategy, undefined), ...guard } }),
  };
}

/** ECS does not wait between its steps by itself: only Slipway's judge holds them. */
export function isHeldByJudge({ rules: { strategy } }: Target): boolean {
  return strategy?.kind === 'linear' && strategy.heldByJudge === true;
}

/** ECS's own canary, with alarms that watch either target group; undefined: its rolling update. */
function withoutJudge(
  target: Target,
  { unjudged = 'canary' }: EcsSetting,
): Target['rules']['strategy'] {
  const { strategy, bakeMinutes } = target.rules;
  if (!isHeldByJudge(target)) return strategy;
  return unjudged === 'rolling'
    ? undefined
    : { kind: 'canary', percent: 5, canaryBakeMinutes: 10, bakeMinutes };
}

/** From the last minute of a bake until the slowest alarm has judged it. */
function minutesToJudge({ rules }: Target, { alarms = {} }: TargetSetup): number {
  const minutes = rules.alarms.map((name) =>
    alarms === 'none' ? 0 : (alarms[name]?.minutes ?? ALARM_DEFAULTS.minutes),
  );
  return Math.max(0, ...minutes) + METRICS_LATE_MINUTES;
}

const METRICS_LATE_MINUTES = 2;
