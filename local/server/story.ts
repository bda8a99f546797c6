/**
 * The timeline of a cloud that runs for long: numbered, the newest entries kept, and by target what
 * led into its phase. Entries are taken out of the cloud's own list, which would grow for ever.
 */
import type { DecisionMade, Entry } from '../stories/timeline.ts';
import type { PageEntry, PageTimeline } from './page-state.ts';

const KEPT_MOST = 5_000;
/** Cut in larger steps, so that not every entry moves all the others. */
const KEPT_SLACK = 500;
const ANSWERED_MOST = 1_000;

/** How a target came to be as it is. */
export interface Led {
  /** The first decision of the present phase. */
  readonly into: DecisionMade;
  readonly latest: DecisionMade;
}

export class Story {
  #first = 0;
  readonly #entries: PageEntry[] = [];
  readonly #led = new Map<string, Led>();

  /** Goes on from entries that were kept. */
  constructor(kept: readonly PageEntry[] = []) {
    this.#first = kept[0]?.n ?? 0;
    for (const entry of kept) this.#add(entry);
  }

  get first(): number {
    return this.#first;
  }

  /** The number of the next entry. */
  get next(): number {
    return this.#first + this.#entries.length;
  }

  /** Takes everything out of the list; gives what was new. */
  takeFrom(timeline: Entry[]): readonly PageEntry[] {
    const fresh = timeline.splice(0).map((entry, index) => ({ ...entry, n: this.next + index }));
    for (const entry of fresh) this.#add(entry);
    if (this.#entries.length > KEPT_MOST + KEPT_SLACK) {
      const gone = this.#entries.splice(0, this.#entries.length - KEPT_MOST);
      this.#first += gone.length;
    }
    return fresh;
  }

  since(number: number): PageTimeline {
    const from = Math.max(0, number - this.#first);
    const entries = this.#entries.slice(from, from + ANSWERED_MOST);
    const next = entries.length === 0 ? this.next : (entries.at(-1)?.n ?? 0) + 1;
    return { first: this.#first, next, entries };
  }

  /** By the target's id; undefined before its first decision. */
  ledTo(target: string): Led | undefined {
    return this.#led.get(target);
  }

  all(): readonly PageEntry[] {
    return this.#entries;
  }

  #add(entry: PageEntry): void {
    this.#entries.push(entry);
    if (entry.type !== 'decision') return;
    const before = this.#led.get(entry.target);
    const into = before?.into.phase === entry.phase ? before.into : entry;
    this.#led.set(entry.target, { into, latest: entry });
  }
}
