/** Calls to ECS on the way to a rollout and to a rollback, counted in scenarios with the real clients. */
import { fileURLToPath } from 'node:url';
import { playScenario, readScenario } from '../local/stories/scenario.ts';
import type { CallMade, Entry } from '../local/stories/timeline.ts';
import pipeline from '../pipeline.config.ts';

const SEEDS_MAX = 20;

export interface Calls {
  /** From ECR's event to UpdateService, for a target at rest. At most 4. */
  readonly pushToUpdateService: readonly string[];
  /** From the alarm to StopServiceDeployment, while ECS rolls out. At most 3. */
  readonly alarmToStopInFlight: readonly string[];
  /** From the alarm to UpdateService, during the bake. At most 3. */
  readonly alarmToUpdateServiceInBake: readonly string[];
}

export async function countCalls(): Promise<Calls> {
  const healthy = await timelineOf('healthy');
  const asksBack = ['StopServiceDeployment', 'UpdateService'];
  return {
    pushToUpdateService: callsAfter(healthy, isFirstPush, ['UpdateService']).made,
    alarmToStopInFlight: await afterAlarmEvent('bad-in-flight', asksBack),
    alarmToUpdateServiceInBake: await afterAlarmEvent('bad-within-the-bake', asksBack),
  };
}

async function timelineOf(name: string, seed = 1): Promise<readonly Entry[]> {
  const file = fileURLToPath(new URL(`../local/scenarios/${name}.json`, import.meta.url));
  const { cloud } = await playScenario(await readScenario(file, pipeline), pipeline, { seed });
  return cloud.timeline;
}

/** Of some courses of chance, one in which the alarm's event came before `tick` saw the alarm. */
async function afterAlarmEvent(name: string, ends: readonly string[]): Promise<readonly string[]> {
  for (let seed = 1; seed <= SEEDS_MAX; seed++) {
    const { made, cause } = callsAfter(await timelineOf(name, seed), isRise, ends);
    if (cause.includes('aws.cloudwatch')) return made;
  }
  throw new Error(`in ${SEEDS_MAX} runs of ${name} no alarm's event came first`);
}

function isFirstPush(entry: Entry): boolean {
  return entry.type === 'event' && entry.event['detail-type'] === 'ECR Image Action';
}

function isRise(entry: Entry): boolean {
  if (entry.type !== 'event' || entry.event['detail-type'] !== 'CloudWatch Alarm State Change') {
    return false;
  }
  return (entry.event.detail.state as { value?: string }).value === 'ALARM';
}

/** What reconcile asked of ECS after that, the last one included, in the handling that made it. */
function callsAfter(
  timeline: readonly Entry[],
  begins: (entry: Entry) => boolean,
  ends: readonly string[],
): { readonly made: readonly string[]; readonly cause: string } {
  const from = timeline.findIndex(begins);
  const calls = timeline
    .slice(from)
    .filter(
      (entry): entry is CallMade =>
        entry.type === 'call' && entry.function === 'reconcile' && entry.service === 'ecs',
    );
  const last = calls.findIndex(({ operation }) => ends.includes(operation));
  if (from === -1 || last === -1) throw new Error(`the scenario made no ${ends.join(' or ')}`);
  const cause = JSON.stringify(calls[last]?.cause);
  const made = calls
    .slice(0, last + 1)
    .filter((call) => JSON.stringify(call.cause) === cause)
    .map(({ operation }) => operation);
  return { made, cause };
}
