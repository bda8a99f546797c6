/**
 * DescribeServiceRevisions: what it refuses, in AWS's words and order (observed, unless a comment
 * says otherwise), and what a revision looks like.
 */
import type {
  DescribeServiceRevisionsCommandInput,
  Failure,
  ServiceRevision,
} from '@aws-sdk/client-ecs';
import { AwsError } from '../../kernel/errors.ts';
import type { World } from '../../kernel/world.ts';
import { clusterArn, revisionArn, serviceArn } from '../names.ts';
import type { RevisionRecord, ServiceRecord } from '../state.ts';

/** API reference, DescribeServiceRevisions. */
const DESCRIBED_MOST = 20;

export function DescribeServiceRevisions(
  world: World,
  input: DescribeServiceRevisionsCommandInput,
) {
  const arns = input.serviceRevisionArns ?? [];
  if (arns.length > DESCRIBED_MOST) {
    throw invalid(`Service Revision ARN count cannot exceed ${DESCRIBED_MOST}`);
  }
  const names = arns.map((text) => revisionNamed(world, text));
  const [first] = names;
  if (first === undefined) throw invalid('The Service ARN provided is invalid.');
  if (names.some(({ service }) => service !== first.service)) {
    throw invalid(
      'Cross service requests are not allowed. All requested service revisions must be for a single service',
    );
  }
  const service = describableService(world, first);
  const serviceRevisions: ServiceRevision[] = [];
  const failures: Failure[] = [];
  const described = new Set<string>();
  for (const { id, arn } of names) {
    const revision = revisionOf(world, service, id);
    if (revision === undefined) {
      failures.push({ arn, reason: 'MISSING' });
      continue;
    }
    // A revision that is there may not be asked for twice, one that is missing may.
    if (described.has(id)) {
      throw new AwsError('ServerException', 'Service Unavailable. Please try again later.', {
        status: 500,
      });
    }
    described.add(id);
    serviceRevisions.push(viewRevision(world, service, revision));
  }
  return { serviceRevisions, failures };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

interface RevisionName {
  readonly arn: string;
  readonly cluster: string;
  /** The service's key. */
  readonly service: string;
  readonly id: string;
}

/** Only an ARN of this account and region names one. That the text is the same for what is no ARN
 * at all and for an id that is no number is unverified. */
function revisionNamed(world: World, text: string): RevisionName {
  const own = `arn:aws:ecs:${world.region}:${world.account}:service-revision/`;
  const [cluster = '', service = '', id = '', ...rest] = text.slice(own.length).split('/');
  const isWellFormed = text.startsWith(own) && cluster !== '' && service !== '' && /^\d+$/.test(id);
  if (!isWellFormed || rest.length > 0) throw invalid('The ServiceRevision ARN is invalid.');
  return { arn: text, cluster, service: `${cluster}/${service}`, id };
}

function describableService(world: World, { cluster: name, service: key }: RevisionName) {
  const cluster = world.ecs.clusters[name];
  if (cluster?.status !== 'ACTIVE') {
    // The text for a cluster that never was is unverified.
    throw new AwsError(
      'ClusterNotFoundException',
      cluster === undefined ? 'Cluster not found.' : 'The referenced cluster was inactive.',
    );
  }
  const service = world.ecs.services[key];
  if (service === undefined) throw new AwsError('ServiceNotFoundException', 'Service not found.');
  if (service.status === 'INACTIVE') {
    throw invalid('Cannot call DescribeServiceRevisions for a service that is INACTIVE');
  }
  return service;
}

/** Of this service only: those of an earlier one of the same name are MISSING. */
function revisionOf(world: World, service: ServiceRecord, id: string): RevisionRecord | undefined {
  const isOwn = service.history.some((own) => world.ecs.serviceDeployments[own]?.target === id);
  return isOwn ? world.ecs.revisions[id] : undefined;
}

function viewRevision(
  world: World,
  service: ServiceRecord,
  revision: RevisionRecord,
): ServiceRevision {
  const { loadBalancers = [], serviceRegistries = [], ...settings } = revision.settings;
  return {
    serviceRevisionArn: revisionArn(world, service.key, revision.id),
    serviceArn: serviceArn(world, service),
    clusterArn: clusterArn(world, service.cluster),
    taskDefinition: revision.taskDefinition,
    ...settings,
    ...(settings.platformVersion === 'LATEST' && { platformVersion: '1.4.0' }),
    ...(loadBalancers.length > 0 && { loadBalancers }),
    ...(serviceRegistries.length > 0 && { serviceRegistries }),
    ...containerImages(world, service, revision),
    ...resolvedConfiguration(service, revision),
    guardDutyEnabled: false,
    createdAt: new Date(revision.createdAt),
  };
}

/** The group that is really used, while the revision stands (docs; a sample relies on it). */
function resolvedConfiguration(
  { deployments }: ServiceRecord,
  { id, targetGroups, settings }: RevisionRecord,
): Pick<ServiceRevision, 'resolvedConfiguration'> {
  if (targetGroups === undefined || !deployments.some((one) => one.id === id)) return {};
  return {
    resolvedConfiguration: {
      loadBalancers: targetGroups.map((targetGroupArn, index) => {
        const { advancedConfiguration } = settings.loadBalancers?.[index] ?? {};
        const productionListenerRule = advancedConfiguration?.productionListenerRule;
        return {
          targetGroupArn,
          ...(productionListenerRule !== undefined && { productionListenerRule }),
        };
      }),
    },
  };
}

/**
 * A deployment of no tasks resolves nothing: its images come when the scheduler takes it up, and
 * have no digest until one of its tasks was launched (observed with desired count 0 on EC2). That
 * one of tasks has its digests at once is ours.
 */
function containerImages(
  world: World,
  service: ServiceRecord,
  { id, containers, withoutTasks }: RevisionRecord,
): Pick<ServiceRevision, 'containerImages'> {
  if (withoutTasks === true && isPending(world, service, id)) return {};
  return {
    containerImages: containers.map(({ name, image, digest }) => ({
      containerName: name,
      image,
      ...(digest !== undefined && withoutTasks !== true && { imageDigest: digest }),
    })),
  };
}

function isPending(world: World, service: ServiceRecord, revision: string): boolean {
  return service.open.some((id) => {
    const record = world.ecs.serviceDeployments[id];
    return record?.target === revision && record.status === 'PENDING';
  });
}
