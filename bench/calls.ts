/** What a release and a rollback cost in calls, counted in scenarios with the real clients. */
import { fileURLToPath } from 'node:url';
import { playScenario, readScenario } from '../local/stories/scenario.ts';
import type { Entry } from '../local/stories/timeline.ts';
import pipeline from '../pipeline.config.ts';
import {
  type Cost,
  costOfRelease,
  costOfWayBack,
  isRise,
  type ReleaseCost,
} from './release-calls.ts';

const SEEDS_MAX = 20;
const WEB = { id: 'web', key: 'ecs/production/web', repository: 'shop/web' } as const;

export interface Calls {
  /** A healthy release with ten minutes of bake, for a target at rest, and one alarm. */
  readonly release: ReleaseCost;
  /** From the alarm to StopServiceDeployment, while ECS rolls out. */
  readonly wayBackInFlight: Cost;
  /** From the alarm to UpdateService, during the bake. */
  readonly wayBackInBake: Cost;
}

export async function countCalls(): Promise<Calls> {
  return {
    release: costOfRelease(await timelineOf('healthy'), WEB),
    wayBackInFlight: await afterAlarmEvent('bad-in-flight'),
    wayBackInBake: await afterAlarmEvent('bad-within-the-bake'),
  };
}

async function timelineOf(name: string, seed = 1): Promise<readonly Entry[]> {
  const file = fileURLToPath(new URL(`../local/scenarios/${name}.json`, import.meta.url));
  const { cloud } = await playScenario(await readScenario(file, pipeline), pipeline, { seed });
  return cloud.timeline;
}

/** Of some courses of chance, one in which the alarm's event came before `tick` saw the alarm. */
async function afterAlarmEvent(name: string): Promise<Cost> {
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const timeline = await timelineOf(name, seed);
    const rose = timeline.find(isRise)?.at ?? 0;
    const asked = timeline.find(
      (entry) =>
        entry.type === 'call' &&
        entry.at >= rose &&
        ['StopServiceDeployment', 'UpdateService'].includes(entry.operation),
    );
    if (asked?.type === 'call' && JSON.stringify(asked.cause).includes('aws.cloudwatch')) {
      return costOfWayBack(timeline, WEB.key);
    }
  }
  throw new Error(`in ${SEEDS_MAX} runs of ${name} no alarm's event came first`);
}
