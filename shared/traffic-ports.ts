/**
 * What load balancers do with a service's traffic, what they count of it, and our own requests at their test
 * listener. Nothing here throws: what was not told is `unknown`, or unanswered.
 */

import type { GroupPair, ObservedRules } from './core/model/balancer.ts';
import type { Moment } from './core/model/image.ts';
import type { OwnRequests } from './core/model/rules.ts';

export interface Balancers {
  /**
   * DescribeRules, or of a Network Load Balancer DescribeListeners, of each pair; with `targets`
   * DescribeTargetHealth of both groups. A failed call is `unknown`, it does not throw.
   */
  rules(pairs: readonly GroupPair[], asked: { readonly targets: boolean }): Promise<ObservedRules>;
}

export interface OwnAnswers {
  readonly good: number;
  readonly failed: number;
  /** The load balancer answered by itself, which says nothing of a release. */
  readonly elsewhere: number;
  readonly unanswered: number;
  /** The first that did not end well: `GET /health: 500`. */
  readonly example?: string;
}

export interface TestListener {
  /** GETs, several at once; none begins later than `forMs`. Does not throw. */
  send(requests: OwnRequests, forMs: number): Promise<OwnAnswers>;
}

export interface RequestCounts {
  /**
   * GetMetricData, one call: requests and errors of each target group in each minute that begins from
   * `from` on and before `to`; with `slowMs` the answers that took longer, too. A failed call is `unknown`,
   * it does not throw.
   */
  counts(
    pairs: readonly ArmPair[],
    from: Moment,
    to: Moment,
    slowMs?: number,
  ): Promise<ObservedCounts>;
}

/** Where a service's requests are counted by revision. */
export type ObservedArms =
  | { readonly state: 'known'; readonly pairs: readonly ArmPair[] }
  /** What cannot be compared, and never could: no load balancer, one target group. */
  | { readonly state: 'none'; readonly because: string };

/** Two target groups of a load balancer between which its traffic is shifted. */
export interface ArmPair {
  /** ARN of the production rule. */
  readonly rule: string;
  /** As dimensions name it: `app/<name>/<id>`. */
  readonly loadBalancer: string;
  /** `targetgroup/<name>/<id>`. */
  readonly groups: readonly [string, string];
  /** That of the revision that was asked about, where ECS tells. */
  readonly own?: string;
}

export interface Counted {
  readonly requests: number;
  readonly errors: number;
  /** Slow answers, where they were asked for. */
  readonly slow?: number;
}

/** By target group (`targetgroup/<name>/<id>`) and the beginning of the minute. */
export type ObservedCounts =
  | {
      readonly state: 'known';
      readonly groups: ReadonlyMap<string, ReadonlyMap<Moment, Counted>>;
    }
  | { readonly state: 'unknown'; readonly because: string };
