/** When each release of a target began, served, failed and was undone: read off its history. */
import type { Announcement } from '../../../shared/core/model/announcement.ts';
import { type Event, momentOf } from '../../../shared/core/model/event.ts';
import type { ImageSet, Moment } from '../../../shared/core/model/image.ts';
import type { HistoryEntry } from '../../../shared/core/model/record/outbox.ts';

export interface ReleaseTimes {
  readonly release: string;
  /** When the first of its images was heard of, or a person asked; absent: longer ago than the history. */
  readonly offeredAt?: Moment;
  /** ECS took it. */
  readonly startedAt: Moment;
  /** ECS says SUCCESSFUL: its revision serves everybody. */
  readonly servingAt?: Moment;
  readonly end?: { readonly kind: End; readonly at: Moment };
  /** What condemned it, and when that was so by its own clock. */
  readonly evidence?: { readonly of: 'alarm' | 'person' | 'look'; readonly at: Moment };
}

export type End = 'proven' | 'rolled-back' | 'failed' | 'superseded' | 'needs-attention';

type Building = { -readonly [K in keyof ReleaseTimes]: ReleaseTimes[K] };

/** Oldest first, as `entries` are. */
export function releaseTimes(entries: readonly HistoryEntry[]): readonly ReleaseTimes[] {
  const offered = new Map<string, Moment>();
  const releases: Building[] = [];
  /** The release that this target is busy with. */
  let current: Building | undefined;
  let rises: readonly Moment[] = [];
  for (const { event, phase, announcements = [] } of entries) {
    const at = momentOf(event);
    noteOffer(offered, event);
    if (event.type === 'AlarmChanged' && event.to === 'ALARM') rises = [...rises, event.changedAt];
    for (const told of announcements) {
      const { release } = told;
      if (release === undefined) continue;
      if (told.kind === 'started') {
        current = { release, startedAt: told.at, ...offeredAt(told.images, offered) };
        releases.push(current);
        rises = [];
      }
    }
    if (current !== undefined && at !== undefined) {
      if (phase === 'baking') current.servingAt ??= at;
      if (phase === 'rolling-back') current.evidence ??= evidenceOf(event, at, rises);
    }
    for (const told of announcements) endOf(releases, told, rises, event);
  }
  return releases;
}

function endOf(
  releases: readonly Building[],
  { release, kind, at }: Announcement,
  rises: readonly Moment[],
  event: Event,
): void {
  const known = releases.findLast((one) => one.release === release);
  if (known === undefined || !isEnd(kind)) return;
  // A release that was proven can still be found bad; one that asked for a person can still go back.
  known.end = { kind, at };
  if (kind === 'proven') known.servingAt ??= at;
  else if (kind !== 'superseded') known.evidence ??= evidenceOf(event, at, rises);
}

function isEnd(kind: Announcement['kind']): kind is End {
  return ['proven', 'rolled-back', 'failed', 'superseded', 'needs-attention'].includes(kind);
}

/** The alarm's own moment where one rose in its time; else when Slipway saw it, which is later. */
function evidenceOf(
  event: Event,
  at: Moment,
  rises: readonly Moment[],
): NonNullable<ReleaseTimes['evidence']> {
  if (event.type === 'CommandReceived') return { of: 'person', at };
  const [rise] = rises;
  return rise === undefined || rise > at ? { of: 'look', at } : { of: 'alarm', at: rise };
}

function noteOffer(offered: Map<string, Moment>, event: Event): void {
  const digests =
    event.type === 'ImagePushed'
      ? [event.image.digest]
      : event.type === 'CommandReceived' && event.command.do === 'deploy'
        ? Object.values(event.command.images).map(({ digest }) => digest)
        : [];
  // Of an image that is deployed again the newest offer led to it.
  for (const digest of digests) {
    if (event.type === 'CommandReceived' || !offered.has(digest)) {
      offered.set(digest, momentOf(event) ?? 0);
    }
  }
}

function offeredAt(
  images: ImageSet | undefined,
  offered: ReadonlyMap<string, Moment>,
): Pick<ReleaseTimes, 'offeredAt'> {
  const moments = Object.values(images ?? {}).flatMap(({ digest }) => offered.get(digest) ?? []);
  return moments.length === 0 ? {} : { offeredAt: Math.min(...moments) };
}
