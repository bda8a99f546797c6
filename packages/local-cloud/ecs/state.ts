/**
 * What the local ECS remembers: plain JSON, times in ms since 1970. Views of it with dates and
 * ARNs are made when somebody reads. "Service deployment" is ECS's word for one attempt to bring
 * a service to a revision; "deployment" here is an entry of a service's `deployments[]`.
 */
import type {
  ClusterSetting,
  ContainerDefinition,
  DeploymentConfiguration,
  RegisterTaskDefinitionCommandInput,
  ServiceDeploymentRollbackMonitorsStatus,
  ServiceDeploymentStatus,
  ServiceRevision,
  Service as ServiceView,
  Tag,
  TaskOverride,
  TaskStopCode,
} from '@aws-sdk/client-ecs';
import type { Behaviour } from '../ecr/behaviour.ts';
import { table } from '../kernel/tables.ts';
import type { Shift, Unknowns } from './shift/state.ts';

export interface EcsState {
  clusters: Record<string, Cluster>;
  /** By family; revision n stands at index n − 1. */
  families: Record<string, TaskDefinitionRecord[]>;
  /** By `<cluster>/<service>`. */
  services: Record<string, ServiceRecord>;
  /** By the number that a deployment `ecs-svc/<number>` and its service revision share. */
  revisions: Record<string, RevisionRecord>;
  /** By the last part of the ARN. */
  serviceDeployments: Record<string, ServiceDeploymentRecord>;
  /** By id. */
  tasks: Record<string, TaskRecord>;
  /** What things looked like a moment ago, for reads that lag. */
  past: Past;
  /** How many tasks there is room for, of all services; absent: for all. */
  capacity?: number;
  /** How target groups are set that are not in `world.elbv2`; absent: tuned ones. */
  targetGroups?: TargetGroups;
  /** Ids of the tasks of nobody's service, oldest first; absent: there were none. */
  runs?: string[];
  /** What AWS leaves open, where this world plays another answer than the usual one. */
  unknowns?: Unknowns;
}

/** Of every target group that is not in `world.elbv2`, in ms. */
export interface TargetGroups {
  /** From RUNNING to the passed checks that make a target healthy. */
  readonly healthyMs: number;
  /** From RUNNING (or the end of the grace period) to the failed checks that make it unhealthy. */
  readonly unhealthyMs: number;
  /** The deregistration delay. */
  readonly drainingMs: number;
}

declare module '../kernel/world.ts' {
  interface ServiceStates {
    ecs: EcsState;
  }
}

export interface Cluster {
  readonly name: string;
  status: 'ACTIVE' | 'INACTIVE';
  tags: Tag[];
  /** As given; absent: the default. */
  settings?: ClusterSetting[];
  /** Keys of its services, oldest first. */
  services: string[];
}

export interface TaskDefinitionRecord {
  readonly family: string;
  readonly revision: number;
  status: 'ACTIVE' | 'INACTIVE';
  readonly registeredAt: number;
  deregisteredAt?: number;
  readonly registered: Omit<RegisterTaskDefinitionCommandInput, 'tags' | 'family'> & {
    readonly containerDefinitions: ContainerDefinition[];
  };
  tags: Tag[];
}

/** The parts of a service that a new deployment freezes into its service revision. */
export type Settings = Pick<
  ServiceView,
  | 'capacityProviderStrategy'
  | 'launchType'
  | 'platformVersion'
  | 'platformFamily'
  | 'networkConfiguration'
  | 'loadBalancers'
  | 'serviceRegistries'
> &
  Pick<
    ServiceRevision,
    | 'serviceConnectConfiguration'
    | 'volumeConfigurations'
    | 'vpcLatticeConfigurations'
    | 'monitoring'
  >;

export interface ServiceRecord {
  readonly key: string;
  readonly cluster: string;
  readonly name: string;
  status: 'ACTIVE' | 'DRAINING' | 'INACTIVE';
  desiredCount: number;
  taskDefinition: string;
  settings: Settings;
  /** Whole, with defaults; `bakeTimeInMinutes` only if somebody set it. */
  deploymentConfiguration: DeploymentConfiguration;
  /** What is only stored and answered again. */
  kept: Pick<
    ServiceView,
    | 'placementConstraints'
    | 'placementStrategy'
    | 'healthCheckGracePeriodSeconds'
    | 'enableECSManagedTags'
    | 'propagateTags'
    | 'enableExecuteCommand'
    | 'availabilityZoneRebalancing'
  >;
  tags: Tag[];
  readonly createdAt: number;
  /** PRIMARY first, then the ACTIVE ones, newest first. */
  deployments: DeploymentRecord[];
  /** Oldest first, at most 100. */
  events: { readonly id: string; readonly at: number; readonly message: string }[];
  /** Ids of its service deployments, oldest first, and of those that have not ended. */
  history: string[];
  open: string[];
  /** Ids of its STOPPED tasks, oldest first, remembered for an hour. */
  stopped: string[];
  /** The revision of the last deployment that came to its end: where a rollback goes. */
  completed?: string;
  /** When the scheduler looks at it next; other timers of it are void. */
  passAt?: number;
  /** When the scheduler next asks whether it is steady. */
  settleAt?: number;
  /** Whether its steady state was announced since the last change. */
  steady: boolean;
  /** The count was raised while an ACTIVE deployment stood: it is served first. */
  raised: boolean;
  readonly clientToken?: string;
  /** The input of CreateService without tags and token, to judge a repeated call. */
  readonly created: string;
}

export interface DeploymentRecord {
  readonly id: string;
  /** DRAINING: failed and rolled back, or its service was deleted while a newer one stood. */
  status: 'PRIMARY' | 'ACTIVE' | 'DRAINING';
  desiredCount: number;
  pendingCount: number;
  runningCount: number;
  failedTasks: number;
  createdAt: number;
  updatedAt: number;
  rolloutState: 'IN_PROGRESS' | 'COMPLETED' | 'FAILED';
  rolloutStateReason: string;
  /** Its tasks that are not STOPPED yet, oldest first. */
  tasks: string[];
  /** Failed without a way back: launches nothing any more. */
  halted: boolean;
  /** Launches in a row of which a task failed to start, and when the next one may happen. */
  failedLaunches: number;
  lastFailedLaunchAt?: number;
  retryAt?: number;
}

export interface RevisionRecord {
  readonly id: string;
  readonly service: string;
  readonly createdAt: number;
  readonly taskDefinition: string;
  readonly settings: Settings;
  readonly containers: readonly ContainerRecord[];
  readonly cpu: string;
  readonly memory: string;
  /** By the order of its load balancers, the groups that were chosen for it; absent: those named there. */
  targetGroups?: string[];
  /** Its deployment began with desired count 0, and no task of it was launched yet. */
  withoutTasks?: true;
}

/** A container of a revision, its tag resolved to a digest when the deployment began. */
export interface ContainerRecord {
  readonly name: string;
  readonly image: string;
  /** Absent: the tag could not be resolved. */
  readonly digest?: string;
  /** The repository in our registry; absent: an image from elsewhere, always there. */
  readonly repository?: string;
  readonly essential: boolean;
  readonly checksHealth: boolean;
  readonly cpu: string;
  readonly memory?: string;
  /** Seconds that it may take to stop; absent: the default. */
  readonly stopTimeout?: number;
  /** Its environment has its image behave so; absent: as its image does. */
  readonly behaves?: Behaviour;
}

export interface ServiceDeploymentRecord {
  readonly id: string;
  readonly service: string;
  readonly createdAt: number;
  startedAt?: number;
  finishedAt?: number;
  stoppedAt?: number;
  updatedAt: number;
  status: ServiceDeploymentStatus;
  statusReason?: string;
  /** The revision that it brings. */
  readonly target: string;
  /** The revisions that it replaces, with their counts when it began. */
  readonly sources: readonly RevisionCounts[];
  readonly deploymentConfiguration: DeploymentConfiguration;
  rollback?: { readonly reason: string; readonly startedAt: number; readonly revision: string };
  breaker: { status: ServiceDeploymentRollbackMonitorsStatus; failureCount: number };
  /** Failures of the revision that it rolled back to. */
  rollbackFailures: number;
  /** Failures enough; ECS notices a moment later. */
  tripsAt?: number;
  alarms: {
    status: ServiceDeploymentRollbackMonitorsStatus;
    readonly names: readonly string[];
    triggered: string[];
  };
  /** Of a strategy that shifts traffic, once it is taken up. */
  shift?: Shift;
  /** When its bake ends; set once the new tasks stand and the old ones are gone. */
  bakesUntil?: number;
}

export interface RevisionCounts {
  readonly revision: string;
  readonly requested: number;
  readonly running: number;
  readonly pending: number;
}

export type TaskStatus =
  | 'PROVISIONING'
  | 'PENDING'
  | 'ACTIVATING'
  | 'RUNNING'
  | 'DEACTIVATING'
  | 'STOPPING'
  | 'DEPROVISIONING'
  | 'STOPPED';

export interface TaskRecord {
  readonly id: string;
  readonly service: string;
  readonly cluster: string;
  readonly revision: string;
  readonly taskDefinition: string;
  readonly createdAt: number;
  /** Which of the service's subnets it stands in. */
  readonly subnet: number;
  version: number;
  updatedAt: number;
  lastStatus: TaskStatus;
  desiredStatus: 'RUNNING' | 'STOPPED';
  connectivityAt: number;
  pullStartedAt: number;
  pullStoppedAt: number;
  /** It reached RUNNING then. */
  startedAt?: number;
  /** From then on it counts as healthy; absent: never. */
  healthyAt?: number;
  /** Its health was noted by the breaker. */
  healthNoted: boolean;
  /** Its containers ended then. */
  executionStoppedAt?: number;
  stoppingAt?: number;
  stoppedAt?: number;
  stopCode?: TaskStopCode;
  stoppedReason?: string;
  /** What ended it, of which container. */
  exit?: { readonly container: string; readonly code?: number; readonly reason?: string };
  /** It failed in a way that the breaker counts. */
  failed: boolean;
  /** When it is to reach RUNNING. */
  readonly startsAt: number;
  /** By RunTask: it has no service, and its `service` is empty. */
  readonly run?: Run;
}

export interface Run {
  readonly group: string;
  readonly startedBy?: string;
  readonly overrides: TaskOverride;
  readonly token?: string;
}

/** What records were before they changed: see `read-lag.ts`. */
export type Past = Record<string, Version[]>;

export interface Version {
  /** The copy was valid before this moment. */
  readonly until: number;
  readonly record: PastRecord;
}

export type PastRecord = ServiceRecord | ServiceDeploymentRecord | TaskRecord;

export function emptyEcs(): EcsState {
  return {
    clusters: table(),
    families: table(),
    services: table(),
    revisions: table(),
    serviceDeployments: table(),
    tasks: table(),
    past: table(),
  };
}
