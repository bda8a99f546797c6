/**
 * The commits of a ref in their order, newest first: a commit goes on top, begins a new line, or is
 * put where it was missing. Whatever becomes the newest takes those with it that waited for it.
 */

import type { CommitSha } from '../model/image.ts';
import { compareRank } from '../model/order.ts';
import { announce, because, owePlaces, type SourceDecision, shortCommit } from './decision.ts';
import {
  COMMITS_MAX,
  type Place,
  type PlaceChange,
  type PlacedCommit,
  type RefMove,
  type SourceRecord,
} from './record.ts';

/** `heads`: pushes that became the newest one, one after the other. They are to be built. */
export interface Placed extends SourceDecision {
  readonly heads: readonly Head[];
}

export interface Head {
  readonly push: RefMove;
  /** Pushes before it were not heard of, and nobody knows which paths they changed. */
  readonly gap?: true;
}

export function placeOf(
  record: SourceRecord,
  commit: CommitSha | undefined,
): PlacedCommit | undefined {
  return record.commits.find((one) => one.commit === commit);
}

export function isNewerPlace(one: Place, other: Place): boolean {
  return compareRank([one.line, one.position], [other.line, other.position]) > 0;
}

/** One that has a place keeps it for now. */
export function oweUnlessPlaced(
  record: SourceRecord,
  place: Extract<PlaceChange, { of: 'commit' }>,
): SourceRecord {
  return placeOf(record, place.commit) === undefined ? owePlaces(record, place) : record;
}

/** No push became the newest. */
export function still(record: SourceRecord, sentence: string): Placed {
  return { ...because(record, sentence), heads: [] };
}

/**
 * It leaves what the ref points to, so it is newer. One that leads to what was left before may bring
 * it back, or may be heard late: then GitHub tells. So it does of the first push after a reset: what
 * the reset took back began at the same commit, and may be heard after it.
 */
export function leaves(record: SourceRecord, { before, after, forced }: RefMove): boolean {
  const [head] = record.commits;
  const isNew = forced || placeOf(record, after) === undefined;
  const wasReset = head !== undefined && head.line > 1 && head.position === 1;
  if (wasReset && !forced) return false;
  return isNew && before !== undefined && before === head?.commit;
}

/** The push that leaves what the ref points to. */
export function next(record: SourceRecord, push: RefMove, at: number): SourceDecision {
  const { before = '', after, forced, by } = push;
  const head = record.commits[0];
  if (forced) return rewritten(record, push, `a forced push by ${by}`, at);
  const place = { line: head?.line ?? 1, position: (head?.position ?? 0) + 1 };
  const sentence = `${shortCommit(after)} follows ${shortCommit(before)}`;
  return because(putOnTop(record, after, place), sentence);
}

/** A new line: everything that was there before is older. */
export function rewritten(
  record: SourceRecord,
  { before, after, forced }: RefMove,
  why: string,
  at: number,
): SourceDecision {
  const head = record.commits[0] ?? { line: 0, position: 0 };
  const line = head.line + 1;
  // What a forced push replaced is the end of the old line; what another one follows is of the new.
  const left = forced ? { line: head.line, position: head.position + 1 } : { line, position: 0 };
  const named = nameBefore(record, before, left);
  const next = putOnTop(named, after, { line, position: 1 });
  const sentence = `${why}: ${shortCommit(after)} begins a new line, and everything before it is older`;
  const told = announce(next, 'rewritten', {
    at,
    commit: after,
    because: sentence,
    next: 'what was built from the commits before it is not deployed by itself any more',
  });
  return because(told, sentence);
}

/** A commit that only the push after it tells of. */
export function nameBefore(
  record: SourceRecord,
  before: CommitSha | undefined,
  place: Place,
): SourceRecord {
  const isKnown = before === undefined || placeOf(record, before) !== undefined;
  return isKnown ? record : putOnTop(record, before, place);
}

/** The ref points to it, so the ref is there. */
export function putOnTop(record: SourceRecord, commit: CommitSha, at: Place): SourceRecord {
  const { goneAt: _, ...there } = withFirst(record);
  const others = record.commits.filter((one) => one.commit !== commit);
  const commits = [{ commit, ...at }, ...others].slice(0, COMMITS_MAX);
  return owePlaces({ ...there, commits }, { of: 'commit', commit, ...at });
}

/** What the ref pointed to before any push was heard of has a place from when something follows it. */
function withFirst(record: SourceRecord): SourceRecord {
  const [first] = record.commits;
  if (first === undefined || first.position !== 0 || record.commits.length > 1) return record;
  const isOwed = record.outbox.places.some(
    (place) => place.of === 'commit' && place.commit === first.commit,
  );
  return isOwed ? record : owePlaces(record, { of: 'commit', ...first });
}

/** Right after `before`, and before whatever is known to come next. */
export function putAfter(
  record: SourceRecord,
  commit: CommitSha,
  before: PlacedCommit,
): SourceRecord {
  const index = record.commits.indexOf(before);
  return putBetween(record, commit, before, { neighbour: record.commits[index - 1], by: 1, index });
}

/** Right before `after`, which was pushed from there. */
export function putBefore(
  record: SourceRecord,
  commit: CommitSha | undefined,
  after: PlacedCommit,
): SourceRecord {
  if (commit === undefined || placeOf(record, commit) !== undefined) return record;
  const index = record.commits.indexOf(after) + 1;
  return putBetween(record, commit, after, { neighbour: record.commits[index], by: -1, index });
}

/** At half the way to its neighbour of the same line; where none is known, one step (`by`) beside it. */
function putBetween(
  record: SourceRecord,
  commit: CommitSha,
  { line, position }: PlacedCommit,
  to: {
    readonly neighbour: PlacedCommit | undefined;
    readonly by: 1 | -1;
    readonly index: number;
  },
): SourceRecord {
  const { neighbour, by, index } = to;
  const half = neighbour?.line === line ? (position + neighbour.position) / 2 : position + by;
  const placed = { commit, line, position: half };
  const commits = record.commits.toSpliced(index, 0, placed).slice(0, COMMITS_MAX);
  return owePlaces({ ...record, commits }, { of: 'commit', ...placed });
}

/** It is the newest, and so are those that waited for it, in their turn. */
export function lead(placed: SourceDecision, head: Head, at: number): Placed {
  const { record, because: sentence } = placed;
  const follower = record.unplaced.find((push) => leaves(record, push));
  if (follower === undefined) {
    const unplaced = record.unplaced.filter((push) => !isNamed(record, push));
    return { ...because({ ...record, unplaced }, sentence), heads: [head] };
  }
  const unplaced = record.unplaced.filter((one) => one !== follower);
  const then = next({ ...record, unplaced }, follower, at);
  const both = because(then.record, `${sentence}; ${then.because}`);
  const led = lead(both, { push: follower }, at);
  return { ...led, heads: [head, ...led.heads] };
}

/** The push after it told of it by now: it is older. One that may go back is still asked about. */
function isNamed(record: SourceRecord, { before, after, forced }: RefMove): boolean {
  const isOnTheLine = placeOf(record, after)?.line === record.commits[0]?.line;
  return isOnTheLine && !forced && before !== undefined;
}
