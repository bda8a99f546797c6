/** What a client can ask of the local load balancers, by operation name. */
import type { World } from '../kernel/world.ts';
import { CreateListener, DeleteListener, DescribeListeners, ModifyListener } from './listeners.ts';
import { CreateLoadBalancer, DeleteLoadBalancer, DescribeLoadBalancers } from './load-balancers.ts';
import { CreateRule, DeleteRule, DescribeRules, ModifyRule } from './rules.ts';
import {
  CreateTargetGroup,
  DeleteTargetGroup,
  DescribeTargetGroupAttributes,
  DescribeTargetGroups,
  ModifyTargetGroup,
  ModifyTargetGroupAttributes,
} from './target-groups.ts';
import { DeregisterTargets, DescribeTargetHealth, RegisterTargets } from './targets.ts';

export const elbv2Operations = {
  CreateLoadBalancer,
  DescribeLoadBalancers,
  DeleteLoadBalancer,
  CreateListener,
  DescribeListeners,
  ModifyListener,
  DeleteListener,
  CreateRule,
  DescribeRules,
  ModifyRule,
  DeleteRule,
  CreateTargetGroup,
  DescribeTargetGroups,
  ModifyTargetGroup,
  DeleteTargetGroup,
  DescribeTargetGroupAttributes,
  ModifyTargetGroupAttributes,
  RegisterTargets,
  DeregisterTargets,
  DescribeTargetHealth,
} satisfies Record<string, (world: World, input: never) => unknown>;
