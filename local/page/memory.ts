/**
 * What the page knows, and how it goes on after a break. Entries have numbers, so nothing is lost or
 * told twice; a server that began anew with another world is noticed, and then all is forgotten.
 */
import type { PageEntry, PageEvent, PageState, PageTimeline } from '../server/page-state.ts';

export interface Memory {
  /** Which world this is, counted from 0: numbers of entries mean something else in another. */
  readonly world: number;
  readonly state?: PageState;
  /** Oldest first, the newest of all. */
  readonly entries: readonly PageEntry[];
  /** The number of the entry to come. */
  readonly next: number;
  /** Entries before the first that is known here are gone for good, here or there. */
  readonly forgotten: number;
  /** What `next` was when this connection began: no honest state of the same world is behind it. */
  readonly nextWhenConnected: number;
}

/** As many as the server keeps. */
const ENTRIES_MOST = 5_000;

export const NOTHING_KNOWN: Memory = {
  world: 0,
  entries: [],
  next: 0,
  forgotten: 0,
  nextWhenConnected: 0,
};

/** `anew`: it is another world. All was forgotten, and is to be asked for again from entry 0. */
export interface Remembered {
  readonly memory: Memory;
  readonly anew: boolean;
}

/**
 * The number to ask for when a connection begins: the last entry once more, because it shows whether
 * the server still tells the same story.
 */
export function askFrom({ next }: Memory): number {
  return Math.max(0, next - 1);
}

/** A connection begins. */
export function connected(memory: Memory): Memory {
  return { ...memory, nextWhenConnected: memory.next };
}

export function remember(memory: Memory, told: PageEvent): Remembered {
  switch (told.event) {
    case 'timeline':
      return rememberEntries(memory, told.data);
    case 'state':
      return rememberState(memory, told.data);
  }
}

function begunAnew({ world }: Memory): Remembered {
  return { memory: { ...NOTHING_KNOWN, world: world + 1 }, anew: true };
}

function rememberState(memory: Memory, state: PageState): Remembered {
  const { state: before, nextWhenConnected } = memory;
  const another =
    state.timeline.next < nextWhenConnected ||
    (before !== undefined && (state.now < before.now || state.seed !== before.seed));
  return another ? begunAnew(memory) : { memory: { ...memory, state }, anew: false };
}

function rememberEntries(memory: Memory, { first, entries }: PageTimeline): Remembered {
  if (entries.some((entry) => contradicts(memory, entry))) return begunAnew(memory);
  const fresh = entries.filter(({ n }) => n >= memory.next);
  const next = (fresh.at(-1)?.n ?? memory.next - 1) + 1;
  // A gap: the server has forgotten what lies between, so what is older would only mislead.
  const gap = memory.entries.length > 0 && (fresh[0]?.n ?? memory.next) > memory.next;
  const all = gap ? fresh : [...memory.entries, ...fresh];
  const kept = all.slice(-ENTRIES_MOST);
  const forgotten = kept[0]?.n ?? first;
  return { memory: { ...memory, entries: kept, next, forgotten }, anew: false };
}

/** The same number stands for something else here. */
function contradicts({ entries }: Memory, entry: PageEntry): boolean {
  const known = entries[entry.n - (entries[0]?.n ?? 0)];
  return known !== undefined && JSON.stringify(known) !== JSON.stringify(entry);
}
