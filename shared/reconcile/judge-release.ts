/**
 * Asks the judge of a release: which target group is whose, what both counted, and what that amounts to.
 * Reads only, and keeps nothing: each look asks for the whole release again.
 */
import { defined } from '../core/model/defined.ts';
import type { Moment } from '../core/model/image.ts';
import type { Judged, Question } from '../core/model/observation.ts';
import {
  type Arms,
  type ByMinute,
  clockMinutes,
  type ShownMinutes,
} from '../judge/clock-minutes.ts';
import { judge } from '../judge/judge.ts';
import {
  type ArmPair,
  type Counted,
  type ObservedCounts,
  type RequestCounts,
  type ServiceReads,
  TransientError,
} from '../ports.ts';

interface ReleaseToJudge {
  /** ARN. */
  readonly serviceRevision: string;
  /** When its rollout began: it had no request before. */
  readonly since: Moment;
}

interface JudgePorts {
  readonly services: Pick<ServiceReads, 'arms'>;
  readonly requestCounts: RequestCounts;
}

const MINUTE = 60_000;
const HISTORY_MS = 240 * MINUTE;
/** So long before a rollout only one of the two groups had requests. */
const BEFORE_MS = 3 * MINUTE;
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
  if (typeof read === 'string') return { state: 'unmeasured', because: read };
  const { state, because } = judge(read.history, read.minutes, { names });
  return defined({ state, because, from: read.from, to: read.to });
}

async function readUnlessTrouble(
  release: ReleaseToJudge,
  ports: JudgePorts,
  now: Moment,
): Promise<ShownMinutes | string> {
  try {
    return await readRelease(release, ports, { now });
  } catch (error) {
    if (error instanceof TransientError) return error.message;
    throw error;
  }
}

/**
 * Its minutes that can be shown now, or all of them up to `until`, which is past; a text: why there are none
 * to judge by. Throws `TransientError`.
 */
export async function readRelease(
  { serviceRevision, since }: ReleaseToJudge,
  { services, requestCounts }: JudgePorts,
  { now, until }: { readonly now: Moment; readonly until?: Moment },
): Promise<ShownMinutes | string> {
  if (since < now - KEPT_MS) {
    return 'it is older than 15 days: CloudWatch keeps what was counted in a minute no longer';
  }
  const told = await services.arms(serviceRevision);
  if (told.state === 'none') return told.because;
  const counted = await requestCounts.counts(
    told.pairs,
    minuteOf(since) - HISTORY_MS,
    until ?? now,
  );
  if (counted.state === 'unknown') return counted.because;
  const arms = armsIn(told.pairs, counted.groups, since);
  return typeof arms === 'string'
    ? arms
    : clockMinutes(arms, { since, now: until === undefined ? now : until + COME_MS });
}

/** All pairs together: what comes by one listener and what comes by another are the same release. */
function armsIn(pairs: readonly ArmPair[], groups: Groups, since: Moment): Arms | string {
  const old: ByMinute[] = [];
  const fresh: ByMinute[] = [];
  for (const pair of pairs) {
    const own = ownGroup(pair, groups, since);
    if (own === undefined) {
      return 'it is not known which of the two target groups is its own: ECS does not tell, and not just one of them had requests before it began';
    }
    const [first, second] = pair.groups;
    old.push(groups.get(own === first ? second : first) ?? new Map());
    fresh.push(groups.get(own) ?? new Map());
  }
  return { old: together(old), new: together(fresh) };
}

type Groups = Extract<ObservedCounts, { state: 'known' }>['groups'];

/** ECS tells it while the revision stands; of one that is gone, the other group had all requests before. */
function ownGroup(
  { groups: names, own }: ArmPair,
  groups: Groups,
  since: Moment,
): string | undefined {
  if (own !== undefined) return own;
  const from = minuteOf(since) - BEFORE_MS;
  const hadNone = names.filter((name) => {
    const minutes = [...(groups.get(name) ?? [])];
    return !minutes.some(([at]) => at >= from && at < minuteOf(since));
  });
  return hadNone.length === 1 ? hadNone[0] : undefined;
}

function together(all: readonly ByMinute[]): ByMinute {
  const [first, ...others] = all;
  if (first !== undefined && others.length === 0) return first;
  const sum = new Map<number, Counted>();
  for (const [at, { requests, errors }] of all.flatMap((one) => [...one])) {
    const before = sum.get(at) ?? { requests: 0, errors: 0 };
    sum.set(at, { requests: before.requests + requests, errors: before.errors + errors });
  }
  return sum;
}

function minuteOf(moment: Moment): Moment {
  return Math.floor(moment / MINUTE) * MINUTE;
}
