/** The operations on alarms: put, set, delete, enable, disable. Asking is in views.ts. */

import { AwsError } from '../kernel/errors.ts';
import { random, randomUuid } from '../kernel/random.ts';
import type { World } from '../kernel/world.ts';
import { alarmNamesIn } from './composite.ts';
import { COMPARISONS } from './evaluation.ts';
import { announce } from './events.ts';
import { parseExpression } from './expression.ts';
import { dimensionsOf, type MetricInput, type QueryInput, readQuery } from './metric-operations.ts';
import type {
  Alarm,
  Comparison,
  MetricAlarm,
  MetricQuery,
  MissingData,
  StateValue,
} from './state.ts';
import { changeState, scheduleEvaluation } from './transitions.ts';

interface AlarmInput {
  readonly AlarmName?: string;
  readonly AlarmDescription?: string;
  readonly ActionsEnabled?: boolean;
  readonly OKActions?: readonly string[];
  readonly AlarmActions?: readonly string[];
  readonly InsufficientDataActions?: readonly string[];
}

interface PutMetricAlarmInput extends AlarmInput, MetricInput {
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Period?: number;
  readonly Unit?: string;
  readonly Metrics?: readonly QueryInput[];
  readonly EvaluationPeriods?: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold?: number;
  readonly ComparisonOperator?: string;
  readonly TreatMissingData?: MissingData;
  readonly EvaluationCriteria?: unknown;
  readonly ThresholdMetricId?: string;
}

interface PutCompositeAlarmInput extends AlarmInput {
  readonly AlarmRule?: string;
  readonly ActionsSuppressor?: string;
}

interface SetAlarmStateInput {
  readonly AlarmName?: string;
  readonly StateValue?: StateValue;
  readonly StateReason?: string;
  readonly StateReasonData?: string;
}

interface NamesInput {
  readonly AlarmNames?: readonly string[];
}

/** The first evaluation of an alarm comes within a minute; of a composite, at once. */
const FIRST_EVALUATION_MOST_MS = 60_000;
const COMPOSITE_EVALUATION_MS = 1_000;

/** docs, DeleteAlarms and DescribeAlarms. */
const NAMES_MOST = 100;

export const alarmOperations = {
  PutMetricAlarm(world: World, input: PutMetricAlarmInput) {
    const { EvaluationPeriods: periods = 0, DatapointsToAlarm: toAlarm } = input;
    const comparison = input.ComparisonOperator ?? '';
    if (input.EvaluationCriteria !== undefined || input.ThresholdMetricId !== undefined) {
      throw new AwsError(
        'UnsupportedOperation',
        'The local CloudWatch has no PromQL and no anomaly detection; give Metrics or MetricName, and Threshold.',
      );
    }
    if (!isComparison(comparison)) throw invalid(`ComparisonOperator "${comparison}" is unknown`);
    if (periods < 1) throw invalid('EvaluationPeriods must be at least 1');
    if (toAlarm !== undefined && (toAlarm < 1 || toAlarm > periods)) {
      throw invalid('DatapointsToAlarm must be at least 1 and at most EvaluationPeriods');
    }
    if (input.Threshold === undefined) throw invalid('Threshold is required');
    refuseLongRange(input, periods);
    put(world, input, (base) => ({
      ...base,
      type: 'MetricAlarm',
      form: input.Metrics === undefined ? 'metric' : 'queries',
      queries: readQueries(world, input),
      evaluationPeriods: periods,
      ...(toAlarm === undefined ? {} : { datapointsToAlarm: toAlarm }),
      threshold: input.Threshold ?? 0,
      comparison,
      ...(input.TreatMissingData === undefined ? {} : { treatMissingData: input.TreatMissingData }),
    }));
    return {};
  },

  PutCompositeAlarm(world: World, input: PutCompositeAlarmInput) {
    const rule = input.AlarmRule ?? '';
    if (input.ActionsSuppressor !== undefined) {
      throw new AwsError('UnsupportedOperation', 'The local CloudWatch has no actions suppressor.');
    }
    const unknown = alarmNamesIn(rule).filter((name) => !world.cloudwatch.alarms[name]);
    if (unknown.length > 0) throw invalid(`AlarmRule names unknown alarms: ${unknown.join(', ')}`);
    put(world, input, (base) => ({ ...base, type: 'CompositeAlarm', rule }));
    return {};
  },

  /** Lasts until the next evaluation that says otherwise (docs, SetAlarmState). */
  SetAlarmState(world: World, input: SetAlarmStateInput) {
    const alarm = world.cloudwatch.alarms[input.AlarmName ?? ''];
    if (alarm === undefined) {
      throw new AwsError('ResourceNotFound', 'Alarm not found', { status: 404 });
    }
    changeState(world, alarm, {
      value: input.StateValue ?? 'INSUFFICIENT_DATA',
      reason: input.StateReason ?? '',
      ...(input.StateReasonData === undefined ? {} : { reasonData: input.StateReasonData }),
    });
    return {};
  },

  /** Names that do not exist are passed over (docs, DeleteAlarms). */
  DeleteAlarms(world: World, input: NamesInput) {
    for (const alarm of named(world, input)) {
      delete world.cloudwatch.alarms[alarm.name];
      announce(world, alarm, 'delete');
    }
    return {};
  },

  EnableAlarmActions(world: World, input: NamesInput) {
    setActionsEnabled(world, input, true);
    return {};
  },

  DisableAlarmActions(world: World, input: NamesInput) {
    setActionsEnabled(world, input, false);
    return {};
  },
};

const DAY_SECONDS = 86_400;
const HOUR_SECONDS = 3_600;

/** A day, or a week in periods of an hour and more (docs, alarm-limits; the texts: public logs). */
function refuseLongRange(
  { Period = 60, Metrics = [] }: PutMetricAlarmInput,
  periods: number,
): void {
  const seconds = Math.max(Period, ...Metrics.map(({ MetricStat }) => MetricStat?.Period ?? 0));
  if (seconds >= HOUR_SECONDS && periods * seconds > 7 * DAY_SECONDS) {
    throw invalid(
      `Metrics with a period equal or greater than one hour cannot be checked across more than 7 days (EvaluationPeriods * Period must be <= ${7 * DAY_SECONDS})`,
    );
  }
  if (seconds < HOUR_SECONDS && periods * seconds > DAY_SECONDS) {
    throw invalid(
      `Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= ${DAY_SECONDS}).`,
    );
  }
}

function isComparison(name: string): name is Comparison {
  return name in COMPARISONS;
}

function readQueries(world: World, input: PutMetricAlarmInput): readonly MetricQuery[] {
  if (input.Metrics !== undefined) {
    if (input.MetricName !== undefined) throw invalid('Metrics and MetricName exclude each other');
    const queries = input.Metrics.map(readQuery);
    if (queries.filter(({ returnData }) => returnData).length !== 1) {
      throw invalid('Exactly one element of Metrics must have ReturnData true');
    }
    for (const { expression } of queries) if (expression !== undefined) parseExpression(expression);
    for (const { stat } of queries) if (stat !== undefined) checkPeriod(stat.periodSeconds);
    return queries;
  }
  if (input.MetricName === undefined || input.Namespace === undefined) {
    throw invalid('Either Metrics or Namespace and MetricName are required');
  }
  const periodSeconds = input.Period ?? 0;
  checkPeriod(periodSeconds);
  return [
    {
      id: randomUuid(world),
      stat: {
        namespace: input.Namespace,
        metricName: input.MetricName,
        dimensions: dimensionsOf(input),
        periodSeconds,
        statistic: input.Statistic ?? input.ExtendedStatistic ?? 'Average',
        ...(input.Unit === undefined ? {} : { unit: input.Unit }),
      },
      returnData: true,
    },
  ];
}

/** API reference, PutMetricAlarm: 10, 20, 30 or a multiple of 60; the words are unverified. */
function checkPeriod(seconds: number): void {
  const isShort = seconds === 10 || seconds === 20 || seconds === 30;
  if (seconds < 1 || (seconds % 60 !== 0 && !isShort)) {
    throw invalid('Period must be 10, 20, 30 or a multiple of 60');
  }
  if (seconds < 60 || seconds % 60 !== 0) {
    throw new AwsError(
      'UnsupportedOperation',
      `The local CloudWatch evaluates periods of whole minutes; Period was ${seconds}.`,
    );
  }
}

/** Creates an alarm or replaces its configuration wholesale; the state stays as it is. */
function put(
  world: World,
  input: AlarmInput,
  make: (
    base: Omit<
      MetricAlarm,
      'type' | 'form' | 'queries' | 'evaluationPeriods' | 'threshold' | 'comparison'
    >,
  ) => Alarm,
): void {
  const name = input.AlarmName;
  if (name === undefined || name === '') throw invalid('AlarmName is required');
  const before = world.cloudwatch.alarms[name];
  const alarm = make({
    name,
    serial: before?.serial ?? world.sequence++,
    ...(input.AlarmDescription === undefined ? {} : { description: input.AlarmDescription }),
    actionsEnabled: input.ActionsEnabled ?? true,
    okActions: input.OKActions ?? [],
    alarmActions: input.AlarmActions ?? [],
    insufficientDataActions: input.InsufficientDataActions ?? [],
    configuredAt: world.now,
    state: before?.state ?? {
      value: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      transitionedAt: world.now,
      updatedAt: world.now,
    },
    ...(before?.mute === undefined ? {} : { mute: before.mute }),
  });
  world.cloudwatch.alarms[name] = alarm;
  announce(world, alarm, before === undefined ? 'create' : 'update', before);
  if (alarm.type === 'CompositeAlarm') scheduleEvaluation(world, alarm, COMPOSITE_EVALUATION_MS);
  else if (before === undefined) {
    scheduleEvaluation(world, alarm, Math.floor(random(world) * FIRST_EVALUATION_MOST_MS));
  }
}

function setActionsEnabled(world: World, input: NamesInput, enabled: boolean): void {
  for (const alarm of named(world, input)) {
    const before = { ...alarm };
    alarm.actionsEnabled = enabled;
    alarm.configuredAt = world.now;
    announce(world, alarm, 'update', before);
  }
}

function named(world: World, { AlarmNames: names = [] }: NamesInput): Alarm[] {
  if (names.length > NAMES_MOST)
    throw invalid(`at most ${NAMES_MOST} alarm names, got ${names.length}`);
  return names.flatMap((name) => world.cloudwatch.alarms[name] ?? []);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
