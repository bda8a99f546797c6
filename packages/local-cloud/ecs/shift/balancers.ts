/**
 * The load balancers of a shift. ECS finds out which group is live by reading the production rule, and
 * brings the new revision into the other one (public logs: the fields of the service are never swapped).
 */
import type { LoadBalancer } from '@aws-sdk/client-ecs';
import { setWeights, weightsAt } from '../../elbv2/forward.ts';
import type { World } from '../../kernel/world.ts';
import type { Settings } from '../state.ts';
import type { Pair } from './state.ts';

/** The groups of each load balancer, or why ECS refuses to shift (texts: docs, troubleshooting-blue-green). */
export function pairsOf(world: World, settings: Settings): Pair[] | { readonly wrong: string } {
  const pairs: Pair[] = [];
  for (const balancer of settings.loadBalancers ?? []) {
    const found = pairOf(world, balancer);
    if ('wrong' in found) return found;
    pairs.push(found);
  }
  return pairs;
}

function pairOf(
  world: World,
  { targetGroupArn = '', advancedConfiguration = {} }: LoadBalancer,
): Pair | { readonly wrong: string } {
  const { productionListenerRule: rule = '', testListenerRule: testRule } = advancedConfiguration;
  const alternate = advancedConfiguration.alternateTargetGroupArn ?? '';
  for (const group of [targetGroupArn, alternate]) {
    if (world.elbv2.targetGroups[group] === undefined) {
      return { wrong: `The target group ${group} does not exist.` };
    }
  }
  const weights = weightsAt(world, rule);
  const testWeights = testRule === undefined ? [] : weightsAt(world, testRule);
  if (weights === undefined || testWeights === undefined) {
    return { wrong: 'One or more rules not found' };
  }
  const live = weights.filter(({ weight }) => weight > 0).map(({ targetGroup }) => targetGroup);
  const [blue = '', second] = live;
  if (second !== undefined || blue === '') {
    return {
      wrong: `productionListenerRule ${rule} should have exactly one target group serving traffic but found ${live.length} target groups which are serving traffic`,
    };
  }
  if (blue !== targetGroupArn && blue !== alternate) {
    return {
      wrong: `Production listener rule is forwarding traffic to unexpected target group ${blue}. Expected traffic to be forwarded to either targetGroupArn: ${targetGroupArn} or alternateTargetGroupArn: ${alternate}`,
    };
  }
  const green = blue === targetGroupArn ? alternate : targetGroupArn;
  const named = new Set([...weights, ...testWeights].map(({ targetGroup }) => targetGroup));
  if (!named.has(green)) {
    return {
      wrong:
        'Both targetGroup and alternateTargetGroup must be associated with the productionListenerRule or testListenerRule.',
    };
  }
  return { rule, ...(testRule !== undefined && { testRule }), blue, green };
}

/** The production rules, so that the target has this share; false: one of them is gone. */
export function shiftProduction(world: World, pairs: readonly Pair[], percent: number): boolean {
  return pairs.every(({ rule, blue, green }) => shift(world, rule, { blue, green, percent }));
}

/** The test rules; they stay where the production went (public logs). */
export function shiftTest(world: World, pairs: readonly Pair[], percent: number): boolean {
  return pairs.every(
    ({ testRule, blue, green }) =>
      testRule === undefined || shift(world, testRule, { blue, green, percent }),
  );
}

interface To {
  readonly blue: string;
  readonly green: string;
  readonly percent: number;
}

/** 100 and 0 when it is whole; in between 950 and 50 (public logs), or 95 and 5 by the world's choice. */
function shift(world: World, rule: string, { blue, green, percent }: To): boolean {
  if (weightsAt(world, rule) === undefined) return false;
  const isWhole = percent === 0 || percent === 100;
  const scale = isWhole ? 100 : (world.ecs.unknowns?.weightScale ?? 1_000);
  const own = Math.round((percent * scale) / 100);
  setWeights(world, rule, [
    { targetGroup: blue, weight: scale - own },
    { targetGroup: green, weight: own },
  ]);
  return true;
}

/** A Network Load Balancer's listener: its shifts take ten minutes more (docs, nlb-resources-for-blue-green). */
export function isNetwork({ rule }: Pair): boolean {
  return rule.includes(':listener/net/');
}
