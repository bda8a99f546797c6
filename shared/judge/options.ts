/**
 * What the judge is set to, and the thresholds that follow from it. The defaults were measured together:
 * docs/judge.md says what each of them buys, and what it costs to turn it.
 */

export interface JudgeOptions {
  /** The new revision is healthy while its error rate is at most `ratio` times the old one's plus `margin`. */
  readonly ratio: number;
  /** A share of requests: 0.001 is one in a thousand. */
  readonly margin: number;
  /** The same against history: how much above its worst is still no news. */
  readonly historyMargin: number;
  /** In place of `margin` for minutes that begin earlier than `warmupSeconds` after the first new request. */
  readonly warmupMargin: number;
  readonly warmupSeconds: number;
  /** Harmless: it does not fail this share of requests more than the old one. */
  readonly mustCatch: number;
  /** How often a release that fails `mustCatch` more may be called harmless. */
  readonly beta: number;
  /** How often a healthy release may be condemned or returned, over all its looks. */
  readonly falseRollbacks: number;
  /** What the comparison must say, at least, before history may condemn: 0.01 is a hundred to one. */
  readonly consent: number;
  /** How many minutes it takes to condemn, however bad each of them is. */
  readonly capBuckets: number;
  /** Judges slow answers, too: those that took longer than this. Absent: only errors are judged. */
  readonly slowMs?: number;
  /** How the two are called in sentences. */
  readonly names: { readonly old: string; readonly new: string };
}

export const DEFAULTS: JudgeOptions = {
  ratio: 1.25,
  margin: 0.001,
  historyMargin: 0.001,
  warmupMargin: 0.05,
  warmupSeconds: 60,
  mustCatch: 0.05,
  beta: 0.05,
  falseRollbacks: 1e-4,
  consent: 0.01,
  capBuckets: 3,
  names: { old: 'the old revision', new: 'the new revision' },
};

/** Logs of evidence (ln E) from which on something is said. */
export interface Thresholds {
  readonly two: number;
  readonly history: number;
  readonly consent: number;
  readonly alone: number;
  readonly slow: number;
  readonly suspicious: number;
  readonly harmless: number;
}

/** The four ways to be wrong share `falseRollbacks`: alphas of 4, 2, 2 and 2 in 100,000 by default. */
const SHARES = { two: 0.4, history: 0.2, alone: 0.2, slow: 0.2 };

/** Twenty to one: no verdict, but nothing is advanced meanwhile. */
const SUSPICIOUS = Math.log(20);

export function thresholdsOf(options: JudgeOptions): Thresholds {
  const { falseRollbacks, consent, beta } = options;
  return {
    two: -Math.log(SHARES.two * falseRollbacks),
    history: -Math.log(SHARES.history * falseRollbacks),
    alone: -Math.log(SHARES.alone * falseRollbacks),
    slow: -Math.log(SHARES.slow * falseRollbacks),
    consent: -Math.log(consent),
    suspicious: SUSPICIOUS,
    harmless: -Math.log(beta),
  };
}

/** Throws where the options are none: they are ours, and were checked before they came here. */
export function checkOptions(options: JudgeOptions): void {
  const within = (name: keyof JudgeOptions, least: number, most: number) => {
    const value = options[name];
    if (typeof value === 'number' && value >= least && value <= most) return;
    throw new RangeError(`judge: ${name} is ${String(value)}, expected ${least} to ${most}`);
  };
  // The least alternative is twice as often.
  within('ratio', 1, 1.9);
  within('margin', 0, 0.5);
  within('historyMargin', 0, 0.5);
  within('warmupMargin', options.margin, 0.5);
  within('warmupSeconds', 0, 3_600);
  within('mustCatch', 0.001, 0.5);
  within('beta', 1e-9, 0.5);
  within('falseRollbacks', 1e-12, 0.5);
  within('consent', 1e-9, 1);
  within('capBuckets', 1, 20);
  if (options.slowMs !== undefined) within('slowMs', 0, 86_400_000);
}
