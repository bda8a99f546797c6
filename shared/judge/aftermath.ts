/**
 * What became of an *alone* verdict: the traffic was returned, since the new revision failed as never before,
 * and nobody could say whether an outage did that. The old revision has all of it now, and is looked at for five
 * minutes: if it suffers, the outage did; if it does not, the release did.
 */
import { type Baseline, baselineOf } from './baseline.ts';
import { count, failed, percent, rate } from './count-words.ts';
import { type Counts, countsOf, faultOf, type History, type Minute } from './minute.ts';
import { DEFAULTS, type JudgeOptions } from './options.ts';
import { noNewsIn, suffers } from './suffering.ts';

export interface Aftermath {
  /** alike: the old one suffers, too. worse: it does not. untold: it had too few requests to show it. */
  readonly state: 'alike' | 'worse' | 'untold' | 'waiting';
  /** In counts, for people. */
  readonly because: string;
  /** Of `alike`: it is over, in its two newest minutes. */
  readonly isCalm?: true;
}

const LOOKED_AT = 5;
const CALM = 2;
/** An outage of seconds is in one minute; that there was none, most of them must have been able to tell. */
const TELLING = 3;
/** What the new one failed is read off its newest minutes: a fault may have begun late. */
const NEWEST = 3;

/** `minutes` as the judge is shown them, from that of the first new request on; `after`: the first since the return. */
export function aftermath(
  history: History,
  minutes: readonly Minute[],
  after: number,
  given: Partial<JudgeOptions> = {},
): Aftermath {
  const options: JudgeOptions = { ...DEFAULTS, ...given };
  const baseline = baselineOf(history, options);
  const since = minutes.slice(after).map(readable);
  const looked = since.slice(0, LOOKED_AT);
  const told = looked.filter((one) => one !== undefined);
  const bad = newestOf(minutes.slice(0, after));
  const suffering = told.find((one) => suffers(baseline, one));
  const { names } = options;
  if (suffering !== undefined) {
    const calm = since.slice(-CALM);
    const isCalm = calm.every((one) => one !== undefined && !suffers(baseline, one));
    const said = failed(names.old, suffering.oldN, suffering.oldE);
    const because = `in one minute after it ${said}, and up to ${percent(baseline.ref ?? 0)} was no news: what ran before fails as well`;
    return { state: 'alike', because, ...(isCalm && { isCalm }) };
  }
  const both = compared(told, bad, names);
  if (since.length < LOOKED_AT) return { state: 'waiting', because: both };
  const telling = told.filter((one) => wouldTell(baseline, bad, one)).length;
  return { state: telling < TELLING ? 'untold' : 'worse', because: both };
}

function readable(minute: Minute): Counts | undefined {
  const counts = countsOf(minute);
  return minute.known && faultOf(minute) === undefined && counts.oldN > 0 ? counts : undefined;
}

function newestOf(minutes: readonly Minute[]): Pick<Counts, 'newN' | 'newE'> {
  return minutes
    .filter((minute) => minute.known && faultOf(minute) === undefined && (minute.newN ?? 0) > 0)
    .slice(-NEWEST)
    .map(countsOf)
    .reduce((sum, { newN, newE }) => ({ newN: sum.newN + newN, newE: sum.newE + newE }), {
      newN: 0,
      newE: 0,
    });
}

/** Had it failed as often as the new one did, chance would hardly have hidden it. */
function wouldTell(
  baseline: Baseline,
  { newN, newE }: Pick<Counts, 'newN' | 'newE'>,
  { oldN }: Counts,
): boolean {
  const expected = newN === 0 ? 0 : (newE / newN) * oldN;
  return expected - 2 * Math.sqrt(baseline.phi * expected) > noNewsIn(baseline, oldN);
}

function compared(
  told: readonly Counts[],
  { newN, newE }: Pick<Counts, 'newN' | 'newE'>,
  names: JudgeOptions['names'],
): string {
  const oldN = told.reduce((sum, one) => sum + one.oldN, 0);
  const oldE = told.reduce((sum, one) => sum + one.oldE, 0);
  const length = told.length === 1 ? '1 minute' : `${told.length} minutes`;
  return `${failed(names.old, oldN, oldE)} in ${length} after it; of the last ${count(newN)} to ${names.new} it had been ${count(newE)} (${rate(newE, newN)})`;
}
