/**
 * What the local Elastic Load Balancing v2 remembers: load balancers, their listeners and rules, target
 * groups and the targets in them. Plain JSON; how healthy a target is follows from the time.
 */
import type { Action, RuleCondition } from '@aws-sdk/client-elastic-load-balancing-v2';
import { table } from '../kernel/tables.ts';
import type { World } from '../kernel/world.ts';

/** Each by its ARN. */
export interface Elbv2State {
  loadBalancers: Record<string, LoadBalancerRecord>;
  listeners: Record<string, ListenerRecord>;
  rules: Record<string, RuleRecord>;
  targetGroups: Record<string, TargetGroupRecord>;
  /** How forward actions changed, oldest first: what CloudTrail would tell of ModifyRule and ModifyListener. */
  changes: ForwardChange[];
  /**
   * What makes a newly registered target healthy: as many passed checks as its threshold says, or the
   * first one. AWS's page on health checks says both. Absent: the threshold.
   */
  firstHealthy?: 'threshold' | 'one-pass';
}

declare module '../kernel/world.ts' {
  interface ServiceStates {
    elbv2: Elbv2State;
  }
}

export interface LoadBalancerRecord {
  readonly arn: string;
  readonly name: string;
  readonly type: 'application' | 'network';
  readonly scheme: 'internet-facing' | 'internal';
  readonly createdAt: number;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
}

export interface ListenerRecord {
  readonly arn: string;
  readonly loadBalancer: string;
  port: number;
  protocol: string;
  /** Also those of the default rule, which an Application Load Balancer's listener has. */
  actions: Action[];
}

export interface RuleRecord {
  readonly arn: string;
  readonly listener: string;
  /** Absent: the default rule, whose actions are the listener's. */
  readonly priority?: number;
  conditions: RuleCondition[];
  actions: Action[];
}

export interface TargetGroupRecord {
  readonly arn: string;
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
  readonly vpc?: string;
  readonly targetType: string;
  check: HealthCheck;
  /** By key, as DescribeTargetGroupAttributes tells them. */
  attributes: Record<string, string>;
  targets: TargetRecord[];
}

export interface HealthCheck {
  protocol: string;
  port: string;
  path?: string;
  matcher?: string;
  intervalSeconds: number;
  timeoutSeconds: number;
  healthyThreshold: number;
  unhealthyThreshold: number;
}

export interface TargetRecord {
  readonly id: string;
  readonly port: number;
  readonly zone?: string;
  /** How it answers the checks, and since when; nobody answers where nothing runs. */
  answers: 'well' | 'badly' | 'nothing';
  since: number;
  deregisteredAt?: number;
}

export interface ForwardChange {
  readonly at: number;
  /** Of the rule, or of the listener where that forwards by itself. */
  readonly arn: string;
  readonly weights: readonly Weight[];
}

/** The share of a target group is its weight by the sum of the weights. */
export interface Weight {
  readonly targetGroup: string;
  readonly weight: number;
}

/** How many changes are remembered. */
export const CHANGES_MOST = 500;

export function emptyElbv2(): Elbv2State {
  return {
    loadBalancers: table(),
    listeners: table(),
    rules: table(),
    targetGroups: table(),
    changes: [],
  };
}

/** The last part of a load balancer's ARN, as rules, listeners and metrics have it: `app/<name>/<id>`. */
export function loadBalancerPath(arn: string): string {
  return arn.slice(arn.indexOf(':loadbalancer/') + ':loadbalancer/'.length);
}

/** `targetgroup/<name>/<id>`, as metrics have it. */
export function targetGroupPath(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}

/** What forwards there, a rule or a listener: the default rule's actions are its listener's. */
export function forwarderOf(world: World, arn: string): ListenerRecord | RuleRecord | undefined {
  const rule = world.elbv2.rules[arn];
  if (rule === undefined) return world.elbv2.listeners[arn];
  return rule.priority === undefined ? world.elbv2.listeners[rule.listener] : rule;
}
