/** What ECS says about one service: the reading half of the port `Services`. One per handling. */
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  DescribeTasksCommand,
  type ECSClient,
  ListTaskDefinitionsCommand,
  ListTasksCommand,
  type Task,
} from '@aws-sdk/client-ecs';
import type {
  ContainerName,
  Image,
  ImageDigest,
  ImageSet,
  Moment,
  TaskDefinitionArn,
} from '../../core/model/image.ts';
import { releaseIn } from '../../core/model/release-tag.ts';
import { failureOf } from '../../core/release/cause/diagnosis.ts';
import type { JsonRecord } from '../../core/release/definition/containers.ts';
import { containerImages } from '../../core/release/task-definition.ts';
import type { Log, ServiceReads, ServiceRef, Services } from '../../ports.ts';
import type { Logs } from '../logs.ts';
import { ask, askUnlessGone, refusalOf, transient } from '../refusal.ts';
import {
  foundService,
  parseReference,
  platformOf,
  resolvedImages,
  stoppedTask,
} from './answers.ts';
import { describeArms } from './arms.ts';
import { describeMigration } from './migration.ts';
import { keepAnswer } from './raw-json.ts';
import { describeRevisions, listRollouts } from './rollouts.ts';
import { describeShift } from './shift.ts';

/** Of the failed ones, as many are told; all are counted. */
const STOPPED_TASKS_MAX = 10;
/** Of up to 100 each; stopped tasks are listed for about an hour, those of an ordinary deployment, too. */
const TASK_PAGES_MAX = 10;
const NEWEST_REVISIONS = 5;

/** A task definition as ECS wrote it, and its tags, which ECS returns beside it. */
export interface RawDefinition {
  readonly definition: JsonRecord;
  readonly tags: readonly JsonRecord[];
}

export type ServicesRead = ServiceReads & {
  /** Asked once for each revision; undefined: ECS has no such task definition (any more). */
  rawDefinition(revision: TaskDefinitionArn): Promise<RawDefinition | undefined>;
};

export function readServices(client: ECSClient, log: Log, logs?: Logs): ServicesRead {
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
    migration: (ref, asked) => describeMigration(client, ref, asked, { rawDefinition, logs }),
    shift: (rollout, hook) => describeShift(client, rollout, hook),
    runningImages: async (ref, { revision, serviceRevision }, containers) => {
      const [found] =
        serviceRevision === undefined ? [] : await describeRevisions(client, [serviceRevision]);
      const resolved = found && resolvedImages(found, containers);
      if (resolved !== undefined) return resolved;
      const written = containerImages((await rawDefinition(revision))?.definition ?? {});
      return (
        imagesOf(containers, written, () => undefined) ??
        (await runningTaskImages(client, ref, revision, containers, written))
      );
    },
    definition: async (revision) => {
      const family = familyOf(revision);
      const raw = await rawDefinition(revision);
      const platform = platformOf(raw?.definition ?? {});
      if (raw === undefined) {
        return { revision, containers: {}, active: false, family, roles: [], platform };
      }
      const release = releaseIn(raw.tags);
      const { status, taskRoleArn, executionRoleArn } = raw.definition;
      return {
        revision,
        containers: containerImages(raw.definition),
        active: status === 'ACTIVE',
        family,
        roles: [taskRoleArn, executionRoleArn].filter((role) => typeof role === 'string'),
        platform,
        ...(release !== undefined && { release }),
      };
    },
    stoppedTasks: (ref, like, since) => listStoppedTasks(client, ref, like, since),
    arms: (serviceRevision) => describeArms(client, serviceRevision),
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
        if (releaseIn((await rawDefinition(arn))?.tags ?? []) === release) return arn;
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
    throw transient(call, error);
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
    throw transient(`ecs:DescribeTaskDefinition of ${taskDefinition}`, error);
  }
}

/** Undefined: a container that is not there, or whose digest nobody tells. */
function imagesOf(
  containers: readonly ContainerName[],
  written: Readonly<Record<ContainerName, string>>,
  digestOf: (container: ContainerName) => string | undefined,
): { images: ImageSet; pinned: boolean } | undefined {
  const images: Record<ContainerName, Image> = {};
  let pinned = true;
  for (const name of containers) {
    const { digest: named, ...reference } = parseReference(written[name] ?? '');
    const digest = named ?? digestOf(name);
    if (digest === undefined) return undefined;
    pinned &&= named !== undefined;
    images[name] = { ...reference, digest: digest as ImageDigest };
  }
  return { images, pinned };
}

/** Of one page of its tasks. A tag may have moved between two of them: then nothing is known. */
async function runningTaskImages(
  client: ECSClient,
  ref: ServiceRef,
  revision: TaskDefinitionArn,
  containers: readonly ContainerName[],
  written: Readonly<Record<ContainerName, string>>,
): Promise<{ images: ImageSet; pinned: boolean } | undefined> {
  const { cluster, service: serviceName } = ref;
  const list = await askUnlessGone(`ecs:ListTasks of ${nameOf(ref)}`, () =>
    client.send(new ListTasksCommand({ cluster, serviceName, desiredStatus: 'RUNNING' })),
  );
  const arns = list?.taskArns ?? [];
  if (arns.length === 0) return undefined;
  const found = await askUnlessGone(`ecs:DescribeTasks of ${nameOf(ref)}`, () =>
    client.send(new DescribeTasksCommand({ cluster, tasks: arns })),
  );
  const mine = (found?.tasks ?? []).filter((task) => task.taskDefinitionArn === revision);
  return imagesOf(containers, written, (name) => {
    const digests = mine.map(
      (task) => task.containers?.find((container) => container.name === name)?.imageDigest,
    );
    const [first] = digests;
    return digests.every((digest) => digest === first) ? first : undefined;
  });
}

async function listStoppedTasks(
  client: ECSClient,
  ref: ServiceRef,
  like: TaskDefinitionArn | undefined,
  since: Moment = 0,
): ReturnType<Services['stoppedTasks']> {
  const { cluster, service: serviceName } = ref;
  const by = like === undefined ? { serviceName } : { family: familyOf(like) };
  const tasks: Task[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < TASK_PAGES_MAX; page++) {
    const list = await askUnlessGone(`ecs:ListTasks of ${nameOf(ref)}`, () =>
      client.send(
        new ListTasksCommand({
          cluster,
          ...by,
          desiredStatus: 'STOPPED',
          ...(nextToken === undefined ? {} : { nextToken }),
        }),
      ),
    );
    if (list === undefined) return undefined;
    const arns = list.taskArns ?? [];
    if (arns.length > 0) {
      const found = await askUnlessGone(`ecs:DescribeTasks of ${nameOf(ref)}`, () =>
        client.send(new DescribeTasksCommand({ cluster, tasks: arns })),
      );
      tasks.push(...(found?.tasks ?? []));
    }
    nextToken = list.nextToken;
    if (nextToken === undefined) break;
  }
  const ended = (task: Task) =>
    (task.stoppedAt ?? task.stoppingAt ?? task.createdAt)?.getTime() ?? 0;
  const failed = tasks
    .filter(({ group }) => group === undefined || group === `service:${serviceName}`)
    .filter(({ taskDefinitionArn }) => like === undefined || taskDefinitionArn === like)
    .filter((task) => ended(task) >= since)
    .sort((a, b) => ended(a) - ended(b))
    .map(stoppedTask)
    // Ordinary stops beside them must not push them out.
    .filter((task) => failureOf(task) !== undefined);
  return { failed: failed.length, newest: failed.slice(-STOPPED_TASKS_MAX) };
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
