/** What runs: image, roles, secrets, logs, and how little a container may do. */
import {
  Duration,
  aws_ecr as ecr,
  aws_ecs as ecs,
  aws_iam as iam,
  aws_logs as logs,
  RemovalPolicy,
  aws_secretsmanager as secretsmanager,
  Validations,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { ServiceNames } from './names.ts';

/** Not root, whatever the image says; a number, so that it can be told from root. */
const USER = '65532';

export interface TaskProps {
  readonly names: ServiceNames;
  readonly repository: ecr.Repository;
  /** Whole: with registry, repository, and tag or digest. */
  readonly image: string;
}

export function createTask(scope: Construct, props: TaskProps): ecs.FargateTaskDefinition {
  const { names, repository } = props;
  const principal = new iam.ServicePrincipal('ecs-tasks.amazonaws.com');
  const definition = new ecs.FargateTaskDefinition(scope, 'task', {
    family: names.family,
    cpu: 512,
    memoryLimitMiB: 1_024,
    runtimePlatform: {
      cpuArchitecture: ecs.CpuArchitecture.ARM64,
      operatingSystemFamily: ecs.OperatingSystemFamily.LINUX,
    },
    // What the application may do. It starts with nothing.
    taskRole: new iam.Role(scope, 'task-role', {
      roleName: names.taskRole,
      assumedBy: principal,
      description: 'What the application may do',
    }),
    // What ECS may do for it: pull the image, read the secret, write the log.
    executionRole: new iam.Role(scope, 'execution-role', {
      roleName: names.executionRole,
      assumedBy: principal,
      description: 'What ECS may do to start the application',
    }),
    volumes: [{ name: 'tmp' }],
  });
  addContainer(scope, definition, props);
  grantExecution(definition, repository);
  return definition;
}

function addContainer(
  scope: Construct,
  definition: ecs.FargateTaskDefinition,
  { names, image }: TaskProps,
): void {
  const log = new logs.LogGroup(scope, 'log', {
    logGroupName: `/ecs/${names.service}`,
    retention: logs.RetentionDays.ONE_MONTH,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const linuxParameters = new ecs.LinuxParameters(scope, 'linux', { initProcessEnabled: true });
  linuxParameters.dropCapabilities(ecs.Capability.ALL);
  const container = definition.addContainer(names.container, {
    containerName: names.container,
    image: ecs.ContainerImage.fromRegistry(image),
    essential: true,
    portMappings: [{ containerPort: names.port }],
    user: USER,
    readonlyRootFilesystem: true,
    linuxParameters,
    logging: ecs.LogDrivers.awsLogs({ logGroup: log, streamPrefix: names.service }),
    secrets: { APP_SECRET: ecs.Secret.fromSecretsManager(createSecret(scope, names.service)) },
    stopTimeout: Duration.seconds(30),
  });
  // The one place that it may write to, if its Dockerfile says VOLUME /tmp after giving it to the
  // user: else the volume belongs to root. (bind-mounts)
  container.addMountPoints({ sourceVolume: 'tmp', containerPath: '/tmp', readOnly: false });
}

/**
 * Tags never move: a digest is what is deployed, and a tag that says something else tomorrow helps
 * nobody. Nothing expires that a rollback could need: only what never got a tag. Slipway's ladder has
 * ten rungs, and how old the tenth is nobody knows; so images with tags stay until you know better.
 */
export function createRepository(scope: Construct, name: string): ecr.Repository {
  return new ecr.Repository(scope, 'repository', {
    repositoryName: name,
    imageTagMutability: ecr.TagMutability.IMMUTABLE,
    imageScanOnPush: true,
    removalPolicy: RemovalPolicy.RETAIN,
    lifecycleRules: [
      {
        description: 'Layers of builds that failed half way',
        tagStatus: ecr.TagStatus.UNTAGGED,
        maxImageAge: Duration.days(30),
      },
    ],
  });
}

function createSecret(scope: Construct, service: string): secretsmanager.ISecret {
  const secret = new secretsmanager.Secret(scope, 'secret', {
    secretName: `${service}/app`,
    description: 'Reaches the container as an environment variable that no API shows',
    generateSecretString: { passwordLength: 40, excludePunctuation: true },
  });
  Validations.of(secret).acknowledge({
    id: 'AwsSolutions-SMG4',
    reason: 'An example value that nothing else knows; rotation needs the system that accepts it.',
  });
  return secret as secretsmanager.ISecret;
}

function grantExecution(definition: ecs.FargateTaskDefinition, repository: ecr.Repository): void {
  const role = definition.obtainExecutionRole();
  repository.grantPull(role);
  Validations.of(definition.executionRole ?? definition).acknowledge({
    id: 'AwsSolutions-IAM5[Resource::*]',
    reason: 'ecr:GetAuthorizationToken cannot be scoped; it names no repository.',
  });
}
