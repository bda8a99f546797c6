/** Releases of the past, as the history of a target tells them, and what CloudWatch keeps of their minutes. */
import type { Target } from '../../shared/config/config.ts';
import type { Announcement } from '../../shared/core/model/announcement.ts';
import { defined } from '../../shared/core/model/defined.ts';
import { lastPart, revisionName, type TaskDefinitionArn } from '../../shared/core/model/image.ts';
import type { HistoryEntry } from '../../shared/core/model/record/outbox.ts';
import type { ShownMinutes } from '../../shared/judge/clock-minutes.ts';
import { readRelease, type Unjudged } from '../../shared/reconcile/judge-release.ts';
import type { Connection } from '../connect/connection.ts';

const MINUTE = 60_000;
/** A release that nothing ended yet, or whose end is long after its traffic came, is read for so long. */
const READ_MS = 120 * MINUTE;
/** The rollout begins when ECS took the request: by its clock, which may be behind ours. */
const BEFORE_MS = 5 * MINUTE;

export interface PastRelease {
  readonly number: number;
  readonly startedAt: number;
  readonly revision: TaskDefinitionArn;
  /** What ran before it, as far as it was told. */
  readonly old?: TaskDefinitionArn;
  /** Absent: it is still on its way. */
  readonly end?: Pick<Announcement, 'kind' | 'at'>;
}

const ENDS: ReadonlySet<Announcement['kind']> = new Set([
  'proven',
  'rolled-back',
  'failed',
  'superseded',
]);

/** Those that ECS was asked for, oldest first. */
export function pastReleases(entries: readonly HistoryEntry[]): readonly PastRelease[] {
  const found = new Map<string, PastRelease>();
  let old: TaskDefinitionArn | undefined;
  for (const one of entries.flatMap(({ announcements = [] }) => announcements)) {
    const { release, revision, kind, at, runs } = one;
    old = runs?.revision ?? old;
    if (release === undefined) continue;
    const known = found.get(release);
    if (kind === 'started' && revision !== undefined) {
      const number = Number(lastPart(release));
      found.set(release, defined({ number, startedAt: at, revision, old }));
    } else if (known !== undefined && known.end === undefined && ENDS.has(kind)) {
      found.set(release, { ...known, end: { kind, at } });
    }
  }
  return [...found.values()];
}

/** Of both revisions by the minute, until the release ended or so much later. */
export async function minutesOf(
  { aws, now }: Connection,
  { cluster, service, rules }: Target,
  { startedAt, revision, end }: PastRelease,
  afterMs = 0,
): Promise<ShownMinutes | Unjudged> {
  const { services, requestCounts } = aws.eyes();
  const since = startedAt - BEFORE_MS;
  const rollouts = (await services.rollouts({ cluster, service }, since, {})) ?? [];
  // The oldest of this revision: a later one is a return to it.
  const own = rollouts.filter((one) => one.revision === revision).at(-1);
  if (own === undefined) {
    return { state: 'unmeasured', because: 'ECS lists its rollout no longer' };
  }
  const ended = end === undefined ? now() : end.at + afterMs;
  const until = Math.min(ended, own.createdAt + READ_MS, now());
  const { slowMs } = rules;
  const asked = defined({ serviceRevision: own.serviceRevision, since: own.createdAt, slowMs });
  return await readRelease(asked, { services, requestCounts }, { now: now(), until });
}

/** As sentences and charts name the two. */
export function namesOf({ old, revision }: Pick<PastRelease, 'old' | 'revision'>) {
  const before = old === undefined ? 'the revision before' : revisionName(old);
  return { old: before, new: revisionName(revision) };
}
