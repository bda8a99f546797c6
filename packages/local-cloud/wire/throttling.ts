/**
 * How much AWS lets an account ask: token buckets, by family of operations, as published. A layer
 * for the hook `fault` of a transport, and off unless somebody puts it there. Families that AWS does
 * not publish are not throttled.
 */
import type { Call, Fault } from '../kernel/call.ts';
import { AwsError } from '../kernel/errors.ts';

export interface Bucket {
  readonly family: string;
  readonly service: string;
  readonly operations: readonly string[];
  /** Calls that may come at once. */
  readonly burst: number;
  /** Calls a second that it fills up with again. */
  readonly refill: number;
}

const ecs = (family: string, burst: number, refill: number, operations: readonly string[]) => ({
  family,
  service: 'ecs',
  operations,
  burst,
  refill,
});

/** A rate without a burst of its own: the bucket holds one second of it. */
const rate = (service: string, perSecond: number, operations: readonly string[]) =>
  operations.map((operation) => ({
    family: operation,
    service,
    operations: [operation],
    burst: perSecond,
    refill: perSecond,
  }));

/** docs, elb-api-throttling. The bucket of the whole account, 40 and 10 a second, is not imitated. */
const ELBV2: readonly Bucket[] = [
  {
    family: 'load balancer read',
    service: 'elasticloadbalancing',
    operations: [
      'DescribeLoadBalancers',
      'DescribeListeners',
      'DescribeRules',
      'DescribeTargetGroups',
      'DescribeTargetGroupAttributes',
      'DescribeTargetHealth',
    ],
    burst: 40,
    refill: 10,
  },
  {
    family: 'load balancer modify',
    service: 'elasticloadbalancing',
    operations: [
      'ModifyRule',
      'ModifyListener',
      'ModifyTargetGroup',
      'ModifyTargetGroupAttributes',
    ],
    burst: 20,
    refill: 3,
  },
  {
    family: 'targets',
    service: 'elasticloadbalancing',
    operations: ['RegisterTargets', 'DeregisterTargets'],
    burst: 20,
    refill: 4,
  },
];

/**
 * ECS: docs, request-throttling (2026). StopServiceDeployment stands in none of its families.
 * ECR: docs, service-quotas; DescribeImages is not listed. CloudWatch: docs, cloudwatch-limits.
 * EventBridge's PutEvents depends on the region, SSM's and SQS's are not published this way.
 */
export const BUCKETS: readonly Bucket[] = [
  ecs('task definition modify', 20, 1, ['RegisterTaskDefinition', 'DeregisterTaskDefinition']),
  ecs('task definition read', 50, 20, [
    'DescribeTaskDefinition',
    'ListTaskDefinitions',
    'ListTaskDefinitionFamilies',
  ]),
  ecs('service modify', 50, 5, ['CreateService', 'UpdateService', 'DeleteService']),
  ecs('service read', 100, 20, ['DescribeServices', 'ListServices']),
  ecs('service deployment', 50, 20, ['DescribeServiceDeployments', 'ListServiceDeployments']),
  ecs('service revision', 50, 20, ['DescribeServiceRevisions']),
  ecs('cluster resource read', 100, 20, ['DescribeTasks', 'ListTasks']),
  ecs('cluster resource modify', 100, 40, ['RunTask', 'StopTask']),
  ecs('cluster read', 50, 20, ['DescribeClusters', 'ListClusters']),
  ecs('cluster modify', 20, 1, ['CreateCluster', 'DeleteCluster']),
  ecs('tag modify', 20, 10, ['TagResource', 'UntagResource']),
  ecs('tag read', 50, 20, ['ListTagsForResource']),
  ...ELBV2,
  ...rate('ecr', 10, ['PutImage']),
  ...rate('ecr', 2_000, ['BatchGetImage']),
  ...rate('ecr', 500, ['GetAuthorizationToken']),
  ...rate('monitoring', 3, [
    'PutMetricAlarm',
    'PutCompositeAlarm',
    'DeleteAlarms',
    'SetAlarmState',
  ]),
  ...rate('monitoring', 9, ['DescribeAlarms']),
  ...rate('monitoring', 20, ['DescribeAlarmHistory']),
  ...rate('monitoring', 500, ['GetMetricData', 'PutMetricData']),
];

/** What AWS answers: `ThrottlingException`, where the service has no word of its own (unverified). */
const CODES: Readonly<Record<string, string>> = { monitoring: 'Throttling' };

/**
 * A hook that takes a token for each call and throttles when there is none. `now`: the clock, in
 * ms, by which the buckets fill up.
 */
export function throttling(
  now: () => number,
  buckets: readonly Bucket[] = BUCKETS,
): (call: Pick<Call, 'service' | 'operation'>) => Fault {
  const levels = new Map<Bucket, { tokens: number; at: number }>();
  const byName = new Map(
    buckets.flatMap((bucket) =>
      bucket.operations.map((operation) => [`${bucket.service}:${operation}`, bucket] as const),
    ),
  );
  return ({ service, operation }) => {
    const bucket = byName.get(`${service}:${operation}`);
    if (bucket === undefined) return 'none';
    const at = now();
    const level = levels.get(bucket) ?? { tokens: bucket.burst, at };
    const filled = level.tokens + (Math.max(0, at - level.at) / 1000) * bucket.refill;
    const tokens = Math.min(bucket.burst, filled);
    levels.set(bucket, { tokens: tokens >= 1 ? tokens - 1 : tokens, at });
    if (tokens >= 1) return 'none';
    return new AwsError(CODES[service] ?? 'ThrottlingException', 'Rate exceeded');
  };
}
