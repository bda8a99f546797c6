/** CreateService, UpdateService and DeleteService of the local ECS. */
import type {
  CreateServiceCommandInput,
  DeleteServiceCommandInput,
  UpdateServiceCommandInput,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../../kernel/errors.ts';
import type { World } from '../../kernel/world.ts';
import { clusterNamed, findService, refuseMalformedName, taskDefinitionArn } from '../names.ts';
import { wake, wakeAfterChange } from '../next-look.ts';
import { serviceChanges, serviceDeploymentChanges } from '../read-lag.ts';
import { beginDeployment, finish } from '../rollout.ts';
import type { ServiceRecord, Settings, TaskDefinitionRecord } from '../state.ts';
import {
  DEFAULT_DEPLOYMENT_CONFIGURATION,
  mergedDeploymentConfiguration,
  refuseBadCreation,
  refuseBadRebalancing,
  refuseBadUpdate,
  refuseDaemon,
  usableTaskDefinition,
} from './checks.ts';
import { refuseBadStrategy } from './strategy-checks.ts';
import { refuseBadLaunch, refuseMisfit } from './task-definition-fit.ts';
import { viewService } from './views.ts';

/** DRAINING to INACTIVE once the tasks are gone: the length is unverified. */
const RETIRE_MS = 25_000;

export function CreateService(world: World, input: CreateServiceCommandInput) {
  const cluster = clusterNamed(world, input.cluster);
  refuseBadCreation(input);
  refuseMalformedName('Service name', input.serviceName);
  const definition = usableTaskDefinition(world, input.taskDefinition);
  refuseMisfit(input, definition);
  refuseBadLaunch(input, definition);
  refuseDaemon(input);
  const known = findService(world, cluster, input.serviceName);
  if (known !== undefined && known.status !== 'INACTIVE') return repeated(world, known, input);
  const deploymentConfiguration = mergedDeploymentConfiguration(
    DEFAULT_DEPLOYMENT_CONFIGURATION,
    input.deploymentConfiguration,
  );
  const settings = firstSettings(input);
  refuseBadStrategy(world, deploymentConfiguration, settings);
  const maximumPercent = deploymentConfiguration.maximumPercent ?? 200;
  // Enabled by default where it is possible (API reference, CreateService).
  const rebalancing =
    input.availabilityZoneRebalancing ?? (maximumPercent > 100 ? 'ENABLED' : 'DISABLED');
  refuseBadRebalancing(rebalancing, maximumPercent);
  const name = input.serviceName ?? '';
  const service: ServiceRecord = {
    key: `${cluster.name}/${name}`,
    cluster: cluster.name,
    name,
    status: 'ACTIVE',
    desiredCount: input.desiredCount ?? 0,
    taskDefinition: taskDefinitionArn(world, definition),
    settings,
    deploymentConfiguration,
    kept: {
      placementConstraints: input.placementConstraints ?? [],
      placementStrategy: input.placementStrategy ?? [],
      healthCheckGracePeriodSeconds: input.healthCheckGracePeriodSeconds ?? 0,
      enableECSManagedTags: input.enableECSManagedTags ?? false,
      propagateTags: input.propagateTags ?? 'NONE',
      enableExecuteCommand: input.enableExecuteCommand ?? false,
      availabilityZoneRebalancing: rebalancing,
    },
    tags: [...(input.tags ?? [])],
    createdAt: world.now,
    deployments: [],
    events: [],
    history: [],
    open: [],
    stopped: [],
    steady: false,
    raised: false,
    ...(input.clientToken !== undefined && { clientToken: input.clientToken }),
    created: fingerprint(input),
  };
  world.ecs.services[service.key] = service;
  if (known === undefined) cluster.services.push(service.key);
  beginDeployment(world, service, definition);
  return { service: viewService(world, service, { as: 'answer', tags: service.tags.length > 0 }) };
}

function firstSettings(input: CreateServiceCommandInput): Settings {
  const { capacityProviderStrategy, networkConfiguration } = input;
  const launchType =
    input.launchType ?? (capacityProviderStrategy === undefined ? 'EC2' : undefined);
  const onFargate = launchType !== 'EC2' && launchType !== 'EXTERNAL';
  return structuredClone({
    ...(launchType !== undefined && { launchType }),
    ...(capacityProviderStrategy !== undefined && { capacityProviderStrategy }),
    ...(onFargate && {
      platformVersion: input.platformVersion ?? 'LATEST',
      platformFamily: 'Linux',
    }),
    ...(networkConfiguration !== undefined && { networkConfiguration }),
    ...frozenOnly(input),
    loadBalancers: input.loadBalancers ?? [],
    serviceRegistries: input.serviceRegistries ?? [],
  });
}

/** What stands in deployments and revisions, and not in the service itself. */
function frozenOnly({
  serviceConnectConfiguration,
  volumeConfigurations,
  vpcLatticeConfigurations,
  monitoring,
}: CreateServiceCommandInput): Settings {
  return {
    ...(serviceConnectConfiguration !== undefined && { serviceConnectConfiguration }),
    ...(volumeConfigurations !== undefined && { volumeConfigurations }),
    ...(vpcLatticeConfigurations !== undefined && { vpcLatticeConfigurations }),
    ...(monitoring !== undefined && { monitoring }),
  };
}

/** Everything but tags and token: the same token with changed tags succeeds (observed). */
function fingerprint({ tags: _, clientToken: __, ...rest }: CreateServiceCommandInput): string {
  const sorted = Object.entries(rest).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify(sorted);
}

function repeated(world: World, service: ServiceRecord, input: CreateServiceCommandInput) {
  if (service.status === 'DRAINING') {
    throw new AwsError(
      'InvalidParameterException',
      'Unable to Start a service that is still Draining.',
    );
  }
  const same =
    input.clientToken !== undefined &&
    input.clientToken === service.clientToken &&
    fingerprint(input) === service.created;
  if (!same) {
    throw new AwsError('InvalidParameterException', 'Creation of service was not idempotent.');
  }
  return { service: viewService(world, service, { as: 'answer', tags: service.tags.length > 0 }) };
}

export function UpdateService(world: World, input: UpdateServiceCommandInput) {
  const cluster = clusterNamed(world, input.cluster);
  const service = findService(world, cluster, input.service);
  if (service === undefined) throw new AwsError('ServiceNotFoundException', 'Service not found.');
  if (service.status !== 'ACTIVE') {
    throw new AwsError('ServiceNotActiveException', 'Service was not ACTIVE.');
  }
  refuseBadUpdate(input);
  const changed = changedTaskDefinition(world, service, input);
  const deploymentConfiguration = mergedDeploymentConfiguration(
    service.deploymentConfiguration,
    input.deploymentConfiguration,
  );
  const rebalancing = input.availabilityZoneRebalancing ?? service.kept.availabilityZoneRebalancing;
  refuseBadRebalancing(rebalancing, deploymentConfiguration.maximumPercent ?? 200);

  const settings = changedSettings(service.settings, input);
  refuseBadStrategy(world, deploymentConfiguration, settings.after);
  const deploys = changed !== undefined || settings.deploys || input.forceNewDeployment === true;
  // A forced deployment resolves the tags of the present definition anew.
  const definition = deploys
    ? (changed ?? usableTaskDefinition(world, service.taskDefinition))
    : undefined;
  if (definition !== undefined) refuseMisfit(settings.after, definition);

  serviceChanges(world, service);
  const raised = input.desiredCount !== undefined && input.desiredCount > service.desiredCount;
  service.deploymentConfiguration = deploymentConfiguration;
  service.desiredCount = input.desiredCount ?? service.desiredCount;
  service.settings = settings.after;
  keep(service, input);
  if (definition !== undefined) {
    service.taskDefinition = taskDefinitionArn(world, definition);
    beginDeployment(world, service, definition);
  } else {
    const primary = service.deployments[0];
    if (primary !== undefined) primary.updatedAt = world.now;
    // Desired counts of deployments follow at the scheduler's next look (observed).
    service.raised = raised && service.deployments.length > 1;
    wakeAfterChange(world, service);
  }
  return { service: viewService(world, service, { as: 'answer', tags: false }) };
}

/** The definition of the input, if it is another than the service's; refused if not usable. */
function changedTaskDefinition(
  world: World,
  service: ServiceRecord,
  input: UpdateServiceCommandInput,
): TaskDefinitionRecord | undefined {
  if (input.taskDefinition === undefined) return undefined;
  const definition = usableTaskDefinition(world, input.taskDefinition);
  return taskDefinitionArn(world, definition) === service.taskDefinition ? undefined : definition;
}

/** Which inputs deploy and which do not: API reference, UpdateService. `[]` removes. */
function changedSettings(
  before: Settings,
  input: UpdateServiceCommandInput,
): { readonly after: Settings; readonly deploys: boolean } {
  const after: Settings = { ...before };
  let deploys = false;
  for (const key of [
    'networkConfiguration',
    'platformVersion',
    'loadBalancers',
    'serviceRegistries',
    'serviceConnectConfiguration',
    'volumeConfigurations',
    'vpcLatticeConfigurations',
    // Observed; the API reference says nothing of it.
    'monitoring',
  ] as const) {
    const value = input[key];
    const old = before[key] ?? (Array.isArray(value) ? [] : undefined);
    if (value === undefined || JSON.stringify(value) === JSON.stringify(old)) continue;
    Object.assign(after, { [key]: structuredClone(value) });
    deploys = true;
  }
  // A capacity provider strategy is stored and deploys nothing (API reference).
  if (input.capacityProviderStrategy !== undefined) {
    after.capacityProviderStrategy = structuredClone(input.capacityProviderStrategy);
  }
  return { after, deploys };
}

function keep(service: ServiceRecord, input: UpdateServiceCommandInput): void {
  const kept = { ...service.kept };
  for (const key of Object.keys(kept) as (keyof typeof kept)[]) {
    const value = input[key];
    if (value !== undefined) Object.assign(kept, { [key]: value });
  }
  service.kept = kept;
}

export function DeleteService(world: World, input: DeleteServiceCommandInput) {
  const cluster = clusterNamed(world, input.cluster);
  const service = findService(world, cluster, input.service);
  if (service === undefined || service.status === 'INACTIVE') {
    // Without a message member (observed).
    throw new AwsError('ServiceNotFoundException', '', { withMessage: false });
  }
  if (service.status === 'ACTIVE') {
    if (service.desiredCount > 0 && input.force !== true) {
      throw new AwsError(
        'InvalidParameterException',
        'The service cannot be stopped while it is scaled above 0.',
      );
    }
    serviceChanges(world, service);
    service.status = 'DRAINING';
    service.desiredCount = 0;
    drainDeployments(world, service);
    for (const id of service.open) {
      const record = world.ecs.serviceDeployments[id];
      if (record === undefined) continue;
      serviceDeploymentChanges(world, record);
      finish(world, record, 'STOPPED');
    }
    wakeAfterChange(world, service);
    service.settleAt = world.now + RETIRE_MS;
    wake(world, service, service.settleAt);
  }
  return { service: viewService(world, service, { as: 'deleted', tags: false }) };
}

/** At once, before any task has stopped (observed): nothing is wanted, and the older ones drain. */
function drainDeployments(world: World, { deployments }: ServiceRecord): void {
  for (const deployment of deployments) {
    deployment.desiredCount = 0;
    deployment.updatedAt = world.now;
    if (deployment.status !== 'PRIMARY') deployment.status = 'DRAINING';
  }
}
