/** The releases in a target's history: from what each decision announced, one row a release. */
import type { Announcement } from '../../shared/core/model/announcement.ts';
import { momentOf } from '../../shared/core/model/event.ts';
import { type ImageSet, revisionName } from '../../shared/core/model/image.ts';
import type { HistoryEntry } from '../../shared/core/model/record/outbox.ts';
import { withoutQuote } from '../../shared/core/release/quote.ts';
import { iso } from './words.ts';

export interface ReleaseRow {
  /** `ecs/production/web/3`; null: it never became one, or was not ours. */
  readonly release: string | null;
  /** By container, with whole digests. */
  readonly images: ImageSet;
  readonly revision: string | null;
  readonly state: string;
  readonly because: string;
  /** AWS's own words to it. */
  readonly aws: string | null;
  /** Who asked for it, or `a push`. */
  readonly who: string;
  /** When it was first told of, and when it came into this state. */
  readonly began: string;
  readonly at: string;
}

/** Of the kinds of announcements those that are no state of an image. */
const NO_STATE = new Set<Announcement['kind']>(['fought', 'retired', 'would-have']);
const ENDS = new Set(['proven', 'rolled-back', 'failed', 'superseded', 'refused', 'adopted']);

type Row = { -readonly [K in keyof ReleaseRow]: ReleaseRow[K] } & { readonly digests: string };

/** Newest first; `entries` oldest first. */
export function releasesIn(entries: readonly HistoryEntry[]): readonly ReleaseRow[] {
  const rows: Row[] = [];
  const askers = new Map<string, string>();
  for (const entry of entries) {
    const { event, announcements: told = [] } = entry;
    if (event.type === 'CommandReceived' && event.command.do === 'deploy') {
      for (const { digest } of Object.values(event.command.images)) askers.set(digest, event.by);
    }
    for (const one of told) {
      if (one.images === undefined || NO_STATE.has(one.kind)) continue;
      if (Object.keys(one.images).length > 0) tell(rows, one, one.images, askers);
    }
    goOn(rows, entry);
  }
  return rows.map(({ digests: _, ...row }) => row).reverse();
}

/** Between its start and its end nothing is announced: its phase tells, as in `status`. */
function goOn(rows: readonly Row[], { event, phase, because }: HistoryEntry): void {
  const moving = rows.findLast(({ state }) => state === 'deploying' || state === 'baking');
  const isNews = (phase === 'baking' || phase === 'rolling-back') && moving?.state !== phase;
  const at = momentOf(event);
  if (moving === undefined || !isNews || at === undefined) return;
  const { plain, aws = null } = withoutQuote(because);
  Object.assign(moving, { state: phase, because: plain, aws, at: iso(at) });
}

function tell(
  rows: Row[],
  { kind, at, release, revision, because }: Announcement,
  images: ImageSet,
  askers: ReadonlyMap<string, string>,
): void {
  const list = Object.values(images).map(({ digest }) => digest);
  const digests = [...new Set(list)].sort().join();
  const same = rows.filter((row) => row.digests === digests);
  const known =
    same.findLast((row) => release !== undefined && row.release === release) ??
    // It had no release yet: it waited.
    same.findLast((row) => row.release === null && !ENDS.has(row.state));
  const asker = list.map((digest) => askers.get(digest)).find((by) => by !== undefined);
  const row: Row = known ?? {
    release: null,
    images,
    revision: null,
    state: kind,
    because,
    aws: null,
    who: kind === 'adopted' ? 'somebody else' : (asker ?? 'a push'),
    began: iso(at),
    at: iso(at),
    digests,
  };
  if (known === undefined) rows.push(row);
  row.state = kind === 'started' ? 'deploying' : kind;
  const { plain, aws = null } = withoutQuote(because);
  row.because = plain;
  row.aws = aws;
  row.at = iso(at);
  if (release !== undefined) row.release = release;
  if (revision !== undefined) row.revision = revisionName(revision);
}
