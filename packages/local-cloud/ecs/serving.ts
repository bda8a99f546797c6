/** Which tasks answer requests now, and how they behave: what traffic asks of ECS. */
import type { Behaviour } from '../ecr/behaviour.ts';
import type { World } from '../kernel/world.ts';
import type { RevisionRecord } from './state.ts';
import { isBalanced, isHealthy, wantedTasks } from './task/facts.ts';
import { taskBehaviour } from './task/images.ts';
import { targetsOf } from './task/targets.ts';

export interface ServingTask {
  readonly revision: string;
  readonly images: readonly { readonly container: string; readonly digest: string }[];
  readonly behaviour: Behaviour;
  readonly runningSince: number;
}

/** A task that runs behind a load balancer, or by itself; whether it serves is another question. */
interface RunningTask extends ServingTask {
  readonly isBalanced: boolean;
  readonly isHealthy: boolean;
}

/**
 * The tasks that answer requests now: RUNNING and, behind a load balancer, registered and healthy.
 * A target that never passes its checks gets none.
 */
export function servingTasks(world: World, cluster: string, name: string): ServingTask[] {
  return runningTasks(world, `${cluster}/${name}`).filter(
    (task) => !task.isBalanced || task.isHealthy,
  );
}

/** The service's running tasks in a target group, by what its checks say. */
export function tasksIn(
  world: World,
  service: string,
  targetGroup: string,
): { readonly healthy: readonly ServingTask[]; readonly unhealthy: readonly ServingTask[] } {
  const standing = runningTasks(world, service, (revision) =>
    targetsOf(revision).some(({ arn }) => arn === targetGroup),
  );
  return {
    healthy: standing.filter((task) => task.isHealthy),
    unhealthy: standing.filter((task) => !task.isHealthy),
  };
}

/**
 * By revision, the percent of requests that Service Connect is asked to send there while a deployment
 * shifts; undefined: all tasks alike. It has no rule that could be read (docs, service-connect-blue-green).
 */
export function connectShares(
  world: World,
  key: string,
): Readonly<Record<string, number>> | undefined {
  const service = world.ecs.services[key];
  const { serviceConnectConfiguration, loadBalancers = [] } = service?.settings ?? {};
  if (serviceConnectConfiguration?.enabled !== true || loadBalancers.length > 0) return undefined;
  const record = world.ecs.serviceDeployments[service?.open.at(-1) ?? ''];
  if (record?.shift?.source === undefined) return undefined;
  const { source, production } = record.shift;
  return { [source]: 100 - production, [record.target]: production };
}

function runningTasks(
  world: World,
  key: string,
  isAsked: (revision: RevisionRecord) => boolean = () => true,
): RunningTask[] {
  const running: RunningTask[] = [];
  for (const deployment of world.ecs.services[key]?.deployments ?? []) {
    const revision = world.ecs.revisions[deployment.id];
    if (revision === undefined || !isAsked(revision)) continue;
    const images = imagesOf(revision);
    const behaviour = taskBehaviour(world, revision);
    const balanced = isBalanced(revision);
    for (const task of wantedTasks(world, deployment)) {
      if (task.startedAt === undefined || task.executionStoppedAt !== undefined) continue;
      running.push({
        revision: revision.id,
        images,
        behaviour,
        runningSince: task.startedAt,
        isBalanced: balanced,
        isHealthy: isHealthy(task, world.now),
      });
    }
  }
  return running;
}

/** Of a revision its containers never change; this is asked at every step of the traffic. */
const imagesByRevision = new WeakMap<RevisionRecord, ServingTask['images']>();

function imagesOf(revision: RevisionRecord): ServingTask['images'] {
  const known = imagesByRevision.get(revision);
  if (known !== undefined) return known;
  const images = revision.containers.map(({ name: container, digest = '' }) => ({
    container,
    digest,
  }));
  imagesByRevision.set(revision, images);
  return images;
}
