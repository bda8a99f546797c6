/**
 * The rollouts of a service: ListServiceDeployments, and for what is not known yet, the service
 * revisions and where ECS went back to.
 */
import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  type ServiceDeploymentBrief,
  type ServiceRevision,
} from '@aws-sdk/client-ecs';
import type { Moment, TaskDefinitionArn } from '../../core/model/image.ts';
import type { ObservedRollout } from '../../core/model/observation.ts';
import type { Log, ServiceRef } from '../../ports.ts';
import { chunks } from '../chunks.ts';
import { ask, askUnlessGone } from '../refusal.ts';
import { isKnown, rolloutSeen } from './answers.ts';

/** DescribeServiceDeployments and DescribeServiceRevisions take at most 20 ARNs. */
const ARNS_MAX = 20;
const PAGES_MAX = 3;
/** `createdAt.after` is exclusive, and a rollout asked for by its own moment must be found. */
const SINCE_MARGIN_MS = 1_000;

export async function listRollouts(
  client: ECSClient,
  log: Log,
  ref: ServiceRef,
  since: Moment,
  known: Readonly<Record<string, TaskDefinitionArn>>,
): Promise<readonly ObservedRollout[] | undefined> {
  const briefs = await listDeployments(client, log, ref, since);
  if (briefs === undefined) return undefined;
  const returnedTo = await rollbackRevisions(client, briefs);
  const wanted = [
    ...briefs.flatMap(({ targetServiceRevisionArn }) => targetServiceRevisionArn ?? []),
    ...returnedTo.values(),
  ].filter((arn) => !Object.hasOwn(known, arn));
  const found = await describeRevisions(client, wanted);
  const revisions = new Map(Object.entries(known));
  for (const { serviceRevisionArn, taskDefinition } of found) {
    if (serviceRevisionArn === undefined || taskDefinition === undefined) continue;
    revisions.set(serviceRevisionArn, taskDefinition as TaskDefinitionArn);
  }

  return briefs.flatMap((brief) => {
    const rollout = brief.serviceDeploymentArn ?? '';
    if (!isKnown(brief.status)) {
      log.warn('ECS used a status that we do not know; taken as in progress', {
        rollout,
        status: brief.status,
      });
    }
    const revision = revisions.get(brief.targetServiceRevisionArn ?? '');
    if (revision === undefined) {
      // Not readable yet: as if the list had not shown it. The next look finds it.
      log.warn('ECS lists a rollout whose service revision it does not describe', { rollout });
      return [];
    }
    return [rolloutSeen(brief, revision, revisions.get(returnedTo.get(rollout) ?? ''))];
  });
}

/** Newest first. There is no paginator for it in the SDK. */
async function listDeployments(
  client: ECSClient,
  log: Log,
  { cluster, service }: ServiceRef,
  since: Moment,
): Promise<readonly ServiceDeploymentBrief[] | undefined> {
  const briefs: ServiceDeploymentBrief[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < PAGES_MAX; page++) {
    const answer = await askUnlessGone(`ecs:ListServiceDeployments of ${service}`, () =>
      client.send(
        new ListServiceDeploymentsCommand({
          cluster,
          service,
          createdAt: { after: new Date(since - SINCE_MARGIN_MS) },
          maxResults: 100,
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      ),
    );
    if (answer === undefined) return undefined;
    briefs.push(...(answer.serviceDeployments ?? []));
    nextToken = answer.nextToken;
    if (nextToken === undefined) break;
  }
  if (nextToken !== undefined) {
    log.warn('more service deployments than one look reads; the oldest may be left out', {
      service,
      read: briefs.length,
    });
  }
  const created = (brief: ServiceDeploymentBrief) => brief.createdAt?.getTime() ?? 0;
  return briefs.filter((brief) => created(brief) >= since).sort((a, b) => created(b) - created(a));
}

/** Rollout to the service revision that ECS went back to; only rollbacks are asked about. */
async function rollbackRevisions(
  client: ECSClient,
  briefs: readonly ServiceDeploymentBrief[],
): Promise<ReadonlyMap<string, string>> {
  const arns = briefs
    .filter(({ status }) => status?.startsWith('ROLLBACK_') && status !== 'ROLLBACK_REQUESTED')
    .flatMap(({ serviceDeploymentArn }) => serviceDeploymentArn ?? []);
  const returnedTo = new Map<string, string>();
  for (const serviceDeploymentArns of chunks(arns, ARNS_MAX)) {
    const { serviceDeployments = [] } = await ask('ecs:DescribeServiceDeployments', () =>
      client.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns })),
    );
    for (const { serviceDeploymentArn, rollback } of serviceDeployments) {
      if (serviceDeploymentArn === undefined || rollback?.serviceRevisionArn === undefined)
        continue;
      returnedTo.set(serviceDeploymentArn, rollback.serviceRevisionArn);
    }
  }
  return returnedTo;
}

export async function describeRevisions(
  client: ECSClient,
  arns: readonly string[],
): Promise<readonly ServiceRevision[]> {
  const found: ServiceRevision[] = [];
  // ECS answers a repeated ARN with a ServerException. (Observed.)
  for (const serviceRevisionArns of chunks([...new Set(arns)], ARNS_MAX)) {
    const answer = await askUnlessGone('ecs:DescribeServiceRevisions', () =>
      client.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns })),
    );
    found.push(...(answer?.serviceRevisions ?? []));
  }
  return found;
}
