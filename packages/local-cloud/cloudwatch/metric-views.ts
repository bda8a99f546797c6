/** What metrics there are, and the older way to read one: ListMetrics and GetMetricStatistics. */

import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { dimensionsOf, type MetricInput } from './metric-operations.ts';
import { metricWindow, statistic } from './metrics.ts';

interface ListMetricsInput {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name?: string; readonly Value?: string }[];
  readonly NextToken?: string;
}

interface StatisticsInput extends MetricInput {
  readonly StartTime?: Date;
  readonly EndTime?: Date;
  readonly Period?: number;
  readonly Statistics?: readonly string[];
}

/** API reference, ListMetrics: 500 on a page. */
const PAGE = 500;
/** API reference, GetMetricStatistics: at most 1,440 data points. */
const DATAPOINTS_MOST = 1_440;

export const listingOperations = {
  /** AWS lists what was written in the last two weeks, here what is remembered (a day and a half). */
  ListMetrics(
    world: World,
    { Namespace, MetricName, Dimensions = [], NextToken }: ListMetricsInput,
  ) {
    const found = Object.values(world.cloudwatch.series).filter(
      ({ namespace, metricName, dimensions }) =>
        (Namespace === undefined || namespace === Namespace) &&
        (MetricName === undefined || metricName === MetricName) &&
        Dimensions.every(({ Name = '', Value }) =>
          Value === undefined ? Object.hasOwn(dimensions, Name) : dimensions[Name] === Value,
        ),
    );
    const from = NextToken === undefined ? 0 : Number(NextToken);
    if (!Number.isInteger(from) || from < 0) {
      throw new AwsError('InvalidParameterValue', 'The token is not valid.');
    }
    const end = from + PAGE;
    return {
      Metrics: found.slice(from, end).map(({ namespace, metricName, dimensions }) => ({
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      })),
      ...(end < found.length && { NextToken: String(end) }),
    };
  },

  /** Unordered at AWS; here oldest first. */
  GetMetricStatistics(world: World, input: StatisticsInput) {
    const { Namespace = '', MetricName = '', Period = 60, Statistics = [] } = input;
    if (Statistics.length === 0) {
      throw new AwsError(
        'InvalidParameterCombination',
        'At least one of the parameters Statistics and ExtendedStatistics must be specified.',
      );
    }
    const periodMs = Period * 1000;
    const [start, end] = [input.StartTime?.getTime() ?? 0, input.EndTime?.getTime() ?? 0];
    if ((end - start) / periodMs > DATAPOINTS_MOST) {
      throw new AwsError(
        'InvalidParameterCombination',
        `You have requested up to ${Math.floor((end - start) / periodMs)} datapoints, which exceeds the limit of ${DATAPOINTS_MOST}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`,
      );
    }
    const dimensions = dimensionsOf(input);
    const points = metricWindow(world, start, end, periodMs).flatMap((at) => {
      const values = Statistics.flatMap((name) => {
        const stat = { namespace: Namespace, metricName: MetricName, dimensions, statistic: name };
        const value = statistic(world, { ...stat, periodSeconds: Period }, at);
        return value === undefined ? [] : [[name, value] as const];
      });
      const isEmpty = values.length === 0;
      return isEmpty
        ? []
        : [{ Timestamp: new Date(at), ...Object.fromEntries(values), Unit: 'None' }];
    });
    return { Label: MetricName, Datapoints: points };
  },
};
