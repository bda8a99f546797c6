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
 * Of each group by itself, and the worse one counts: they swap their parts with each release, and at a share of
 * 5 % the errors of all requests are a twentieth of those that the release makes. ELB reports nothing where there is
 * nothing: without FILL a minute without errors would be a minute without data. The requests have none, since
 * CloudWatch would take what is filled for the newest minutes, whose metrics are not there yet ("Using metric
 * math", FILL: such an alarm can be stuck in OK); MAX takes the groups that have data (unverified).
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
  const rates = groups.map(
    (_, n) => `IF(requests${n} >= ${REQUESTS_MIN}, 100 * FILL(errors${n}, 0) / requests${n}, 0)`,
  );
  return new cloudwatch.MathExpression({
    expression: `MAX([${rates.join(', ')}])`,
    label: 'errors in percent',
    usingMetrics,
    period: MINUTE,
  });
}
