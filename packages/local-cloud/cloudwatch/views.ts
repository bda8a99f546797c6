/** The operations that ask about alarms: DescribeAlarms and DescribeAlarmHistory. */

import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import {
  type Alarm,
  alarmArn,
  type CompositeAlarm,
  type HistoryItem,
  type MetricAlarm,
  type MetricQuery,
  type StateValue,
} from './state.ts';

interface DescribeAlarmsInput {
  readonly AlarmNames?: readonly string[];
  readonly AlarmNamePrefix?: string;
  readonly AlarmTypes?: readonly string[];
  readonly StateValue?: StateValue;
  readonly ActionPrefix?: string;
  readonly ChildrenOfAlarmName?: string;
  readonly ParentsOfAlarmName?: string;
  readonly MaxRecords?: number;
  readonly NextToken?: string;
}

interface DescribeAlarmHistoryInput {
  readonly AlarmName?: string;
  readonly AlarmTypes?: readonly string[];
  readonly HistoryItemType?: HistoryItem['type'];
  readonly StartDate?: Date;
  readonly EndDate?: Date;
  readonly MaxRecords?: number;
  readonly NextToken?: string;
  readonly ScanBy?: 'TimestampDescending' | 'TimestampAscending';
}

/** docs, DescribeAlarms: at most 100 names; pages of 50 unless asked, at most 100. */
const NAMES_MOST = 100;
const ALARMS_PER_PAGE = 50;
const HISTORY_PER_PAGE = 100;
const RECORDS_MOST = 100;

export const askingOperations = {
  /** Only metric alarms unless `AlarmTypes` names others (SDK docs of `AlarmTypes`). */
  DescribeAlarms(world: World, input: DescribeAlarmsInput) {
    if (input.ChildrenOfAlarmName !== undefined || input.ParentsOfAlarmName !== undefined) {
      throw new AwsError(
        'UnsupportedOperation',
        'The local DescribeAlarms does not walk families.',
      );
    }
    const { AlarmNames: names, AlarmNamePrefix: prefix, ActionPrefix: action } = input;
    if ((names?.length ?? 0) > NAMES_MOST) {
      throw new AwsError('ValidationError', `AlarmNames has more than ${NAMES_MOST} members`);
    }
    const types = input.AlarmTypes ?? ['MetricAlarm'];
    const found = Object.values(world.cloudwatch.alarms)
      .filter((alarm) => types.includes(alarm.type))
      .filter((alarm) => names === undefined || names.includes(alarm.name))
      .filter((alarm) => prefix === undefined || alarm.name.startsWith(prefix))
      .filter((alarm) => !input.StateValue || alarm.state.value === input.StateValue)
      .filter((alarm) => !action || alarm.alarmActions.some((arn) => arn.startsWith(action)))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    const page = paged(found, input.NextToken, input.MaxRecords ?? ALARMS_PER_PAGE);
    return {
      MetricAlarms: page.items
        .filter((alarm) => alarm.type === 'MetricAlarm')
        .map((alarm) => metricAlarmOutput(world, alarm)),
      CompositeAlarms: page.items
        .filter((alarm) => alarm.type === 'CompositeAlarm')
        .map((alarm) => compositeAlarmOutput(world, alarm)),
      ...page.next,
    };
  },

  /** Newest first unless ScanBy says otherwise; deleted alarms keep their history. */
  DescribeAlarmHistory(world: World, input: DescribeAlarmHistoryInput) {
    const types = input.AlarmTypes ?? ['MetricAlarm'];
    const from = input.StartDate?.getTime() ?? -Infinity;
    const to = input.EndDate?.getTime() ?? Infinity;
    const found = world.cloudwatch.history
      .filter((item) => !input.AlarmName || item.alarmName === input.AlarmName)
      .filter((item) => types.includes(item.alarmType))
      .filter((item) => !input.HistoryItemType || item.type === input.HistoryItemType)
      .filter((item) => item.at >= from && item.at <= to);
    if (input.ScanBy !== 'TimestampAscending') found.reverse();
    const page = paged(found, input.NextToken, input.MaxRecords ?? HISTORY_PER_PAGE);
    return {
      AlarmHistoryItems: page.items.map((item) => ({
        AlarmName: item.alarmName,
        AlarmType: item.alarmType,
        Timestamp: new Date(item.at),
        HistoryItemType: item.type,
        HistorySummary: item.summary,
        HistoryData: item.data,
      })),
      ...page.next,
    };
  },
};

function paged<Item>(
  items: readonly Item[],
  token: string | undefined,
  size: number,
): { items: readonly Item[]; next: { NextToken?: string } } {
  if (size < 1 || size > RECORDS_MOST) {
    throw new AwsError('ValidationError', `MaxRecords must be 1 to ${RECORDS_MOST}, got ${size}`);
  }
  const from = token === undefined ? 0 : Number(token);
  if (!Number.isInteger(from)) throw new AwsError('InvalidNextToken', 'The token is not valid.');
  const end = from + size;
  return {
    items: items.slice(from, end),
    next: end < items.length ? { NextToken: String(end) } : {},
  };
}

function alarmOutput(world: World, alarm: Alarm) {
  return {
    AlarmName: alarm.name,
    AlarmArn: alarmArn(world, alarm.name),
    ...(alarm.description === undefined ? {} : { AlarmDescription: alarm.description }),
    AlarmConfigurationUpdatedTimestamp: new Date(alarm.configuredAt),
    ActionsEnabled: alarm.actionsEnabled,
    OKActions: alarm.okActions,
    AlarmActions: alarm.alarmActions,
    InsufficientDataActions: alarm.insufficientDataActions,
    StateValue: alarm.state.value,
    StateReason: alarm.state.reason,
    ...(alarm.state.reasonData === undefined ? {} : { StateReasonData: alarm.state.reasonData }),
    StateUpdatedTimestamp: new Date(alarm.state.updatedAt),
    StateTransitionedTimestamp: new Date(alarm.state.transitionedAt),
  };
}

function compositeAlarmOutput(world: World, alarm: CompositeAlarm) {
  return { ...alarmOutput(world, alarm), AlarmRule: alarm.rule };
}

function metricAlarmOutput(world: World, alarm: MetricAlarm) {
  return {
    ...alarmOutput(world, alarm),
    ...metricsOutput(alarm),
    EvaluationPeriods: alarm.evaluationPeriods,
    ...(alarm.datapointsToAlarm === undefined
      ? {}
      : { DatapointsToAlarm: alarm.datapointsToAlarm }),
    Threshold: alarm.threshold,
    ComparisonOperator: alarm.comparison,
    ...(alarm.treatMissingData === undefined ? {} : { TreatMissingData: alarm.treatMissingData }),
  };
}

function metricsOutput(alarm: MetricAlarm): Record<string, unknown> {
  const stat = alarm.queries[0]?.stat;
  if (alarm.form === 'queries' || stat === undefined) {
    return { Metrics: alarm.queries.map(queryOutput) };
  }
  return {
    Namespace: stat.namespace,
    MetricName: stat.metricName,
    Dimensions: dimensionsOutput(stat.dimensions),
    Period: stat.periodSeconds,
    [stat.statistic.startsWith('p') ? 'ExtendedStatistic' : 'Statistic']: stat.statistic,
    ...(stat.unit === undefined ? {} : { Unit: stat.unit }),
  };
}

function queryOutput({ id, expression, stat, label, returnData }: MetricQuery) {
  return {
    Id: id,
    ...(expression === undefined ? {} : { Expression: expression }),
    ...(stat === undefined
      ? {}
      : {
          MetricStat: {
            Metric: {
              Namespace: stat.namespace,
              MetricName: stat.metricName,
              Dimensions: dimensionsOutput(stat.dimensions),
            },
            Period: stat.periodSeconds,
            Stat: stat.statistic,
            ...(stat.unit === undefined ? {} : { Unit: stat.unit }),
          },
        }),
    ...(label === undefined ? {} : { Label: label }),
    ReturnData: returnData,
  };
}

function dimensionsOutput(dimensions: Readonly<Record<string, string>>) {
  return Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
}
