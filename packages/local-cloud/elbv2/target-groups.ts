/** Target groups, their health checks and their attributes. */
import type {
  CreateTargetGroupCommandInput,
  DeleteTargetGroupCommandInput,
  DescribeTargetGroupAttributesCommandInput,
  DescribeTargetGroupsCommandInput,
  ModifyTargetGroupAttributesCommandInput,
  ModifyTargetGroupCommandInput,
  TargetGroup,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { loadBalancersOf } from './forward.ts';
import { loadBalancerAt } from './load-balancers.ts';
import { elbArn, newId, pageOf, refuseBadName } from './names.ts';
import type { HealthCheck, TargetGroupRecord } from './state.ts';

/** The published defaults (capture: target_group_native; a Network Load Balancer's: API reference). */
function defaultCheck(protocol: string): HealthCheck {
  const http = protocol === 'HTTP' || protocol === 'HTTPS';
  return {
    protocol: http ? protocol : 'TCP',
    port: 'traffic-port',
    ...(http && { path: '/', matcher: '200' }),
    intervalSeconds: 30,
    timeoutSeconds: http ? 5 : 10,
    healthyThreshold: 5,
    unhealthyThreshold: 2,
  };
}

/** Capture: target_group_native. */
const ATTRIBUTES: Readonly<Record<string, string>> = {
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.percentage': 'off',
  'deregistration_delay.timeout_seconds': '300',
  'stickiness.type': 'lb_cookie',
  'stickiness.lb_cookie.duration_seconds': '86400',
  'slow_start.duration_seconds': '0',
  'stickiness.app_cookie.duration_seconds': '86400',
  'load_balancing.algorithm.type': 'round_robin',
  'load_balancing.cross_zone.enabled': 'use_load_balancer_configuration',
  'target_group_health.dns_failover.minimum_healthy_targets.percentage': 'off',
  'target_group_health.unhealthy_state_routing.minimum_healthy_targets.count': '1',
  'stickiness.enabled': 'false',
  'target_group_health.dns_failover.minimum_healthy_targets.count': '1',
  'stickiness.app_cookie.cookie_name': '',
  'load_balancing.algorithm.anomaly_mitigation': 'off',
};

export function CreateTargetGroup(world: World, input: CreateTargetGroupCommandInput) {
  refuseBadName('Target group', input.Name);
  const { Name: name = '', Protocol: protocol = 'HTTP', Port: port = 80 } = input;
  const { targetGroups } = world.elbv2;
  const known = Object.values(targetGroups).find((one) => one.name === name);
  if (known !== undefined && (known.port !== port || known.protocol !== protocol)) {
    throw new AwsError(
      'DuplicateTargetGroupNameException',
      `A target group with the same name '${name}' exists, but with different settings`,
    );
  }
  const record: TargetGroupRecord = known ?? {
    arn: elbArn(world, `targetgroup/${name}/${newId(world)}`),
    name,
    protocol,
    port,
    ...(input.VpcId !== undefined && { vpc: input.VpcId }),
    targetType: input.TargetType ?? 'instance',
    check: changedCheck(defaultCheck(protocol), input),
    attributes: { ...ATTRIBUTES },
    targets: [],
  };
  targetGroups[record.arn] = record;
  return { TargetGroups: [viewTargetGroup(world, record, 'made')] };
}

export function DescribeTargetGroups(world: World, input: DescribeTargetGroupsCommandInput) {
  const { TargetGroupArns: arns, Names: names, LoadBalancerArn: balancer } = input;
  if (balancer !== undefined) loadBalancerAt(world, balancer);
  const found = Object.values(world.elbv2.targetGroups).filter(
    ({ arn, name }) =>
      (arns?.includes(arn) ?? true) &&
      (names?.includes(name) ?? true) &&
      (balancer === undefined || loadBalancersOf(world, arn).includes(balancer)),
  );
  if (found.length < (arns?.length ?? names?.length ?? 0)) throw notFound();
  const { page, next } = pageOf(found, input);
  return { TargetGroups: page.map((one) => viewTargetGroup(world, one, 'described')), ...next };
}

export function ModifyTargetGroup(world: World, input: ModifyTargetGroupCommandInput) {
  const record = targetGroupAt(world, input.TargetGroupArn);
  record.check = changedCheck(record.check, input);
  return { TargetGroups: [viewTargetGroup(world, record, 'described')] };
}

export function DeleteTargetGroup(world: World, input: DeleteTargetGroupCommandInput) {
  const arn = input.TargetGroupArn ?? '';
  if (loadBalancersOf(world, arn).length > 0) {
    throw new AwsError(
      'ResourceInUseException',
      `Target group '${arn}' is currently in use by a listener or a rule`,
    );
  }
  // One that is not there is deleted already (capture: target_group_native).
  delete world.elbv2.targetGroups[arn];
  return {};
}

export function DescribeTargetGroupAttributes(
  world: World,
  input: DescribeTargetGroupAttributesCommandInput,
) {
  return { Attributes: attributesOf(targetGroupAt(world, input.TargetGroupArn)) };
}

export function ModifyTargetGroupAttributes(
  world: World,
  input: ModifyTargetGroupAttributesCommandInput,
) {
  const record = targetGroupAt(world, input.TargetGroupArn);
  for (const { Key = '', Value = '' } of input.Attributes ?? []) {
    if (!Object.hasOwn(ATTRIBUTES, Key)) {
      throw new AwsError(
        'ValidationError',
        `Target group attribute key '${Key}' is not recognized`,
      );
    }
    record.attributes[Key] = Value;
  }
  return { Attributes: attributesOf(record) };
}

function attributesOf({ attributes }: TargetGroupRecord) {
  return Object.entries(attributes).map(([Key, Value]) => ({ Key, Value }));
}

export function targetGroupAt(world: World, arn: string | undefined): TargetGroupRecord {
  const found = world.elbv2.targetGroups[arn ?? ''];
  if (found === undefined) throw notFound();
  return found;
}

function notFound(): AwsError {
  return new AwsError('TargetGroupNotFoundException', 'One or more target groups not found');
}

function changedCheck(before: HealthCheck, input: Partial<CreateTargetGroupCommandInput>) {
  const path = input.HealthCheckPath ?? before.path;
  const matcher = input.Matcher?.HttpCode ?? before.matcher;
  return {
    protocol: input.HealthCheckProtocol ?? before.protocol,
    port: input.HealthCheckPort ?? before.port,
    ...(path !== undefined && { path }),
    ...(matcher !== undefined && { matcher }),
    intervalSeconds: input.HealthCheckIntervalSeconds ?? before.intervalSeconds,
    timeoutSeconds: input.HealthCheckTimeoutSeconds ?? before.timeoutSeconds,
    healthyThreshold: input.HealthyThresholdCount ?? before.healthyThreshold,
    unhealthyThreshold: input.UnhealthyThresholdCount ?? before.unhealthyThreshold,
  };
}

/** A new one is answered without `LoadBalancerArns` (capture: target_group_native). */
function viewTargetGroup(
  world: World,
  record: TargetGroupRecord,
  as: 'made' | 'described',
): TargetGroup {
  const { arn, name, protocol, port, vpc, targetType, check } = record;
  return {
    TargetGroupArn: arn,
    TargetGroupName: name,
    Protocol: protocol as NonNullable<TargetGroup['Protocol']>,
    Port: port,
    ...(vpc !== undefined && { VpcId: vpc }),
    HealthCheckProtocol: check.protocol as NonNullable<TargetGroup['HealthCheckProtocol']>,
    HealthCheckPort: check.port,
    HealthCheckEnabled: true,
    HealthCheckIntervalSeconds: check.intervalSeconds,
    HealthCheckTimeoutSeconds: check.timeoutSeconds,
    HealthyThresholdCount: check.healthyThreshold,
    UnhealthyThresholdCount: check.unhealthyThreshold,
    ...(check.path !== undefined && { HealthCheckPath: check.path }),
    ...(check.matcher !== undefined && { Matcher: { HttpCode: check.matcher } }),
    ...(as === 'described' && { LoadBalancerArns: loadBalancersOf(world, arn) }),
    TargetType: targetType as NonNullable<TargetGroup['TargetType']>,
    ...(check.path !== undefined && { ProtocolVersion: 'HTTP1' }),
    IpAddressType: 'ipv4',
  };
}
