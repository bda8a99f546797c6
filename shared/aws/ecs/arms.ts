/** Between which target groups a service revision's traffic is shifted, and which of them is its own. */
import type { ECSClient, LoadBalancer, ServiceRevision } from '@aws-sdk/client-ecs';
import type { ArmPair, ObservedArms } from '../../traffic-ports.ts';
import { describeRevisions } from './rollouts.ts';

/** By DescribeServiceRevisions. */
export async function describeArms(
  client: ECSClient,
  serviceRevision: string,
): Promise<ObservedArms> {
  const [found] = await describeRevisions(client, [serviceRevision]);
  return found === undefined
    ? none('ECS does not know its service revision any more')
    : armsOf(found);
}

/** ECS never swaps the two groups in the configuration: which is live, only `resolvedConfiguration` tells. */
export function armsOf({
  loadBalancers = [],
  resolvedConfiguration,
}: Pick<ServiceRevision, 'loadBalancers' | 'resolvedConfiguration'>): ObservedArms {
  if (loadBalancers.length === 0) {
    return none('the service has no load balancer, so nobody counts requests by revision');
  }
  const resolved = resolvedConfiguration?.loadBalancers ?? [];
  const own = resolved.flatMap(({ targetGroupArn }) => targetGroupArn ?? []).map(dimensionOf);
  const pairs: ArmPair[] = [];
  for (const balancer of loadBalancers) {
    const pair = pairOf(balancer, own);
    if (typeof pair === 'string') return none(pair);
    pairs.push(pair);
  }
  return { state: 'known', pairs };
}

function none(because: string): ObservedArms {
  return { state: 'none', because };
}

function pairOf(
  { targetGroupArn = '', advancedConfiguration }: LoadBalancer,
  own: readonly string[],
): ArmPair | string {
  const { alternateTargetGroupArn: second, productionListenerRule: rule } =
    advancedConfiguration ?? {};
  if (second === undefined || rule === undefined) {
    return 'both revisions stand behind one target group, which counts them together';
  }
  // The rule's ARN has that of its load balancer: …:listener-rule/app/<name>/<id>/<listener>/<rule>.
  const [, loadBalancer] = /:listener(?:-rule)?\/(app\/[^/]+\/[^/]+)\//.exec(rule) ?? [];
  if (loadBalancer === undefined) {
    return 'its load balancer counts no requests: only an Application Load Balancer does';
  }
  const groups = [dimensionOf(targetGroupArn), dimensionOf(second)] as const;
  const mine = groups.filter((group) => own.includes(group));
  const [only] = mine;
  return {
    rule,
    loadBalancer,
    groups,
    ...(only !== undefined && mine.length === 1 && { own: only }),
  };
}

/** `targetgroup/<name>/<id>`: the end of the ARN. */
function dimensionOf(targetGroup: string): string {
  return targetGroup.slice(targetGroup.lastIndexOf(':') + 1);
}
