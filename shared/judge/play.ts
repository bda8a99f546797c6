/**
 * Plays a release of the past: at every look the judge is shown what could be read then, and no more. The
 * traffic does not react, so the first verdict ends it: what would it have said, when, and what would it
 * have saved?
 */
import { type Judgement, judge } from './judge.ts';
import { type History, isCount, type Minute } from './minute.ts';
import type { JudgeOptions } from './options.ts';

/** A minute as it was published. */
export interface TraceMinute extends Minute {
  /** Its number, 0 for that of the first new request. */
  readonly minute: number;
  /** Seconds after its end from which on it can be read. */
  readonly publishedAfter: number;
  /** Answers that were bad by the release's fault, where somebody knows. */
  readonly bad?: number;
}

export interface Trace {
  readonly history: History;
  /** In order. */
  readonly minutes: readonly TraceMinute[];
}

export interface Played {
  readonly state: Judgement['state'];
  readonly because: string;
  readonly by?: NonNullable<Judgement['by']>;
  /** Of the verdict: the minute that led to it, and when it was carried out, in seconds after the shift. */
  readonly minute?: number;
  readonly seconds?: number;
  /** Undefined: nobody knows which answers were bad; `badUntilThen` also without a verdict. */
  readonly badUntilThen?: number;
  readonly badOfAll?: number;
  /** What each look said, where it was something new: seconds after the shift. */
  readonly states: readonly { readonly seconds: number; readonly state: Judgement['state'] }[];
  /** After the last minute. */
  readonly logs: Judgement['logs'];
  readonly phi: number;
  readonly ref?: number;
}

const PERIOD = 60;
const LOOK_EACH = 30;
/** From the look to the old weights. */
const CARRIED_OUT = 20;
/** A minute that never comes is given up after this long, and a late one keeps the next waiting as long. */
const GIVEN_UP = 90;
const LATE_MAX = 180;

export function play(trace: Trace, options: Partial<JudgeOptions> = {}): Played {
  const { minutes, history } = trace;
  const { logs, phi, ref, ...last } = judge(history, minutes, options);
  const looks = looksAt(trace, options);
  const verdict = looks.find(({ judgement }) => judgement.minute !== undefined);
  const { state, because, by, minute } = verdict?.judgement ?? last;
  const seconds = verdict === undefined ? undefined : verdict.look + CARRIED_OUT;
  return {
    state,
    because,
    ...(by === undefined ? {} : { by }),
    ...(minute === undefined ? {} : { minute: minutes[minute]?.minute ?? minute }),
    ...(seconds === undefined ? {} : { seconds }),
    ...harm(minutes, seconds),
    states: changesOf(looks),
    logs,
    phi,
    ...(ref === undefined ? {} : { ref }),
  };
}

interface Look {
  readonly look: number;
  readonly judgement: Judgement;
}

/** All looks that were shown something new, up to the first verdict. */
function looksAt({ history, minutes }: Trace, options: Partial<JudgeOptions>): readonly Look[] {
  const last = minutes.reduce((latest, minute) => Math.max(latest, readableAt(minute)), 0);
  const looks: Look[] = [];
  let shown: readonly Minute[] = [];
  for (let look = 0; look < last + LOOK_EACH; look += LOOK_EACH) {
    const now = readable(minutes, look);
    if (now.every(({ known }, i) => known === shown[i]?.known)) continue;
    shown = now;
    const judgement = judge(history, now, options);
    looks.push({ look, judgement });
    if (judgement.minute !== undefined) break;
  }
  return looks;
}

function changesOf(looks: readonly Look[]): Played['states'] {
  return looks
    .filter(({ judgement }, i) => judgement.state !== looks[i - 1]?.judgement.state)
    .map(({ look, judgement }) => ({ seconds: look, state: judgement.state }));
}

/** In order: a later minute waits for an earlier one, until that is so old that it is told without. */
function readable(minutes: readonly TraceMinute[], look: number): readonly Minute[] {
  const told: Minute[] = [];
  for (const minute of minutes) {
    if (readableAt(minute) <= look) told.push(minute);
    else if (endOf(minute) + LATE_MAX <= look) told.push({ ...minute, known: false });
    else break;
  }
  return told;
}

function readableAt(minute: TraceMinute): number {
  return endOf(minute) + (minute.known ? minute.publishedAfter : GIVEN_UP);
}

function endOf({ begin }: Minute): number {
  return begin + PERIOD;
}

/** Bad answers of all, and until the verdict was carried out: a minute begun is counted in proportion. */
function harm(
  minutes: readonly TraceMinute[],
  seconds: number | undefined,
): Pick<Played, 'badUntilThen' | 'badOfAll'> {
  if (!minutes.every(({ bad }) => isCount(bad))) return {};
  const until = (end: number) =>
    minutes.reduce((sum, { begin, bad = 0 }) => {
      const part = Math.min(1, Math.max(0, (end - begin) / PERIOD));
      return sum + bad * part;
    }, 0);
  const badOfAll = until(Number.POSITIVE_INFINITY);
  return seconds === undefined
    ? { badOfAll }
    : { badUntilThen: Math.round(until(seconds)), badOfAll };
}
