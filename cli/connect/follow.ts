/**
 * Follows one release through the table until it came as far as it should, or ended otherwise. Reads
 * only: one GetItem a round, and the history where something was decided since.
 */
import type { Target } from '../../shared/config/config.ts';
import { courseOfClaims } from '../../shared/core/incident/claimed.ts';
import {
  type Course,
  type CourseState,
  courseOf,
  type Followed,
  hasReached,
  type Level,
} from '../../shared/core/incident/course.ts';
import type { HistoryEntry } from '../../shared/core/model/record/outbox.ts';
import { asConfigured } from '../../shared/reconcile/preview.ts';
import { claimsSeen } from '../claims/seen.ts';
import { EXIT, type ExitCode } from '../output/exit.ts';
import type { Connection } from './connection.ts';

export interface FollowOptions {
  readonly until: Level;
  readonly minutes: number;
}

/** One change of its course; the last one has the exit code. */
export interface Change {
  readonly at: number;
  readonly course: Course;
  readonly end?: { readonly code: ExitCode; readonly because: string };
}

/** Reads that failed one after the other: more than this is no passing trouble. */
const FAILURES_MAX = 5;
const ENTRIES_MAX = 300;
/** Those that were written between the reading of the record and that of the history. */
const BESIDE_MAX = 50;
const FIRST_MS = 2_000;
const LONGEST_MS = 15_000;
const MINUTE_MS = 60_000;

/** Tells each change. Throws `TransientError` when AWS answers nothing for long. */
export async function* follow(
  connection: Connection,
  target: Target,
  followed: Followed,
  { until, minutes }: FollowOptions,
): AsyncGenerator<Change> {
  const read = readerOf(connection, target, followed);
  const endsAt = connection.now() + minutes * MINUTE_MS;
  let told = '';
  let pause = FIRST_MS;
  for (let failures = 0; ; ) {
    let course: Course;
    try {
      course = await read();
      failures = 0;
    } catch (error) {
      failures += 1;
      // What was never answered is no passing trouble: a right that is missing, a wrong place.
      if (told === '' || failures > FAILURES_MAX || !isTransient(error)) throw error;
      await connection.wait(pause);
      continue;
    }
    const at = connection.now();
    const end = endOf(course, until, at >= endsAt ? minutes : undefined);
    const text = JSON.stringify([course.state, course.because, course.release]);
    if (text !== told || end !== undefined) {
      yield { at, course, ...(end === undefined ? {} : { end }) };
      pause = FIRST_MS;
    }
    if (end !== undefined) return;
    told = text;
    await connection.wait(Math.max(0, Math.min(pause, endsAt - at)));
    await connection.sync();
    pause = Math.min(LONGEST_MS, pause * 1.5);
  }
}

const BAD_ENDS: Partial<Record<CourseState, ExitCode>> = {
  'rolled-back': EXIT.rolledBack,
  failed: EXIT.failed,
  superseded: EXIT.superseded,
  refused: EXIT.no,
  watched: EXIT.no,
  'needs-attention': EXIT.attention,
};

/** `over`: the minutes that were waited, if they are over. Undefined: it is not the end yet. */
function endOf(course: Course, until: Level, over: number | undefined): Change['end'] {
  if (hasReached(course, until)) return { code: EXIT.done, because: course.because };
  const code = BAD_ENDS[course.state];
  if (code !== undefined) return { code, because: course.because };
  if (over === undefined) return undefined;
  const because = `not ${until} within ${over} min: ${course.because}`;
  if (course.state === 'held') return { code: EXIT.held, because };
  return { code: course.state === 'rolling-back' ? EXIT.rolledBack : EXIT.timedOut, because };
}

function readerOf(
  connection: Connection,
  target: Target,
  followed: Followed,
): () => Promise<Course> {
  const { aws } = connection;
  const known = new Map<number, HistoryEntry>();
  let newest = -1;
  return async () => {
    const [stored, stop] = await Promise.all([aws.records.load(target.key), aws.records.stop()]);
    const record = asConfigured(target, stored?.record, connection.now());
    const decided = stored?.record.sequence ?? -1;
    if (stored !== undefined && decided > newest) {
      const fresh = newest < 0 ? ENTRIES_MAX : decided - newest + BESIDE_MAX;
      const entries = await aws.history.newest(target.key, Math.min(ENTRIES_MAX, fresh));
      // What stands in no item yet stands in the record.
      for (const one of [...entries, ...stored.record.outbox.history]) known.set(one.sequence, one);
      newest = decided;
    }
    const announcements = [...known.values()]
      .sort((a, b) => a.sequence - b.sequence)
      .flatMap((entry) => entry.announcements ?? []);
    const course = courseOf(record, { announcements, stop }, followed);
    return course.state === 'unknown'
      ? await claimed(connection, target, followed, course)
      : course;
  };
}

/** No target has heard of it: where others build it, it may wait for GitHub's word. */
async function claimed(
  connection: Connection,
  target: Target,
  followed: Followed,
  unknown: Course,
): Promise<Course> {
  const { of, unseen } = await claimsSeen(connection, [target]);
  const course = courseOfClaims(of.get(target.key) ?? [], followed);
  if (course !== undefined || unseen.length === 0) return course ?? unknown;
  return { ...unknown, because: `${unknown.because}; not seen: ${unseen.join('; ')}` };
}

function isTransient(error: unknown): boolean {
  return error instanceof Error && error.name === 'TransientError';
}
