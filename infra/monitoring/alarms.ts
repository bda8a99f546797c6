/** The alarms that watch the pipeline itself. None of them is one that releases are rolled back by. */
import {
  aws_cloudwatch_actions as actions,
  aws_cloudwatch as cloudwatch,
  Duration,
  aws_sns as sns,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Named } from '../../shared/parsing/pipeline-name.ts';
import { kindOf } from '../../shared/runtime/routing.ts';
import { QUEUE_READERS } from '../../shared/runtime/sizes.ts';
import { allOf, type Functions } from '../functions.ts';
import { type FunctionName, functionName, nameIn } from '../names.ts';
import type { Queues } from '../queues.ts';
import { OLDEST_SECONDS } from '../sizes.ts';
import type { Metrics } from './metrics.ts';

export interface AlarmsProps {
  readonly pipeline: Named;
  readonly queues: Queues;
  readonly functions: Functions;
  readonly metrics: Metrics;
  /** ARN of an SNS topic. */
  readonly topic?: string;
}

interface AlarmSpec {
  /** Without what all of the pipeline begins with. */
  readonly name: string;
  readonly description: string;
  readonly metric: cloudwatch.IMetric;
  readonly threshold: number;
  readonly comparison?: cloudwatch.ComparisonOperator;
  /** Of the last so many periods, all. */
  readonly periods?: number;
  readonly whenSilent?: cloudwatch.TreatMissingData;
}

const MINUTE = Duration.minutes(1);
const FIVE_MINUTES = Duration.minutes(5);

export function createAlarms(scope: Construct, props: AlarmsProps): readonly cloudwatch.Alarm[] {
  const topic = props.topic && sns.Topic.fromTopicArn(scope, 'alarm-topic', props.topic);
  return specs(props).map((spec) => {
    // The id in the template stays what it was before pipelines had names.
    const alarm = new cloudwatch.Alarm(scope, nameIn({}, spec.name), {
      alarmName: nameIn(props.pipeline, spec.name),
      alarmDescription: spec.description,
      metric: spec.metric,
      threshold: spec.threshold,
      comparisonOperator:
        spec.comparison ?? cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: spec.periods ?? 1,
      treatMissingData: spec.whenSilent ?? cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    if (topic) alarm.addAlarmAction(new actions.SnsAction(topic));
    return alarm;
  });
}

function specs({ pipeline, queues, functions, metrics }: AlarmsProps): readonly AlarmSpec[] {
  const reconcileLog = `log group of ${functionName(pipeline, 'reconcile')}`;
  const made = allOf(functions);
  return [
    ...[...queues.all.map(({ dead }) => dead), queues.unheard].map((queue) => ({
      name: `${queue.node.id}-letters`,
      description:
        'Something could not be handled, five times. Read the message and the log, mend, then ' +
        'redrive the queue: a late message is harmless, tick has looked meanwhile.',
      metric: queue.metricApproximateNumberOfMessagesVisible({
        statistic: 'Maximum',
        period: MINUTE,
      }),
      threshold: 1,
    })),
    ...queues.all.map(({ name, queue }) => ({
      name: `${name}-waits`,
      description: `Messages wait too long in ${name}: look at throttles and errors of ${functionName(pipeline, QUEUE_READERS[kindOf(name)])}.`,
      metric: queue.metricApproximateAgeOfOldestMessage({ statistic: 'Maximum', period: MINUTE }),
      threshold: OLDEST_SECONDS[kindOf(name)],
      periods: 3,
    })),
    ...made.map(([name, parts]) => ({
      name: `${name}-errors`,
      description: `${functionName(pipeline, name)} fails; its log says why, in lines of level ERROR.`,
      metric: parts.function.metricErrors({ statistic: 'Sum', period: FIVE_MINUTES }),
      threshold: 1,
    })),
    ...made.map(([name, parts]) => ({
      name: `${name}-throttles`,
      description: throttled(pipeline, name),
      metric: parts.function.metricThrottles({ statistic: 'Sum', period: FIVE_MINUTES }),
      threshold: 1,
    })),
    {
      name: 'calls-throttled',
      description: `AWS throttles our calls, fifteen minutes on end; ${reconcileLog} names them.`,
      metric: metrics.throttledCalls,
      threshold: 1,
      periods: 3,
    },
    {
      name: 'tick-silent',
      description:
        'Nothing was heard from tick for five minutes: lost events stay lost, and no bake ends.',
      metric: functions.tick.function.metricInvocations({ statistic: 'Sum', period: MINUTE }),
      threshold: 1,
      comparison: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      periods: 5,
      whenSilent: cloudwatch.TreatMissingData.BREACHING,
    },
    {
      name: 'person-needed',
      description: 'A release asks a person; the announcement on the bus says which and why.',
      metric: metrics.told['needs-attention'],
      threshold: 1,
    },
  ];
}

function throttled(pipeline: Named, name: FunctionName): string {
  if (name !== 'github-push') {
    return `${functionName(pipeline, name)} is not let run: the account's Lambda concurrency is used up.`;
  }
  return (
    `${functionName(pipeline, name)} is knocked at more often than it is let run, or the account's Lambda ` +
    'concurrency is used up. Deliveries may be lost: redeliver them on the page of the webhook.'
  );
}
