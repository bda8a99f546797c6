/** A service behind two target groups, what its load balancer gives, and releases that shift its traffic. */
import type { KnownRule, ShiftCourse } from '../../../shared/core/model/balancer.ts';
import type { Strategy } from '../../../shared/core/model/rules.ts';
import { attempt, type ObservationChange, release, rules, service } from '../../build.ts';

const ARN = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012';
export const RULE = `${ARN}:listener-rule/app/web/1/2/3`;
export const BLUE = `${ARN}:targetgroup/web-blue/6d0ecf831eec9f09`;
export const GREEN = `${ARN}:targetgroup/web-green/6d0ecf831eec9f09`;
export const FOREIGN = `${ARN}:targetgroup/shop/6d0ecf831eec9f09`;

export const CANARY: Strategy = {
  kind: 'canary',
  percent: 5,
  canaryBakeMinutes: 10,
  bakeMinutes: 15,
};

export function shiftable(n: number) {
  const pairs = [{ rule: RULE, groups: [BLUE, GREEN] as const }];
  return service(n, { traffic: { balancers: 1, shiftable: 1, pairs, connects: false } });
}

/** What the production rule gives to each group. */
export function gives(
  weights: Readonly<Record<string, number>>,
  rest: Partial<KnownRule> = {},
): Record<string, KnownRule> {
  const list = Object.entries(weights).map(([group, weight]) => ({ group, weight }));
  return { [RULE]: { state: 'known', weights: list, ...rest } };
}

/** Web runs revision `n`, and the rule gives blue and green so much. */
export function split(n: number, blue: number, green: number): ObservationChange {
  return { service: shiftable(n), balancer: gives({ [BLUE]: blue, [GREEN]: green }) };
}

/** From blue to green, as nothing was shifted yet. */
export function course(change: Partial<ShiftCourse> = {}): ShiftCourse {
  return { routes: [{ rule: RULE, from: BLUE, to: GREEN }], steps: [], ...change };
}

/** Release 2 on its way by a canary. */
export const SHIFTS = {
  release: release({ rules: rules({ strategy: CANARY }) }),
  attempt: attempt({ course: course() }),
};

export const WITH_STRATEGY = { rules: rules({ strategy: CANARY }) };
