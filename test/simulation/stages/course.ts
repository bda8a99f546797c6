/** A course: one phase in which much happens in its order, where a single event would not lead there. */

import type { BusEvent } from '@slipway/local-cloud/eventbridge/bus-event.ts';
import { gitPush } from '@slipway/local-cloud/github/commits/push.ts';
import { loseWebhooks } from '@slipway/local-cloud/github/setup.ts';
import type { Pipeline } from '../../../shared/config/config.ts';
import type { Rules } from '../../../shared/core/model/rules.ts';
import { GIT_REPOSITORY, type Settings } from '../stage.ts';
import type { TroubleKind } from '../troubles.ts';
import { MINUTE, type Pushed, type Stage } from './scene.ts';
import type { AnyPhase } from './tables.ts';

export interface Course {
  readonly phase: AnyPhase;
  readonly settings?: Partial<Settings>;
  /** From its beginning on. */
  readonly configure?: (pipeline: Pipeline) => Pipeline;
  /** Absent: a scene's own. */
  readonly hours?: number;
  readonly happen: (stage: Stage) => Promise<void> | void;
}

export function withRules(change: Partial<Rules>): (pipeline: Pipeline) => Pipeline {
  return (pipeline) => {
    const { web } = pipeline.targets;
    if (web === undefined) return pipeline;
    return { ...pipeline, targets: { web: { ...web, rules: { ...web.rules, ...change } } } };
  };
}

/** What AWS does to these calls from now on. */
export function trouble(stage: Stage, operation: string, kind: TroubleKind, minutes: number): void {
  const from = stage.now;
  stage.engine.troubles.add({ operation, kind, from, to: from + minutes * MINUTE });
  stage.truth.faulty = true;
}

/** A commit on a branch; unheard: the webhook reaches nobody. */
export function commit(stage: Stage, { heard = true, branch = 'main' } = {}): string {
  if (!heard) loseWebhooks(stage.world, 1);
  const { after } = gitPush(stage.world, {
    repository: GIT_REPOSITORY,
    branch,
    message: `change ${stage.now}`,
    paths: ['web/index.ts'],
  });
  stage.engine.log(
    () => `scene: commit ${after.slice(0, 12)} on ${branch}${heard ? '' : ', unheard'}`,
  );
  return after;
}

/** Somebody's own image of a commit. */
export function imageOf(stage: Stage, sha: string, label = 'main', behaviour = {}): Pushed {
  return stage.push(behaviour, `${label}-${sha.slice(0, 12)}`);
}

/** The next event of CloudWatch that the world sends, as it is. */
export async function nextAlarmEvent(stage: Stage, change: () => void): Promise<BusEvent> {
  let heard: BusEvent | undefined;
  stage.engine.loses = (event) => {
    if (event.source !== 'aws.cloudwatch') return false;
    heard ??= event;
    return true;
  };
  change();
  await stage.until(() => heard !== undefined, 2, 1);
  stage.engine.loses = () => false;
  if (heard === undefined) throw new Error('CloudWatch told of no change');
  return heard;
}
