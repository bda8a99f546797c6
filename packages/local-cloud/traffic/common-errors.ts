/**
 * What fails whichever revision answers: an outage of a dependency, and what always fails a little, which
 * may come in clusters, drift from minute to minute, and rise in bursts.
 */
import { randomNormal } from 'd3-random';
import { random } from '../kernel/random.ts';
import { alsoOf } from './answers.ts';
import { type Burst, burstAt, type Drawn } from './chances.ts';

/** Of a source, in JSON. All but `rate` needs requests that are drawn. */
export interface CommonErrors {
  /** Share of all requests, in the mean. */
  readonly rate: number;
  /** Mean size of the clusters in which they come, each within one task and step; 1: each by itself. */
  readonly clusterSize?: number;
  /** Their sizes are geometric, so that some are many times the mean; absent: one and a Poisson number more. */
  readonly clusterTail?: 'heavy';
  /** Standard deviation of the logarithm of the rate, which changes slowly from minute to minute. */
  readonly drift?: number;
  /** So many more for some seconds, some minutes apart. */
  readonly bursts?: {
    readonly rate: number;
    readonly seconds: number;
    readonly everyMinutes: number;
  };
  /** How far the rate has drifted in this minute. */
  drifted?: { readonly minute: number; readonly by: number };
  burst?: Burst;
}

export interface Outage {
  readonly from: number;
  readonly to: number;
  readonly errorRate: number;
}

/** Of a moment: what fails by itself, and what fails in clusters. */
export interface CommonErrorsNow {
  readonly rate: number;
  readonly clusters?: Clusters;
}

export interface Clusters {
  readonly rate: number;
  readonly size: number;
  readonly tail?: 'heavy' | undefined;
}

interface Failing {
  readonly drawn?: Drawn;
  readonly outage?: Outage;
  readonly errors?: CommonErrors;
}

const MINUTE_MS = 60_000;
/** How much of a minute's drift is left in the next: that of the figures in docs/judge.md. */
const MEMORY = 0.9;
const RATE_MOST = 0.5;

export function commonErrorsAt({ drawn, outage, errors }: Failing, now: number): CommonErrorsNow {
  const ill = outage !== undefined && now > outage.from && now <= outage.to ? outage.errorRate : 0;
  if (errors === undefined) return { rate: ill };
  if (drawn === undefined) return { rate: alsoOf(ill, errors.rate) };
  const { bursts, clusterSize = 1, clusterTail: tail } = errors;
  const burst = bursts !== undefined && burstAt(errors, drawn, bursts, now) ? bursts.rate : 0;
  const rate = driftedRate(errors, drawn, now);
  const others = alsoOf(ill, burst);
  return clusterSize <= 1
    ? { rate: alsoOf(others, rate) }
    : { rate: others, clusters: { rate, size: clusterSize, tail } };
}

/** An autoregression of the first order: it forgets where it was within some ten minutes. */
function driftedRate(errors: CommonErrors, drawn: Drawn, now: number): number {
  const { rate, drift, drifted } = errors;
  if (drift === undefined) return rate;
  const normal = randomNormal.source(() => random(drawn))(0, drift);
  const minute = Math.floor((now - 1) / MINUTE_MS);
  if (drifted === undefined) errors.drifted = { minute, by: normal() };
  else if (drifted.minute !== minute) {
    const by = MEMORY * drifted.by + Math.sqrt(1 - MEMORY ** 2) * normal();
    errors.drifted = { minute, by };
  }
  return Math.min(RATE_MOST, rate * Math.exp(errors.drifted?.by ?? 0));
}
