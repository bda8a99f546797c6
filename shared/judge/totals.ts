/** What was counted so far: for the sentences, never for the verdict. */
import type { Counts } from './minute.ts';

export interface Totals {
  /** Over the minutes in which the two could be compared. */
  readonly compared: Sums;
  /** Over those without a control: of the old one nothing. */
  readonly alone: Sums;
  /** Slow answers in place of errors. */
  readonly slow: Sums;
  /** The two stand behind one target group, so `alone` counts both. */
  shared: boolean;
  /** Minutes that nobody published, and those whose counts are impossible. */
  unknown: number;
  leftOut: number;
  firstFault: string | undefined;
}

interface Sums {
  oldN: number;
  oldE: number;
  newN: number;
  newE: number;
}

export function newTotals(): Totals {
  const none = (): Sums => ({ oldN: 0, oldE: 0, newN: 0, newE: 0 });
  return {
    compared: none(),
    alone: none(),
    slow: none(),
    shared: false,
    unknown: 0,
    leftOut: 0,
    firstFault: undefined,
  };
}

export function copyOf(totals: Totals): Totals {
  const { compared, alone, slow } = totals;
  return { ...totals, compared: { ...compared }, alone: { ...alone }, slow: { ...slow } };
}

/** A minute whose counts are impossible. Only the first reason is kept: there may be many. */
export function leaveOut(totals: Totals, because: string): void {
  totals.leftOut++;
  totals.firstFault ??= because;
}

export function addTo(totals: Totals, counts: Counts, control: boolean, shared: boolean): void {
  totals.shared ||= shared;
  add(control ? totals.compared : totals.alone, counts);
}

export function addSlow(totals: Totals, counts: Counts): void {
  add(totals.slow, counts);
}

function add(sums: Sums, { oldN, oldE, newN, newE }: Counts): void {
  sums.oldN += oldN;
  sums.oldE += oldE;
  sums.newN += newN;
  sums.newE += newE;
}
