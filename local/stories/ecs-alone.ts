/**
 * The same world without Slipway: ECS's own breaker and deployment alarms, with rollback, and a
 * plain pipeline that deploys every image when it arrives. What Slipway is compared with.
 */

import type { BusEvent } from '@slipway/local-cloud/eventbridge/bus-event.ts';
import { matches } from '@slipway/local-cloud/eventbridge/pattern.ts';
import { drainDeliveries, putRule } from '@slipway/local-cloud/eventbridge/state.ts';
import { AwsError } from '@slipway/local-cloud/kernel/errors.ts';
import { nextTimerAt } from '@slipway/local-cloud/kernel/timers.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { advance, execute } from '@slipway/local-cloud/services.ts';
import type { Pipeline, Target } from '../../shared/config/config.ts';
import { findSource, imageTagOf } from '../../shared/route/find-sources.ts';
import { containersFor } from '../../shared/route/find-targets.ts';
import { routes } from '../../shared/runtime/routing.ts';
import { ImageNames, noteImage } from './image-names.ts';
import { deployManually } from './manual-deploy.ts';
import type { Scenario, TargetSetup } from './scenario-format.ts';
import { asSetUp, type DeploymentSetup, worldOf } from './scenario-world.ts';
import type { CommitPushed, Stage } from './stage.ts';

const PIPELINE = 'plain-pipeline';

export class EcsAlone implements Stage {
  readonly world: World;
  readonly pipeline: Pipeline;
  readonly labels: ImageNames;
  #lost: { readonly detailType: string; left: number }[] = [];

  constructor(pipeline: Pipeline, scenario: Scenario, seed: number) {
    this.world = worldOf(pipeline, scenario, seed, guardedByEcs);
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

  /** There is nobody who would listen. */
  ask(): void {}

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
      try {
        deployManually(this.world, target, images);
      } catch (error) {
        // A pipeline that ECS refuses fails; it is not the story's business.
        if (!(error instanceof AwsError)) throw error;
      }
    }
  }
}

/** The guards of the config, as ECS's own, and ECS watches as long as Slipway would. */
function guardedByEcs(world: World, target: Target, setup: TargetSetup): DeploymentSetup {
  const { alarms, rollout, bakeMinutes } = target.rules;
  const { minimumHealthyPercent, maximumPercent, circuitBreaker } = rollout;
  const enable =
    circuitBreaker?.enable ?? asSetUp(world, target, setup).deploymentCircuitBreaker.enable;
  return {
    deploymentCircuitBreaker: { enable, rollback: enable },
    ...(minimumHealthyPercent === undefined ? {} : { minimumHealthyPercent }),
    ...(maximumPercent === undefined ? {} : { maximumPercent }),
    ...(alarms.length === 0
      ? {}
      : {
          bakeTimeInMinutes: bakeMinutes,
          alarms: { alarmNames: alarms, enable: true, rollback: true },
        }),
  };
}
