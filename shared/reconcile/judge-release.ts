/**
 * Asks the judge of a release: which target group is whose, what both counted, and what that amounts to.
 * Reads only, and keeps nothing: each look asks for the whole release again.
 */
import { defined } from '../core/model/defined.ts';
import type { Moment } from '../core/model/image.ts';
import type { Judged, ObservedAftermath, Question } from '../core/model/observation.ts';
import { aftermath } from '../judge/aftermath.ts';
import { clockMinutes, type ShownMinutes } from '../judge/clock-minutes.ts';
import { judge } from '../judge/judge.ts';
import { type ServiceReads, TransientError } from '../ports.ts';
import type { RequestCounts } from '../traffic-ports.ts';
import { armsOf } from './arms.ts';

interface ReleaseToJudge {
  /** ARN. */
  readonly serviceRevision: string;
  /** When its rollout began: it had no request before. */
  readonly since: Moment;
  /** By production rule, the group into which it was to bring the traffic: ARNs. */
  readonly into?: Readonly<Record<string, string>>;
  /** Longer answers are slow; absent: nobody asks. */
  readonly slowMs?: number;
}

interface JudgePorts {
  readonly services: Pick<ServiceReads, 'arms'>;
  readonly requestCounts: RequestCounts;
}

const MINUTE = 60_000;
const HISTORY_MS = 240 * MINUTE;
/** What is as old as this has come, or never will. */
const COME_MS = 3 * MINUTE;
/** CloudWatch keeps points of a minute for 15 days. (CloudWatch concepts, metrics retention) */
const KEPT_MS = 15 * 24 * 60 * MINUTE;

/** Never throws for the world: what cannot be found out keeps nobody from rolling back by other evidence. */
export async function judgeRelease(
  { names, ...release }: NonNullable<Question['judge']>,
  ports: JudgePorts,
  now: Moment,
): Promise<Judged> {
  const read = await readUnlessTrouble(release, ports, now);
  if ('state' in read) return read;
  const { history, minutes, from, to } = read;
  const {
    state,
    because,
    isNotWorse: isLevel,
  } = judge(history, minutes, {
    names,
    ...(release.slowMs !== undefined && { slowMs: release.slowMs }),
  });
  const isNotWorse = isLevel ? (true as const) : undefined;
  return defined({ state, because, isNotWorse, from, to });
}

/** The same of a release that was returned *alone*: the minutes of what ran before, since it has all again. */
export async function judgeAftermath(
  { names, backAt, ...release }: NonNullable<Question['aftermath']>,
  ports: JudgePorts,
  now: Moment,
): Promise<ObservedAftermath> {
  const read = await readUnlessTrouble(release, ports, now);
  if ('state' in read) return { state: 'untold', because: read.because };
  const { history, minutes, from = backAt } = read;
  const after = Math.max(0, Math.ceil((backAt - from) / MINUTE));
  return aftermath(history, minutes, after, { names });
}

async function readUnlessTrouble(
  release: ReleaseToJudge,
  ports: JudgePorts,
  now: Moment,
): Promise<ShownMinutes | Unjudged> {
  try {
    return await readRelease(release, ports, { now });
  } catch (error) {
    if (error instanceof TransientError) return unmeasured(error.message);
    throw error;
  }
}

/** Why there are no minutes to judge by. */
export interface Unjudged {
  readonly state: 'unmeasured' | 'disputed';
  readonly because: string;
}

function unmeasured(because: string): Unjudged {
  return { state: 'unmeasured', because };
}

/** Its minutes that can be shown now, or all of them up to `until`, which is past. Throws `TransientError`. */
export async function readRelease(
  { serviceRevision, since, into, slowMs }: ReleaseToJudge,
  { services, requestCounts }: JudgePorts,
  { now, until }: { readonly now: Moment; readonly until?: Moment },
): Promise<ShownMinutes | Unjudged> {
  if (since < now - KEPT_MS) {
    return unmeasured(
      'it is older than 15 days: CloudWatch keeps what was counted in a minute no longer',
    );
  }
  const told = await services.arms(serviceRevision);
  if (told.state === 'none') return unmeasured(told.because);
  const counted = await requestCounts.counts(
    told.pairs,
    minuteOf(since) - HISTORY_MS,
    until ?? now,
    slowMs,
  );
  if (counted.state === 'unknown') return unmeasured(counted.because);
  const arms = armsOf(told.pairs, counted.groups, { since, into });
  return 'state' in arms
    ? arms
    : clockMinutes(arms, { since, now: until === undefined ? now : until + COME_MS });
}

function minuteOf(moment: Moment): Moment {
  return Math.floor(moment / MINUTE) * MINUTE;
}
