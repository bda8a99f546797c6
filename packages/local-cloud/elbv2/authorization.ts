/** What each operation of Elastic Load Balancing v2 asks of IAM. Those that only look know no resources. */
import { ANY, arnOf, type Need, type NeedsOf, need } from '../kernel/authorization.ts';
import type { World } from '../kernel/world.ts';
import type { elbv2Operations } from './operations.ts';

const ask = (action: string, resource: string): readonly Need[] => [
  need(`elasticloadbalancing:${action}`, resource),
];

const looks = (action: string) => () => ask(action, ANY);

/** The id at the end is not known before. */
const made =
  (action: string, pathOf: (input: { readonly Name?: string; readonly Type?: string }) => string) =>
  (world: World, input: { readonly Name?: string; readonly Type?: string }) =>
    ask(action, arnOf(world, 'elasticloadbalancing', `${pathOf(input)}/${input.Name ?? ''}/*`));

const onBalancer =
  (action: string) =>
  (_world: World, { LoadBalancerArn = ANY }: { readonly LoadBalancerArn?: string }) =>
    ask(action, LoadBalancerArn);
const onListener =
  (action: string) =>
  (_world: World, { ListenerArn = ANY }: { readonly ListenerArn?: string }) =>
    ask(action, ListenerArn);
const onRule =
  (action: string) =>
  (_world: World, { RuleArn = ANY }: { readonly RuleArn?: string }) =>
    ask(action, RuleArn);
const onGroup =
  (action: string) =>
  (_world: World, { TargetGroupArn = ANY }: { readonly TargetGroupArn?: string }) =>
    ask(action, TargetGroupArn);

export const elbv2Needs: NeedsOf<typeof elbv2Operations> = {
  CreateLoadBalancer: made(
    'CreateLoadBalancer',
    ({ Type }) => `loadbalancer/${Type === 'network' ? 'net' : 'app'}`,
  ),
  DescribeLoadBalancers: looks('DescribeLoadBalancers'),
  DeleteLoadBalancer: onBalancer('DeleteLoadBalancer'),
  CreateListener: onBalancer('CreateListener'),
  DescribeListeners: looks('DescribeListeners'),
  ModifyListener: onListener('ModifyListener'),
  DeleteListener: onListener('DeleteListener'),
  CreateRule: onListener('CreateRule'),
  DescribeRules: looks('DescribeRules'),
  ModifyRule: onRule('ModifyRule'),
  DeleteRule: onRule('DeleteRule'),
  CreateTargetGroup: made('CreateTargetGroup', () => 'targetgroup'),
  DescribeTargetGroups: looks('DescribeTargetGroups'),
  ModifyTargetGroup: onGroup('ModifyTargetGroup'),
  DeleteTargetGroup: onGroup('DeleteTargetGroup'),
  DescribeTargetGroupAttributes: looks('DescribeTargetGroupAttributes'),
  ModifyTargetGroupAttributes: onGroup('ModifyTargetGroupAttributes'),
  RegisterTargets: onGroup('RegisterTargets'),
  DeregisterTargets: onGroup('DeregisterTargets'),
  DescribeTargetHealth: looks('DescribeTargetHealth'),
};
