/** What runs now, by revision: as ECS counts it, and with the images that the record knows of each. */
import { defined } from '../model/defined.ts';
import { type ImageSet, revisionName, shortDigest } from '../model/image.ts';
import type { DeploymentNow, ServiceNow } from '../model/observation.ts';
import { provenAs } from '../model/record/known.ts';
import { backOf, ownRelease } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';

export interface RunningNow {
  /** Absent: ECS has no such service, or it is `unasked`. */
  readonly desired?: number;
  /** ECS did not answer. */
  readonly unasked?: boolean;
  readonly revisions: readonly RunningRevision[];
}

export interface RunningRevision {
  /** `web:7` */
  readonly revision: string;
  /** Whole, with digests; absent: the record does not know them. */
  readonly images?: ImageSet;
  readonly running: number;
  readonly pending: number;
  /** The newest deployment: what ECS is on its way to. */
  readonly isPrimary: boolean;
  /** `all`: no other revision has a task; where several have some, ECS does not tell who gets how much. */
  readonly traffic: 'all' | 'part' | 'none';
}

export function runningNow(
  record: TargetRecord | undefined,
  service: ServiceNow | undefined,
  unasked = false,
): RunningNow {
  if (unasked) return { unasked, revisions: [] };
  if (service === undefined || service.status === 'INACTIVE') return { revisions: [] };
  const revisions = [...Map.groupBy(service.byDeployment, ({ revision }) => revision)];
  const withTasks = revisions.filter(([, some]) => sum(some, 'running') > 0).length;
  return {
    desired: service.desired,
    revisions: revisions.map(([revision, some]) => {
      const running = sum(some, 'running');
      const images = record && knownImages(record, revision);
      return defined({
        revision: revisionName(revision),
        images: images && Object.keys(images).length > 0 ? images : undefined,
        running,
        pending: sum(some, 'pending'),
        isPrimary: some.some(({ status }) => status === 'PRIMARY'),
        traffic: running === 0 ? 'none' : withTasks === 1 ? 'all' : 'part',
      });
    }),
  };
}

function sum(some: readonly DeploymentNow[], count: 'running' | 'pending'): number {
  return some.reduce((all, one) => all + one[count], 0);
}

/** How many tasks run, of all revisions together. */
export function tasksRunning({ revisions }: RunningNow): number {
  return revisions.reduce((all, { running }) => all + running, 0);
}

/** Of a release on its way the record knows only the containers that it changes. */
function knownImages(record: TargetRecord, revision: string): ImageSet | undefined {
  const { runs, phase, lastEnded } = record;
  if (runs?.revision === revision) return runs.images;
  const candidate = provenAs(record, revision);
  if (candidate !== undefined) return candidate.images;
  const own = ownRelease(phase);
  if (own?.attempt.revision === revision) return { ...runs?.images, ...own.release.images };
  const condemned = backOf(phase)?.condemned;
  if (condemned?.revision === revision) return { ...runs?.images, ...condemned.images };
  return lastEnded?.revision === revision ? { ...runs?.images, ...lastEnded.images } : undefined;
}

/** `main-2`, or the digest where it came without a tag; several joined by ` + `. */
export function shortNames(images: ImageSet): string {
  const names = Object.values(images).map(({ tags, digest }) => tags[0] ?? shortDigest(digest));
  return [...new Set(names)].join(' + ') || 'an image that is not known';
}

function nameOf({ images, revision }: RunningRevision): string {
  return images === undefined ? revision : `${shortNames(images)} (${revision})`;
}

/** ECS was asked, and has no such service. */
export function isGone({ desired, unasked }: RunningNow): boolean {
  return desired === undefined && !unasked;
}

/** `all 4 tasks` */
export function allTasks(count: number): string {
  return count === 1 ? 'its one task' : count === 2 ? 'both tasks' : `all ${count} tasks`;
}

/** One sentence without its full stop; it claims nothing but what ECS counts. */
export function describeRunningNow({ desired, unasked, revisions }: RunningNow): string {
  if (unasked) return 'what runs could not be asked of ECS';
  if (desired === undefined) return 'nothing serves: ECS shows no such service';
  const withTasks = revisions.filter(({ running }) => running > 0);
  const [only, ...others] = withTasks;
  if (only === undefined) {
    return desired === 0
      ? 'no task is wanted, and none runs'
      : `no task runs, of ${desired} wanted`;
  }
  const coming = revisions
    .filter(({ running, isPrimary }) => running === 0 && isPrimary)
    .map((one) => `, ${nameOf(one)} has none yet`)
    .join('');
  if (others.length > 0) {
    const counts = withTasks.map((one) => `${one.running} of ${nameOf(one)}`).join(', ');
    return `tasks that run: ${counts}; ${desired} are wanted${coming}`;
  }
  if (only.running === desired) {
    return `${nameOf(only)} runs, ${allTasks(desired)}${coming}`;
  }
  return `${nameOf(only)} has ${only.running} of ${desired} tasks${coming}`;
}
