/** What ECS says about one service: the reading half of the port `Services`. One per handling. */
import {
  DescribeServiceDeploymentsCommand,
  DescribeServiceRevisionsCommand,
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListServiceDeploymentsCommand,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  type ServiceDeploymentBrief,
  type ServiceRevision,
} from '@aws-sdk/client-ecs';
import type { Moment, TaskDefinitionArn } from '../core/image.ts';
import type { RolloutSeen } from '../core/seen.ts';
import { containerImages, type JsonRecord } from '../core/task-definition.ts';
import type { Log, ServiceRef, Services } from '../ports.ts';
import { chunks } from './chunks.ts';
import { foundService, isKnown, resolvedImages, rolloutSeen, stoppedTask } from './ecs-answers.ts';
import { keepAnswer } from './raw-json.ts';
import { ask, ill, refusalOf } from './refusal.ts';

/** DescribeServiceDeployments and DescribeServiceRevisions take at most 20 ARNs. */
const ARNS_MAX = 20;
const ROLLOUT_PAGES_MAX = 3;
const STOPPED_TASKS_MAX = 10;
const NEWEST_REVISIONS = 5;
/** `createdAt.after` is exclusive, and a rollout asked for by its own moment must be found. */
const SINCE_MARGIN_MS = 1_000;

/** A task definition as ECS wrote it, and its tags, which ECS returns beside it. */
export interface RawDefinition {
  readonly definition: JsonRecord;
  readonly tags: readonly JsonRecord[];
}

export type ServicesRead = Omit<Services, 'registerRevision' | 'startRollout' | 'stopRollout'> & {
  /** Asked once for each revision; undefined: ECS has no such task definition (any more). */
  rawDefinition(revision: TaskDefinitionArn): Promise<RawDefinition | undefined>;
};

export function readServices(client: ECSClient, log: Log): ServicesRead {
  const definitions = new Map<TaskDefinitionArn, Promise<RawDefinition | undefined>>();

  function rawDefinition(revision: TaskDefinitionArn) {
    const known = definitions.get(revision) ?? describeDefinition(client, revision);
    definitions.set(revision, known);
    // A failed call is not an answer: whoever asks again, asks ECS.
    known.catch(() => definitions.delete(revision));
    return known;
  }

  return {
    rawDefinition,
    describe: (ref) => describeService(client, ref),
    rollouts: (ref, since, known) => listRollouts(client, log, ref, since, known),
    runningImages: async (serviceRevision, containers) => {
      const [found] = await describeRevisions(client, [serviceRevision]);
      return found === undefined ? undefined : resolvedImages(found, containers);
    },
    definition: async (revision) => {
      const family = familyOf(revision);
      const raw = await rawDefinition(revision);
      if (raw === undefined) return { revision, containers: {}, active: false, family };
      return {
        revision,
        containers: containerImages(raw.definition),
        active: raw.definition.status === 'ACTIVE',
        family,
      };
    },
    stoppedTasks: (ref) => listStoppedTasks(client, ref),
    findRevision: async (base, release) => {
      const familyPrefix = familyOf(base);
      const { taskDefinitionArns = [] } = await ask(
        `ecs:ListTaskDefinitions of ${familyPrefix}`,
        () =>
          client.send(
            new ListTaskDefinitionsCommand({
              // Despite its name this is the whole family. (API_ListTaskDefinitions)
              familyPrefix,
              sort: 'DESC',
              maxResults: NEWEST_REVISIONS,
            }),
          ),
      );
      for (const arn of taskDefinitionArns as TaskDefinitionArn[]) {
        const tags = (await rawDefinition(arn))?.tags ?? [];
        if (tags.some((tag) => tag.key === 'slipway:release' && tag.value === release)) return arn;
      }
      return undefined;
    },
  };
}

async function describeService(client: ECSClient, ref: ServiceRef) {
  const command = new DescribeServicesCommand({ cluster: ref.cluster, services: [ref.service] });
  const answer = keepAnswer(command);
  const call = `ecs:DescribeServices of ${nameOf(ref)}`;
  try {
    const output = await client.send(command);
    const { services = [], failures = [] } = output;
    const service = services[0];
    if (service !== undefined) return foundService(service, firstOf((answer() ?? output).services));
    const reason = failures[0]?.reason ?? 'no service and no failure in the answer';
    if (reason === 'MISSING') return undefined;
    throw new Error(`ECS says ${reason}`);
  } catch (error) {
    if (refusalOf(error)?.code === 'ClusterNotFoundException') return undefined;
    throw ill(call, error);
  }
}

async function describeDefinition(
  client: ECSClient,
  taskDefinition: TaskDefinitionArn,
): Promise<RawDefinition | undefined> {
  const command = new DescribeTaskDefinitionCommand({ taskDefinition, include: ['TAGS'] });
  const answer = keepAnswer(command);
  try {
    const output = await client.send(command);
    const { taskDefinition: definition, tags } = answer() ?? output;
    return {
      definition: (definition ?? {}) as JsonRecord,
      tags: (Array.isArray(tags) ? tags : []) as unknown as readonly JsonRecord[],
    };
  } catch (error) {
    // "Unable to describe task definition.": deleted, or never there.
    if (refusalOf(error)?.code === 'ClientException') return undefined;
    throw ill(`ecs:DescribeTaskDefinition of ${taskDefinition}`, error);
  }
}

async function listRollouts(
  client: ECSClient,
  log: Log,
  ref: ServiceRef,
  since: Moment,
  known: Readonly<Record<string, TaskDefinitionArn>>,
): Promise<readonly RolloutSeen[]> {
  const briefs = await listDeployments(client, log, ref, since);
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
): Promise<readonly ServiceDeploymentBrief[]> {
  const briefs: ServiceDeploymentBrief[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < ROLLOUT_PAGES_MAX; page++) {
    const answer = await ask(`ecs:ListServiceDeployments of ${service}`, () =>
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

async function describeRevisions(
  client: ECSClient,
  arns: readonly string[],
): Promise<readonly ServiceRevision[]> {
  const found: ServiceRevision[] = [];
  // ECS answers a repeated ARN with a ServerException. (Observed.)
  for (const serviceRevisionArns of chunks([...new Set(arns)], ARNS_MAX)) {
    const { serviceRevisions = [] } = await ask('ecs:DescribeServiceRevisions', () =>
      client.send(new DescribeServiceRevisionsCommand({ serviceRevisionArns })),
    );
    found.push(...serviceRevisions);
  }
  return found;
}

async function listStoppedTasks(client: ECSClient, ref: ServiceRef) {
  const { cluster, service: serviceName } = ref;
  const { taskArns = [] } = await ask(`ecs:ListTasks of ${nameOf(ref)}`, () =>
    client.send(new ListTasksCommand({ cluster, serviceName, desiredStatus: 'STOPPED' })),
  );
  if (taskArns.length === 0) return [];
  const { tasks = [] } = await ask(`ecs:DescribeTasks of ${nameOf(ref)}`, () =>
    client.send(new DescribeTasksCommand({ cluster, tasks: taskArns.slice(0, 100) })),
  );
  const ended = (task: (typeof tasks)[number]) =>
    (task.stoppedAt ?? task.stoppingAt ?? task.createdAt)?.getTime() ?? 0;
  return tasks
    .sort((a, b) => ended(a) - ended(b))
    .slice(-STOPPED_TASKS_MAX)
    .map(stoppedTask);
}

/** `arn:aws:ecs:eu-west-1:111122223333:task-definition/web:42` is of the family `web`. */
function familyOf(revision: TaskDefinitionArn): string {
  return revision.split('/').at(-1)?.split(':')[0] ?? '';
}

function nameOf({ cluster, service }: ServiceRef): string {
  return `${cluster}/${service}`;
}

function firstOf(list: unknown): JsonRecord | undefined {
  return Array.isArray(list) ? list[0] : undefined;
}
