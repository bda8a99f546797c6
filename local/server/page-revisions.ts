/** The revisions of a service with their tasks and what they served, for the page. */

import { lastPart } from '@slipway/local-cloud/ecs/names.ts';
import type { ServiceRecord, TaskRecord } from '@slipway/local-cloud/ecs/state.ts';
import { isBalanced, isHealthy } from '@slipway/local-cloud/ecs/task/facts.ts';
import type { Target } from '../../shared/config/config.ts';
import type { Cloud } from '../slipway/slipway-cloud.ts';
import { imageView } from './page-image.ts';
import type { PageImages, PageRevision, PageTask } from './page-state.ts';
import type { Served } from './served.ts';

/** Stopped tasks that are shown of each revision: the newest. */
const STOPPED_MOST = 10;

/** PRIMARY first, then the ACTIVE ones, then those that were seen within the last hour. */
export function revisionViews(
  cloud: Cloud,
  { cluster, service: name }: Pick<Target, 'cluster' | 'service'>,
  served: Served,
): readonly PageRevision[] {
  const { world } = cloud;
  const service = world.ecs.services[`${cluster}/${name}`];
  if (service === undefined) return [];
  const standing = service.deployments.map(({ id }) => id);
  const gone = Object.values(world.ecs.revisions)
    .filter((revision) => revision.service === service.key && !standing.includes(revision.id))
    .filter(({ id }) => served.of(id).length > 0 || stoppedOf(cloud, service, id).length > 0)
    .toSorted((a, b) => b.createdAt - a.createdAt)
    .map(({ id }) => id);
  return [...standing, ...gone].map((id) => revisionView(cloud, service, id, served));
}

function revisionView(
  cloud: Cloud,
  service: ServiceRecord,
  id: string,
  served: Served,
): PageRevision {
  const { world } = cloud;
  const revision = world.ecs.revisions[id];
  const deployment = service.deployments.find((each) => each.id === id);
  const live = (deployment?.tasks ?? []).flatMap((task) => world.ecs.tasks[task] ?? []);
  const images: PageImages = Object.fromEntries(
    (revision?.containers ?? []).map(({ name, repository = '', digest = '' }) => [
      name,
      imageView(cloud, repository, digest),
    ]),
  );
  return {
    revision: lastPart(revision?.taskDefinition ?? ''),
    deployment: `ecs-svc/${id}`,
    status: deployment?.status ?? 'gone',
    ...(deployment && { rolloutState: deployment.rolloutState }),
    images,
    desired: deployment?.desiredCount ?? 0,
    tasks: [...live, ...stoppedOf(cloud, service, id)].map((task) => taskView(cloud, task)),
    served: served.of(id),
  };
}

function stoppedOf({ world }: Cloud, { stopped }: ServiceRecord, id: string): TaskRecord[] {
  return stopped
    .flatMap((task) => world.ecs.tasks[task] ?? [])
    .filter(({ revision }) => revision === id)
    .slice(-STOPPED_MOST);
}

function taskView({ world }: Cloud, task: TaskRecord): PageTask {
  const { id, lastStatus, desiredStatus, createdAt, stoppedReason } = task;
  const revision = world.ecs.revisions[task.revision];
  const needsHealth = revision !== undefined && isBalanced(revision);
  const runs = lastStatus === 'RUNNING' && desiredStatus === 'RUNNING';
  return {
    id,
    lastStatus,
    desiredStatus,
    serving: runs && (!needsHealth || isHealthy(task, world.now)),
    createdAt,
    ...(stoppedReason !== undefined && { stoppedReason }),
  };
}
