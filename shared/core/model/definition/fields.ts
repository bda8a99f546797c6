/** Which fields of a task definition the file in git may change, and which are its owner's alone. */

/** Taken from the file, of the task. The roles only where the stack may pass them: `merge.ts`. */
export const TASK_FIELDS = [
  'cpu',
  'memory',
  'ephemeralStorage',
  'executionRoleArn',
  'taskRoleArn',
] as const;

/** Taken from the file, of a container. */
export const CONTAINER_FIELDS = [
  'cpu',
  'memory',
  'memoryReservation',
  'essential',
  'environment',
  'environmentFiles',
  'secrets',
  'command',
  'entryPoint',
  'workingDirectory',
  'user',
  'portMappings',
  'mountPoints',
  'dependsOn',
  'startTimeout',
  'stopTimeout',
  'restartPolicy',
  'healthCheck',
  'logConfiguration',
  'dockerLabels',
  'ulimits',
  'readonlyRootFilesystem',
  'interactive',
  'pseudoTerminal',
] as const;

/**
 * What may stand in the file only as it runs, so that an exported definition can be used: the service, its
 * network and its capacity are made for these, so a revision alone cannot change them.
 */
export const TASK_FIELDS_AS_THEY_RUN = [
  'family',
  'networkMode',
  'requiresCompatibilities',
  'runtimePlatform',
  'placementConstraints',
  'proxyConfiguration',
  'inferenceAccelerators',
  // With these a task reaches beyond its containers: to others, and to the host.
  'volumes',
  'pidMode',
  'ipcMode',
  'enableFaultInjection',
] as const;

/** The same of a container: who pulls what, and what it may do beside its own process. */
export const CONTAINER_FIELDS_AS_THEY_RUN = [
  'privileged',
  'linuxParameters',
  'dockerSecurityOptions',
  'systemControls',
  'credentialSpecs',
  'repositoryCredentials',
  'resourceRequirements',
  'firelensConfiguration',
  'versionConsistency',
  'volumesFrom',
  'links',
  'hostname',
  'dnsServers',
  'dnsSearchDomains',
  'extraHosts',
  'disableNetworking',
] as const;

/** The roles of a task, as its definition names them. */
export const ROLE_FIELDS = ['executionRoleArn', 'taskRoleArn'] as const;

/** By which member an entry of a list is known; an entry of any other list has no name. */
export const NAMED_BY: Readonly<Record<string, string>> = {
  containerDefinitions: 'name',
  environment: 'name',
  secrets: 'name',
  secretOptions: 'name',
  ulimits: 'name',
  environmentFiles: 'value',
  portMappings: 'containerPort',
  mountPoints: 'containerPath',
  dependsOn: 'containerName',
};

/** Maps whose keys are the user's: what the file leaves out of them is gone. */
export const MAPS: readonly string[] = ['dockerLabels', 'options'];
