/** What `slipway why` looks at: a release, its tasks that stopped, its service's events, its log, and what changed. */
import type { BadAnswers } from '../../../shared/aws/bad-answers.ts';
import type { Target } from '../../../shared/config/config.ts';
import { type Diagnosis, diagnose, type Exhibit } from '../../../shared/core/incident/diagnose.ts';
import { type LastRelease, lastReleaseOf } from '../../../shared/core/incident/last-release.ts';
import type { Image, ImageSet, TaskDefinitionArn } from '../../../shared/core/model/image.ts';
import type { StoppedTask } from '../../../shared/core/model/observation.ts';
import { backOf, ownRelease } from '../../../shared/core/model/record/phase.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { logStreamOf } from '../../../shared/core/release/task-definition.ts';
import { type Difference, differences } from '../../output/plan/difference.ts';
import type { Connection } from '../connection.ts';
import { badIn } from './harm.ts';

export interface Meant {
  readonly last: LastRelease;
  readonly revision?: TaskDefinitionArn;
}

export interface Closer {
  readonly diagnosis: Diagnosis;
  /** Since the proven release before it; absent: there is none, or it is the proven one. */
  readonly changed?: Changed;
  /** In the time of the release, of all that its alarm counts: of both revisions together. */
  readonly badAnswers?: BadAnswers;
  readonly log?: { readonly container: string; readonly lines: readonly string[] };
  /** What could not be looked at, and why. */
  readonly unseen: readonly string[];
}

export interface Changed {
  readonly since: { readonly release: string; readonly images: ImageSet };
  readonly images: readonly ChangedImage[];
  readonly commits: readonly string[];
  /** Of the task definition, beside the images; absent: one of the two could not be read. */
  readonly definition?: readonly Difference[];
}

interface ChangedImage {
  readonly container: string;
  /** Absent: it had none that is known. */
  readonly from?: Image;
  readonly to: Image;
}

export interface CloserOptions {
  /** 0: no log is read. */
  readonly lines: number;
}

/** The newest release, as the record knows it; undefined: there was none. */
export function newestRelease(record: TargetRecord): Meant | undefined {
  const last = lastReleaseOf(record);
  if (last === undefined) return undefined;
  const revision =
    ownRelease(record.phase)?.attempt.revision ??
    backOf(record.phase)?.condemned.revision ??
    record.lastEnded?.revision;
  return { last, ...(revision === undefined ? {} : { revision }) };
}

type Eyes = ReturnType<Connection['aws']['eyes']>;

export async function lookCloser(
  connection: Connection,
  target: Target,
  record: TargetRecord,
  { last, revision }: Meant,
  { lines }: CloserOptions,
): Promise<Closer> {
  const unseen: string[] = [];
  const eyes = connection.aws.eyes();
  /** Rights that are missing take a part of the answer away, and not the answer. */
  const seen = async <T>(what: string, look: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await look();
    } catch (error) {
      unseen.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  };
  const tasks = (await seen('stopped tasks', () => tasksOf(eyes, target, revision))) ?? [];
  if (tasks.length === 0 && /tasks? failed|ECS ended/.test(last.because ?? '')) {
    unseen.push('no failed task of it is listed any more: ECS remembers them for an hour');
  }
  const service = await seen('service events', () => serviceOf(connection, target));
  const messages = service?.messages ?? [];
  const began = tasks[0]?.stoppedAt ?? last.at;
  const near = messages.filter(({ at }) => at >= began - NEAR_MS && at <= last.at + NEAR_MS);
  const cause = diagnose({ last, tasks, messages: near });
  const sick = isAboutHealth(cause, last)
    ? ((await seen('target health', () => sickNow(connection, service?.targetGroups ?? []))) ?? [])
    : [];
  const diagnosis = { ...cause, evidence: [...cause.evidence, ...sick] };
  const changed = await seen('what changed', () => changedSince(eyes, record, last, revision));
  const badAnswers =
    diagnosis.kind === 'alarm'
      ? await seen('how many answers were errors', () => badIn(connection, target, last))
      : undefined;
  const log = lines === 0 ? undefined : await logOf(connection, eyes, revision, diagnosis, lines);
  if (log !== undefined && 'because' in log) unseen.push(log.because);
  return {
    diagnosis,
    ...(changed === undefined ? {} : { changed }),
    ...(badAnswers === undefined ? {} : { badAnswers }),
    ...(log !== undefined && 'lines' in log ? { log } : {}),
    unseen,
  };
}

/** Events of a service stand beside a release that was on its way at that time. */
const NEAR_MS = 15 * 60_000;

async function tasksOf(
  eyes: Eyes,
  target: Target,
  revision: TaskDefinitionArn | undefined,
): Promise<readonly StoppedTask[]> {
  if (revision === undefined) return [];
  const stopped = await eyes.services.stoppedTasks(target, revision);
  return (stopped?.newest ?? []).filter((task) => task.revision === revision);
}

async function serviceOf({ aws }: Connection, { cluster, service }: Target) {
  const [found] = await aws.fleet.servicesOf(cluster, [service]);
  return found;
}

/** While it is on its way its targets still stand, and the load balancer says what it has against each. */
function isAboutHealth({ kind }: Diagnosis, { became }: LastRelease): boolean {
  return kind === 'load-balancer-health' || became === 'deploying' || became === 'rolling-back';
}

const SICK_MAX = 3;

async function sickNow(
  { aws }: Connection,
  groups: readonly string[],
): Promise<readonly Exhibit[]> {
  const sick = await aws.sickTargets(groups);
  const at = (text: string): Exhibit => ({ from: 'load balancer', text });
  const shown = sick.slice(0, SICK_MAX).map(({ target, state, because }) => {
    return at(`${target} is ${state} now${because === '' ? '' : `: ${because}`}`);
  });
  const left = sick.length - shown.length;
  return left === 0 ? shown : [...shown, at(`and ${left} targets more`)];
}

async function changedSince(
  eyes: Eyes,
  { rollbackCandidates }: TargetRecord,
  last: LastRelease,
  revision: TaskDefinitionArn | undefined,
): Promise<Changed | undefined> {
  const before = rollbackCandidates.find(
    (one) => one.revision !== revision && one.release !== last.release,
  );
  if (before === undefined || last.images === undefined) return undefined;
  const images = Object.entries(last.images).flatMap(([container, to]): ChangedImage[] => {
    const from = before.images[container];
    if (from?.digest === to.digest) return [];
    return [{ container, ...(from === undefined ? {} : { from }), to }];
  });
  const commits = Object.entries(last.images).flatMap(([container, { commit }]) => {
    const old = before.images[container]?.commit;
    if (commit === undefined) return [];
    return old?.repository === commit.repository && old.sha !== commit.sha
      ? [`https://github.com/${commit.repository}/compare/${old.sha}...${commit.sha}`]
      : [`https://github.com/${commit.repository}/commit/${commit.sha}`];
  });
  const [old, now] = await Promise.all([
    eyes.rawDefinition(before.revision),
    revision === undefined ? undefined : eyes.rawDefinition(revision),
  ]);
  return {
    since: { release: before.release, images: before.images },
    images,
    commits: [...new Set(commits)],
    ...(old === undefined || now === undefined
      ? {}
      : { definition: ofDefinition(old.definition, now.definition) }),
  };
}

/** What ECS itself writes into each revision is no change. */
const WRITTEN_BY_ECS = [
  'taskDefinitionArn',
  'revision',
  'registeredAt',
  'registeredBy',
  'deregisteredAt',
  'status',
];

function ofDefinition(before: unknown, after: unknown): readonly Difference[] {
  return differences(before, after, WRITTEN_BY_ECS).filter(({ path }) => !path.endsWith('.image'));
}

async function logOf(
  { aws }: Connection,
  eyes: Eyes,
  revision: TaskDefinitionArn | undefined,
  { failed }: Diagnosis,
  limit: number,
): Promise<{ container: string; lines: readonly string[] } | { because: string } | undefined> {
  if (failed?.container === undefined || revision === undefined) return undefined;
  const { container, task } = failed;
  const definition = (await eyes.rawDefinition(revision))?.definition;
  const stream = definition && logStreamOf(definition, container, task);
  if (stream === undefined) {
    return {
      because: `the log of "${container}": its definition has no awslogs with a stream prefix`,
    };
  }
  const read = await aws.logs.lastLines(stream, limit);
  return read.state === 'read'
    ? { container, lines: read.lines.map(({ text }) => text) }
    : { because: read.because };
}
