/**
 * Service deployments of the local ECS: how one begins, supersedes the one before, fails, rolls
 * back and ends. Which tasks it launches and stops is the scheduler's.
 */
import { alarmState, evaluationRangeMs } from '../cloudwatch/state.ts';
import { schedule } from '../kernel/timers.ts';
import type { World } from '../kernel/world.ts';
import { emitDeploymentEvent, tell } from './events.ts';
import { randomDeploymentNumber, randomServiceDeploymentId } from './names.ts';
import { between, wakeAfterChange } from './next-look.ts';
import { serviceChanges, serviceDeploymentChanges } from './read-lag.ts';
import { pairsOf } from './shift/balancers.ts';
import { shiftsTraffic, turnBack } from './shift/begin.ts';
import type {
  DeploymentRecord,
  RevisionCounts,
  RevisionRecord,
  ServiceDeploymentRecord,
  ServiceRecord,
  TaskDefinitionRecord,
} from './state.ts';
import { resolveContainers } from './task/images.ts';

/** A revision is made 50 to 65 ms before its deployment (observed). */
const REVISION_FIRST_MS = [50, 65] as const;
/** "Less than 5 minutes", computed by ECS from the alarms' configuration (docs,
 * deployment-alarm-failure). How is unverified: here the longest evaluation range of them. */
const ALARM_BAKE_MOST_MS = 5 * 60_000 - 1_000;
/** Of an alarm that has no range: one that is not there, or is composite. */
const OTHER_ALARM_BAKE_MS = 3 * 60_000;
/** docs, deployment-alarm-failure: ECS polls DescribeAlarms; how often is unverified. */
const ALARM_POLL_MS = 60_000;

/** Seen in public logs of Terraform. */
const NO_CANDIDATE = 'No rollback candidate was found to run the rollback.';

/** Begins a new deployment of the service as it is now; whatever was in flight is superseded. */
export function beginDeployment(
  world: World,
  service: ServiceRecord,
  definition: TaskDefinitionRecord,
): void {
  const revision = makeRevision(world, service, definition);
  const primary = service.deployments[0];
  const sources = service.deployments.map(countsOf);
  for (const id of service.open) supersede(world, id);
  if (primary !== undefined) {
    primary.status = 'ACTIVE';
    primary.updatedAt = world.now;
  }
  const deployment = makeDeployment(world, revision.id, service.desiredCount);
  service.deployments.unshift(deployment);
  const record: ServiceDeploymentRecord = {
    id: randomServiceDeploymentId(world),
    service: service.key,
    createdAt: world.now,
    updatedAt: world.now,
    status: 'PENDING',
    target: revision.id,
    sources,
    deploymentConfiguration: service.deploymentConfiguration,
    breaker: {
      status: breakerOf(service)?.enable === true ? 'MONITORING' : 'DISABLED',
      failureCount: 0,
    },
    rollbackFailures: 0,
    alarms: { status: 'DISABLED', names: alarmsOf(service)?.alarmNames ?? [], triggered: [] },
  };
  world.ecs.serviceDeployments[record.id] = record;
  service.history.push(record.id);
  service.open.push(record.id);
  emitDeploymentEvent(world, service, deployment, 'SERVICE_DEPLOYMENT_IN_PROGRESS');
  wakeAfterChange(world, service);
}

/** STOP_REQUESTED, STOPPED at the scheduler's next look (docs, service-deployment). One that was
 * rolling back cannot stop any more; that it ends ROLLBACK_FAILED is unverified. */
function supersede(world: World, id: string): void {
  const record = world.ecs.serviceDeployments[id];
  if (record === undefined) return;
  serviceDeploymentChanges(world, record);
  record.updatedAt = world.now;
  if (record.status === 'ROLLBACK_IN_PROGRESS') finish(world, record, 'ROLLBACK_FAILED');
  else record.status = 'STOP_REQUESTED';
}

function makeRevision(
  world: World,
  service: ServiceRecord,
  definition: TaskDefinitionRecord,
): RevisionRecord {
  const { cpu, memory } = definition.registered;
  const revision: RevisionRecord = {
    id: randomDeploymentNumber(world),
    service: service.key,
    createdAt: world.now - between(world, REVISION_FIRST_MS),
    taskDefinition: service.taskDefinition,
    settings: service.settings,
    containers: resolveContainers(world, definition),
    cpu: cpu ?? '0',
    memory: memory ?? '0',
    ...(service.desiredCount === 0 && { withoutTasks: true }),
  };
  const live = world.ecs.unknowns?.rollingGroup === 'live' ? liveGroups(world, service) : [];
  if (live.length > 0) revision.targetGroups = live;
  world.ecs.revisions[revision.id] = revision;
  return revision;
}

/** Of a ROLLING deployment: which group it takes of a service that shifted traffic before is a choice of the world. */
function liveGroups(world: World, { settings, deploymentConfiguration }: ServiceRecord): string[] {
  if ((deploymentConfiguration.strategy ?? 'ROLLING') !== 'ROLLING') return [];
  if (!settings.loadBalancers?.every(({ advancedConfiguration }) => advancedConfiguration))
    return [];
  const pairs = pairsOf(world, settings);
  return 'wrong' in pairs ? [] : pairs.map(({ blue }) => blue);
}

function makeDeployment(world: World, id: string, desiredCount: number): DeploymentRecord {
  return {
    id,
    status: 'PRIMARY',
    desiredCount,
    pendingCount: 0,
    runningCount: 0,
    failedTasks: 0,
    createdAt: world.now,
    updatedAt: world.now,
    rolloutState: 'IN_PROGRESS',
    rolloutStateReason: `ECS deployment ecs-svc/${id} in progress.`,
    tasks: [],
    halted: false,
    failedLaunches: 0,
  };
}

function countsOf(deployment: DeploymentRecord): RevisionCounts {
  return {
    revision: deployment.id,
    requested: deployment.desiredCount,
    running: deployment.runningCount,
    pending: deployment.pendingCount,
  };
}

function breakerOf({ deploymentConfiguration }: ServiceRecord) {
  return deploymentConfiguration.deploymentCircuitBreaker;
}

function alarmsOf({ deploymentConfiguration }: ServiceRecord) {
  return deploymentConfiguration.alarms;
}

/** The scheduler took it up: PENDING becomes IN_PROGRESS, and the alarms are looked at. */
export function takeUp(world: World, record: ServiceDeploymentRecord): void {
  serviceDeploymentChanges(world, record);
  record.status = 'IN_PROGRESS';
  record.startedAt = world.now;
  record.updatedAt = world.now;
  const alarms = record.deploymentConfiguration.alarms;
  if (alarms?.enable !== true) return;
  // Red at the start: ignored for the whole deployment (docs, deployment-alarm-failure).
  if (redAlarms(world, record).length > 0) return;
  record.alarms.status = 'MONITORING';
  schedule(world, world.now + ALARM_POLL_MS, 'ecs.alarms', { id: record.id });
}

function redAlarms(world: World, record: ServiceDeploymentRecord): string[] {
  return record.alarms.names.filter((name) => alarmState(world, name) === 'ALARM');
}

/** Handler of the timer `ecs.alarms`: once a minute while the deployment is in progress. */
export function pollAlarms(world: World, data: Record<string, unknown>): void {
  const record = world.ecs.serviceDeployments[data.id as string];
  const service = record && world.ecs.services[record.service];
  if (record?.status !== 'IN_PROGRESS' || service === undefined) return;
  const red = redAlarms(world, record);
  if (red.length === 0) {
    schedule(world, world.now + ALARM_POLL_MS, 'ecs.alarms', data);
    return;
  }
  serviceDeploymentChanges(world, record);
  record.alarms.status = 'TRIGGERED';
  record.alarms.triggered = red;
  fail(world, service, record, 'alarms');
}

/** How long ECS keeps watching after the new tasks stand and the old ones are gone. */
export function bakeMs(
  world: World,
  { deploymentConfiguration, alarms }: ServiceDeploymentRecord,
): number {
  const minutes = deploymentConfiguration.bakeTimeInMinutes;
  if (minutes !== undefined) return minutes * 60_000;
  if (alarms.status !== 'MONITORING') return 0;
  const ranges = alarms.names.map((name) => evaluationRangeMs(world, name) ?? OTHER_ALARM_BAKE_MS);
  return Math.min(ALARM_BAKE_MOST_MS, Math.max(...ranges));
}

export type Cause = 'breaker' | 'alarms' | 'request' | 'hook' | 'network' | 'time';

interface Reason {
  /** Follows "Service deployment rolled back" in a status reason. */
  readonly because: string;
  readonly rollout: string;
  /** Follows "deployment failed:" in a service event. */
  readonly event: string;
  /** Is followed by the deployment's number. */
  readonly back: string;
}

/** The breaker's words and "alarm detected" stand in public logs; the other words are unverified. */
const REASONS: Record<Cause, Reason> = {
  breaker: {
    because: 'because the circuit breaker threshold was exceeded.',
    rollout: 'ECS deployment circuit breaker: tasks failed to start.',
    event: 'tasks failed to start.',
    back: 'ECS deployment circuit breaker: rolling back to deploymentId',
  },
  alarms: {
    because: 'because one or more CloudWatch alarms entered the ALARM state.',
    rollout: 'ECS deployment failed: alarm detected.',
    event: 'alarm detected.',
    back: 'ECS deployment alarm: rolling back to deploymentId',
  },
  request: {
    because: 'because a rollback was requested.',
    rollout: 'ECS deployment failed: rollback requested.',
    event: 'rollback requested.',
    back: 'ECS deployment rollback requested: rolling back to deploymentId',
  },
  ...shiftReasons(['hook', 'network', 'time']),
};

/** Their words in a status reason are given with the failure. */
function shiftReasons<C extends Cause>(causes: readonly C[]): Record<C, Reason> {
  const reason = {
    because: '',
    rollout: 'ECS deployment failed.',
    event: '',
    back: 'ECS deployment failed: rolling back to deploymentId',
  };
  return Object.fromEntries(causes.map((cause) => [cause, reason])) as Record<C, Reason>;
}

/** Public logs of CANARY (alarms) and of ROLLING (a request); both words in place of rolling's own. */
const SHIFT_BECAUSE: Partial<Record<Cause, string>> = {
  alarms: 'because of one or more active alarms.',
  request: 'by user',
};

function becauseOf(record: ServiceDeploymentRecord, cause: Cause): string {
  const shifted = shiftsTraffic(record) ? SHIFT_BECAUSE[cause] : undefined;
  return shifted ?? REASONS[cause].because;
}

/** A deployment failed, or a person wants it undone: back to the last completed one, or halt. */
export function fail(
  world: World,
  service: ServiceRecord,
  record: ServiceDeploymentRecord,
  cause: Cause,
  because = becauseOf(record, cause),
): void {
  serviceChanges(world, service);
  serviceDeploymentChanges(world, record);
  const failed = service.deployments[0];
  if (failed === undefined) return;
  const { deploymentCircuitBreaker: breaker, alarms } = record.deploymentConfiguration;
  record.startedAt ??= world.now;
  if (cause === 'breaker') record.breaker.status = 'TRIGGERED';
  delete record.tripsAt;
  delete record.bakesUntil;
  failed.rolloutState = 'FAILED';
  failed.rolloutStateReason = REASONS[cause].rollout;
  failed.updatedAt = world.now;
  const reason = `Service deployment rolled back ${because}`;
  // Of a shift the whole status reason (public log).
  const event = shiftsTraffic(record) ? reason : REASONS[cause].event;
  tell(world, service, `(deployment ecs-svc/${failed.id}) deployment failed: ${event}`);
  // Only with breaker or alarms turned on (docs, ecs_service_deployment_events).
  if (breaker?.enable === true || alarms?.enable === true) {
    emitDeploymentEvent(world, service, failed, 'SERVICE_DEPLOYMENT_FAILED');
  }
  const wanted = wantsRollback(record, cause);
  const back = wanted && !isRollingBack(record) ? service.completed : undefined;
  if (back !== undefined && back !== failed.id) {
    rollBack(world, service, record, { failed, back, cause, reason });
    return;
  }
  // No way back: launching stops, the old tasks stay, the service is stalled.
  failed.halted = true;
  record.statusReason = wanted ? NO_CANDIDATE : `Service deployment stopped ${because}`;
  // Of a shift without a way back it is ROLLBACK_FAILED (public logs), of a rolling update STOPPED.
  const fails = isRollingBack(record) || (wanted && shiftsTraffic(record));
  finish(world, record, fails ? 'ROLLBACK_FAILED' : 'STOPPED');
}

/** Breaker and alarms as their owner set them; whatever else fails a deployment takes it back. */
function wantsRollback(
  {
    deploymentConfiguration: { deploymentCircuitBreaker: breaker, alarms },
  }: ServiceDeploymentRecord,
  cause: Cause,
): boolean {
  if (cause === 'breaker') return breaker?.rollback === true;
  return cause !== 'alarms' || alarms?.rollback === true;
}

function isRollingBack({ status }: ServiceDeploymentRecord): boolean {
  return status === 'ROLLBACK_IN_PROGRESS';
}

interface Way {
  readonly failed: DeploymentRecord;
  readonly back: string;
  readonly cause: Cause;
  readonly reason: string;
}

/**
 * The earlier deployment becomes PRIMARY again under its old number and keeps the tasks that it
 * still has (seen in public logs: PRIMARY shows the number that the reason names, and its old
 * task runs on); the failed one is DRAINING, FAILED until it is drained (seen in a public log).
 */
function rollBack(
  world: World,
  service: ServiceRecord,
  record: ServiceDeploymentRecord,
  { failed, back, cause, reason }: Way,
): void {
  const revision = world.ecs.revisions[back];
  if (revision === undefined) return;
  failed.status = 'DRAINING';
  const standing = service.deployments.find(({ id }) => id === back);
  const primary = standing ?? makeDeployment(world, back, service.desiredCount);
  primary.status = 'PRIMARY';
  primary.createdAt = world.now;
  primary.updatedAt = world.now;
  primary.rolloutState = 'IN_PROGRESS';
  primary.rolloutStateReason = `${REASONS[cause].back} ecs-svc/${back}.`;
  service.deployments = [primary, ...service.deployments.filter(({ id }) => id !== back)];
  service.taskDefinition = revision.taskDefinition;
  service.settings = revision.settings;
  record.status = 'ROLLBACK_IN_PROGRESS';
  record.statusReason = reason;
  record.updatedAt = world.now;
  record.rollback = { reason, startedAt: world.now, revision: back };
  tell(world, service, `rolling back to deployment ecs-svc/${back}.`);
  emitDeploymentEvent(world, service, primary, 'SERVICE_DEPLOYMENT_IN_PROGRESS');
  wakeAfterChange(world, service);
  turnBack(world, service, record);
}

/** Ends a service deployment. */
export function finish(
  world: World,
  record: ServiceDeploymentRecord,
  status: 'SUCCESSFUL' | 'STOPPED' | 'ROLLBACK_SUCCESSFUL' | 'ROLLBACK_FAILED',
): void {
  const service = world.ecs.services[record.service];
  serviceDeploymentChanges(world, record);
  record.status = status;
  record.updatedAt = world.now;
  record.finishedAt = world.now;
  if (status === 'STOPPED') record.stoppedAt = world.now;
  if (record.breaker.status === 'MONITORING') record.breaker.status = 'MONITORING_COMPLETE';
  if (record.alarms.status === 'MONITORING') record.alarms.status = 'MONITORING_COMPLETE';
  if (service === undefined) return;
  service.open = service.open.filter((id) => id !== record.id);
  if (status === 'SUCCESSFUL') service.completed = record.target;
}
