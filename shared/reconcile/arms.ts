/**
 * Which of two target groups is whose. ECS tells it of the service revision, and that is checked: the rule of the
 * load balancer shows which group had the traffic before the release, and so do the counts. Where they disagree
 * nothing is read off either, since swapped groups would condemn what is well for what is ill.
 */
import type { Moment } from '../core/model/image.ts';
import type { Arms, ByMinute } from '../judge/clock-minutes.ts';
import type { ArmPair, Counted, ObservedCounts } from '../traffic-ports.ts';

type Groups = Extract<ObservedCounts, { state: 'known' }>['groups'];

interface Known {
  /** When its rollout began: it had no request before. */
  readonly since: Moment;
  /** By production rule, the group into which it was to bring the traffic: ARNs. */
  readonly into?: Readonly<Record<string, string>> | undefined;
}

interface Unread {
  readonly state: 'unmeasured' | 'disputed';
  readonly because: string;
}

const MINUTE = 60_000;
/** So long before a rollout only one of the two groups had requests. */
const BEFORE_MS = 3 * MINUTE;

/** All pairs together: what comes by one listener and what comes by another are the same release. */
export function armsOf(pairs: readonly ArmPair[], groups: Groups, known: Known): Arms | Unread {
  const old: ByMinute[] = [];
  const fresh: ByMinute[] = [];
  for (const pair of pairs) {
    const own = ownGroup(pair, groups, known);
    if (typeof own !== 'string') return own;
    const [first, second] = pair.groups;
    old.push(groups.get(own === first ? second : first) ?? new Map());
    fresh.push(groups.get(own) ?? new Map());
  }
  return { old: together(old), new: together(fresh) };
}

/** ECS tells it while the revision stands; of one that is gone, the rule did, or the other group had all before. */
function ownGroup(pair: ArmPair, groups: Groups, { since, into }: Known): string | Unread {
  const routed = into?.[pair.rule]?.split(':').at(-1);
  const idle = pair.groups.filter((name) => wasIdle(groups.get(name), since));
  const [only] = idle;
  const alone = idle.length === 1 ? only : undefined;
  const own = pair.own ?? routed ?? alone;
  if (own === undefined) {
    return {
      state: 'unmeasured',
      because:
        'it is not known which of the two target groups is its own: ECS does not tell, and not just one of them had requests before it began',
    };
  }
  if (routed !== undefined && routed !== own) {
    return disputed(own, 'the rule of the load balancer gave that one everything before it began');
  }
  if (alone !== undefined && alone !== own) {
    return disputed(own, 'that one alone had requests before it began');
  }
  return own;
}

function disputed(own: string, against: string): Unread {
  const name = own.split('/').at(-2) ?? own;
  return {
    state: 'disputed',
    because: `ECS says that target group ${name} is its own, and ${against}: nothing that they counted is compared`,
  };
}

function wasIdle(minutes: ByMinute | undefined, since: Moment): boolean {
  const to = Math.floor(since / MINUTE) * MINUTE;
  return ![...(minutes ?? [])].some(([at]) => at >= to - BEFORE_MS && at < to);
}

function together(all: readonly ByMinute[]): ByMinute {
  const [first, ...others] = all;
  if (first !== undefined && others.length === 0) return first;
  const sum = new Map<number, Counted>();
  for (const [at, { requests, errors, slow }] of all.flatMap((one) => [...one])) {
    const before = sum.get(at) ?? { requests: 0, errors: 0 };
    sum.set(at, {
      requests: before.requests + requests,
      errors: before.errors + errors,
      ...(slow === undefined ? {} : { slow: (before.slow ?? 0) + slow }),
    });
  }
  return sum;
}
