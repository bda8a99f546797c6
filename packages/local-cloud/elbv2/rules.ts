/** Rules of listeners of Application Load Balancers. */
import type {
  CreateRuleCommandInput,
  DeleteRuleCommandInput,
  DescribeRulesCommandInput,
  ModifyRuleCommandInput,
  Rule,
  RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { normalisedActions, refuseSecondBalancer, setActions } from './forward.ts';
import { listenerAt } from './listeners.ts';
import { below, newId, pageOf } from './names.ts';
import { forwarderOf, type RuleRecord } from './state.ts';

export function CreateRule(world: World, input: CreateRuleCommandInput) {
  const listener = listenerAt(world, input.ListenerArn);
  refuseNetwork(listener.arn);
  const priority = input.Priority ?? 0;
  const taken = rulesOf(world, listener.arn).some((rule) => rule.priority === priority);
  if (taken) {
    throw new AwsError('PriorityInUseException', `Priority '${priority}' is currently in use`);
  }
  const actions = normalisedActions(world, input.Actions);
  refuseSecondBalancer(world, listener.loadBalancer, actions);
  const record: RuleRecord = {
    arn: below(listener.arn, 'listener-rule', newId(world)),
    listener: listener.arn,
    priority,
    conditions: normalisedConditions(input.Conditions),
    actions: [],
  };
  world.elbv2.rules[record.arn] = record;
  setActions(world, record.arn, actions);
  return { Rules: [viewRule(world, record)] };
}

export function DescribeRules(world: World, input: DescribeRulesCommandInput) {
  const { ListenerArn: listener, RuleArns: arns } = input;
  if ((listener === undefined) === (arns === undefined)) {
    throw new AwsError('ValidationError', 'You must specify either listener ARN or rule ARNs');
  }
  if (listener !== undefined) refuseNetwork(listenerAt(world, listener).arn);
  const found =
    listener === undefined
      ? [...new Set(arns)].map((arn) => ruleAt(world, arn))
      : rulesOf(world, listener);
  const { page, next } = pageOf(found, input);
  return { Rules: page.map((rule) => viewRule(world, rule)), ...next };
}

/** The default rule's actions are its listener's (API reference: "use ModifyListener"); the text is unverified. */
export function ModifyRule(world: World, input: ModifyRuleCommandInput) {
  const record = ruleAt(world, input.RuleArn);
  if (record.priority === undefined) {
    throw new AwsError(
      'OperationNotPermittedException',
      `Default rule '${record.arn}' cannot be modified`,
    );
  }
  if (input.Actions !== undefined) {
    const actions = normalisedActions(world, input.Actions);
    const { loadBalancer } = listenerAt(world, record.listener);
    refuseSecondBalancer(world, loadBalancer, actions);
    setActions(world, record.arn, actions);
  }
  if (input.Conditions !== undefined) record.conditions = normalisedConditions(input.Conditions);
  return { Rules: [viewRule(world, record)] };
}

export function DeleteRule(world: World, input: DeleteRuleCommandInput) {
  const record = ruleAt(world, input.RuleArn);
  if (record.priority === undefined) {
    throw new AwsError(
      'OperationNotPermittedException',
      `Default rule '${record.arn}' cannot be deleted`,
    );
  }
  delete world.elbv2.rules[record.arn];
  return {};
}

/** By their priority, the default rule last. */
function rulesOf(world: World, listener: string): RuleRecord[] {
  const last = Number.POSITIVE_INFINITY;
  return Object.values(world.elbv2.rules)
    .filter((rule) => rule.listener === listener)
    .sort((a, b) => (a.priority ?? last) - (b.priority ?? last));
}

function ruleAt(world: World, arn: string | undefined): RuleRecord {
  const found = world.elbv2.rules[arn ?? ''];
  if (found !== undefined) return found;
  throw new AwsError('RuleNotFoundException', 'One or more rules not found');
}

/** A Network Load Balancer's listener has no rules; the text is unverified. */
function refuseNetwork(listener: string): void {
  if (!listener.includes(':listener/net/')) return;
  throw new AwsError(
    'UnsupportedProtocolException',
    'Rules are only supported for listeners of Application Load Balancers',
  );
}

/** A condition by the older `Values` is answered with its newer form, too (capture: elbv2-shapes). */
function normalisedConditions(conditions: readonly RuleCondition[] = []): RuleCondition[] {
  return conditions.map((condition) => {
    const { Field, Values } = condition;
    if (Values === undefined || Values.length === 0) return structuredClone(condition);
    return {
      ...structuredClone(condition),
      ...(Field === 'path-pattern' && { PathPatternConfig: { Values: [...Values] } }),
      ...(Field === 'host-header' && { HostHeaderConfig: { Values: [...Values] } }),
    };
  });
}

function viewRule(world: World, record: RuleRecord): Rule {
  return {
    RuleArn: record.arn,
    Priority: record.priority === undefined ? 'default' : String(record.priority),
    Conditions: structuredClone(record.conditions),
    Actions: structuredClone(forwarderOf(world, record.arn)?.actions ?? []),
    IsDefault: record.priority === undefined,
    Transforms: [],
  };
}
