/**
 * Optimistic locking for the records of targets and of sources: load, decide, save unless somebody
 * else wrote in between; who did is right, and it begins again with what they wrote.
 */
import { TransientError } from '../ports.ts';

/** No call that changes something begins with less time left. */
export const CALL_NEEDS_MS = 10_000;
/** How often it begins again because somebody else wrote first. */
const RELOADS_MAX = 8;

/** Somebody else wrote the record first. */
export class VersionConflict extends Error {}

/** One try with one loaded record. Each method throws `VersionConflict`, or for a world that is ill. */
export interface Reconciler<Event, Result> {
  /** Decides on the event and saves: once, however often it begins again. */
  hear(event: Event): Promise<void>;
  run(event: Event): Promise<Result>;
  /** What is owed goes out, and a later write forgets it; what does not go out stays owed. */
  deliver(): Promise<void>;
}

/** Throws `TransientError` when somebody did not answer, or the record was never free. */
export async function againOnConflict<Event, Result>(
  key: string,
  event: Event,
  load: () => Promise<Reconciler<Event, Result>>,
): Promise<Result> {
  let heard = false;
  for (let reload = 0; reload < RELOADS_MAX; reload++) {
    const reconciler = await load();
    try {
      if (!heard) await reconciler.hear(event);
      heard = true;
      return await reconciler.run(event);
    } catch (error) {
      if (error instanceof VersionConflict) continue;
      await reconciler.deliver().catch(() => undefined);
      throw error;
    }
  }
  throw new TransientError(
    `${key} was written by others ${RELOADS_MAX} times while it was handled: the queue tries again`,
  );
}

interface Stored<Kept> {
  readonly record: Kept;
  readonly version: number;
}

type Save<Kept> = (record: Kept, expected: number | undefined) => Promise<'saved' | 'stale'>;

/** A record as it was decided, beside what the table has of it. */
export class VersionedRecord<Kept> {
  /** With every decision since it was loaded; undefined: nothing is known yet. */
  current: Kept | undefined;
  readonly #save: Save<Kept>;
  #saved: Kept | undefined;
  #version: number | undefined;

  constructor(stored: Stored<Kept> | undefined, save: Save<Kept>) {
    this.current = stored?.record;
    this.#saved = stored?.record;
    this.#version = stored?.version;
    this.#save = save;
  }

  get version(): number | undefined {
    return this.#version;
  }

  /** Whether there was something to write. Throws `VersionConflict`. */
  async save(): Promise<boolean> {
    if (this.current === undefined || this.current === this.#saved) return false;
    const result = await this.#save(this.current, this.#version);
    if (result === 'stale') throw new VersionConflict();
    this.#saved = this.current;
    this.#version = (this.#version ?? 0) + 1;
    return true;
  }

  /** `send` gets what was saved, and answers with the record that owes no longer what went out. */
  async deliver(send: (saved: Kept) => Promise<Kept>): Promise<void> {
    const saved = this.#saved;
    if (saved === undefined) return;
    // What was decided and could not be saved did not happen.
    this.current = saved;
    this.current = await send(this.current);
    try {
      await this.save();
    } catch (error) {
      // Sent once more by whoever wrote in between: at least once is what was promised.
      if (!(error instanceof VersionConflict)) throw error;
    }
  }
}
