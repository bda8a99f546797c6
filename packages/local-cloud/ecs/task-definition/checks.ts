/**
 * What ECS refuses in RegisterTaskDefinition. Sources of the rules and of their texts are in
 * README.md; in which order ECS looks is unverified.
 */
import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { AwsError } from '../../kernel/errors.ts';
import { refuseMalformedName } from '../names.ts';
import { refuseOnFargate } from './fargate.ts';

type Input = RegisterTaskDefinitionCommandInput;

/** docs, service-quotas. */
const CONTAINERS_MOST = 10;
const PORT_MOST = 65_535;

function refuse(message: string): never {
  throw new AwsError('ClientException', message);
}

export function refuseBadTaskDefinition(input: Input): void {
  refuseMalformedName('Family', input.family, 'ClientException');
  const containers = input.containerDefinitions ?? [];
  refuseBadList(containers);
  const size = { ...sized('cpu', input.cpu), ...sized('memory', input.memory) };
  for (const container of containers) {
    refuseBadResources(container, size);
    refuseBadPorts(container, input);
    if (input.networkMode === 'awsvpc') refuseInAwsvpc(container);
    refuseBadDependencies(container, containers);
    refuseBadRest(container, input);
  }
  const cpu = containers.reduce((sum, container) => sum + (container.cpu ?? 0), 0);
  if (size.cpu !== undefined && cpu > size.cpu) {
    refuse(
      "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
    );
  }
  if ((input.inferenceAccelerators ?? []).length > 0) {
    refuse("Unsupported field 'inferenceAccelerators'.");
  }
  if (input.requiresCompatibilities?.includes('FARGATE')) refuseOnFargate(input, size);
  else if (input.ephemeralStorage !== undefined) {
    refuse('Tasks using the EC2 launch type do not support EphemeralStorage.');
  }
}

/** What ECS stores of `"1 vCPU"` and `"2 GB"`: units and MiB (docs, task_definition_parameters). */
export function normalizedSize({ cpu, memory }: Pick<Input, 'cpu' | 'memory'>): {
  cpu?: string;
  memory?: string;
} {
  const size = { ...sized('cpu', cpu), ...sized('memory', memory) };
  return {
    ...(size.cpu !== undefined && { cpu: String(size.cpu) }),
    ...(size.memory !== undefined && { memory: String(size.memory) }),
  };
}

const SIZE = /^(\d+|\d*\.\d+)\s*(vcpu|gb)?$/i;

/** CPU units, or MiB. Nothing given is nothing. */
function sized<K extends 'cpu' | 'memory'>(
  name: K,
  text: string | undefined,
): { readonly [P in K]?: number } {
  if (text === undefined) return {};
  const [, number, unit = ''] = SIZE.exec(text.trim()) ?? [];
  const fits = unit === '' || unit.toLowerCase() === (name === 'cpu' ? 'vcpu' : 'gb');
  if (number === undefined || !fits) {
    refuse(
      `Invalid '${name}' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.`,
    );
  }
  const value = Math.round(Number(number) * (unit === '' ? 1 : 1024));
  return { [name]: value } as { readonly [P in K]?: number };
}

function refuseBadList(containers: readonly ContainerDefinition[]): void {
  if (containers.length === 0) refuse('Container list cannot be empty.');
  if (containers.length > CONTAINERS_MOST) refuse('Too many containers.');
  const names = new Set<string>();
  for (const { name, image } of containers) {
    if (!image) refuse('Container.image should not be null or empty.');
    if (!name) refuse('Container.name should not be null or empty.');
    // API reference, ContainerDefinition; the words are unverified.
    if (!/^[\w-]{1,255}$/.test(name)) refuse('Container.name contains invalid characters.');
    if (names.has(name)) refuse('Container names must be unique within a task definition.');
    names.add(name);
  }
  if (containers.every(({ essential }) => essential === false)) {
    refuse('At least one container must be marked as essential in the task definition.');
  }
}

function refuseBadResources(
  { name, memory, memoryReservation }: ContainerDefinition,
  task: { readonly memory?: number },
): void {
  if (memory === undefined && memoryReservation === undefined && task.memory === undefined) {
    refuse(
      `Invalid setting for container '${name}'. At least one of 'memory' or 'memoryReservation' must be specified.`,
    );
  }
  if (memory !== undefined && task.memory !== undefined && memory > task.memory) {
    refuse(`The 'memory' setting for container '${name}' is greater than for the task.`);
  }
  if (memory !== undefined && memoryReservation !== undefined && memoryReservation > memory) {
    refuse(
      `Invalid setting for container '${name}'. 'memory' must be greater than or equal to 'memoryReservation'.`,
    );
  }
}

function refuseBadPorts({ name, portMappings = [] }: ContainerDefinition, input: Input): void {
  for (const { containerPort, containerPortRange, hostPort } of portMappings) {
    if (containerPortRange !== undefined) continue;
    if (containerPort === undefined || containerPort < 1 || containerPort > PORT_MOST) {
      refuse(`Invalid 'containerPort' setting for container '${name}'.`);
    }
    const isOwn = hostPort === undefined || hostPort === 0 || hostPort === containerPort;
    if (!isOwn && (input.networkMode === 'awsvpc' || input.networkMode === 'host')) {
      refuse(
        `When networkMode=${input.networkMode}, the host ports and container ports in port mappings must match.`,
      );
    }
  }
}

function refuseInAwsvpc(container: ContainerDefinition): void {
  const on = 'on container when networkMode=awsvpc.';
  if ((container.links ?? []).length > 0) {
    refuse('Links are not supported when networkMode=awsvpc.');
  }
  if (container.disableNetworking === true) refuse(`Disable Networking is not supported ${on}`);
  if ((container.dnsServers ?? []).length > 0) refuse(`DNS servers are not supported ${on}`);
  // In the words of its neighbours; unverified.
  if ((container.dnsSearchDomains ?? []).length > 0) {
    refuse(`DNS search domains are not supported ${on}`);
  }
  if ((container.extraHosts ?? []).length > 0) refuse(`Extra hosts are not supported ${on}`);
  if (container.hostname !== undefined) refuse(`hostname is not supported ${on}`);
}

function refuseBadDependencies(
  { dependsOn = [] }: ContainerDefinition,
  containers: readonly ContainerDefinition[],
): void {
  for (const { containerName, condition } of dependsOn) {
    const other = containers.find(({ name }) => name === containerName);
    if (other === undefined) {
      refuse(`Cannot depend on container ${containerName} because it does not exist.`);
    }
    const ends = condition === 'COMPLETE' || condition === 'SUCCESS';
    if (ends && other.essential !== false) {
      refuse(
        'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container.',
      );
    }
    if (condition === 'HEALTHY' && other.healthCheck === undefined) {
      refuse('A dependency container with HEALTHY condition must have health check configured.');
    }
  }
}

function refuseBadRest(container: ContainerDefinition, input: Input): void {
  const volumes = (input.volumes ?? []).map(({ name }) => name);
  const unknown = container.mountPoints?.find(
    ({ sourceVolume }) => !volumes.includes(sourceVolume),
  );
  if (unknown !== undefined) refuse(`Unknown volume '${unknown.sourceVolume}'.`);
  if ((container.secrets ?? []).length > 0 && !input.executionRoleArn) {
    refuse(
      "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    );
  }
  const ulimit = container.ulimits?.find(
    ({ softLimit = 0, hardLimit = 0 }) => softLimit > hardLimit,
  );
  if (ulimit !== undefined) refuse(`Soft limit exceeds hard limit for ulimit ${ulimit.name}.`);
  const { logDriver, options = {} } = container.logConfiguration ?? {};
  if (logDriver === 'awslogs' && options['awslogs-group'] === undefined) {
    refuse('Log driver awslogs requires options: awslogs-group');
  }
}
