import type { ContainerDefinition, RegisterTaskDefinitionCommandInput } from '@aws-sdk/client-ecs';
import { describe, expect, test } from 'vitest';
import { ecsOperations as ecs } from '../../ecs/operations.ts';
import { FARGATE_SIZES } from '../../ecs/task-definition/fargate.ts';
import type { World } from '../../kernel/world.ts';
import { emptyWorld } from '../../services.ts';
import { refusal, steadyWorld, update } from './ecs-world.ts';

const ROLE = 'arn:aws:iam::123456789012:role/execution';

function world(): World {
  return emptyWorld({ now: 0, seed: 1, account: '123456789012', region: 'eu-west-1' });
}

type Changes = Partial<RegisterTaskDefinitionCommandInput>;

function register(changes: Changes = {}, container: Partial<ContainerDefinition> = {}) {
  return ecs.RegisterTaskDefinition(world(), {
    family: 'web',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: ROLE,
    containerDefinitions: [{ name: 'app', image: 'nginx', ...container }],
    ...changes,
  });
}

/** `ok`, or what ECS says. */
function said(changes: Changes, container: Partial<ContainerDefinition> = {}): string {
  const text = refusal(() => register(changes, container));
  return text === 'not refused' ? 'ok' : text;
}

describe('sizes on Fargate', () => {
  const MEMORY = Array.from({ length: 250 }, (_, index) => (index + 1) * 1024);

  test('each size of the documentation is taken, and no other', () => {
    const taken = Object.fromEntries(
      [128, 256, 512, 1024, 2048, 3072, 4096, 8192, 16384, 32768, 65536].map((cpu) => [
        cpu,
        [512, 1536, ...MEMORY].filter(
          (memory) => said({ cpu: String(cpu), memory: String(memory) }) === 'ok',
        ),
      ]),
    );
    expect(taken).toEqual({ 128: [], 3072: [], 65536: [], ...FARGATE_SIZES });
    const counts = Object.values(FARGATE_SIZES).map((sizes) => sizes.length);
    expect(counts).toEqual([3, 4, 7, 13, 23, 12, 12, 3]);
    expect(FARGATE_SIZES[32768]).toEqual([61440, 122880, 249856]);
  });

  test('Windows has one to four vCPU, and no ARM', () => {
    const windows = (cpu: string, memory: string, cpuArchitecture: 'X86_64' | 'ARM64' = 'X86_64') =>
      said({
        cpu,
        memory,
        runtimePlatform: { operatingSystemFamily: 'WINDOWS_SERVER_2022_CORE', cpuArchitecture },
      });
    expect(windows('1024', '2048')).toBe('ok');
    expect(windows('4096', '30720')).toBe('ok');
    expect(windows('512', '1024')).toMatch(/No Fargate configuration/);
    expect(windows('8192', '16384')).toMatch(/No Fargate configuration/);
    expect(windows('1024', '2048', 'ARM64')).toMatch(/No Fargate configuration/);
    expect(
      said({ runtimePlatform: { operatingSystemFamily: 'LINUX', cpuArchitecture: 'ARM64' } }),
    ).toBe('ok');
  });

  test.each<[string, string, string, string]>([
    ['1 vCPU', '2 GB', '1024', '2048'],
    ['.25 vCPU', '0.5GB', '256', '512'],
    ['0.5vcpu', '1gb', '512', '1024'],
  ])('"%s" and "%s" are stored as units', (cpu, memory, units, mib) => {
    expect(register({ cpu, memory }).taskDefinition).toMatchObject({ cpu: units, memory: mib });
  });

  test.each<[Changes, string]>([
    [
      { cpu: '1024', memory: '1024' },
      'ClientException: No Fargate configuration exists for given values: 1024 CPU, 1024 memory. See the Amazon ECS documentation for the valid values.',
    ],
    [
      { cpu: 'much' },
      "ClientException: Invalid 'cpu' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.",
    ],
    [
      { cpu: '1 GB' },
      "ClientException: Invalid 'cpu' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.",
    ],
    [
      { memory: '1 vCPU' },
      "ClientException: Invalid 'memory' setting for task. For more information, see the Troubleshooting section of the Amazon ECS Developer Guide.",
    ],
    [{ networkMode: 'bridge' }, 'ClientException: Fargate only supports network mode ‘awsvpc’.'],
    [
      { ephemeralStorage: { sizeInGiB: 20 } },
      'ClientException: EphemeralStorage size should be at least 21.',
    ],
    [
      { ephemeralStorage: { sizeInGiB: 201 } },
      'ClientException: EphemeralStorage size should be at most 200.',
    ],
    [
      { ipcMode: 'host' },
      'ClientException: Fargate compatible task definitions do not support ipcMode',
    ],
    [
      { pidMode: 'host' },
      "ClientException: Tasks using the Fargate launch type do not support pidMode 'host'. The supported value for pidMode is 'task'.",
    ],
    [
      { placementConstraints: [{ type: 'memberOf' }] },
      'ClientException: Fargate compatible task definitions do not support constraints',
    ],
    [
      { volumes: [{ name: 'v', dockerVolumeConfiguration: {} }] },
      'ClientException: Fargate compatible task definitions do not support dockerVolumeConfiguration',
    ],
    [
      { volumes: [{ name: 'v', host: { sourcePath: '/x' } }] },
      'ClientException: Fargate compatible task definitions do not support sourcePath',
    ],
    [
      { inferenceAccelerators: [{ deviceName: 'd', deviceType: 't' }] },
      "ClientException: Unsupported field 'inferenceAccelerators'.",
    ],
  ])('a task with %j', (changes, expected) => {
    expect(said(changes)).toBe(expected);
  });

  test.each<Changes>([
    { pidMode: 'task' },
    { ephemeralStorage: { sizeInGiB: 21 } },
    { volumes: [{ name: 'v' }, { name: 'w', host: {} }] },
    { placementConstraints: [] },
  ])('a task with %j is taken', (changes) => {
    expect(said(changes)).toBe('ok');
  });
});

describe('containers on Fargate', () => {
  test.each<[Partial<ContainerDefinition>, string]>([
    [{ privileged: true }, "Fargate requires that the 'privileged' setting be 'false'."],
    [{ links: ['x'] }, 'Links are not supported when networkMode=awsvpc.'],
    [
      { dnsServers: ['1.1.1.1'] },
      'DNS servers are not supported on container when networkMode=awsvpc.',
    ],
    [
      { dnsSearchDomains: ['x'] },
      'DNS search domains are not supported on container when networkMode=awsvpc.',
    ],
    [
      { extraHosts: [{ hostname: 'a', ipAddress: '1.1.1.1' }] },
      'Extra hosts are not supported on container when networkMode=awsvpc.',
    ],
    [{ hostname: 'me' }, 'hostname is not supported on container when networkMode=awsvpc.'],
    [
      { disableNetworking: true },
      'Disable Networking is not supported on container when networkMode=awsvpc.',
    ],
    [
      { dockerSecurityOptions: ['no-new-privileges'] },
      'Fargate compatible task definitions do not support dockerSecurityOptions',
    ],
    [
      { resourceRequirements: [{ type: 'GPU', value: '1' }] },
      'Tasks using the Fargate launch type do not support GPU resource requirements.',
    ],
    [
      { linuxParameters: { devices: [{ hostPath: '/dev/x' }] } },
      'Fargate compatible task definitions do not support devices',
    ],
    [
      { linuxParameters: { sharedMemorySize: 64 } },
      'Fargate compatible task definitions do not support sharedMemorySize',
    ],
    [
      { linuxParameters: { tmpfs: [{ containerPath: '/x', size: 1 }] } },
      'Fargate compatible task definitions do not support tmpfs',
    ],
    [
      { linuxParameters: { maxSwap: 1 } },
      'Fargate compatible task definitions do not support maxSwap',
    ],
    [
      { linuxParameters: { swappiness: 1 } },
      'Fargate compatible task definitions do not support swappiness',
    ],
    [
      { linuxParameters: { capabilities: { add: ['SYS_PTRACE', 'NET_ADMIN'] } } },
      'NET_ADMIN is not allowed on Fargate.',
    ],
    [{ stopTimeout: 121 }, "Fargate requires that 'stopTimeout' be at most 120 seconds."],
    [
      { logConfiguration: { logDriver: 'syslog' } },
      'syslog is not a valid log driver. Must be one of [awslogs, splunk, awsfirelens]',
    ],
    [
      { logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': 'g' } } },
      'Fargate requires log configuration options to include awslogs-stream-prefix.',
    ],
    [
      { logConfiguration: { logDriver: 'awslogs' } },
      'Log driver awslogs requires options: awslogs-group',
    ],
    [
      { portMappings: [{ containerPort: 80, hostPort: 8080 }] },
      'When networkMode=awsvpc, the host ports and container ports in port mappings must match.',
    ],
    [{ portMappings: [{ hostPort: 80 }] }, "Invalid 'containerPort' setting for container 'app'."],
    [{ memory: 513 }, "The 'memory' setting for container 'app' is greater than for the task."],
    [
      { memory: 64, memoryReservation: 65 },
      "Invalid setting for container 'app'. 'memory' must be greater than or equal to 'memoryReservation'.",
    ],
    [
      { cpu: 257 },
      "The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.",
    ],
    [{ mountPoints: [{ sourceVolume: 'v', containerPath: '/v' }] }, "Unknown volume 'v'."],
    [
      { dependsOn: [{ containerName: 'db', condition: 'START' }] },
      'Cannot depend on container db because it does not exist.',
    ],
    [
      { dependsOn: [{ containerName: 'app', condition: 'SUCCESS' }] },
      'A dependency container with SUCCESS or COMPLETE condition cannot be an essential container.',
    ],
    [
      { dependsOn: [{ containerName: 'app', condition: 'HEALTHY' }] },
      'A dependency container with HEALTHY condition must have health check configured.',
    ],
    [
      { ulimits: [{ name: 'nofile', softLimit: 2, hardLimit: 1 }] },
      'Soft limit exceeds hard limit for ulimit nofile.',
    ],
    [{ name: 'no good' }, 'Container.name contains invalid characters.'],
    [{ name: '' }, 'Container.name should not be null or empty.'],
    [{ image: '' }, 'Container.image should not be null or empty.'],
  ])('one with %j is refused', (container, expected) => {
    expect(said({}, container)).toBe(`ClientException: ${expected}`);
  });

  test.each<Partial<ContainerDefinition>>([
    { privileged: false, links: [], dnsServers: [], disableNetworking: false },
    { linuxParameters: { capabilities: { add: ['SYS_PTRACE'], drop: ['ALL'] }, devices: [] } },
    { stopTimeout: 120, cpu: 256, memory: 512, memoryReservation: 512 },
    {
      portMappings: [
        { containerPort: 80 },
        { containerPort: 81, hostPort: 81 },
        { containerPort: 82, hostPort: 0 },
      ],
    },
    { portMappings: [{ containerPortRange: '1-5' }] },
    {
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': 'g', 'awslogs-stream-prefix': 'p' },
      },
    },
  ])('one with %j is taken', (container) => {
    expect(said({}, container)).toBe('ok');
  });

  test('an execution role is needed for ECR images, for awslogs and for secrets', () => {
    const image = '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1';
    const without = { executionRoleArn: undefined };
    expect(said(without)).toBe('ok');
    expect(said({}, { image })).toBe('ok');
    expect(said(without, { image })).toBe(
      'ClientException: Fargate requires task definition to have execution role ARN to support ECR images.',
    );
    const options = { 'awslogs-group': 'g', 'awslogs-stream-prefix': 'p' };
    expect(said(without, { logConfiguration: { logDriver: 'awslogs', options } })).toBe(
      'ClientException: Fargate requires task definition to have execution role ARN to support log driver awslogs.',
    );
    expect(said(without, { secrets: [{ name: 'a', valueFrom: 'b' }] })).toBe(
      "ClientException: When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.",
    );
  });
});

describe('task definitions for EC2', () => {
  const ec2 = {
    requiresCompatibilities: [],
    networkMode: undefined,
    cpu: undefined,
    memory: undefined,
  };

  test('may do what Fargate may not, and need memory', () => {
    expect(said(ec2, { memory: 128, privileged: true, links: ['x'] })).toBe('ok');
    expect(said(ec2, { memoryReservation: 128 })).toBe('ok');
    expect(said(ec2)).toBe(
      "ClientException: Invalid setting for container 'app'. At least one of 'memory' or 'memoryReservation' must be specified.",
    );
    expect(said({ ...ec2, ephemeralStorage: { sizeInGiB: 30 } }, { memory: 128 })).toBe(
      'ClientException: Tasks using the EC2 launch type do not support EphemeralStorage.',
    );
  });

  test('ten containers at most, each of its own name', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ name: `c${index}`, image: 'i', memory: 4 }));
    expect(said({ ...ec2, containerDefinitions: many(10) })).toBe('ok');
    expect(said({ ...ec2, containerDefinitions: many(11) })).toBe(
      'ClientException: Too many containers.',
    );
    expect(said({ ...ec2, containerDefinitions: [...many(1), ...many(1)] })).toBe(
      'ClientException: Container names must be unique within a task definition.',
    );
  });
});

describe('services on Fargate', () => {
  const create = (changes: object) => {
    const steady = steadyWorld();
    return refusal(() =>
      ecs.CreateService(steady, {
        cluster: 'main',
        serviceName: 'other',
        taskDefinition: 'web',
        desiredCount: 1,
        launchType: 'FARGATE',
        networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-a'] } },
        ...changes,
      }),
    );
  };
  const loadBalancer = { targetGroupArn: 'arn:t', containerName: 'app', containerPort: 8080 };

  test.each<[object, string]>([
    [
      { networkConfiguration: undefined },
      "Network Configuration must be provided when networkMode 'awsvpc' is specified.",
    ],
    [
      { networkConfiguration: { awsvpcConfiguration: { subnets: [] } } },
      'subnets can not be empty.',
    ],
    [
      { loadBalancers: [{ ...loadBalancer, containerName: 'web' }] },
      'The container web does not exist in the task definition.',
    ],
    [
      { loadBalancers: [{ ...loadBalancer, containerPort: 80 }] },
      'The container app did not have a container port 80 defined.',
    ],
    [
      { loadBalancers: [{ loadBalancerName: 'old', containerName: 'app', containerPort: 8080 }] },
      'Classic Load Balancers are not supported with Fargate.',
    ],
    [
      { capacityProviderStrategy: [{ capacityProvider: 'FARGATE_SPOT' }] },
      'Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.',
    ],
    [
      { placementStrategy: [{ type: 'spread' }] },
      'Placement strategies and constraints are not supported with FARGATE launch type.',
    ],
    [
      { deploymentConfiguration: { maximumPercent: 100, minimumHealthyPercent: 100 } },
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    ],
    [
      { launchType: 'EC2', platformVersion: '1.4.0' },
      'The platform version must be null when specifying an EC2 launch type.',
    ],
  ])('one with %j is refused', (changes, expected) => {
    expect(create(changes)).toBe(`InvalidParameterException: ${expected}`);
  });

  test('one that is all right is made', () => {
    expect(create({ loadBalancers: [loadBalancer] })).toBe('not refused');
  });

  test('a task definition that was not made for Fargate does not run there', () => {
    const steady = steadyWorld();
    const container = { name: 'app', image: 'nginx', memory: 128 };
    ecs.RegisterTaskDefinition(steady, {
      family: 'old',
      networkMode: 'bridge',
      containerDefinitions: [container],
    });
    const input = { cluster: 'main', serviceName: 'old', taskDefinition: 'old', desiredCount: 1 };
    expect(refusal(() => ecs.CreateService(steady, { ...input, launchType: 'FARGATE' }))).toBe(
      'InvalidParameterException: Task definition does not support launch_type FARGATE.',
    );
    const networkConfiguration = { awsvpcConfiguration: { subnets: ['subnet-a'] } };
    expect(refusal(() => ecs.CreateService(steady, { ...input, networkConfiguration }))).toBe(
      'InvalidParameterException: Network Configuration is not valid for the given networkMode of this task definition.',
    );
  });

  test('an update is refused before it has changed anything', () => {
    const steady = steadyWorld();
    ecs.RegisterTaskDefinition(steady, {
      family: 'bridged',
      networkMode: 'bridge',
      containerDefinitions: [{ name: 'app', image: 'nginx', memory: 128 }],
    });
    const before = JSON.stringify(steady);
    expect(refusal(() => update(steady, { taskDefinition: 'bridged', desiredCount: 5 }))).toMatch(
      /^InvalidParameterException: Network Configuration is not valid/,
    );
    expect(JSON.stringify(steady)).toBe(before);
  });
});
