/** Two rules about what is done on purpose, read off the model: 1 and 9. */
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';

/** Reads lag by five seconds at most: what is younger may not have been seen. */
const SEEN_AFTER_MS = 6_000;
/** A call that lands later than this after it was written down is a late call. */
const PROMPT_MS = 10_000;

/** 1: a rollout of ours that is in flight while the record asks for another one; undefined: none. */
export function secondRollout(record: TargetRecord, world: World): string | undefined {
  const { phase } = record;
  if (phase.phase !== 'deploying' || phase.goal === 'back') return undefined;
  if (phase.attempt.request?.count !== 1) return undefined;
  const key = record.key.slice('ecs/'.length);
  const inFlight = Object.values(world.ecs.serviceDeployments).filter(
    ({ service, status }) => service === key && (status === 'PENDING' || status === 'IN_PROGRESS'),
  );
  for (const { target, createdAt } of inFlight) {
    const revision = world.ecs.revisions[target]?.taskDefinition;
    const asked = record.requests.find((one) => one.revision === revision);
    if (asked === undefined || revision === phase.attempt.revision) continue;
    const seen = world.now - createdAt > SEEN_AFTER_MS;
    const prompt = createdAt >= asked.at && createdAt - asked.at < PROMPT_MS;
    const condemned = record.condemnedRevisions.some((one) => one.revision === revision);
    if (seen && prompt && !condemned) return `${revision} is in flight since ${createdAt}`;
  }
  return undefined;
}

/** Does the record still wait for the revision of its release? */
export function awaitsRevision(record: TargetRecord | undefined): boolean {
  const phase = record?.phase;
  return (
    phase?.phase === 'deploying' && phase.goal === 'forward' && phase.attempt.revision === undefined
  );
}

interface Definition {
  readonly containerDefinitions?: readonly {
    readonly name?: string | undefined;
    readonly image?: string | undefined;
  }[];
}

/** 9: does this definition run what its service runs already? */
export function changesNothing(input: object, key: string, world: World): boolean {
  const service = world.ecs.services[key.slice('ecs/'.length)];
  const name = service?.taskDefinition.slice(service.taskDefinition.lastIndexOf('/') + 1) ?? '';
  const [family = '', number] = name.split(':');
  const runs = world.ecs.families[family]?.find(({ revision }) => revision === Number(number));
  return runs !== undefined && imagesOf(runs.registered) === imagesOf(input as Definition);
}

function imagesOf({ containerDefinitions = [] }: Definition): string {
  return containerDefinitions
    .map(({ name, image }) => `${name} ${image}`)
    .sort()
    .join();
}
