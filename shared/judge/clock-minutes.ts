/**
 * From what two target groups counted by the minute of the clock to the minutes that the judge may be shown
 * now. Metrics come late, and a minute may still grow after it can be read: so it is shown when it is old
 * enough, and looks whole; and since every look reads all of them again, what came late heals by itself.
 */
import type { History, Minute } from './minute.ts';

export interface Counted {
  readonly requests: number;
  readonly errors: number;
  /** Slow answers, where they were asked for. */
  readonly slow?: number;
}

/** By the beginning of the minute, ms since 1970; without requests there is no entry. */
export type ByMinute = ReadonlyMap<number, Counted>;

export interface Arms {
  readonly old: ByMinute;
  readonly new: ByMinute;
}

export interface ShownMinutes {
  readonly history: History;
  readonly minutes: readonly Minute[];
  /** Beginning of the first, and end of the last of `minutes`. */
  readonly from?: number;
  readonly to?: number;
}

const MINUTE = 60_000;
const HISTORY = 240;
/** It is read when its end is this long ago … */
const READ_AFTER = MINUTE;
/** … and from then on, whatever it looks like; one that has not come is taken for unknown until it does. */
const WAITED = 3 * MINUTE;
/** It looks whole with at least half of the median of so many minutes before. */
const MEDIAN_OF = 5;
/**
 * When the old one's share falls to less than this of what it was, everything may have gone over within the
 * minute: the next one tells. A step of 5 % below a quarter of the traffic waits as well, one minute.
 */
const STEEP = 0.8;
/** Somewhere in its first minute, so that the second begins within the first 60 s and the third does not. */
const FIRST_BEGINS = -30;

/** `since`: the new revision had no request before. */
export function clockMinutes(
  arms: Arms,
  { since, now }: { since: number; now: number },
): ShownMinutes {
  const first = firstWithNew(arms.new, since);
  const history = historyBefore(arms.old, first ?? floor(now));
  if (first === undefined) return { history, minutes: [] };
  const minutes: Minute[] = [];
  for (let at = first; canBeShown(arms, at, now); at += MINUTE) {
    minutes.push(minuteOf(arms, at, FIRST_BEGINS + (at - first) / 1_000));
  }
  return { history, minutes, from: first, to: first + minutes.length * MINUTE };
}

function firstWithNew(counts: ByMinute, since: number): number | undefined {
  const from = floor(since);
  const found = [...counts].flatMap(([at, { requests }]) => (at >= from && requests > 0 ? at : []));
  return found.length === 0 ? undefined : Math.min(...found);
}

function floor(moment: number): number {
  return Math.floor(moment / MINUTE) * MINUTE;
}

function historyBefore(old: ByMinute, first: number): History {
  return Array.from({ length: HISTORY }, (_, i) => {
    const { requests, errors } = at(old, first - (HISTORY - i) * MINUTE);
    return [requests, Math.min(errors, requests)] as const;
  });
}

/** In order: a later minute waits for an earlier one. */
function canBeShown(arms: Arms, minute: number, now: number): boolean {
  const ago = now - (minute + MINUTE);
  if (ago < READ_AFTER) return false;
  if (ago >= WAITED) return true;
  return isKnown(arms, minute) && isWhole(arms, minute) && isClear(arms, minute);
}

function isKnown({ old, new: fresh }: Arms, minute: number): boolean {
  return old.has(minute) || fresh.has(minute);
}

function isWhole(arms: Arms, minute: number): boolean {
  const before = Array.from({ length: MEDIAN_OF }, (_, i) => minute - (i + 1) * MINUTE)
    .filter((one) => isKnown(arms, one))
    .map((one) => sum(arms, one))
    .sort((a, b) => a - b);
  const median = before[Math.floor(before.length / 2)] ?? 0;
  return sum(arms, minute) >= median / 2;
}

function isClear(arms: Arms, minute: number): boolean {
  return (
    oldShare(arms, minute) >= STEEP * oldShare(arms, minute - MINUTE) ||
    isKnown(arms, minute + MINUTE)
  );
}

function minuteOf(arms: Arms, minute: number, begin: number): Minute {
  const old = at(arms.old, minute);
  const fresh = at(arms.new, minute);
  return {
    begin,
    known: isKnown(arms, minute),
    control: !isNewAlone(arms, minute - MINUTE) && !isNewAlone(arms, minute + MINUTE),
    oldN: old.requests,
    oldE: old.errors,
    newN: fresh.requests,
    newE: fresh.errors,
    ...slowOf(old, fresh),
  };
}

/** Of a minute in which one of both had no request, it has none that is slow. */
function slowOf(old: Counted, fresh: Counted): Pick<Minute, 'oldSlow' | 'newSlow'> {
  if (old.slow === undefined && fresh.slow === undefined) return {};
  return { oldSlow: old.slow ?? 0, newSlow: fresh.slow ?? 0 };
}

/** Beside such a minute lies one in which the new one got, or left, everything: no moment of it compares. */
function isNewAlone(arms: Arms, minute: number): boolean {
  return at(arms.old, minute).requests === 0 && at(arms.new, minute).requests > 0;
}

function oldShare(arms: Arms, minute: number): number {
  const all = sum(arms, minute);
  return all === 0 ? 0 : at(arms.old, minute).requests / all;
}

function sum(arms: Arms, minute: number): number {
  return at(arms.old, minute).requests + at(arms.new, minute).requests;
}

const NOTHING: Counted = { requests: 0, errors: 0 };

function at(counts: ByMinute, minute: number): Counted {
  return counts.get(minute) ?? NOTHING;
}
