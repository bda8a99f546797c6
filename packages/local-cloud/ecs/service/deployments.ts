/** The reads of service deployments, and StopServiceDeployment. */
import type {
  DescribeServiceDeploymentsCommandInput,
  Failure,
  ListServiceDeploymentsCommandInput,
  ServiceDeployment,
  ServiceDeploymentBrief,
  ServiceDeploymentLifecycleStage,
  ServiceRevisionSummary,
  StopServiceDeploymentCommandInput,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../../kernel/errors.ts';
import type { World } from '../../kernel/world.ts';
import { breakerThreshold } from '../breaker.ts';
import {
  clusterArn,
  clusterNamed,
  findService,
  lastPart,
  paginate,
  revisionArn,
  serviceArn,
  serviceDeploymentArn,
} from '../names.ts';
import { wakeAfterChange } from '../next-look.ts';
import {
  readMoment,
  serviceAt,
  serviceDeploymentAt,
  serviceDeploymentChanges,
} from '../read-lag.ts';
import { shiftsTraffic } from '../shift/begin.ts';
import type { ServiceDeploymentRecord, ServiceRecord } from '../state.ts';
import { viewConfiguration } from './views.ts';

/** API reference, ListServiceDeployments, DescribeServiceDeployments. */
const LISTED = { size: 20, most: 100 };
const DESCRIBED_MOST = 20;

/** Newest first. */
export function ListServiceDeployments(world: World, input: ListServiceDeploymentsCommandInput) {
  const cluster = clusterNamed(world, input.cluster);
  const service = findService(world, cluster, input.service);
  if (service === undefined) throw new AwsError('ServiceNotFoundException', 'Service not found.');
  const moment = readMoment(world);
  const after = input.createdAt?.after?.getTime() ?? Number.NEGATIVE_INFINITY;
  const before = input.createdAt?.before?.getTime() ?? Number.POSITIVE_INFINITY;
  const found: ServiceDeploymentBrief[] = [];
  for (const id of service.history.toReversed()) {
    const record = serviceDeploymentAt(world, world.ecs.serviceDeployments[id], moment);
    if (record === undefined) continue;
    if (input.status !== undefined && !input.status.includes(record.status)) continue;
    if (record.createdAt < after || record.createdAt > before) continue;
    found.push(viewBrief(world, record));
  }
  const { page, nextToken } = paginate(found, input, LISTED);
  return { serviceDeployments: page, ...(nextToken !== undefined && { nextToken }) };
}

export function DescribeServiceDeployments(
  world: World,
  input: DescribeServiceDeploymentsCommandInput,
) {
  const arns = input.serviceDeploymentArns ?? [];
  if (arns.length > DESCRIBED_MOST) {
    throw new AwsError(
      'InvalidParameterException',
      `Service Deployment ARN count cannot exceed ${DESCRIBED_MOST}`,
    );
  }
  const moment = readMoment(world);
  const serviceDeployments: ServiceDeployment[] = [];
  const failures: Failure[] = [];
  for (const name of arns) {
    const now = world.ecs.serviceDeployments[lastPart(name)];
    const record = serviceDeploymentAt(world, now, moment);
    if (record === undefined) failures.push({ arn: name, reason: 'MISSING' });
    else serviceDeployments.push(viewServiceDeployment(world, record, moment));
  }
  return { serviceDeployments, failures };
}

/**
 * Asks for a rollback; one that is on its way already just goes on (docs, stop-service-deployment).
 * ABORT is refused (text from a public log). The exceptions' texts are unverified.
 */
export function StopServiceDeployment(world: World, input: StopServiceDeploymentCommandInput) {
  const id = lastPart(input.serviceDeploymentArn ?? '');
  const record = world.ecs.serviceDeployments[id];
  const service = record && world.ecs.services[record.service];
  if (record === undefined || service === undefined) {
    throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
  }
  if (input.stopType === 'ABORT') {
    throw new AwsError(
      'UnsupportedFeatureException',
      'ECS StopServiceDeployment API with ABORT stopType is not supported.',
    );
  }
  const serviceDeploymentArnAnswer = serviceDeploymentArn(world, record);
  if (record.status === 'PENDING' || record.status === 'IN_PROGRESS') {
    serviceDeploymentChanges(world, record);
    record.status = 'ROLLBACK_REQUESTED';
    record.updatedAt = world.now;
    wakeAfterChange(world, service);
  } else if (ENDED.has(record.status)) {
    throw new AwsError(
      'ConflictException',
      `Service deployment in status ${record.status} cannot be stopped.`,
    );
  }
  return { serviceDeploymentArn: serviceDeploymentArnAnswer };
}

const ENDED: ReadonlySet<string> = new Set([
  'SUCCESSFUL',
  'STOPPED',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
]);

function viewBrief(world: World, record: ServiceDeploymentRecord): ServiceDeploymentBrief {
  return {
    serviceDeploymentArn: serviceDeploymentArn(world, record),
    serviceArn: serviceArn(world, { key: record.service }),
    clusterArn: clusterOf(world, record),
    createdAt: new Date(record.createdAt),
    ...(record.startedAt !== undefined && { startedAt: new Date(record.startedAt) }),
    ...(record.finishedAt !== undefined && { finishedAt: new Date(record.finishedAt) }),
    targetServiceRevisionArn: revisionArn(world, record.service, record.target),
    status: record.status,
    ...(record.statusReason !== undefined && { statusReason: record.statusReason }),
  };
}

function clusterOf(world: World, { service }: { readonly service: string }): string {
  return clusterArn(world, service.slice(0, service.indexOf('/')));
}

function viewServiceDeployment(
  world: World,
  record: ServiceDeploymentRecord,
  moment: number,
): ServiceDeployment {
  const service = serviceAt(world, world.ecs.services[record.service], moment);
  const { targetServiceRevisionArn: _, ...brief } = viewBrief(world, record);
  const breaker = record.deploymentConfiguration.deploymentCircuitBreaker;
  return {
    ...brief,
    updatedAt: new Date(record.updatedAt),
    ...(record.stoppedAt !== undefined && { stoppedAt: new Date(record.stoppedAt) }),
    sourceServiceRevisions: record.sources.map(({ revision, requested, running, pending }) => ({
      arn: revisionArn(world, record.service, revision),
      requestedTaskCount: requested,
      runningTaskCount: running,
      pendingTaskCount: pending,
      ...requestedWeights(record, 'source'),
    })),
    targetServiceRevision: {
      ...targetCounts(world, record, service),
      ...requestedWeights(record, 'target'),
    },
    ...viewShift(record),
    deploymentConfiguration: viewConfiguration(record.deploymentConfiguration, 'described'),
    ...(record.rollback !== undefined && {
      rollback: {
        reason: record.rollback.reason,
        startedAt: new Date(record.rollback.startedAt),
        serviceRevisionArn: revisionArn(world, record.service, record.rollback.revision),
      },
    }),
    deploymentCircuitBreaker: {
      status: record.breaker.status,
      failureCount: record.breaker.failureCount,
      threshold: breakerThreshold(breaker?.thresholdConfiguration, service?.desiredCount ?? 0),
    },
    ...(record.alarms.names.length > 0 && {
      alarms: {
        status: record.alarms.status,
        alarmNames: [...record.alarms.names],
        ...(record.alarms.triggered.length > 0 && {
          triggeredAlarmNames: [...record.alarms.triggered],
        }),
      },
    }),
  };
}

/** Absent of a rolling update; each source has all that the target has not (public log: two at 100). */
function requestedWeights(
  record: ServiceDeploymentRecord,
  of: 'source' | 'target',
): Pick<ServiceRevisionSummary, 'requestedProductionTrafficWeight' | 'requestedTestTrafficWeight'> {
  if (!shiftsTraffic(record)) return {};
  const { production = 0, test = 0 } = record.shift ?? {};
  const share = (percent: number) =>
    of === 'target' ? percent : Math.round((100 - percent) * 10) / 10;
  return {
    requestedProductionTrafficWeight: share(production),
    requestedTestTrafficWeight: share(test),
  };
}

/** That hooks of earlier stages stay is unverified. */
function viewShift({ shift }: ServiceDeploymentRecord) {
  if (shift === undefined) return {};
  return {
    // The SDK's enum lacks PRE_PRODUCTION_TRAFFIC_SHIFT, which its own text names.
    ...(shift.stage !== undefined && {
      lifecycleStage: shift.stage as ServiceDeploymentLifecycleStage,
    }),
    lifecycleHookDetails: shift.hooks.map((run) => ({
      hookId: run.id,
      targetType: run.targetType,
      ...(run.targetArn !== undefined && { targetArn: run.targetArn }),
      status: run.status,
      expiresAt: new Date(run.expiresAt),
      timeoutAction: run.timeoutAction,
    })),
  };
}

/** The target's counts now, while it stands among the service's deployments. */
function targetCounts(
  world: World,
  { service: key, target }: ServiceDeploymentRecord,
  service: ServiceRecord | undefined,
): ServiceRevisionSummary {
  const deployment = service?.deployments.find(({ id }) => id === target);
  return {
    arn: revisionArn(world, key, target),
    requestedTaskCount: deployment?.desiredCount ?? 0,
    runningTaskCount: deployment?.runningCount ?? 0,
    pendingTaskCount: deployment?.pendingCount ?? 0,
  };
}
