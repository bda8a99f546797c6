/** When GitHub is asked again: the longer ago it happened the rarer, never against its limits, not for ever. */

import type { Moment } from '../core/model/image.ts';
import { GitHubIsBusy } from '../github-errors.ts';
import type { Log, TransientError } from '../ports.ts';
import type { FeedbackPorts, Notes } from './ports.ts';
import { NotNow } from './turn.ts';

/** What happened longer ago is of no use on a commit any more. */
const GIVEN_UP_AFTER_MS = 3 * 24 * 60 * 60_000;
const SECONDS_MIN = 60;
/** A message of SQS can wait no longer. (API_SendMessage, DelaySeconds) */
const SECONDS_MAX = 900;

/**
 * As long again as it is ago, so that the waits double without being counted; undefined: no more.
 * Happened now, busy until further notice: 60 s, 60 s, 2 min, 4 min, 8 min, then every 15 minutes.
 */
export function secondsUntilAgain({
  at,
  now,
  error,
}: {
  readonly at: Moment;
  readonly now: Moment;
  readonly error: TransientError;
}): number | undefined {
  const age = now - at;
  if (age > GIVEN_UP_AFTER_MS) return undefined;
  if (error instanceof NotNow) return Math.min(error.afterSeconds, SECONDS_MAX);
  const asked = error instanceof GitHubIsBusy ? (error.afterSeconds ?? 0) : 0;
  return Math.min(SECONDS_MAX, Math.max(SECONDS_MIN, Math.round(age / 1000), asked));
}

/** Under it every handler finds that GitHub is to be left alone. */
const PAUSE = 'pause';

interface Pause {
  readonly until: Moment;
  readonly because: string;
}

/** A limit may be an hour away, and a message waits 15 minutes at most: in between nobody asks. */
export async function pausedFor({
  clock,
  notes,
}: Pick<FeedbackPorts, 'clock' | 'notes'>): Promise<
  { seconds: number; because: string } | undefined
> {
  const note = await notes.load(PAUSE);
  if (note === undefined) return undefined;
  const { until, because } = note.value as Pause;
  const seconds = Math.ceil((until - clock.now()) / 1000);
  return seconds > 0 ? { seconds, because } : undefined;
}

/** For as long as GitHub asked for. Without it GitHub is asked too often, which is no failure of ours. */
export async function pauseFor(
  { notes, log }: { readonly notes: Notes; readonly log: Log },
  now: Moment,
  seconds: number,
  because: string,
): Promise<void> {
  try {
    const before = await notes.load(PAUSE);
    const pause: Pause = { until: now + seconds * 1000, because };
    await notes.save(PAUSE, pause, before?.version);
  } catch (error) {
    log.warn('the pause that GitHub asked for was not noted', { error });
  }
}
