/** What a load balancer does, as it says itself: the truth about traffic, whatever ECS asked it for. */
import type { Moment } from './image.ts';

/** A load balancer of a service that can shift traffic. */
export interface GroupPair {
  /** ARN of the production rule; of a Network Load Balancer, of its listener. */
  readonly rule: string;
  /** ARNs of the target groups that ECS moves the traffic between; which of them serves, the rule says. */
  readonly groups: readonly [configured: string, alternate: string];
  /** One group may hang on a test rule instead of the production rule. */
  readonly testRule?: string;
}

/** A production rule, or the listener of a Network Load Balancer. */
export type ObservedRule =
  | KnownRule
  | { readonly state: 'missing' | 'unknown'; readonly because: string };

export interface KnownRule {
  readonly state: 'known';
  readonly weights: readonly GroupWeight[];
  /** How many targets each group has that are not leaving it, if that was asked. */
  readonly targets?: Readonly<Record<string, number>>;
  /** Its actions are those of this listener, which another call changes: ARN. */
  readonly listener?: string;
  /** It does something before it forwards, which a new list of actions would have to name. */
  readonly doesMore?: true;
}

/** Weights are no percents: a share is a part of their sum. */
export interface GroupWeight {
  readonly group: string;
  readonly weight: number;
}

/** By ARN of the rule. */
export type ObservedRules = Readonly<Record<string, ObservedRule>>;

/** Of one load balancer: where the traffic was before a shift, and where it goes. */
export interface Route {
  readonly rule: string;
  readonly from: string;
  readonly to: string;
  /** Requests of a test listener come to it before its first share. */
  readonly isTested?: true;
}

/** How a shift has gone so far. */
export interface ShiftCourse {
  readonly routes: readonly Route[];
  /** The stage that ECS told last, and when it was told first. */
  readonly stage?: string;
  readonly stageSince?: Moment;
  /** For so long ECS waited for answers of hooks at the stages before it. */
  readonly askedMs?: number;
  /** Each share of the new revision, as it grew, by the first load balancer. */
  readonly steps: readonly ShareStep[];
  /** When the load balancer was last heard, doing what ECS says. */
  readonly heardAt?: Moment;
  /** Since when it does something that no step of ECS's explains. */
  readonly amissSince?: Moment;
}

export interface ShareStep {
  /** 0 to 1. */
  readonly share: number;
  /** It was smaller then. */
  readonly after: Moment;
  readonly seenAt: Moment;
}

/** `arn:…:targetgroup/web-blue/6d0ecf831eec9f09` is `web-blue`. */
export function groupName(group: string): string {
  return group.split('/').at(-2) ?? group;
}

/** The part of the traffic that goes to a group: 0 to 1. */
export function shareOf(weights: readonly GroupWeight[], group: string): number {
  const total = weights.reduce((sum, { weight }) => sum + weight, 0);
  const own = weights.reduce((sum, one) => sum + (one.group === group ? one.weight : 0), 0);
  return total === 0 ? 0 : own / total;
}

/** 0.05: `5 %` */
export function percentOf(share: number): string {
  return `${Math.round(share * 1_000) / 10} %`;
}

/** `web-blue 95 % and web-green 5 %` */
export function describeWeights(weights: readonly GroupWeight[]): string {
  const parts = weights
    .filter(({ weight }) => weight > 0)
    .map(({ group }) => `${groupName(group)} ${percentOf(shareOf(weights, group))}`);
  return parts.length === 0 ? 'the traffic to nobody' : parts.join(' and ');
}
