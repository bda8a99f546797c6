/** What a service looks like from outside, and the reads of services. */
import type {
  Deployment,
  DeploymentConfiguration,
  DescribeServicesCommandInput,
  Failure,
  ListServicesCommandInput,
  Service as ServiceView,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../../kernel/errors.ts';
import type { World } from '../../kernel/world.ts';
import {
  arn,
  clusterArn,
  clusterNamed,
  findService,
  lastPart,
  paginate,
  refuseBadCount,
  revisionArn,
  serviceArn,
  serviceDeploymentArn,
} from '../names.ts';
import { readMoment, serviceAt, serviceDeploymentAt } from '../read-lag.ts';
import type { DeploymentRecord, ServiceRecord } from '../state.ts';
import { callerArn } from '../task-definition/operations.ts';

/** API reference, DescribeServices. */
const DESCRIBED_MOST = 10;
const LAUNCH_TYPES = ['EC2', 'FARGATE', 'EXTERNAL', 'FMI', 'MANAGED_INSTANCES'];

export function DescribeServices(world: World, input: DescribeServicesCommandInput) {
  const cluster = clusterNamed(world, input.cluster);
  const names = input.services ?? [];
  refuseBadCount('Service', names, DESCRIBED_MOST);
  const include: readonly string[] = input.include ?? [];
  if (include.some((name) => name !== 'TAGS')) {
    throw new AwsError('InvalidParameterException', 'include should be one of [TAGS]');
  }
  const moment = readMoment(world);
  const services: ServiceView[] = [];
  const failures: Failure[] = [];
  for (const name of names) {
    const service = serviceAt(world, findService(world, cluster, name), moment);
    if (service === undefined) {
      failures.push({
        arn: arn(world, 'service', `${cluster.name}/${lastPart(name)}`),
        reason: 'MISSING',
      });
    } else {
      services.push(
        viewService(world, service, { as: 'described', tags: include.length > 0, moment }),
      );
    }
  }
  return { services, failures };
}

/** Newest first; AWS's own order is a hash's (observed). A DRAINING service is not listed. */
export function ListServices(world: World, input: ListServicesCommandInput) {
  const cluster = clusterNamed(world, input.cluster);
  if (input.launchType !== undefined && !LAUNCH_TYPES.includes(input.launchType)) {
    throw new AwsError(
      'InvalidParameterException',
      `launch type should be one of [${LAUNCH_TYPES.join(',')}]`,
    );
  }
  const moment = readMoment(world);
  const arns: string[] = [];
  for (const key of cluster.services) {
    const service = serviceAt(world, world.ecs.services[key], moment);
    if (service?.status !== 'ACTIVE') continue;
    if (input.launchType !== undefined && service.settings.launchType !== input.launchType)
      continue;
    if (input.schedulingStrategy === 'DAEMON') continue;
    arns.push(serviceArn(world, service));
  }
  const { page, nextToken } = paginate(arns.reverse(), input, { size: 10, most: 100 });
  return { serviceArns: page, ...(nextToken !== undefined && { nextToken }) };
}

interface Looking {
  /** The answers of Create and Update name no current service deployment, Delete's not even the
   * current revisions and the newer settings (observed). */
  readonly as: 'answer' | 'described' | 'deleted';
  readonly tags: boolean;
  readonly moment?: number;
}

export function viewService(
  world: World,
  service: ServiceRecord,
  { as, tags, moment = world.now }: Looking,
): ServiceView {
  const { deployments } = service;
  const {
    serviceConnectConfiguration: _,
    volumeConfigurations: __,
    vpcLatticeConfigurations: ___,
    monitoring: ____,
    ...settings
  } = service.settings;
  const current = as === 'described' ? currentServiceDeployment(world, service, moment) : undefined;
  const needsRole =
    settings.networkConfiguration !== undefined || (settings.loadBalancers?.length ?? 0) > 0;
  return {
    serviceArn: serviceArn(world, service),
    serviceName: service.name,
    clusterArn: clusterArn(world, service.cluster),
    ...settings,
    status: service.status,
    desiredCount: service.desiredCount,
    runningCount: deployments.reduce((sum, { runningCount }) => sum + runningCount, 0),
    pendingCount: deployments.reduce((sum, { pendingCount }) => sum + pendingCount, 0),
    taskDefinition: service.taskDefinition,
    deploymentConfiguration: viewConfiguration(service.deploymentConfiguration, as),
    deployments: deployments.map((deployment) => viewDeployment(world, deployment)),
    ...(needsRole && {
      roleArn: `arn:aws:iam::${world.account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`,
    }),
    events: eventsAt(service, moment),
    createdAt: new Date(service.createdAt),
    ...(current !== undefined && { currentServiceDeployment: current }),
    ...(as !== 'deleted' && {
      currentServiceRevisions: deployments.map((deployment) => ({
        arn: revisionArn(world, service.key, deployment.id),
        requestedTaskCount: deployment.desiredCount,
        runningTaskCount: deployment.runningCount,
        pendingTaskCount: deployment.pendingCount,
      })),
    }),
    ...service.kept,
    schedulingStrategy: 'REPLICA',
    deploymentController: { type: 'ECS' },
    ...(tags && { tags: [...service.tags] }),
    createdBy: callerArn(world),
    resourceManagementType: 'CUSTOMER',
  };
}

function eventsAt(service: ServiceRecord, moment: number) {
  return service.events
    .filter(({ at }) => at <= moment)
    .reverse()
    .map(({ id, at, message }) => ({ id, createdAt: new Date(at), message }));
}

/**
 * The one that runs. While a new one is PENDING and the old one not yet STOPPED it is still the
 * old one (observed).
 */
function currentServiceDeployment(
  world: World,
  service: ServiceRecord,
  moment: number,
): string | undefined {
  for (const id of service.open.toReversed()) {
    const record = serviceDeploymentAt(world, world.ecs.serviceDeployments[id], moment);
    if (record === undefined || record.status === 'PENDING') continue;
    return serviceDeploymentArn(world, record);
  }
  return undefined;
}

export function viewConfiguration(
  config: DeploymentConfiguration,
  as: Looking['as'],
): DeploymentConfiguration {
  if (as !== 'deleted') return { bakeTimeInMinutes: 0, ...config };
  const { deploymentCircuitBreaker: breaker, bakeTimeInMinutes: _, ...rest } = config;
  return {
    ...rest,
    deploymentCircuitBreaker: { enable: breaker?.enable, rollback: breaker?.rollback },
  };
}

function viewDeployment(world: World, deployment: DeploymentRecord): Deployment {
  const revision = world.ecs.revisions[deployment.id];
  const {
    loadBalancers: _,
    serviceRegistries: __,
    monitoring: ___,
    ...settings
  } = revision?.settings ?? {};
  return {
    id: `ecs-svc/${deployment.id}`,
    status: deployment.status,
    taskDefinition: revision?.taskDefinition,
    desiredCount: deployment.desiredCount,
    pendingCount: deployment.pendingCount,
    runningCount: deployment.runningCount,
    failedTasks: deployment.failedTasks,
    createdAt: new Date(deployment.createdAt),
    updatedAt: new Date(deployment.updatedAt),
    ...settings,
    // "LATEST" of the service is a number in its deployments (observed).
    ...(settings.platformVersion === 'LATEST' && { platformVersion: '1.4.0' }),
    rolloutState: deployment.rolloutState,
    rolloutStateReason: deployment.rolloutStateReason,
  };
}
