/**
 * One handler at a time tells GitHub about one thing: of two, the one with the older word might come
 * last, and GitHub shows what came last. What was told is noted under the thing's name.
 */
import { type Clock, TransientError } from '../ports.ts';
import { FUNCTION_LIMITS } from '../runtime/sizes.ts';
import type { FeedbackPorts } from './ports.ts';

/** Whoever holds a turn has ended by then. */
const TURN_MS = FUNCTION_LIMITS.feedback.timeoutSeconds * 1000 + 5_000;
/** After a lost answer: what was sent may still arrive. */
const SETTLES_MS = 15_000;
const AGAIN_SECONDS_MAX = 10;
/** No call to GitHub begins with less time left. */
const CALL_NEEDS_MS = 15_000;

/** Somebody else is at it, or there is no time left: soon again, and no failure. */
export class NotNow extends TransientError {
  readonly afterSeconds: number;

  constructor(message: string, afterSeconds: number) {
    super(message);
    this.afterSeconds = afterSeconds;
  }
}

export interface Turn<T> {
  /** What is wanted now; the same object when nothing changed. */
  readonly merge: (noted: T | undefined) => T | undefined;
  readonly isOwing: (wanted: T) => boolean;
  /** What to note before GitHub is called. */
  readonly before?: (wanted: T) => T;
  /** Calls GitHub; hands over what it came to after every answer. */
  readonly tell: (wanted: T, noted: T | undefined, keep: (value: T) => void) => Promise<void>;
}

interface Kept<T> {
  readonly value: T;
  /** Until then a turn is held. */
  readonly heldUntil?: number;
}

/** False: there was nothing to tell. Throws what `tell` throws, and `NotNow`. */
export async function inTurn<T extends object>(
  name: string,
  { clock, notes }: FeedbackPorts,
  { merge, isOwing, before = (wanted) => wanted, tell }: Turn<T>,
): Promise<boolean> {
  const note = await notes.load(name);
  const kept = note?.value as Kept<T> | undefined;
  const wanted = merge(kept?.value);
  if (wanted === undefined) return false;
  if (!isOwing(wanted)) {
    if (wanted !== kept?.value) await save({ ...kept, value: wanted }, note?.version);
    return false;
  }
  const held = (kept?.heldUntil ?? 0) - clock.now();
  if (held > 0) {
    const seconds = Math.min(Math.ceil(held / 1000), AGAIN_SECONDS_MAX);
    throw new NotNow(`GitHub is being told of ${name}`, seconds);
  }
  mustHaveTime(clock);

  let version = note?.version;
  let value = before(wanted);
  await save({ value, heldUntil: clock.now() + TURN_MS }, version);
  version = (version ?? 0) + 1;
  try {
    await tell(value, kept?.value, (next) => {
      value = next;
    });
  } catch (error) {
    // What came of it is worth more than the turn; without the note it is found again, or repeated.
    const heldUntil = clock.now() + SETTLES_MS;
    await notes.save(name, { value, heldUntil }, version).catch(() => undefined);
    throw error;
  }
  await save({ value }, version);
  return true;

  async function save(next: Kept<T>, expected: number | undefined): Promise<void> {
    if ((await notes.save(name, next, expected)) === 'stale') {
      throw new NotNow(`GitHub is being told of ${name} by somebody else`, 1);
    }
  }
}

/** Before a call; the first one of a turn is seen to. Throws `NotNow`. */
export function mustHaveTime({ timeLeft }: Pick<Clock, 'timeLeft'>): void {
  if (timeLeft() < CALL_NEEDS_MS) throw new NotNow('too little time is left to ask GitHub', 1);
}
