/** One page for whoever is on call: what became of releases, how fast, and whether the pipeline is well. */
import { aws_cloudwatch as cloudwatch, Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { defined } from '../../shared/core/model/defined.ts';
import { allOf, type Functions } from '../functions.ts';
import type { Queues } from '../queues.ts';
import { doraWidgets } from './dora.ts';
import type { Metrics } from './metrics.ts';

export interface DashboardProps {
  readonly name: string;
  readonly region: string;
  readonly queues: Queues;
  readonly functions: Functions;
  readonly metrics: Metrics;
  readonly alarms: readonly cloudwatch.Alarm[];
}

const HALF = { width: 12, height: 6 } as const;
const WHOLE = { width: 24, height: 6 } as const;
const HOUR = Duration.hours(1);

export function createDashboard(scope: Construct, props: DashboardProps): void {
  const { queues, functions, metrics } = props;
  const { told } = metrics;
  const lambdas = allOf(functions).map(([, parts]) => parts.function);
  const graph = (title: string, left: cloudwatch.IMetric[], label?: string) =>
    new cloudwatch.GraphWidget({
      ...HALF,
      title,
      region: props.region,
      left,
      leftYAxis: defined({ min: 0, showUnits: false, label }),
    });
  const hourly = (metric: cloudwatch.Metric) => metric.with({ period: HOUR });
  new cloudwatch.Dashboard(scope, 'dashboard', {
    dashboardName: props.name,
    defaultInterval: Duration.days(7),
    widgets: [
      [
        new cloudwatch.AlarmStatusWidget({
          ...WHOLE,
          height: 4,
          title: 'The pipeline itself',
          alarms: [...props.alarms],
        }),
      ],
      [
        graph('Releases', [hourly(told.started), hourly(told.proven), hourly(told.superseded)]),
        graph('Rollbacks, and releases that ended otherwise', [
          ...[told['rolled-back'], told.failed, told.refused, told.held].map(hourly),
        ]),
      ],
      [
        graph('Releases that ask a person', [hourly(told['needs-attention'])]),
        graph('Would have acted (watch mode)', [hourly(told['would-have'])]),
      ],
      ...(metrics.toldOfBuilds.length === 0
        ? []
        : [[graph('Builds', metrics.toldOfBuilds.map(hourly))]]),
      [alarmToRollback(props)],
      ...doraWidgets(props),
      [
        graph(
          'Age of the oldest message',
          queues.all.map(({ queue }) =>
            queue.metricApproximateAgeOfOldestMessage({
              statistic: 'Maximum',
              period: Duration.minutes(1),
            }),
          ),
          'seconds',
        ),
        graph(
          'Dead letters',
          [...queues.all.map(({ dead }) => dead), queues.unheard].map((queue) =>
            queue.metricApproximateNumberOfMessagesVisible({ statistic: 'Maximum' }),
          ),
        ),
      ],
      [
        graph(
          'Duration, 99th percentile',
          lambdas.map((each) => each.metricDuration({ statistic: 'p99' })),
          'ms',
        ),
        graph('Errors, and calls that AWS throttled', [
          ...lambdas.map((each) => each.metricErrors({ statistic: 'Sum' })),
          metrics.throttledCalls,
        ]),
      ],
    ],
  });
}

/**
 * The lines of one alarm's event carry one cause: the first is alarm-changed's that heard it, the
 * last one settle's call that sends the release back.
 */
function alarmToRollback({ functions, region }: DashboardProps): cloudwatch.LogQueryWidget {
  return new cloudwatch.LogQueryWidget({
    ...WHOLE,
    title: 'From hearing an alarm to asking ECS for the way back, in seconds',
    region,
    logGroupNames: [functions['alarm-changed'].logGroup, functions.reconcile.logGroup].map(
      ({ logGroupName }) => logGroupName,
    ),
    view: cloudwatch.LogQueryVisualizationType.TABLE,
    queryLines: [
      'filter cause.source = "aws.cloudwatch"',
      'filter message = "heard" or call.api in ["ecs:UpdateService", "ecs:StopServiceDeployment"]',
      'stats min(@timestamp) as heardAt, (max(toMillis(@timestamp)) - min(toMillis(@timestamp))) / 1000 as seconds, latest(target) as service, count(*) as lines by cause.id',
      'filter lines > 1',
      'sort heardAt desc',
      'limit 20',
    ],
  });
}
