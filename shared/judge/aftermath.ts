/**
 * What became of an *alone* verdict: the traffic was returned, since the new revision failed as never before,
 * and nobody could say whether an outage did that. The old revision has all of it now, and is looked at for five
 * minutes: if it suffers, the outage did; if it does not, the release did.
 */
import { warmReference } from './against-history.ts';
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
  const before = minutes.slice(0, after);
  const bad = newestOf(before);
  const suffering =
    whileReturning(before, baseline, options) ?? told.find((one) => suffers(baseline, one));
  const { names } = options;
  if (suffering !== undefined) {
    const calm = since.slice(-CALM);
    const isCalm =
      calm.length === CALM && calm.every((one) => one !== undefined && !suffers(baseline, one));
    const said = failed(names.old, suffering.oldN, suffering.oldE);
    const because = `in one minute after it ${said}, and up to ${percent(baseline.ref ?? 0)} was no news: what ran before fails as well`;
    return { state: 'alike', because, ...(isCalm && { isCalm }) };
  }
  const both = compared(told, bad, names);
  if (since.length < LOOKED_AT) return { state: 'waiting', because: both };
  const well = wellAgain(before, baseline);
  if (well !== undefined) {
    const said = failed(`${names.new} in its last minute`, well.newN, well.newE);
    return {
      state: 'untold',
      because: `${both}; ${said}: that was over before the traffic went back`,
    };
  }
  const telling = told.filter((one) => wouldTell(baseline, bad, one)).length;
  return { state: telling < TELLING ? 'untold' : 'worse', because: both };
}

/**
 * The minute of the return, and those until ECS said that it is over: the old one had nothing before, so all that it
 * failed in them it failed since. Its tasks had no traffic, and are read as new ones while they warm up.
 */
function whileReturning(
  before: readonly Minute[],
  { phi, ref, ratios }: Baseline,
  { margin, warmupMargin }: JudgeOptions,
): Counts | undefined {
  const from = before.findLastIndex(({ newN }) => (newN ?? 0) > 0);
  if (ref === undefined || from === -1) return undefined;
  const warm = { phi, ratios, ref: warmReference(ref, warmupMargin - margin) };
  return before
    .slice(from)
    .map(readable)
    .find((one) => one !== undefined && suffers(warm, one));
}

/**
 * In the newest of its minutes, which may be that of the return, the new one was well: whatever failed before ended
 * by itself, and of an outage that is over what ran before has nothing to tell.
 */
function wellAgain(before: readonly Minute[], baseline: Baseline): Counts | undefined {
  const mine = before
    .filter((one) => one.known && faultOf(one) === undefined)
    .map(countsOf)
    .filter(({ newN }) => newN > 0);
  const isNews = ({ newN, newE }: Counts) => newE > noNewsIn(baseline, newN);
  const [newest, news] = [mine.at(-1), mine.filter(isNews)];
  if (newest === undefined || news.length === 0 || isNews(newest)) return undefined;
  return wouldTell(baseline, newestSum(news), { ...newest, oldN: newest.newN })
    ? newest
    : undefined;
}

function readable(minute: Minute): Counts | undefined {
  const counts = countsOf(minute);
  return minute.known && faultOf(minute) === undefined && counts.oldN > 0 ? counts : undefined;
}

function newestOf(minutes: readonly Minute[]): Pick<Counts, 'newN' | 'newE'> {
  const counted = minutes
    .filter((minute) => minute.known && faultOf(minute) === undefined && (minute.newN ?? 0) > 0)
    .map(countsOf);
  return newestSum(counted);
}

function newestSum(counted: readonly Counts[]): Pick<Counts, 'newN' | 'newE'> {
  return counted
    .slice(-NEWEST)
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
