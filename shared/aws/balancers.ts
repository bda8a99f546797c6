/** What load balancers do, from Elastic Load Balancing itself. It only looks. */
import {
  type Action,
  DescribeListenersCommand,
  DescribeRulesCommand,
  DescribeTargetHealthCommand,
  type ElasticLoadBalancingV2Client,
  type TargetHealthDescription,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { GroupPair, GroupWeight, ObservedRule } from '../core/model/balancer.ts';
import type { Log } from '../ports.ts';
import type { Balancers } from '../traffic-ports.ts';
import { says } from './refusal.ts';

export function createBalancers(client: ElasticLoadBalancingV2Client, log: Log): Balancers {
  return {
    rules: async (pairs, { targets }) => {
      const found = pairs.map(async (pair) => [pair.rule, await seen(pair, targets)] as const);
      return Object.fromEntries(await Promise.all(found));
    },
  };

  async function seen(pair: GroupPair, targets: boolean): Promise<ObservedRule> {
    try {
      const [rule, counts] = await Promise.all([
        isListener(pair.rule) ? listener(client, pair.rule) : ruleAt(client, pair.rule),
        targets ? countTargets(client, pair) : undefined,
      ]);
      return rule.state !== 'known' || counts === undefined ? rule : { ...rule, targets: counts };
    } catch (error) {
      const because = says(error);
      if (GONE.has(error instanceof Error ? error.name : '')) return { state: 'missing', because };
      log.warn('what a load balancer does could not be asked', { rule: pair.rule, error });
      return { state: 'unknown', because };
    }
  }
}

const GONE = new Set(['RuleNotFoundException', 'ListenerNotFoundException']);

/** A Network Load Balancer has no rules: its listener forwards. */
function isListener(arn: string): boolean {
  return arn.includes(':listener/');
}

async function ruleAt(client: ElasticLoadBalancingV2Client, arn: string): Promise<ObservedRule> {
  const { Rules = [] } = await client.send(new DescribeRulesCommand({ RuleArns: [arn] }));
  const [rule] = Rules;
  return forwarding(rule?.Actions, rule?.IsDefault === true ? listenerOf(arn) : undefined);
}

async function listener(client: ElasticLoadBalancingV2Client, arn: string): Promise<ObservedRule> {
  const { Listeners = [] } = await client.send(
    new DescribeListenersCommand({ ListenerArns: [arn] }),
  );
  return forwarding(Listeners[0]?.DefaultActions, arn);
}

/** `arn:…:listener-rule/app/web/<id>/<listener>/<rule>` is of `arn:…:listener/app/web/<id>/<listener>`. */
function listenerOf(rule: string): string {
  return rule.slice(0, rule.lastIndexOf('/')).replace(':listener-rule/', ':listener/');
}

function forwarding(actions: readonly Action[] = [], of: string | undefined): ObservedRule {
  const forward = actions.find(({ Type }) => Type === 'forward');
  return {
    state: 'known',
    weights: weightsOf(forward),
    ...(of === undefined ? {} : { listener: of }),
    ...(actions.length > 1 ? { doesMore: true } : {}),
  };
}

/** One group stands by itself and as a list of one; the weight of what a user wrote may be missing. */
function weightsOf(forward: Action | undefined): readonly GroupWeight[] {
  const listed = forward?.ForwardConfig?.TargetGroups ?? [];
  if (listed.length === 0) {
    const group = forward?.TargetGroupArn;
    return group === undefined ? [] : [{ group, weight: 1 }];
  }
  return listed.map(({ TargetGroupArn: group = '', Weight: weight = 1 }) => ({ group, weight }));
}

async function countTargets(
  client: ElasticLoadBalancingV2Client,
  { groups }: GroupPair,
): Promise<Readonly<Record<string, number>>> {
  const counts = groups.map(async (TargetGroupArn) => {
    const { TargetHealthDescriptions: all = [] } = await client.send(
      new DescribeTargetHealthCommand({ TargetGroupArn }),
    );
    return [TargetGroupArn, all.filter(stays).length] as const;
  });
  return Object.fromEntries(await Promise.all(counts));
}

/** A sick target is still where the traffic goes: a fix is not held by the outage that it mends. */
function stays({ TargetHealth: health }: TargetHealthDescription): boolean {
  return health?.State !== 'draining' && health?.State !== 'unhealthy.draining';
}
