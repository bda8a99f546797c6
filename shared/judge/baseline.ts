/**
 * What is usual, from the minutes before the release: the reference rate, which is the highest error rate
 * that would be no news.
 *
 *   up    = (E + phi + 3·√(phi·(E + phi))) / N          E, N: sums over history
 *   worst = the largest rate of ten consecutive minutes with at least 3 errors, else 0
 *   ref   = min(0.5, ratio·max(up, worst) + historyMargin)
 */
import { dispersionOf } from './dispersion.ts';
import { type History, isCount } from './minute.ts';
import type { JudgeOptions } from './options.ts';
import { ratiosFor } from './two-arms.ts';

export interface Baseline {
  readonly phi: number;
  /** Undefined: there is no history, and only the comparison speaks. */
  readonly ref: number | undefined;
  /** How many times as often as the old one the new one may fail. */
  readonly ratios: readonly number[];
}

/** Minutes of history that are looked at: four hours. */
const HISTORY_MAX = 240;
/** With traffic in fewer minutes than these, what came before is no guide. */
const HISTORY_MIN = 30;
const REFERENCE_MAX = 0.5;
const STRETCH = 10;
const STRETCH_ERRORS_MIN = 3;

export function baselineOf(told: History, options: JudgeOptions): Baseline {
  const history = told.slice(-HISTORY_MAX).map(readable);
  const phi = dispersionOf(history);
  const ratios = ratiosFor(history, phi, options.ratio);
  if (history.filter(([requests]) => requests > 0).length < HISTORY_MIN) {
    return { phi, ref: undefined, ratios };
  }
  const [requests, errors] = sumOf(history, 0, history.length);
  const up = (errors + phi + 3 * Math.sqrt(phi * (errors + phi))) / requests;
  const news = options.ratio * Math.max(up, worstOf(history)) + options.historyMargin;
  return { phi, ref: Math.min(REFERENCE_MAX, news), ratios };
}

/** A minute that cannot be read keeps its place, empty: neighbours are compared in pairs. */
function readable(pair: readonly [number, number]): readonly [number, number] {
  const [requests, errors] = pair;
  if (!isCount(requests) || !isCount(errors)) return [0, 0];
  return errors <= requests ? pair : [requests, requests];
}

/** A service that was bad for ten minutes an hour ago may be so again, without the release's doing. */
function worstOf(history: History): number {
  let worst = 0;
  for (let from = 0; from + STRETCH <= history.length; from += STRETCH) {
    const [requests, errors] = sumOf(history, from, from + STRETCH);
    if (errors >= STRETCH_ERRORS_MIN) worst = Math.max(worst, errors / requests);
  }
  return worst;
}

function sumOf(history: History, from: number, to: number): readonly [number, number] {
  let requests = 0;
  let errors = 0;
  for (let i = from; i < to; i++) {
    requests += history[i]?.[0] ?? 0;
    errors += history[i]?.[1] ?? 0;
  }
  return [requests, errors];
}
