/**
 * Whether a service and a task definition go together: what ECS refuses otherwise (sources in
 * README.md).
 */
import type { CreateServiceCommandInput } from '@aws-sdk/client-ecs';
import { AwsError } from '../../kernel/errors.ts';
import type { TaskDefinitionRecord } from '../state.ts';

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

/** What the service would have, and the task definition that it would run. */
interface Fitting {
  readonly networkConfiguration?: CreateServiceCommandInput['networkConfiguration'] | undefined;
  readonly loadBalancers?: CreateServiceCommandInput['loadBalancers'] | undefined;
}

/** After the task definition is known, at a creation and at an update that deploys. */
export function refuseMisfit(
  { networkConfiguration, loadBalancers = [] }: Fitting,
  { registered }: TaskDefinitionRecord,
): void {
  const isAwsvpc = registered.networkMode === 'awsvpc';
  if (isAwsvpc && networkConfiguration === undefined) {
    throw invalid("Network Configuration must be provided when networkMode 'awsvpc' is specified.");
  }
  if (!isAwsvpc && networkConfiguration !== undefined) {
    throw invalid(
      'Network Configuration is not valid for the given networkMode of this task definition.',
    );
  }
  if (isAwsvpc && networkConfiguration?.awsvpcConfiguration?.subnets?.length === 0) {
    throw invalid('subnets can not be empty.');
  }
  for (const { containerName, containerPort } of loadBalancers) {
    const container = registered.containerDefinitions.find(({ name }) => name === containerName);
    if (container === undefined) {
      throw invalid(`The container ${containerName} does not exist in the task definition.`);
    }
    const ports = (container.portMappings ?? []).map((mapping) => mapping.containerPort);
    if (!ports.includes(containerPort)) {
      throw invalid(
        `The container ${containerName} did not have a container port ${containerPort} defined.`,
      );
    }
  }
}

/** Where the tasks are to run, and whether the task definition may run there. */
export function refuseBadLaunch(
  input: CreateServiceCommandInput,
  { registered }: TaskDefinitionRecord,
): void {
  const { launchType, capacityProviderStrategy = [], loadBalancers = [] } = input;
  if (launchType !== undefined && capacityProviderStrategy.length > 0) {
    throw invalid(
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    );
  }
  if (launchType === 'EC2' && input.platformVersion !== undefined) {
    throw invalid('The platform version must be null when specifying an EC2 launch type.');
  }
  if (launchType !== 'FARGATE') return;
  if (registered.requiresCompatibilities?.includes('FARGATE') !== true) {
    throw invalid('Task definition does not support launch_type FARGATE.');
  }
  if (loadBalancers.some(({ loadBalancerName }) => loadBalancerName !== undefined)) {
    throw invalid('Classic Load Balancers are not supported with Fargate.');
  }
  // The rule: API reference, CreateService; the words are unverified.
  if ((input.placementStrategy ?? []).length > 0 || (input.placementConstraints ?? []).length > 0) {
    throw invalid(
      'Placement strategies and constraints are not supported with FARGATE launch type.',
    );
  }
}
