/**
 * ECS's answers in our words. Pure: no call is made here. ECS may add states that this version does
 * not know; none of them may stop a rollback, so each has a careful reading.
 */
import type {
  Deployment,
  LoadBalancer,
  Service,
  ServiceDeploymentBrief,
  ServiceRevision,
  Task,
} from '@aws-sdk/client-ecs';
import type { GroupPair } from '../../core/model/balancer.ts';
import { defined } from '../../core/model/defined.ts';
import type {
  ContainerName,
  Image,
  ImageDigest,
  ImageSet,
  TaskDefinitionArn,
} from '../../core/model/image.ts';
import type {
  FoundService,
  ObservedRollout,
  RolloutStatus,
  StoppedTask,
} from '../../core/model/observation.ts';
import { plain } from '../../core/model/text.ts';
import type { JsonRecord } from '../../core/release/definition/containers.ts';
import type { Platform } from '../../ports.ts';

const STATUSES: readonly RolloutStatus[] = [
  'PENDING',
  'IN_PROGRESS',
  'SUCCESSFUL',
  'STOP_REQUESTED',
  'STOPPED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
];

/** "ECS deployment circuit breaker: rolling back to deploymentId ecs-svc/…", until it has completed. */
const RETURNS = /rolling back to deploymentId/;

/** `raw` is the same service as ECS wrote it: its deployment configuration keeps unknown keys. */
export function foundService(
  service: Service,
  raw: JsonRecord | undefined,
): FoundService & { serviceRevision?: string } {
  const deployments = service.deployments ?? [];
  const primary = deployments.find(({ status }) => status === 'PRIMARY') ?? taskSetsOnly(service);
  const serviceRevision = revisionOf(service, primary);
  return defined({
    status: service.status ?? 'ACTIVE',
    controller: service.deploymentController?.type ?? 'ECS',
    schedulingStrategy: service.schedulingStrategy ?? 'REPLICA',
    desired: service.desiredCount ?? 0,
    running: service.runningCount ?? 0,
    pending: service.pendingCount ?? 0,
    primary: {
      id: primary.id ?? '',
      revision: (primary.taskDefinition ?? '') as TaskDefinitionArn,
      createdAt: primary.createdAt?.getTime() ?? 0,
      rolloutState: rolloutState(primary, deployments.length),
      desired: primary.desiredCount ?? 0,
      running: primary.runningCount ?? 0,
      failedTasks: primary.failedTasks ?? 0,
      ...(RETURNS.test(primary.rolloutStateReason ?? '') ? { returnedByEcs: true as const } : {}),
    },
    deployments: deployments.length,
    traffic: trafficOf(service, primary),
    deploymentConfiguration: (raw?.deploymentConfiguration ?? {}) as JsonRecord,
    serviceRevision,
  });
}

function trafficOf({ loadBalancers = [] }: Service, primary: Deployment): FoundService['traffic'] {
  const connects = primary.serviceConnectConfiguration?.enabled === true;
  if (loadBalancers.length === 0 && !connects) return undefined;
  const shiftable = loadBalancers.filter(({ advancedConfiguration }) => advancedConfiguration);
  const pairs = loadBalancers.flatMap((one) => pairOf(one) ?? []);
  return {
    balancers: loadBalancers.length,
    shiftable: shiftable.length,
    ...(pairs.length === 0 ? {} : { pairs }),
    connects,
  };
}

function pairOf({ targetGroupArn, advancedConfiguration }: LoadBalancer): GroupPair | undefined {
  const {
    alternateTargetGroupArn: alternate,
    productionListenerRule: rule,
    testListenerRule: testRule,
  } = advancedConfiguration ?? {};
  if (targetGroupArn === undefined || alternate === undefined || rule === undefined)
    return undefined;
  return { rule, groups: [targetGroupArn, alternate], ...(testRule && { testRule }) };
}

/** Services of the EXTERNAL controller have no deployments; the plan refuses them, with this in hand. */
function taskSetsOnly(service: Service): Deployment {
  return {
    taskDefinition: service.taskDefinition,
    createdAt: service.createdAt,
    desiredCount: service.desiredCount,
    runningCount: service.runningCount,
  };
}

/** ECS leaves `rolloutState` out behind a Classic Load Balancer. (API_Deployment) */
function rolloutState(
  primary: Deployment,
  deployments: number,
): FoundService['primary']['rolloutState'] {
  const state = primary.rolloutState;
  if (state === 'COMPLETED' || state === 'FAILED' || state === 'IN_PROGRESS') return state;
  if (state !== undefined) return 'IN_PROGRESS';
  return deployments <= 1 && primary.runningCount === primary.desiredCount
    ? 'COMPLETED'
    : 'IN_PROGRESS';
}

/** A service revision's id is the number of its deployment's `ecs-svc/<number>`. (Observed.) */
function revisionOf(service: Service, primary: Deployment): string | undefined {
  const arns = (service.currentServiceRevisions ?? []).flatMap(({ arn }) => arn ?? []);
  const number = primary.id?.split('/').at(-1);
  const own = arns.find((arn) => arn.split('/').at(-1) === number);
  return own ?? (arns.length === 1 && service.deployments?.length === 1 ? arns[0] : undefined);
}

/** A status that we do not know is taken as in progress: it is watched, and its time is bounded. */
export function rolloutSeen(
  brief: ServiceDeploymentBrief,
  revision: TaskDefinitionArn,
  rolledBackTo: TaskDefinitionArn | undefined,
): ObservedRollout {
  return defined({
    arn: brief.serviceDeploymentArn ?? '',
    status: isKnown(brief.status) ? brief.status : 'IN_PROGRESS',
    statusReason: plainly(brief.statusReason),
    createdAt: brief.createdAt?.getTime() ?? 0,
    finishedAt: brief.finishedAt?.getTime(),
    serviceRevision: brief.targetServiceRevisionArn ?? '',
    revision,
    rolledBackTo,
  });
}

export function isKnown(status: string | undefined): status is RolloutStatus {
  return STATUSES.some((known) => known === status);
}

/** What the named containers run; undefined while ECS has not resolved one of them. */
export function resolvedImages(
  revision: ServiceRevision,
  containers: readonly ContainerName[],
): { images: ImageSet; pinned: boolean } | undefined {
  const images: Record<ContainerName, Image> = {};
  let pinned = true;
  for (const name of containers) {
    const found = revision.containerImages?.find(({ containerName }) => containerName === name);
    const reference = parseReference(found?.image ?? '');
    const digest = found?.imageDigest ?? reference.digest;
    if (digest === undefined) return undefined;
    pinned &&= reference.digest !== undefined;
    const { registry, repository, tags } = reference;
    images[name] = { registry, repository, tags, digest: digest as ImageDigest };
  }
  return { images, pinned };
}

/** `host/path:tag@digest`, all but the path optional; without a host it is Docker Hub's. */
export function parseReference(
  reference: string,
): Pick<Image, 'registry' | 'repository' | 'tags'> & { digest?: string } {
  const [name = '', digest] = reference.split('@', 2);
  const [, path = name, tag] = /^(.*):([^/:]+)$/.exec(name) ?? [];
  const slash = path.indexOf('/');
  const host = slash === -1 ? '' : path.slice(0, slash);
  const isHost = /[.:]/.test(host) || host === 'localhost';
  return defined({
    registry: isHost ? host : 'docker.io',
    repository: isHost ? path.slice(slash + 1) : path,
    tags: tag === undefined ? [] : [tag],
    digest,
  });
}

/** ECS runs X86_64 on Linux unless the definition says otherwise. (API_RuntimePlatform) */
export function platformOf(definition: JsonRecord): Platform {
  const platform = (definition.runtimePlatform ?? {}) as JsonRecord;
  const family = String(platform.operatingSystemFamily ?? 'LINUX');
  return {
    os: family.startsWith('WINDOWS') ? 'windows' : 'linux',
    architecture: platform.cpuArchitecture === 'ARM64' ? 'arm64' : 'amd64',
  };
}

export function stoppedTask(task: Task): StoppedTask {
  const { startedBy, stopCode, stoppedReason, stoppedAt } = task;
  return defined({
    id: task.taskArn?.split('/').at(-1) ?? '',
    revision: (task.taskDefinitionArn ?? '') as TaskDefinitionArn,
    startedBy,
    stoppedAt: stoppedAt?.getTime(),
    stopCode,
    stoppedReason: plainly(stoppedReason),
    containers: (task.containers ?? []).map(({ name, exitCode, reason }) =>
      defined({
        name: name ?? '',
        exitCode,
        reason: plainly(reason),
      }),
    ),
  });
}

/** ECS quotes what an image's author wrote: the command that does not start, for instance. */
function plainly(text: string | undefined): string | undefined {
  return text === undefined ? undefined : plain(text);
}
