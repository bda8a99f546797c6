/**
 * Reads that lag: `Describe*` and `List*` answer from the state of a moment ago. Before a record
 * changes, its copy goes onto a short list; a read draws how late it is and takes the copy that
 * was valid then. Where nobody's reads lag nothing is copied, and nothing is drawn for whose do not.
 *
 * That ECS's reads lag is documented (API reference, RunTask: "eventual consistency model", wait
 * "gradually up to about five minutes"); how far they lag is not. Seconds are a worst case: in all
 * captures a read shows the write that was answered just before it.
 */

import { random } from '../kernel/random.ts';
import type { World } from '../kernel/world.ts';
import type { PastRecord, ServiceDeploymentRecord, ServiceRecord, TaskRecord } from './state.ts';

/** To be called before a service, one of its deployments or its events change. */
export function serviceChanges(world: World, service: ServiceRecord): void {
  if (longestLag(world) === 0) return;
  remember(world, `s/${service.key}`, () => ({
    ...service,
    deployments: service.deployments.map((deployment) => ({ ...deployment })),
  }));
}

/** To be called before a service deployment changes. */
export function serviceDeploymentChanges(world: World, record: ServiceDeploymentRecord): void {
  if (longestLag(world) === 0) return;
  remember(world, `d/${record.id}`, () => ({
    ...record,
    breaker: { ...record.breaker },
    alarms: { ...record.alarms },
    ...(record.shift && {
      shift: { ...record.shift, hooks: record.shift.hooks.map((run) => ({ ...run })) },
    }),
  }));
}

/** To be called before a task changes. */
export function taskChanges(world: World, task: TaskRecord): void {
  if (longestLag(world) === 0) return;
  remember(world, `t/${task.id}`, () => ({ ...task }));
}

function remember(world: World, key: string, copy: () => PastRecord): void {
  const versions = world.ecs.past[key] ?? [];
  world.ecs.past[key] = versions;
  // Several changes of one moment: the first copy is the one that was valid before it.
  if (versions.at(-1)?.until === world.now) return;
  const tooOld = world.now - longestLag(world);
  while (versions[0] !== undefined && versions[0].until <= tooOld) versions.shift();
  versions.push({ until: world.now, record: copy() });
}

/** The moment that this read shows: now, or a little earlier. */
export function readMoment(world: World): number {
  const { readLagMs, clientReadLagMs = readLagMs, clientAsks = false } = world;
  const most = clientAsks ? clientReadLagMs : readLagMs;
  return most === 0 ? world.now : world.now - random(world) * most;
}

/** How long a copy may be asked for. */
function longestLag({ readLagMs, clientReadLagMs = 0 }: World): number {
  return Math.max(readLagMs, clientReadLagMs);
}

/** The service as it was at `moment`; undefined if it was not there yet. */
export function serviceAt(
  world: World,
  service: ServiceRecord | undefined,
  moment: number,
): ServiceRecord | undefined {
  if (service === undefined || service.createdAt > moment) return undefined;
  return pastOf(world, `s/${service.key}`, moment, service);
}

export function serviceDeploymentAt(
  world: World,
  record: ServiceDeploymentRecord | undefined,
  moment: number,
): ServiceDeploymentRecord | undefined {
  if (record === undefined || record.createdAt > moment) return undefined;
  return pastOf(world, `d/${record.id}`, moment, record);
}

export function taskAt(
  world: World,
  task: TaskRecord | undefined,
  moment: number,
): TaskRecord | undefined {
  if (task === undefined || task.createdAt > moment) return undefined;
  return pastOf(world, `t/${task.id}`, moment, task);
}

function pastOf<T extends PastRecord>(world: World, key: string, moment: number, now: T): T {
  if (moment >= world.now) return now;
  const version = world.ecs.past[key]?.find(({ until }) => until > moment);
  return version === undefined ? now : (version.record as T);
}

/** Forgets a task for good. */
export function forgetTask(world: World, id: string): void {
  delete world.ecs.tasks[id];
  delete world.ecs.past[`t/${id}`];
}
