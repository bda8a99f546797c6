/**
 * GitHub's answer for one push that waits for its place: how it follows what is known; and if
 * it does not, whether the ref has it. Only then it is newer, else it is heard late.
 */
import { REASON_MAX, shorten } from '../model/text.ts';
import {
  announce,
  because,
  notOnRef,
  owePlaces,
  refName,
  type SourceDecision,
  shortCommit,
} from './decision.ts';
import {
  lead,
  nameBefore,
  oweUnlessPlaced,
  type Placed,
  placeOf,
  putAfter,
  putOnTop,
  rewritten,
  still,
} from './line.ts';
import {
  ASKED_FOR_MS,
  type Comparison,
  SHOWN_AFTER_MS,
  type SourceObservation,
  type SourceQuestion,
} from './observation.ts';
import type { PlacedCommit, SourceRecord, UnplacedPush } from './record.ts';

type Answer = Exclude<Comparison, { state: 'unknown' }>;

/** The oldest of those that GitHub failed to answer the least: what it never answers must not keep the others waiting. */
export function nextUnplaced({ unplaced }: SourceRecord): UnplacedPush | undefined {
  const fewest = Math.min(...unplaced.map(({ failures }) => failures));
  return unplaced.find(({ failures }) => failures === fewest);
}

/** What GitHub is asked next; undefined: no push waits. */
export function comparisonOf(record: SourceRecord): SourceQuestion['compare'] {
  const push = nextUnplaced(record);
  const head = record.commits[0];
  if (push === undefined || head === undefined) return undefined;
  return push.parted === undefined
    ? { base: head.commit, head: push.after }
    : { base: push.after, head: refName(record.ref) };
}

/** What GitHub answers may be older than the push: before this nothing is denied. */
export function mayDeny({ since }: UnplacedPush, at: number): boolean {
  return at >= since + SHOWN_AFTER_MS;
}

/** GitHub was not asked about a push that waits, or its answer leads to another question. */
export function asksPlaces(record: SourceRecord): boolean {
  return nextUnplaced(record)?.failures === 0;
}

export function compared(
  record: SourceRecord,
  { at, comparison, question, onRef }: SourceObservation,
): Placed {
  const push = nextUnplaced(record);
  const head = record.commits[0];
  if (push === undefined || head === undefined || comparison === undefined) {
    return still(record, 'no push waits for its place');
  }
  const { base, head: seenHead } = comparisonOf(record) ?? {};
  if (question.compare?.base !== base || question.compare?.head !== seenHead) {
    return still(record, 'the answer is of another push');
  }
  if (comparison.state === 'unknown') {
    const answer = onRef?.[push.after];
    return answer?.state === 'off' && mayDeny(push, at)
      ? denied(record, push, answer.because, at)
      : unanswered(record, push, comparison.because, at);
  }
  // GitHub answers again: the others are asked at once, which need not wait as long as it failed.
  const others = record.unplaced.filter((one) => one !== push);
  const rest = { ...record, unplaced: others.map((one) => ({ ...one, failures: 0 })) };
  return push.parted === undefined
    ? follows(record, rest, push, head, comparison, at)
    : standsAside(rest, push, head, push.parted, comparison, at);
}

/** Seen from what is known to be the newest. `rest`: without the push. */
function follows(
  record: SourceRecord,
  rest: SourceRecord,
  push: UnplacedPush,
  head: PlacedCommit,
  comparison: Answer,
  at: number,
): Placed {
  const { after, forced, by, before } = push;
  switch (comparison.state) {
    case 'identical':
      return still(rest, `${shortCommit(after)} is what the ref points to already`);
    case 'ahead': {
      const why = forced ? `a forced push by ${by}` : 'it follows';
      // Where a branch was put back to an older commit, what follows that one may be what was left.
      if (head.line > 1) {
        const parted = forced ? { because: why } : { because: why, ahead: comparison.by };
        return asksTheRef(record, push, parted);
      }
      return leads(
        forced ? rewritten(rest, push, why, at) : ahead(rest, push, head, comparison.by),
        push,
        at,
      );
    }
    case 'behind': {
      const mayGoBack = forced || before === undefined;
      if (!mayGoBack) return late(rest, push, comparison.by);
      const again = push.unheard === true ? 'was put back' : 'was created again';
      const why = forced ? `a forced push by ${by}` : `${refName(record.ref)} ${again}`;
      return asksTheRef(record, push, { because: why, behind: comparison.by });
    }
    case 'diverged':
      return asksTheRef(record, push, { because: 'the branch was rewritten' });
    case 'unrelated':
      return asksTheRef(record, push, {
        because: 'it has no ancestor in common with what was there',
      });
  }
}

function asksTheRef(
  record: SourceRecord,
  push: UnplacedPush,
  parted: NonNullable<UnplacedPush['parted']>,
): Placed {
  const unplaced = record.unplaced.map((one) =>
    one === push ? { ...push, failures: 0, parted } : one,
  );
  const sentence = `${shortCommit(push.after)} may be heard late: GitHub is asked whether ${refName(record.ref)} has it`;
  return still({ ...record, unplaced }, sentence);
}

/** Seen from the push: does the ref point to it, or to what came after it? */
function standsAside(
  rest: SourceRecord,
  push: UnplacedPush,
  head: PlacedCommit,
  parted: NonNullable<UnplacedPush['parted']>,
  { state }: Answer,
  at: number,
): Placed {
  // What lies behind the newest one that is known is an ancestor of the ref in any case.
  const has = state === 'identical' || (state === 'ahead' && parted.behind === undefined);
  if (has) {
    const newest =
      parted.ahead === undefined
        ? rewritten(rest, push, parted.because, at)
        : ahead(rest, push, head, parted.ahead);
    return leads(newest, push, at);
  }
  if (parted.behind !== undefined) return late(rest, push, parted.behind);
  const sentence = `${shortCommit(push.after)} is not on ${refName(rest.ref)} any more: a late delivery, nothing is built`;
  return still(putAside(rest, push), sentence);
}

function leads(placed: SourceDecision, push: UnplacedPush, at: number): Placed {
  return lead(placed, { push, gap: true }, at);
}

function ahead(
  record: SourceRecord,
  { before, after }: UnplacedPush,
  { line, position }: PlacedCommit,
  by: number,
): SourceDecision {
  const named = nameBefore(record, before, { line, position: position + 1 });
  const next = putOnTop(named, after, { line, position: position + 2 });
  return because(next, `${shortCommit(after)} follows, by ${by} commits`);
}

/**
 * Right after the commit that it follows. If that one is not known either it is older than all that
 * is known of the line, in the order of the distance: to refuse its image is the safe mistake.
 */
function late(record: SourceRecord, { before, after }: UnplacedPush, by: number): Placed {
  const sentence = `${shortCommit(after)} is ${by} commits behind what is known: a late delivery, nothing is built`;
  if (placeOf(record, after) !== undefined) return still(record, sentence);
  const left = placeOf(record, before);
  if (left !== undefined) return still(putAfter(record, after, left), sentence);
  const line = record.commits[0]?.line ?? 1;
  return still(owePlaces(record, { of: 'commit', commit: after, line, position: -by }), sentence);
}

/** Where the commit that it follows stands, or below every line. */
function putAside(record: SourceRecord, { before, after }: UnplacedPush): SourceRecord {
  if (placeOf(record, after) !== undefined) return record;
  const left = placeOf(record, before);
  // What a reset took back began at what the ref points to now, and must not come to stand above it.
  return left === undefined || left === record.commits[0]
    ? owePlaces(record, { of: 'commit', commit: after, line: 0, position: 0 })
    : putAfter(record, after, left);
}

/**
 * It cannot compare the commit, and the ref does not have it: nobody pushed it, or it was taken back. If it shows
 * a true push that late, a sweep finds that the ref points there.
 */
function denied(record: SourceRecord, push: UnplacedPush, why: string, at: number): Placed {
  const { after: commit } = push;
  const sentence = notOnRef(record, commit, { state: 'off', because: why });
  const told = announce(withoutPush(record, push), 'unbuilt', {
    ...{ at, commit, because: `nothing is built: ${sentence}` },
    next: `if it should be built, push it to ${refName(record.ref)}`,
  });
  return still(oweUnlessPlaced(told, { of: 'commit', commit, line: 0, position: 0 }), sentence);
}

function unanswered(record: SourceRecord, push: UnplacedPush, why: string, at: number): Placed {
  const reason = shorten(why, REASON_MAX);
  const sentence = `GitHub could not be asked where ${shortCommit(push.after)} stands: ${reason}`;
  if (at >= push.since + ASKED_FOR_MS) {
    const given = `${sentence}; after a day it is asked no more`;
    const told = announce(withoutPush(record, push), 'unbuilt', {
      ...{ at, commit: push.after, because: `nothing is built: ${given}` },
      next: 'push again when GitHub answers: the next push asks anew; what runs stays as it is',
    });
    return still(told, given);
  }
  const failed: UnplacedPush = { ...push, failures: push.failures + 1, because: reason };
  const next: SourceRecord = {
    ...record,
    unplaced: record.unplaced.map((one) => (one === push ? failed : one)),
  };
  // It was told the first time.
  if (push.because !== undefined) return still(next, sentence);
  const told = announce(next, 'unplaced', {
    at,
    commit: push.after,
    because: sentence,
    next: 'it is asked again, for a day; until then nothing is built of it, and an image that has it is held',
  });
  const { after: commit } = push;
  return still(oweUnlessPlaced(told, { of: 'commit', commit, waitsBecause: sentence }), sentence);
}

function withoutPush(record: SourceRecord, push: UnplacedPush): SourceRecord {
  return { ...record, unplaced: record.unplaced.filter((one) => one !== push) };
}
