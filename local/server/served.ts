/**
 * What each revision of a service answered, in steps of five seconds, for the page. It is seen from
 * outside, so the model need not remember it and the same seed goes on giving the same world.
 */

import type { ServingTask } from '@slipway/local-cloud/ecs/serving.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { type Asked, answersOf } from '@slipway/local-cloud/traffic/answers.ts';
import { portionsOf } from '@slipway/local-cloud/traffic/portions.ts';
import { firstRequestAt } from '@slipway/local-cloud/traffic/state.ts';
import type { Target } from '../../shared/config/config.ts';
import type { PageServed } from './page-state.ts';

export const STEP_MS = 5_000;
const KEPT_MS = 3_600_000;

export class Served {
  /** By deployment. */
  readonly #points = new Map<string, PageServed[]>();

  /** Takes note of what happens at this moment; once a step is enough. */
  note(world: World, targets: readonly Target[]): void {
    for (const { cluster, service } of targets) {
      const source = world.traffic.sources.find(
        (one) => one.cluster === cluster && one.service === service,
      );
      if (source === undefined) continue;
      for (const { tasks, share } of portionsOf(world, source)) {
        const rate = source.requestsPerSecond * share;
        const byDeployment = Object.groupBy(tasks, ({ revision }) => revision);
        for (const [deployment, its = []] of Object.entries(byDeployment)) {
          const firstAt = firstRequestAt(source.revisions[deployment], world.now);
          const requestsPerSecond = rate * (its.length / tasks.length);
          this.#add(deployment, pointOf(its, { now: world.now, requestsPerSecond, firstAt }));
        }
      }
    }
  }

  /** Oldest first, of the last hour. */
  of(deployment: string): readonly PageServed[] {
    return this.#points.get(deployment) ?? [];
  }

  /** Forgets what ended an hour ago. */
  forget(now: number): void {
    for (const [deployment, points] of this.#points) {
      const from = points.findIndex(({ at }) => at > now - KEPT_MS);
      if (from === -1) this.#points.delete(deployment);
      else points.splice(0, from);
    }
  }

  #add(deployment: string, point: PageServed): void {
    const points = this.#points.get(deployment) ?? [];
    points.push(point);
    this.#points.set(deployment, points);
  }
}

/** `asked`: all of these tasks together. */
function pointOf(tasks: readonly ServingTask[], asked: Asked): PageServed {
  const requestsPerSecond = asked.requestsPerSecond / tasks.length;
  const answers = tasks.map((task) => answersOf(task, { ...asked, requestsPerSecond }));
  const mean = (pick: (answer: (typeof answers)[number]) => number) =>
    answers.reduce((sum, answer) => sum + pick(answer), 0) / answers.length;
  return {
    at: asked.now,
    requestsPerSecond: asked.requestsPerSecond,
    errorRate: mean(({ errorRate }) => errorRate),
    latencyMs: mean(({ latencyMs }) => latencyMs),
    tasks: tasks.length,
  };
}
