/**
 * What Fargate refuses in a task definition. Sources in README.md: the developer guide's
 * "task definition differences for Fargate", and texts as AWS's refusals were published.
 */
import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { AwsError } from '../../kernel/errors.ts';

const GB = 1_024;

/** From, to and step, in MiB. */
function range(from: number, to: number, step: number): readonly number[] {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
}

/** By CPU units, the memory in MiB that goes with them (docs, fargate-tasks-services). */
export const FARGATE_SIZES: Readonly<Record<number, readonly number[]>> = {
  256: [512, GB, 2 * GB],
  512: range(GB, 4 * GB, GB),
  1024: range(2 * GB, 8 * GB, GB),
  2048: range(4 * GB, 16 * GB, GB),
  4096: range(8 * GB, 30 * GB, GB),
  8192: range(16 * GB, 60 * GB, 4 * GB),
  16384: range(32 * GB, 120 * GB, 8 * GB),
  32768: [60 * GB, 120 * GB, 244 * GB],
};

/** Windows has neither less than one vCPU nor more than four (the same page). */
const WINDOWS_CPU = [1024, 2048, 4096];
const LOG_DRIVERS = ['awslogs', 'splunk', 'awsfirelens'];
/** docs, fargate-tasks-services: 20 GiB without asking, 200 at most. */
const STORAGE_GIB = { least: 21, most: 200 };
const STOP_TIMEOUT_MOST = 120;
const PRIVATE_ECR = /^\d{12}\.dkr\.ecr\./;

function refuse(message: string): never {
  throw new AwsError('ClientException', message);
}

/** `cpu` and `memory` as numbers, if they are given: see `taskSize`. */
export function refuseOnFargate(
  input: RegisterTaskDefinitionCommandInput,
  { cpu, memory }: { readonly cpu?: number; readonly memory?: number },
): void {
  if (input.networkMode !== 'awsvpc') refuse('Fargate only supports network mode ‘awsvpc’.');
  if (cpu === undefined && memory === undefined) {
    refuse("Fargate requires that 'cpu' and 'memory' be defined at the task level.");
  }
  if (cpu === undefined) refuse("Fargate requires that 'cpu' be defined at the task level.");
  if (memory === undefined) refuse("Fargate requires that 'memory' be defined at the task level.");
  refuseSize(input, cpu, memory);
  refuseTaskSettings(input);
  for (const container of input.containerDefinitions ?? []) {
    refuseContainerSettings(container);
    refuseLogging(container, input.executionRoleArn);
  }
  const fromEcr = input.containerDefinitions?.some(({ image }) => PRIVATE_ECR.test(image ?? ''));
  if (fromEcr && !input.executionRoleArn) {
    refuse('Fargate requires task definition to have execution role ARN to support ECR images.');
  }
}

function refuseSize(
  { runtimePlatform = {} }: RegisterTaskDefinitionCommandInput,
  cpu: number,
  memory: number,
): void {
  const isWindows = runtimePlatform.operatingSystemFamily?.startsWith('WINDOWS') === true;
  const isPossible =
    FARGATE_SIZES[cpu]?.includes(memory) === true &&
    (!isWindows || (WINDOWS_CPU.includes(cpu) && runtimePlatform.cpuArchitecture !== 'ARM64'));
  if (isPossible) return;
  refuse(
    `No Fargate configuration exists for given values: ${cpu} CPU, ${memory} memory. See the Amazon ECS documentation for the valid values.`,
  );
}

function refuseTaskSettings(input: RegisterTaskDefinitionCommandInput): void {
  if (input.ipcMode !== undefined) unsupported('ipcMode');
  if (input.pidMode !== undefined && input.pidMode !== 'task') {
    refuse(
      `Tasks using the Fargate launch type do not support pidMode '${input.pidMode}'. The supported value for pidMode is 'task'.`,
    );
  }
  if ((input.placementConstraints ?? []).length > 0) unsupported('constraints');
  for (const { dockerVolumeConfiguration, host } of input.volumes ?? []) {
    if (dockerVolumeConfiguration !== undefined) unsupported('dockerVolumeConfiguration');
    if (host?.sourcePath) unsupported('sourcePath');
  }
  const storage = input.ephemeralStorage?.sizeInGiB;
  if (storage === undefined) return;
  const { least, most } = STORAGE_GIB;
  if (storage < least) refuse(`EphemeralStorage size should be at least ${least}.`);
  if (storage > most) refuse(`EphemeralStorage size should be at most ${most}.`);
}

function unsupported(setting: string): never {
  refuse(`Fargate compatible task definitions do not support ${setting}`);
}

function refuseContainerSettings(container: ContainerDefinition): void {
  if (container.privileged === true) {
    refuse("Fargate requires that the 'privileged' setting be 'false'.");
  }
  if ((container.dockerSecurityOptions ?? []).length > 0) unsupported('dockerSecurityOptions');
  if (container.resourceRequirements?.some(({ type }) => type === 'GPU')) {
    refuse('Tasks using the Fargate launch type do not support GPU resource requirements.');
  }
  const linux = container.linuxParameters ?? {};
  if ((linux.devices ?? []).length > 0) unsupported('devices');
  if (linux.sharedMemorySize !== undefined) unsupported('sharedMemorySize');
  if ((linux.tmpfs ?? []).length > 0) unsupported('tmpfs');
  if (linux.maxSwap !== undefined) unsupported('maxSwap');
  if (linux.swappiness !== undefined) unsupported('swappiness');
  const added = linux.capabilities?.add?.find((name) => name !== 'SYS_PTRACE');
  if (added !== undefined) refuse(`${added} is not allowed on Fargate.`);
  if ((container.stopTimeout ?? 0) > STOP_TIMEOUT_MOST) {
    // The rule: API reference, ContainerDefinition; its words are unverified.
    refuse(`Fargate requires that 'stopTimeout' be at most ${STOP_TIMEOUT_MOST} seconds.`);
  }
}

function refuseLogging(
  { logConfiguration }: ContainerDefinition,
  executionRoleArn: string | undefined,
): void {
  const driver = logConfiguration?.logDriver;
  if (driver === undefined) return;
  if (!LOG_DRIVERS.includes(driver)) {
    refuse(`${driver} is not a valid log driver. Must be one of [${LOG_DRIVERS.join(', ')}]`);
  }
  if (driver !== 'awslogs') return;
  if (!executionRoleArn) {
    refuse(
      'Fargate requires task definition to have execution role ARN to support log driver awslogs.',
    );
  }
  if (logConfiguration?.options?.['awslogs-stream-prefix'] === undefined) {
    refuse('Fargate requires log configuration options to include awslogs-stream-prefix.');
  }
}
