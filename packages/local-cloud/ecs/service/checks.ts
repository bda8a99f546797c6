/**
 * What ECS refuses in CreateService and UpdateService, in its words and its order (observed,
 * stackd captures, unless a comment says otherwise).
 */
import type {
  CreateServiceCommandInput,
  DeploymentConfiguration,
  UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../../kernel/errors.ts';
import type { World } from '../../kernel/world.ts';
import { DEFAULT_THRESHOLD } from '../breaker.ts';
import { findTaskDefinition } from '../names.ts';
import { HOOK_TIMEOUT } from '../shift/hooks.ts';
import { CANARY_DEFAULTS, LINEAR_DEFAULTS } from '../shift/plan.ts';
import type { TaskDefinitionRecord } from '../state.ts';

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

const SCHEDULING = ['REPLICA', 'DAEMON'];
const TOKEN_MOST = 36;
const TASKS_MOST = 5_000;

export function refuseBadCreation(input: CreateServiceCommandInput): void {
  if ((input.clientToken?.length ?? 0) > TOKEN_MOST) {
    throw invalid(`idempotency token longer than ${TOKEN_MOST}.`);
  }
  const strategy = input.schedulingStrategy ?? 'REPLICA';
  if (!SCHEDULING.includes(strategy)) {
    throw invalid(`Scheduling strategy should be one of [${SCHEDULING.join(',')}]`);
  }
  if (strategy === 'REPLICA' && input.desiredCount === undefined) {
    throw invalid('DesiredCount is missing');
  }
  if ((input.desiredCount ?? 0) < 0) throw invalid('DesiredCount can not be lesser than 0');
  refuseTooManyTasks(input);
  refuseUnknown(input);
  refuseBadDeploymentConfiguration(input.deploymentConfiguration);
}

/** DAEMON, which the local ECS refuses last. */
export function refuseDaemon(input: CreateServiceCommandInput): void {
  if (input.schedulingStrategy !== 'DAEMON') return;
  if (input.desiredCount !== undefined) {
    throw invalid(
      'The daemon scheduling strategy does not support a desired count for services. Remove the desired count value and try again',
    );
  }
  if (input.launchType === 'FARGATE') {
    throw invalid(
      'The daemon scheduling strategy does not support the FARGATE launch type. Change the launch type and try again',
    );
  }
  throw new AwsError('UnsupportedOperation', 'The local ECS does not know DAEMON services.');
}

export function refuseBadUpdate(input: UpdateServiceCommandInput): void {
  if ((input.desiredCount ?? 0) < 0) throw invalid('Task count can not be lesser than 0');
  refuseTooManyTasks(input);
  refuseUnknown(input);
  refuseBadDeploymentConfiguration(input.deploymentConfiguration);
}

/** docs, service-quotas: 5,000 tasks a service. What ECS says then is unverified. */
function refuseTooManyTasks({ desiredCount = 0 }: { desiredCount?: number | undefined }): void {
  if (desiredCount <= TASKS_MOST) return;
  throw invalid(`DesiredCount can not be greater than ${TASKS_MOST}`);
}

/** What the local ECS does not imitate it refuses, instead of doing something else. */
function refuseUnknown(input: CreateServiceCommandInput | UpdateServiceCommandInput): void {
  const controller = input.deploymentController?.type ?? 'ECS';
  if (controller !== 'ECS') {
    throw new AwsError(
      'UnsupportedOperation',
      `The local ECS does not know the deployment controller ${controller}.`,
    );
  }
  if ((input.gatewayConnectors ?? []).length > 0) {
    throw new AwsError(
      'UnsupportedOperation',
      'The local ECS does not know gateway connectors of services.',
    );
  }
}

const THRESHOLD_TYPES: readonly string[] = ['COUNT', 'BOUNDED_PERCENT', 'UNBOUNDED_PERCENT'];
/** API reference, DeploymentConfiguration. */
const BAKE_MINUTES_MOST = 1440;

function refuseBadDeploymentConfiguration(config: DeploymentConfiguration | undefined): void {
  if (config === undefined) return;
  const { maximumPercent, minimumHealthyPercent, bakeTimeInMinutes } = config;
  if (maximumPercent !== undefined && maximumPercent < 100) {
    throw invalid('maximumPercent must be at least 100');
  }
  if (minimumHealthyPercent !== undefined && minimumHealthyPercent > 100) {
    throw invalid('minimumHealthyPercent must be at most 100');
  }
  if (maximumPercent === 100 && minimumHealthyPercent === 100) {
    throw invalid(
      'Both maximumPercent and minimumHealthyPercent cannot be 100 as this will block deployments.',
    );
  }
  // The words of this one are unverified.
  if (
    bakeTimeInMinutes !== undefined &&
    !(bakeTimeInMinutes >= 0 && bakeTimeInMinutes <= BAKE_MINUTES_MOST)
  ) {
    throw invalid(`bakeTimeInMinutes must be between 0 and ${BAKE_MINUTES_MOST}`);
  }
  const threshold = config.deploymentCircuitBreaker?.thresholdConfiguration;
  if (threshold === undefined) return;
  const { type = 'BOUNDED_PERCENT', value = DEFAULT_THRESHOLD.value } = threshold;
  if (!THRESHOLD_TYPES.includes(type)) {
    throw invalid('Invalid deployment circuit breaker threshold type.');
  }
  if (value < 1 || (type === 'BOUNDED_PERCENT' && value > 100)) {
    throw invalid('Invalid deployment circuit breaker threshold value.');
  }
}

export function refuseBadRebalancing(
  rebalancing: string | undefined,
  maximumPercent: number,
): void {
  if (rebalancing !== 'ENABLED' || maximumPercent > 100) return;
  throw invalid(
    "The service couldn't be updated because Availability Zone Rebalancing does not support maximumPercent <= 100 % as deployment configuration. Update deployment configuration and try again.",
  );
}

/** The definition, if it exists and is ACTIVE. */
export function usableTaskDefinition(world: World, name: string | undefined): TaskDefinitionRecord {
  const definition = findTaskDefinition(world, name);
  if (definition === undefined) throw new AwsError('ClientException', 'TaskDefinition not found.');
  // docs, deregister-task-definition-v2; the exception's text is known from public logs.
  if (definition.status === 'INACTIVE') {
    throw new AwsError('ClientException', 'TaskDefinition is inactive');
  }
  return definition;
}

/**
 * What is stored after an update: key by key (partial input keeps the other keys: unverified);
 * within the breaker an omitted threshold or reset keeps its value (observed).
 */
export function mergedDeploymentConfiguration(
  before: DeploymentConfiguration,
  given: DeploymentConfiguration | undefined,
): DeploymentConfiguration {
  if (given === undefined) return before;
  const merged: DeploymentConfiguration = { ...before };
  for (const [key, value] of Object.entries(given)) {
    if (value !== undefined) Object.assign(merged, { [key]: structuredClone(value) });
  }
  const breaker = {
    ...(before.deploymentCircuitBreaker ?? DEFAULT_BREAKER),
    ...withoutUndefined(given.deploymentCircuitBreaker ?? {}),
  };
  const strategy = merged.strategy ?? 'ROLLING';
  // What belongs to another strategy does not outlive it (unverified); its own has defaults.
  if (strategy !== 'CANARY' && given.canaryConfiguration === undefined) {
    delete merged.canaryConfiguration;
  }
  if (strategy !== 'LINEAR' && given.linearConfiguration === undefined) {
    delete merged.linearConfiguration;
  }
  if (strategy === 'CANARY') {
    merged.canaryConfiguration = { ...CANARY_DEFAULTS, ...merged.canaryConfiguration };
  }
  if (strategy === 'LINEAR') {
    merged.linearConfiguration = { ...LINEAR_DEFAULTS, ...merged.linearConfiguration };
  }
  if (merged.lifecycleHooks !== undefined) {
    merged.lifecycleHooks = merged.lifecycleHooks.map((hook) => ({
      targetType: 'AWS_LAMBDA' as const,
      ...hook,
      timeoutConfiguration: { ...HOOK_TIMEOUT, ...hook.timeoutConfiguration },
    }));
  }
  // Rollback without the breaker is accepted and answered as false (observed).
  merged.deploymentCircuitBreaker = { ...breaker, rollback: breaker.enable && breaker.rollback };
  return merged;
}

function withoutUndefined<T extends object>(value: T): Partial<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== undefined),
  ) as Partial<T>;
}

const DEFAULT_BREAKER = {
  enable: false,
  rollback: false,
  resetOnHealthyTask: true,
  thresholdConfiguration: DEFAULT_THRESHOLD,
};

export const DEFAULT_DEPLOYMENT_CONFIGURATION: DeploymentConfiguration = {
  deploymentCircuitBreaker: DEFAULT_BREAKER,
  maximumPercent: 200,
  minimumHealthyPercent: 100,
  strategy: 'ROLLING',
};
