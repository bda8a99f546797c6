/** Builders for the tests of CloudWatch: a world, an alarm, a metric's data, time that passes. */

import { putDatum } from '../../cloudwatch/metrics.ts';
import { cloudwatchOperations } from '../../cloudwatch/operations.ts';
import type { BusEvent } from '../../eventbridge/bus-event.ts';
import { eventsOn } from '../../eventbridge/state.ts';
import type { World } from '../../kernel/world.ts';
import { advance, emptyWorld } from '../../services.ts';

export const START = Date.UTC(2026, 10, 21, 10, 0, 0);
export const MINUTE = 60_000;

export function cloudwatchWorld(): World {
  return emptyWorld({ now: START, seed: 3, account: '123456789012', region: 'us-east-1' });
}

type AlarmInput = Parameters<typeof cloudwatchOperations.PutMetricAlarm>[1];

/** "errors > 5 in 2 of 3 minutes", with what differs. */
export function putAlarm(world: World, differs: AlarmInput = {}): void {
  const oneMetric = differs.Metrics === undefined;
  cloudwatchOperations.PutMetricAlarm(world, {
    AlarmName: 'web-errors',
    ...(oneMetric
      ? {
          Namespace: 'Test',
          MetricName: 'Errors',
          Dimensions: [{ Name: 'Service', Value: 'web' }],
          Statistic: 'Sum',
          Period: 60,
        }
      : {}),
    EvaluationPeriods: 3,
    DatapointsToAlarm: 2,
    Threshold: 5,
    ComparisonOperator: 'GreaterThanThreshold',
    ...differs,
  });
}

/** One value a minute, `undefined` for none, beginning at `from`. */
export function putMinutes(
  world: World,
  from: number,
  values: readonly (number | undefined)[],
  metricName = 'Errors',
): void {
  values.forEach((value, index) => {
    if (value === undefined) return;
    putDatum(world, {
      namespace: 'Test',
      metricName,
      dimensions: { Service: 'web' },
      at: from + index * MINUTE,
      value,
    });
  });
}

export function stateChanges(world: World): BusEvent[] {
  return eventsOn(world, 'default').filter(
    (event) => event['detail-type'] === 'CloudWatch Alarm State Change',
  );
}

export function passMinutes(world: World, minutes: number): void {
  advance(world, world.now + minutes * MINUTE);
}
