/** What a month costs: what is there, at rest, for each target, and for each release. */
import type { Counted } from './counted.ts';
import { ESTIMATED, HOUR_AT_REST, HOUR_OF_TARGET, RELEASE, type Used } from './measured.ts';
import { priceOf } from './prices.ts';

export interface Month {
  readonly counted: Counted;
  readonly targets: number;
  readonly releases: number;
  /** Of images, with CodeBuild. */
  readonly builds: number;
}

/** By what it is paid for, in dollars. */
export type Bill = ReadonlyMap<string, number>;

/** Of a month. */
export const HOURS = 730;
/** Five pollers that wait 20 s each. (Lambda, using SQS: long polling; the count of pollers unverified) */
const POLLS_AN_HOUR = 15 * 60;
/** The record stands in an index as well: what changes is written twice. */
const TABLE_AND_INDEX = 2;
/** A message is sent, received and deleted. */
const PER_MESSAGE = 3;
/** X-Ray takes one request a second, and five in a hundred of the others. (X-Ray, sampling rules) */
const TRACES_A_MONTH = HOURS * 3_600;
export const SAMPLED = 0.05;
const KB_PER_GB = 1_000_000;

export function billOf({ counted, targets, releases, builds }: Month): Bill {
  const hours = HOURS * targets;
  const used = (name: keyof Used) =>
    HOUR_AT_REST[name] * HOURS + HOUR_OF_TARGET[name] * hours + RELEASE[name] * releases;
  const estimated = (what: 'gbSeconds' | 'logKb') => {
    const { hourAtRest, hourOfTarget, release } = ESTIMATED[what];
    return hourAtRest * HOURS + hourOfTarget * hours + release * releases;
  };
  const polls = counted.polledQueues * POLLS_AN_HOUR * HOURS;
  const invocations = used('invocations');
  const lambda = priceOf('gbSeconds', estimated('gbSeconds')) + priceOf('invocations', invocations);
  const writes = priceOf('writes', used('tableWriteUnits') * TABLE_AND_INDEX);
  return new Map([
    ['alarms', priceOf('alarm', counted.alarms)],
    ['dashboard', priceOf('dashboard', counted.dashboards)],
    ['metrics, while they have data', releases === 0 ? 0 : priceOf('metric', counted.metrics)],
    ['queues: polls and messages', priceOf('queues', polls + used('sends') * PER_MESSAGE)],
    ['functions', lambda],
    ['table', writes + priceOf('reads', used('tableReads'))],
    ['logs', priceOf('logs', estimated('logKb') / KB_PER_GB)],
    ['traces', priceOf('traces', traced(invocations))],
    ['requests to CloudWatch', priceOf('cloudwatchCalls', used('cloudwatch'))],
    ['announcements', priceOf('announcements', used('announcements'))],
    ['secrets', priceOf('secret', counted.secrets)],
    ['cached layers', priceOf('layers', counted.layers * ESTIMATED.layersGb)],
    ['builds', priceOf('buildMinute', builds * ESTIMATED.buildMinutes)],
  ]);
}

export function together(bill: Bill): number {
  return [...bill.values()].reduce((all, one) => all + one, 0);
}

function traced(requests: number): number {
  const first = Math.min(requests, TRACES_A_MONTH);
  return first + (requests - first) * SAMPLED;
}
