/** The charts that pages ask for: what lies in the past is read once, what goes on once a minute, however many look. */
import type { DrawnCharts } from '../../local/page/charts/drawn.ts';
import type { Target } from '../../shared/config/config.ts';
import type { HistoryEntry } from '../../shared/core/model/record/outbox.ts';
import type { Connection } from '../connect/connection.ts';
import { ENTRIES_MAX, entriesOf } from '../connect/history-entries.ts';
import { type PastRelease, pastReleases } from '../judge/past-release.ts';
import { AROUND_MS, drawnCharts, type Window, windowOf } from './charts.ts';
import { countedIn } from './counted.ts';

const FRESH_MS = 60_000;
/** What the load balancer counted is complete so long after; until then it is read again. */
const LATE_MS = 5 * 60_000;
/** Of all targets. */
const KEPT_MOST = 50;

export interface Asked {
  readonly release?: number;
  /** A moment, ms since 1970. */
  readonly at?: number;
}

interface Shelved {
  /** By the real clock; infinite: it cannot change any more. */
  readonly until: number;
  readonly charts: Promise<DrawnCharts>;
}

export class ChartShelf {
  readonly #connection: Connection;
  readonly #clock: () => number;
  readonly #shelved = new Map<string, Shelved>();

  constructor(connection: Connection, clock: () => number = () => performance.now()) {
    this.#connection = connection;
    this.#clock = clock;
  }

  /** `recent`: the newest entries that are known already. */
  async charts(
    target: Target,
    recent: readonly HistoryEntry[],
    asked: Asked,
  ): Promise<DrawnCharts> {
    const entries = await this.#entriesFor(target, recent, asked);
    const now = this.#connection.now();
    const window = windowOf(pastReleases(entries), asked, now);
    const key = `${target.key} ${window.past?.number ?? `at ${asked.at ?? 'now'}`} ${window.ended}`;
    const known = this.#shelved.get(key);
    if (known !== undefined && this.#clock() < known.until) return await known.charts;
    const charts = this.#read(target, entries, window);
    const isComplete = window.ended && now > window.to + LATE_MS;
    const until = isComplete ? Number.POSITIVE_INFINITY : this.#clock() + FRESH_MS;
    this.#shelved.delete(key);
    this.#shelved.set(key, { until, charts });
    const [oldest] = this.#shelved.keys();
    if (this.#shelved.size > KEPT_MOST && oldest !== undefined) this.#shelved.delete(oldest);
    // What could not be asked is asked again at the next look.
    charts.catch(() => this.#shelved.delete(key));
    return await charts;
  }

  /** A release, or a moment, of longer ago: the whole history is read. */
  async #entriesFor(target: Target, recent: readonly HistoryEntry[], { release, at }: Asked) {
    const known = pastReleases(recent);
    const isKnown = (one: PastRelease) => one.number === release;
    const reaches = at === undefined || (known[0]?.startedAt ?? 0) <= at;
    if (reaches && (release === undefined || known.some(isKnown))) return recent;
    return await entriesOf(this.#connection, target.key, ENTRIES_MAX);
  }

  async #read(
    target: Target,
    entries: readonly HistoryEntry[],
    window: Window,
  ): Promise<DrawnCharts> {
    const { past, from, to } = window;
    const span = { from, to, afterMs: AROUND_MS };
    return drawnCharts(window, entries, await countedIn(this.#connection, target, past, span));
  }
}
