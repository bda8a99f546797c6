/** What the local ECS tells: lines in a service's `events`, and events on the bus. */

import { emit } from '../eventbridge/state.ts';
import { randomUuid } from '../kernel/random.ts';
import type { World } from '../kernel/world.ts';
import { arn, clusterArn, serviceArn, taskArn } from './names.ts';
import type { DeploymentRecord, ServiceRecord, TaskRecord } from './state.ts';
import { containerOverrides, containerViews, eniDetails, startedBy } from './task/containers.ts';

/** API reference, Service: "Only the 100 most recent events are displayed." */
const SERVICE_EVENTS_MOST = 100;

/** Adds a line "(service <name>) <text>" to the service's events. */
export function tell(world: World, service: ServiceRecord, text: string, at = world.now): void {
  const message = `(service ${service.name}) ${text}`;
  service.events.push({ id: randomUuid(world), at, message });
  if (service.events.length > SERVICE_EVENTS_MOST) service.events.shift();
}

/** "(task A) (task B)". */
export function taskList(ids: readonly string[]): string {
  return ids.map((id) => `(task ${id})`).join(' ');
}

export type DeploymentEventName =
  | 'SERVICE_DEPLOYMENT_IN_PROGRESS'
  | 'SERVICE_DEPLOYMENT_COMPLETED'
  | 'SERVICE_DEPLOYMENT_FAILED';

/**
 * A change of a deployment's rollout state. The same names also come as service actions, without
 * the deployment's id (docs, ecs_service_events and ecs_service_deployment_events; `clusterArn`
 * is in real events, not in the docs' samples).
 */
export function emitDeploymentEvent(
  world: World,
  service: ServiceRecord,
  deployment: DeploymentRecord,
  eventName: DeploymentEventName,
): void {
  const eventType = eventName === 'SERVICE_DEPLOYMENT_FAILED' ? 'ERROR' : 'INFO';
  emit(world, {
    source: 'aws.ecs',
    detailType: 'ECS Deployment State Change',
    resources: [serviceArn(world, service)],
    detail: {
      eventType,
      eventName,
      clusterArn: clusterArn(world, service.cluster),
      deploymentId: `ecs-svc/${deployment.id}`,
      updatedAt: iso(world.now),
      reason: deployment.rolloutStateReason,
    },
  });
  emitServiceAction(world, service, eventType, eventName);
}

export function emitServiceAction(
  world: World,
  service: ServiceRecord,
  eventType: 'INFO' | 'WARN' | 'ERROR',
  eventName: string,
): void {
  emit(world, {
    source: 'aws.ecs',
    detailType: 'ECS Service Action',
    resources: [serviceArn(world, service)],
    detail: {
      eventType,
      eventName,
      clusterArn: clusterArn(world, service.cluster),
      createdAt: iso(world.now),
    },
  });
}

/** docs, ecs_service_events: with a reason, and the capacity providers of a service that has some. */
export function emitPlacementFailure(world: World, service: ServiceRecord): void {
  const providers = service.settings.capacityProviderStrategy ?? [];
  emit(world, {
    source: 'aws.ecs',
    detailType: 'ECS Service Action',
    resources: [serviceArn(world, service)],
    detail: {
      eventType: 'ERROR',
      eventName: 'SERVICE_TASK_PLACEMENT_FAILURE',
      clusterArn: clusterArn(world, service.cluster),
      ...(providers.length > 0 && {
        capacityProviderArns: providers.map(({ capacityProvider = '' }) =>
          arn(world, 'capacity-provider', capacityProvider),
        ),
      }),
      reason: 'RESOURCE:FARGATE',
      createdAt: iso(world.now),
    },
  });
}

/** The task as it is now; one event per version (observed: versions 1 to 7 without a gap). */
export function emitTaskChange(world: World, task: TaskRecord): void {
  const revision = world.ecs.revisions[task.revision];
  const service = world.ecs.services[task.service];
  if (revision === undefined || (service === undefined && task.run === undefined)) return;
  const eni = eniDetails(task, revision);
  const detail: Record<string, unknown> = {
    attachments:
      eni === undefined
        ? []
        : [{ id: eni.id, type: 'eni', status: eni.eventStatus, details: eni.details }],
    attributes: [{ name: 'ecs.cpu-architecture', value: 'x86_64' }],
    availabilityZone: availabilityZone(world, task),
    clusterArn: clusterArn(world, task.cluster),
    containers: containerViews(world, task, revision),
    cpu: revision.cpu,
    createdAt: iso(task.createdAt),
    desiredStatus: task.desiredStatus,
    enableExecuteCommand: service?.kept.enableExecuteCommand ?? false,
    ephemeralStorage: { sizeInGiB: 20 },
    group: task.run?.group ?? `service:${service?.name}`,
    launchType: revision.settings.launchType ?? 'FARGATE',
    lastStatus: task.lastStatus,
    memory: revision.memory,
    overrides: { containerOverrides: containerOverrides(task, revision) },
    platformVersion: '1.4.0',
    ...startedBy(task),
    taskArn: taskArn(world, task),
    taskDefinitionArn: task.taskDefinition,
    updatedAt: iso(task.updatedAt),
    version: task.version,
  };
  if (revision.settings.capacityProviderStrategy !== undefined) {
    detail.capacityProviderName =
      revision.settings.capacityProviderStrategy[0]?.capacityProvider ?? 'FARGATE';
  }
  if (isConnected(task)) {
    detail.connectivity = 'CONNECTED';
    detail.connectivityAt = iso(task.connectivityAt);
    detail.pullStartedAt = iso(task.pullStartedAt);
    detail.pullStoppedAt = iso(task.pullStoppedAt);
  }
  if (task.startedAt !== undefined) detail.startedAt = iso(task.startedAt);
  if (task.executionStoppedAt !== undefined && task.stoppingAt !== undefined) {
    detail.executionStoppedAt = iso(task.executionStoppedAt);
  }
  if (task.stoppingAt !== undefined) detail.stoppingAt = iso(task.stoppingAt);
  if (task.stoppedAt !== undefined) detail.stoppedAt = iso(task.stoppedAt);
  if (task.stopCode !== undefined) detail.stopCode = task.stopCode;
  if (task.stoppedReason !== undefined) detail.stoppedReason = task.stoppedReason;
  emit(world, {
    source: 'aws.ecs',
    detailType: 'ECS Task State Change',
    resources: [taskArn(world, task)],
    detail,
  });
}

/** Connectivity and pull times appear with RUNNING, or with the end of a task that never ran. */
export function isConnected({ startedAt, lastStatus }: TaskRecord): boolean {
  return startedAt !== undefined || lastStatus === 'DEPROVISIONING' || lastStatus === 'STOPPED';
}

export function availabilityZone(world: World, task: TaskRecord): string {
  return world.region + ('abcdef'[task.subnet] ?? 'a');
}

/** ECS's times: milliseconds without trailing zeros, "41.94Z" (observed). */
export function iso(at: number): string {
  const text = new Date(at).toISOString();
  let end = text.length - 1;
  while (text[end - 1] === '0') end--;
  if (text[end - 1] === '.') end--;
  return `${text.slice(0, end)}Z`;
}
