/**
 * Forward actions: how AWS answers them, which weights they give to target groups, and how they
 * change. ECS changes them the same way as a client.
 */
import type { Action } from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { CHANGES_MOST, forwarderOf, type Weight } from './state.ts';

/** API reference, TargetGroupTuple and ForwardActionConfig. */
const WEIGHT_MOST = 999;
const GROUPS_MOST = 5;

/** The weights of whatever forwards among these actions; none if they answer by themselves. */
function weightsIn(actions: readonly Action[]): readonly Weight[] {
  const forward = actions.find(({ Type }) => Type === 'forward');
  const tuples = forward?.ForwardConfig?.TargetGroups;
  if (tuples === undefined || tuples.length === 0) {
    return forward?.TargetGroupArn === undefined
      ? []
      : [{ targetGroup: forward.TargetGroupArn, weight: 1 }];
  }
  return tuples.map(({ TargetGroupArn = '', Weight = 1 }) => ({
    targetGroup: TargetGroupArn,
    weight: Weight,
  }));
}

/** The weights of a rule, or of a listener; undefined if there is no such thing. */
export function weightsAt(world: World, arn: string): readonly Weight[] | undefined {
  const forwarder = forwarderOf(world, arn);
  return forwarder && weightsIn(forwarder.actions);
}

/**
 * As AWS answers them: one target group by its ARN *and* as a list with weight 1, two as a list only
 * (capture: elbv2-shapes; the list of two: public logs).
 */
export function normalisedActions(world: World, actions: readonly Action[] = []): Action[] {
  if (actions.length === 0) {
    throw new AwsError('ValidationError', 'Actions must not be empty');
  }
  return actions.map((action) => {
    if (action.Type !== 'forward') return structuredClone(action);
    const weights = weightsIn([action]);
    refuseBadWeights(world, weights);
    const [first] = weights;
    const { TargetGroupStickinessConfig = { Enabled: false } } = action.ForwardConfig ?? {};
    return {
      Type: 'forward',
      ...(action.Order !== undefined && { Order: action.Order }),
      ...(weights.length === 1 && { TargetGroupArn: first?.targetGroup }),
      ForwardConfig: {
        TargetGroups: weights.map(({ targetGroup, weight }) => ({
          TargetGroupArn: targetGroup,
          Weight: weight,
        })),
        TargetGroupStickinessConfig,
      },
    };
  });
}

function refuseBadWeights(world: World, weights: readonly Weight[]): void {
  if (weights.length === 0 || weights.length > GROUPS_MOST) {
    throw new AwsError(
      'ValidationError',
      `A forward action must have between 1 and ${GROUPS_MOST} target groups`,
    );
  }
  for (const { targetGroup, weight } of weights) {
    if (world.elbv2.targetGroups[targetGroup] === undefined) {
      throw new AwsError('TargetGroupNotFoundException', 'One or more target groups not found');
    }
    if (!Number.isInteger(weight) || weight < 0 || weight > WEIGHT_MOST) {
      throw new AwsError('ValidationError', `Weight must be between 0 and ${WEIGHT_MOST}`);
    }
  }
}

/** Replaces the actions of a rule or listener that is there, and notes how it forwards now. */
export function setActions(world: World, arn: string, actions: Action[]): void {
  const forwarder = forwarderOf(world, arn);
  if (forwarder === undefined) return;
  forwarder.actions = actions;
  const { changes } = world.elbv2;
  changes.push({ at: world.now, arn, weights: weightsIn(actions) });
  if (changes.length > CHANGES_MOST) changes.shift();
}

/** What ECS does to a rule: only the weights change; its stickiness and what stands before stay. */
export function setWeights(world: World, arn: string, weights: readonly Weight[]): void {
  const forwarder = forwarderOf(world, arn);
  if (forwarder === undefined) return;
  const before = forwarder.actions.find(({ Type }) => Type === 'forward');
  const forward: Action = {
    Type: 'forward',
    ...(before?.Order !== undefined && { Order: before.Order }),
    ForwardConfig: {
      TargetGroups: weights.map(({ targetGroup, weight }) => ({
        TargetGroupArn: targetGroup,
        Weight: weight,
      })),
      TargetGroupStickinessConfig: before?.ForwardConfig?.TargetGroupStickinessConfig ?? {
        Enabled: false,
      },
    },
  };
  const others = forwarder.actions.filter((action) => action !== before);
  setActions(world, arn, [...others, forward]);
}

/** The load balancers whose listeners and rules name this group. */
export function loadBalancersOf(world: World, targetGroup: string): string[] {
  const { listeners, rules } = world.elbv2;
  const names = (actions: readonly Action[]) =>
    weightsIn(actions).some((one) => one.targetGroup === targetGroup);
  const found = new Set<string>();
  for (const listener of Object.values(listeners)) {
    if (names(listener.actions)) found.add(listener.loadBalancer);
  }
  for (const { actions, listener } of Object.values(rules)) {
    const balancer = listeners[listener]?.loadBalancer;
    if (balancer !== undefined && names(actions)) found.add(balancer);
  }
  return [...found];
}

/** API reference, CreateListener: a target group belongs to one load balancer. */
export function refuseSecondBalancer(
  world: World,
  loadBalancer: string,
  actions: readonly Action[],
): void {
  for (const { targetGroup } of weightsIn(actions)) {
    if (loadBalancersOf(world, targetGroup).every((other) => other === loadBalancer)) continue;
    throw new AwsError(
      'TargetGroupAssociationLimitException',
      `The following target groups cannot be associated with more than one load balancer: ${targetGroup}`,
    );
  }
}
