/** A service of the config behind two target groups of a load balancer, and Slipway in that cloud. */
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { loadBalancerPath, targetGroupPath } from '@slipway/local-cloud/elbv2/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { advance, execute } from '@slipway/local-cloud/services.ts';
import { addTraffic, servedBy } from '@slipway/local-cloud/traffic/state.ts';
import { Cloud } from '../../../local/slipway/slipway-cloud.ts';
import { worldOf } from '../../../local/stories/scenario-world.ts';
import { definePipeline, ecsService } from '../../../shared/config/config.ts';
import type { EcsServiceInput } from '../../../shared/config/input.ts';

const MINUTE = 60_000;

function pipelineWith(strategy: EcsServiceInput['strategy']) {
  return definePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    targets: {
      web: ecsService({
        cluster: 'production',
        service: 'web',
        containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
        alarms: ['web-5xx'],
        rollout: { circuitBreaker: { enable: true } },
        strategy,
      }),
    },
  });
}

interface Made {
  readonly TargetGroups?: readonly { readonly TargetGroupArn: string }[];
  readonly LoadBalancers?: readonly { readonly LoadBalancerArn: string }[];
  readonly Listeners?: readonly { readonly ListenerArn: string }[];
  readonly Rules?: readonly { readonly RuleArn: string }[];
}

export interface Shifting {
  readonly cloud: Cloud;
  readonly rule: string;
}

/** It rolled into its load balancer an hour ago; 50 requests a second come by the rule. */
export async function shifting(strategy: EcsServiceInput['strategy'], seed = 1): Promise<Shifting> {
  const pipeline = pipelineWith(strategy);
  const world = worldOf(pipeline, {}, seed);
  const elb = (operation: string, input: object) =>
    execute(world, 'elasticloadbalancing', operation, input) as Made;
  const group = (Name: string) => {
    const { TargetGroups } = elb('CreateTargetGroup', { Name, Port: 8080, TargetType: 'ip' });
    const TargetGroupArn = TargetGroups?.[0]?.TargetGroupArn ?? '';
    elb('ModifyTargetGroup', {
      TargetGroupArn,
      HealthCheckIntervalSeconds: 10,
      HealthyThresholdCount: 2,
    });
    return TargetGroupArn;
  };
  const [blue, green] = [group('web-blue'), group('web-green')];
  const balancer =
    elb('CreateLoadBalancer', { Name: 'web' }).LoadBalancers?.[0]?.LoadBalancerArn ?? '';
  const { Listeners } = elb('CreateListener', {
    LoadBalancerArn: balancer,
    Port: 80,
    DefaultActions: [{ Type: 'fixed-response', FixedResponseConfig: { StatusCode: '404' } }],
  });
  const { Rules } = elb('CreateRule', {
    ListenerArn: Listeners?.[0]?.ListenerArn,
    Priority: 1,
    Conditions: [{ Field: 'path-pattern', Values: ['/*'] }],
    Actions: [
      {
        Type: 'forward',
        ForwardConfig: {
          TargetGroups: [
            { TargetGroupArn: blue, Weight: 100 },
            { TargetGroupArn: green, Weight: 0 },
          ],
        },
      },
    ],
  });
  const rule = Rules?.[0]?.RuleArn ?? '';
  execute(world, 'ecs', 'UpdateService', {
    cluster: 'production',
    service: 'web',
    loadBalancers: [
      {
        targetGroupArn: blue,
        containerName: 'app',
        containerPort: 8080,
        advancedConfiguration: {
          alternateTargetGroupArn: green,
          productionListenerRule: rule,
          roleArn: 'arn:aws:iam::123456789012:role/infrastructure',
        },
      },
    ],
  });
  advance(world, world.now + 20 * MINUTE);
  world.traffic.sources = [];
  addTraffic(world, {
    cluster: 'production',
    service: 'web',
    loadBalancer: loadBalancerPath(balancer),
    targetGroup: targetGroupPath(blue),
    rule,
    requestsPerSecond: 50,
  });
  putAlarm(world, loadBalancerPath(balancer));
  advance(world, world.now + 40 * MINUTE);
  const cloud = await Cloud.start({ world, pipeline, seed });
  await cloud.runUntil(world.now + 3 * MINUTE);
  return { cloud, rule };
}

/** More than one answer in a hundred is an error, of both groups together, in two of three minutes. */
function putAlarm(world: World, loadBalancer: string): void {
  const metric = (Id: string, MetricName: string) => ({
    Id,
    ReturnData: false,
    MetricStat: {
      Metric: {
        Namespace: 'AWS/ApplicationELB',
        MetricName,
        Dimensions: [{ Name: 'LoadBalancer', Value: loadBalancer }],
      },
      Period: 60,
      Stat: 'Sum',
    },
  });
  execute(world, 'monitoring', 'PutMetricAlarm', {
    AlarmName: 'web-5xx',
    Metrics: [
      { Id: 'rate', Expression: '100 * FILL(err, 0) / req', ReturnData: true },
      metric('err', 'HTTPCode_Target_5XX_Count'),
      metric('req', 'RequestCount'),
    ],
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    Threshold: 1,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: 'notBreaching',
  });
}

/** Pushes an image that behaves so, and lets so much time pass; answers the bad requests. */
export async function badAfterPush(
  { cloud }: Shifting,
  { minutes, ...behaviour }: Behaviour & { readonly minutes: number },
): Promise<number> {
  const { world } = cloud;
  const before = servedBy(world, 'production', 'web').bad;
  pushImage(world, { repository: 'shop/web', tag: 'main-1', behaviour });
  await cloud.runUntil(world.now + minutes * MINUTE);
  return servedBy(world, 'production', 'web').bad - before;
}
