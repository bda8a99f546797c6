/** Listeners. One of an Application Load Balancer has a default rule, with an ARN of its own. */
import type {
  CreateListenerCommandInput,
  DeleteListenerCommandInput,
  DescribeListenersCommandInput,
  Listener,
  ModifyListenerCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { normalisedActions, refuseSecondBalancer, setActions } from './forward.ts';
import { loadBalancerAt } from './load-balancers.ts';
import { below, newId, pageOf } from './names.ts';
import type { ListenerRecord } from './state.ts';

export function CreateListener(world: World, input: CreateListenerCommandInput) {
  const balancer = loadBalancerAt(world, input.LoadBalancerArn);
  const isApplication = balancer.type === 'application';
  const { Port: port = 80, Protocol: protocol = isApplication ? 'HTTP' : 'TCP' } = input;
  const { listeners } = world.elbv2;
  const taken = Object.values(listeners).some(
    (other) => other.loadBalancer === balancer.arn && other.port === port,
  );
  if (taken) {
    throw new AwsError(
      'DuplicateListenerException',
      'A listener already exists on this port for this load balancer',
    );
  }
  const actions = normalisedActions(world, input.DefaultActions);
  refuseSecondBalancer(world, balancer.arn, actions);
  const record: ListenerRecord = {
    arn: below(balancer.arn, 'listener', newId(world)),
    loadBalancer: balancer.arn,
    port,
    protocol,
    actions: [],
  };
  listeners[record.arn] = record;
  setActions(world, record.arn, actions);
  if (isApplication) {
    const arn = below(record.arn, 'listener-rule', newId(world));
    world.elbv2.rules[arn] = { arn, listener: record.arn, conditions: [], actions: [] };
  }
  return { Listeners: [viewListener(record)] };
}

export function DescribeListeners(world: World, input: DescribeListenersCommandInput) {
  const { LoadBalancerArn: balancer, ListenerArns: arns } = input;
  if (balancer === undefined && arns === undefined) {
    throw new AwsError(
      'ValidationError',
      'You must specify either listener ARNs or a load balancer ARN',
    );
  }
  if (balancer !== undefined) loadBalancerAt(world, balancer);
  const found = Object.values(world.elbv2.listeners).filter(
    ({ arn, loadBalancer }) =>
      (arns?.includes(arn) ?? true) && (balancer === undefined || loadBalancer === balancer),
  );
  if (found.length < (arns?.length ?? 0)) throw listenerNotFound();
  const { page, next } = pageOf(found, input);
  return { Listeners: page.map(viewListener), ...next };
}

export function ModifyListener(world: World, input: ModifyListenerCommandInput) {
  const record = listenerAt(world, input.ListenerArn);
  if (input.DefaultActions !== undefined) {
    const actions = normalisedActions(world, input.DefaultActions);
    refuseSecondBalancer(world, record.loadBalancer, actions);
    setActions(world, record.arn, actions);
  }
  record.port = input.Port ?? record.port;
  record.protocol = input.Protocol ?? record.protocol;
  return { Listeners: [viewListener(record)] };
}

export function DeleteListener(world: World, input: DeleteListenerCommandInput) {
  const { arn } = listenerAt(world, input.ListenerArn);
  delete world.elbv2.listeners[arn];
  for (const rule of Object.values(world.elbv2.rules)) {
    if (rule.listener === arn) delete world.elbv2.rules[rule.arn];
  }
  return {};
}

export function listenerAt(world: World, arn: string | undefined): ListenerRecord {
  const found = world.elbv2.listeners[arn ?? ''];
  if (found === undefined) throw listenerNotFound();
  return found;
}

/** The text is unverified. */
function listenerNotFound(): AwsError {
  return new AwsError('ListenerNotFoundException', 'One or more listeners not found');
}

function viewListener(record: ListenerRecord): Listener {
  const { arn, loadBalancer, port, protocol, actions } = record;
  return {
    ListenerArn: arn,
    LoadBalancerArn: loadBalancer,
    Port: port,
    Protocol: protocol as NonNullable<Listener['Protocol']>,
    DefaultActions: structuredClone(actions),
  };
}
