/** The alarms of the example service: the ones by which a release is judged. */
import {
  aws_cloudwatch as cloudwatch,
  Duration,
  aws_elasticloadbalancingv2 as elb,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { FrontDoor } from './network.ts';

/** Under so many requests a minute a rate says nothing: one error of three would be 33 %. */
const REQUESTS_MIN = 20;
const ERROR_PERCENT = 5;
const MINUTE = Duration.minutes(1);

export interface ServiceAlarms {
  /** Releases are rolled back by these: their names. */
  readonly forReleases: string[];
}

export function createServiceAlarms(
  scope: Construct,
  service: string,
  fiveXx: string,
  { loadBalancer, blue, green }: FrontDoor,
): ServiceAlarms {
  const alarm = (
    alarmName: string,
    alarmDescription: string,
    metric: cloudwatch.IMetric,
    threshold: number,
    comparisonOperator = cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
  ) => {
    new cloudwatch.Alarm(scope, alarmName, {
      alarmName,
      alarmDescription,
      metric,
      threshold,
      comparisonOperator,
      // Two of three minutes: one slow minute is weather, two are a release.
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    return alarmName;
  };
  const unhealthy = [blue, green].map((group, index) => [
    `m${index}`,
    group.metrics.unhealthyHostCount({ statistic: 'Maximum', period: MINUTE }),
  ]);
  return {
    forReleases: [
      alarm(
        fiveXx,
        `More than ${ERROR_PERCENT} % of the answers of ${service} are errors`,
        errorRate([blue, green]),
        ERROR_PERCENT,
      ),
      alarm(
        `${service}-elb-5xx`,
        'The load balancer answers for tasks that are gone or do not answer',
        loadBalancer.metrics.httpCodeElb(elb.HttpCodeElb.ELB_5XX_COUNT, {
          statistic: 'Sum',
          period: MINUTE,
        }),
        10,
      ),
      alarm(
        `${service}-slow`,
        `One of a hundred answers of ${service} takes longer than a second`,
        loadBalancer.metrics.targetResponseTime({ statistic: 'p99', period: MINUTE }),
        1,
      ),
      alarm(
        `${service}-unhealthy`,
        `Tasks of ${service} fail their health check`,
        new cloudwatch.MathExpression({
          expression: 'FILL(m0, 0) + FILL(m1, 0)',
          label: 'unhealthy tasks',
          usingMetrics: Object.fromEntries(unhealthy),
          period: MINUTE,
        }),
        0,
      ),
    ],
  };
}

/**
 * In both groups together, since they swap their parts. ELB reports nothing where there is nothing:
 * without FILL a minute without errors would be a minute without data.
 */
function errorRate(groups: readonly elb.ApplicationTargetGroup[]): cloudwatch.MathExpression {
  const usingMetrics = Object.fromEntries(
    groups.flatMap((group, index) => [
      [
        `errors${index}`,
        group.metrics.httpCodeTarget(elb.HttpCodeTarget.TARGET_5XX_COUNT, {
          statistic: 'Sum',
          period: MINUTE,
        }),
      ],
      [`requests${index}`, group.metrics.requestCount({ statistic: 'Sum', period: MINUTE })],
    ]),
  );
  const errors = '(FILL(errors0, 0) + FILL(errors1, 0))';
  const requests = '(FILL(requests0, 0) + FILL(requests1, 0))';
  return new cloudwatch.MathExpression({
    expression: `IF(${requests} >= ${REQUESTS_MIN}, 100 * ${errors} / ${requests}, 0)`,
    label: 'errors in percent',
    usingMetrics,
    period: MINUTE,
  });
}
