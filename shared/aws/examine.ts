/**
 * What a person with reading rights can see of a service and of what it needs: one call each, made once.
 * Nothing throws: what is not there is missing, what could not be seen is unseen, with the right that it
 * needs. No value of a secret leaves this file.
 */
import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import type { ECRClient } from '@aws-sdk/client-ecr';
import { DescribeServicesCommand, type ECSClient, type Service } from '@aws-sdk/client-ecs';
import {
  DescribeTargetGroupsCommand,
  type ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetRoleCommand, type IAMClient } from '@aws-sdk/client-iam';
import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  type SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { DescribeParametersCommand, type SSMClient } from '@aws-sdk/client-ssm';
import { type Image, lastPart } from '../core/model/image.ts';
import { plain } from '../core/model/text.ts';
import { type Doorway, doorwayOf, type ForeignImage } from './ecr/foreign-images.ts';
import { platformsOf } from './ecr/platforms.ts';
import { refusalOf, says } from './refusal.ts';

export type Found<T> =
  | { readonly state: 'seen'; readonly value: T }
  | { readonly state: 'missing' }
  /** `because`: the right that is missing, or what AWS said. */
  | { readonly state: 'unseen'; readonly because: string };

export interface ServiceFacts {
  readonly status: string;
  readonly controller: string;
  readonly scheduling: string;
  readonly desired: number;
  readonly revision: string;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  /** Its launch type, or the capacity providers that its strategy starts tasks on; empty: ECS says neither. */
  readonly runsOn: readonly string[];
  readonly circuitBreaker: boolean;
  /** Alarms that ECS itself watches a deployment with. */
  readonly deploymentAlarms: readonly string[];
  readonly graceSeconds: number;
  readonly balancers: readonly BalancerFacts[];
}

export interface BalancerFacts {
  readonly container: string;
  readonly port: number;
  readonly targetGroup?: string;
}

export interface TargetGroupFacts {
  readonly name: string;
  readonly targetType: string;
  readonly healthCheckPath?: string;
}

export interface RoleFacts {
  /** Services that some statement lets take it on; `*`: everybody. */
  readonly trusts: readonly string[];
}

export interface Examiner {
  service(cluster: string, service: string): Promise<Found<ServiceFacts>>;
  role(arn: string): Promise<Found<RoleFacts>>;
  secret(id: string): Promise<Found<true>>;
  /** The names of the keys of a secret that is JSON, and none of its values; undefined: it is none. */
  secretKeys(id: string): Promise<Found<readonly string[] | undefined>>;
  parameter(name: string): Promise<Found<true>>;
  logGroup(name: string): Promise<Found<true>>;
  targetGroup(arn: string): Promise<Found<TargetGroupFacts>>;
  /** `linux/amd64`, each that the image has. */
  platforms(
    image: Pick<Image, 'registry' | 'repository' | 'digest'>,
  ): Promise<Found<readonly string[]>>;
  /** Does the account that has it let this one pull it? By your rights, and not by the execution role's. */
  doorway(image: ForeignImage): Promise<Found<Doorway>>;
}

export interface ExaminerClients {
  readonly ecs: ECSClient;
  readonly ecr: ECRClient;
  readonly iam: IAMClient;
  readonly secrets: SecretsManagerClient;
  readonly ssm: SSMClient;
  readonly logs: CloudWatchLogsClient;
  readonly balancers: ElasticLoadBalancingV2Client;
}

export function createExaminer(clients: ExaminerClients, fetcher: typeof fetch): Examiner {
  const { ecs, ecr, iam, secrets, ssm, logs, balancers } = clients;
  return {
    service: async (cluster, service) =>
      await look('ecs:DescribeServices', ['ClusterNotFoundException'], async () => {
        const { services = [] } = await ecs.send(
          new DescribeServicesCommand({ cluster, services: [service] }),
        );
        return services[0] && serviceFacts(services[0]);
      }),
    role: once(async (arn) =>
      look('iam:GetRole', ['NoSuchEntityException', 'NoSuchEntity'], async () => {
        const RoleName = lastPart(arn);
        const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
        return Role && { trusts: trustsOf(Role.AssumeRolePolicyDocument) };
      }),
    ),
    secret: once(async (SecretId) =>
      look('secretsmanager:DescribeSecret', ['ResourceNotFoundException'], async () => {
        const { DeletedDate } = await secrets.send(new DescribeSecretCommand({ SecretId }));
        // One that is on its way out is read by nobody.
        return DeletedDate === undefined ? true : undefined;
      }),
    ),
    secretKeys: once(async (SecretId) =>
      look('secretsmanager:GetSecretValue', ['ResourceNotFoundException'], async () => {
        const { SecretString } = await secrets.send(new GetSecretValueCommand({ SecretId }));
        return { keys: keysOf(SecretString) };
      }).then((seen) => (seen.state === 'seen' ? { ...seen, value: seen.value.keys } : seen)),
    ),
    parameter: once(async (name) =>
      look('ssm:DescribeParameters', [], async () => {
        // GetParameters would answer with the value.
        const ParameterFilters = [{ Key: 'Name', Option: 'Equals', Values: [name] }];
        const { Parameters = [] } = await ssm.send(
          new DescribeParametersCommand({ ParameterFilters }),
        );
        return Parameters.length > 0 ? true : undefined;
      }),
    ),
    logGroup: once(async (name) =>
      look('logs:DescribeLogGroups', ['ResourceNotFoundException'], async () => {
        const { logGroups = [] } = await logs.send(
          new DescribeLogGroupsCommand({ logGroupNamePrefix: name }),
        );
        return logGroups.some(({ logGroupName }) => logGroupName === name) ? true : undefined;
      }),
    ),
    targetGroup: once(async (arn) =>
      look('elasticloadbalancing:DescribeTargetGroups', GROUP_MISSING, async () => {
        const { TargetGroups: [group] = [] } = await balancers.send(
          new DescribeTargetGroupsCommand({ TargetGroupArns: [arn] }),
        );
        return (
          group && {
            name: group.TargetGroupName ?? '',
            targetType: group.TargetType ?? 'instance',
            ...(group.HealthCheckPath && { healthCheckPath: group.HealthCheckPath }),
          }
        );
      }),
    ),
    platforms: async (image) =>
      await look('ecr:BatchGetImage', ['RepositoryNotFoundException'], () =>
        platformsOf(ecr, image, fetcher),
      ),
    doorway: async (image) =>
      await look('ecr:BatchGetImage', ['RepositoryNotFoundException'], () => doorwayOf(ecr, image)),
  };
}

const GROUP_MISSING = ['TargetGroupNotFoundException', 'TargetGroupNotFound'];

/** Asked once for each name: roles and secrets are shared by many services. */
function once<T>(ask: (name: string) => Promise<T>): (name: string) => Promise<T> {
  const asked = new Map<string, Promise<T>>();
  return (name) => {
    const known = asked.get(name) ?? ask(name);
    asked.set(name, known);
    return known;
  };
}

const DENIED = /^(AccessDenied|AccessDeniedException|UnauthorizedOperation)$/;
/** What `slipway local` says to what it does not model. */
const NOT_MODELLED = /^(UnknownOperationException|UnsupportedOperation|InvalidAction)$/;

/** Missing: an answer of nothing, or one of these codes. */
export async function look<T>(
  action: string,
  missing: readonly string[],
  send: () => Promise<T | undefined>,
): Promise<Found<T>> {
  try {
    const value = await send();
    return value === undefined ? { state: 'missing' } : { state: 'seen', value };
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (missing.includes(refusalOf(error)?.code ?? '')) return { state: 'missing' };
    if (DENIED.test(name)) {
      return { state: 'unseen', because: `the permission ${action} is missing` };
    }
    if (NOT_MODELLED.test(name)) {
      return { state: 'unseen', because: `the local AWS does not model ${action}` };
    }
    // Of our own words the kind of error says nothing.
    const why = says(error).replace(/^Error: /, '');
    return { state: 'unseen', because: `${action} does not tell: ${why}` };
  }
}

/** API_CreateService: 100 and 200 unless told, for a service of replicas. */
const PERCENT = { minimum: 100, maximum: 200 } as const;

function serviceFacts(service: Service): ServiceFacts {
  const { deploymentConfiguration: config = {}, loadBalancers = [] } = service;
  const { alarms } = config;
  return {
    status: service.status ?? '',
    controller: service.deploymentController?.type ?? 'ECS',
    scheduling: service.schedulingStrategy ?? 'REPLICA',
    desired: service.desiredCount ?? 0,
    revision: service.taskDefinition ?? '',
    minimumHealthyPercent: config.minimumHealthyPercent ?? PERCENT.minimum,
    maximumPercent: config.maximumPercent ?? PERCENT.maximum,
    runsOn: runsOnOf(service),
    circuitBreaker: config.deploymentCircuitBreaker?.enable === true,
    deploymentAlarms: alarms?.enable === true ? (alarms.alarmNames ?? []) : [],
    graceSeconds: service.healthCheckGracePeriodSeconds ?? 0,
    balancers: loadBalancers.map(({ containerName = '', containerPort = 0, targetGroupArn }) => ({
      container: containerName,
      port: containerPort,
      ...(targetGroupArn === undefined ? {} : { targetGroup: targetGroupArn }),
    })),
  };
}

/** A provider of weight 0 gets its base of tasks and no more. (API_CapacityProviderStrategyItem) */
function runsOnOf({ launchType, capacityProviderStrategy = [] }: Service): readonly string[] {
  if (capacityProviderStrategy.length === 0) return launchType === undefined ? [] : [launchType];
  return capacityProviderStrategy.flatMap(({ capacityProvider = '', base = 0, weight = 0 }) =>
    base > 0 || weight > 0 ? [capacityProvider] : [],
  );
}

interface TrustStatement {
  readonly Effect?: string;
  readonly Principal?: '*' | { readonly Service?: string | readonly string[] };
}

/** IAM gives it URL-encoded. (API_GetRole) */
function trustsOf(document = ''): readonly string[] {
  const { Statement = [] } = JSON.parse(decodeURIComponent(document) || '{}') as {
    readonly Statement?: TrustStatement | readonly TrustStatement[];
  };
  return [Statement].flat().flatMap(({ Effect, Principal }) => {
    if (Effect !== 'Allow' || Principal === undefined) return [];
    return Principal === '*' ? ['*'] : [Principal.Service ?? []].flat();
  });
}

function keysOf(text: string | undefined): readonly string[] | undefined {
  try {
    const value: unknown = JSON.parse(text ?? '');
    return typeof value === 'object' && value !== null ? Object.keys(value).map(plain) : undefined;
  } catch {
    return undefined;
  }
}
