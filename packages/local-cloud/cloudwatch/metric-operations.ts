/** Metrics in and out of the API: PutMetricData, GetMetricData, and how a query is written. */

import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { valuesOf } from './math.ts';
import { metricWindow, putDatum, statistics } from './metrics.ts';
import type { MetricQuery } from './state.ts';

/** Metric names and dimensions as the API writes them. */
export interface MetricInput {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name?: string; readonly Value?: string }[];
}

export interface QueryInput {
  readonly Id?: string;
  readonly Expression?: string;
  readonly Label?: string;
  readonly ReturnData?: boolean;
  readonly Period?: number;
  readonly MetricStat?: {
    readonly Metric?: MetricInput;
    readonly Period?: number;
    readonly Stat?: string;
    readonly Unit?: string;
  };
}

export function dimensionsOf(metric: MetricInput | undefined): Record<string, string> {
  return Object.fromEntries(
    (metric?.Dimensions ?? []).map(({ Name = '', Value = '' }) => [Name, Value]),
  );
}

/** Reads a MetricDataQuery; in a list of them `ReturnData` is true unless it says otherwise. */
export function readQuery(input: QueryInput): MetricQuery {
  const stat = input.MetricStat;
  return {
    id: input.Id ?? '',
    ...(input.Expression === undefined ? {} : { expression: input.Expression }),
    ...(stat === undefined
      ? {}
      : {
          stat: {
            namespace: stat.Metric?.Namespace ?? '',
            metricName: stat.Metric?.MetricName ?? '',
            dimensions: dimensionsOf(stat.Metric),
            periodSeconds: stat.Period ?? 60,
            statistic: stat.Stat ?? 'Average',
            ...(stat.Unit === undefined ? {} : { unit: stat.Unit }),
          },
        }),
    ...(input.Label === undefined ? {} : { label: input.Label }),
    returnData: input.ReturnData ?? true,
  };
}

interface PutMetricDataInput {
  readonly Namespace?: string;
  readonly MetricData?: readonly (MetricInput & {
    readonly Timestamp?: Date;
    readonly Value?: number;
    readonly Values?: readonly number[];
    readonly Counts?: readonly number[];
  })[];
}

interface GetMetricDataInput {
  readonly MetricDataQueries?: readonly QueryInput[];
  readonly StartTime?: Date;
  readonly EndTime?: Date;
  readonly ScanBy?: 'TimestampDescending' | 'TimestampAscending';
}

/** docs, GetMetricData: at most 500 queries. */
const QUERIES_MOST = 500;

export const metricOperations = {
  /** Custom metrics are there at once; AWS takes up to two minutes. StatisticValues are not read. */
  PutMetricData(world: World, input: PutMetricDataInput) {
    for (const datum of input.MetricData ?? []) {
      const values = datum.Values ?? (datum.Value === undefined ? [] : [datum.Value]);
      values.forEach((value, index) => {
        putDatum(world, {
          namespace: input.Namespace ?? '',
          metricName: datum.MetricName ?? '',
          dimensions: dimensionsOf(datum),
          at: datum.Timestamp?.getTime() ?? world.now,
          value,
          count: datum.Counts?.[index] ?? 1,
        });
      });
    }
    return {};
  },

  /** Simple: one page, Complete, newest first unless ScanBy says otherwise. EndTime is exclusive. */
  GetMetricData(world: World, input: GetMetricDataInput) {
    const queries = (input.MetricDataQueries ?? []).map(readQuery);
    if (queries.length === 0 || queries.length > QUERIES_MOST) {
      throw new AwsError(
        'ValidationError',
        `MetricDataQueries must have 1 to ${QUERIES_MOST} members`,
      );
    }
    const periodMs = 1000 * Math.max(...queries.map((query) => query.stat?.periodSeconds ?? 60));
    const [start, end] = [input.StartTime?.getTime() ?? 0, input.EndTime?.getTime() ?? 0];
    const moments = metricWindow(world, start, end, periodMs);
    const ascending = input.ScanBy === 'TimestampAscending';
    return {
      MetricDataResults: queries
        .filter((query) => query.returnData)
        .map((query) => {
          const values = valuesOf(query, queries, moments, (stat, all) =>
            statistics(world, stat, all),
          );
          const found = moments.flatMap((at, index) => {
            const value = values[index];
            return value === undefined ? [] : [{ at, value }];
          });
          if (!ascending) found.reverse();
          return {
            Id: query.id,
            Label: query.label ?? query.stat?.metricName ?? query.id,
            Timestamps: found.map(({ at }) => new Date(at)),
            Values: found.map(({ value }) => value),
            StatusCode: 'Complete',
          };
        }),
      Messages: [],
    };
  },
};
