import { describe, expect, it } from 'vitest';
import { parseExpression } from '../../cloudwatch/expression.ts';
import { valuesOf } from '../../cloudwatch/math.ts';
import type { MetricQuery } from '../../cloudwatch/state.ts';
import { alarmState } from '../../cloudwatch/state.ts';
import {
  cloudwatchWorld,
  MINUTE,
  passMinutes,
  putAlarm,
  putMinutes,
  START,
} from './cloudwatch-world.ts';

const DATA: Readonly<Record<string, readonly (number | undefined)[]>> = {
  req: [100, 10, undefined, 200],
  err: [5, 9, undefined, undefined],
};

function compute(expression: string): (number | undefined)[] {
  const metrics: MetricQuery[] = Object.keys(DATA).map((id) => ({
    id,
    returnData: false,
    stat: { namespace: 'n', metricName: id, dimensions: {}, periodSeconds: 60, statistic: 'Sum' },
  }));
  const query: MetricQuery = { id: 'e', expression, returnData: true };
  return valuesOf(query, [...metrics, query], [0, 1, 2, 3], ({ metricName }, moments) =>
    moments.map((at) => DATA[metricName]?.[at]),
  );
}

describe('metric math', () => {
  it('the recommended error rate: quiet minutes are 0, no traffic is missing', () => {
    expect(compute('IF(req > 20, 100 * FILL(err,0) / req, 0)')).toEqual([5, 0, undefined, 0]);
  });

  it.each([
    ['1 + 2 * 3', [7, 7, 7, 7]],
    ['(1 + 2) * 3', [9, 9, 9, 9]],
    ['-2 + 5', [3, 3, 3, 3]],
    ['2 ^ 3', [8, 8, 8, 8]],
    ['err + req', [105, 19, undefined, undefined]],
    ['req / 0', [undefined, undefined, undefined, undefined]],
    ['FILL(req, REPEAT)', [100, 10, 10, 200]],
    ['SUM(METRICS())', [105, 19, undefined, 200]],
    ['MAX([req, err, 50])', [100, 50, 50, 200]],
    ['SUM(req)', [310, 310, 310, 310]],
    ['SERVICE_QUOTA(req)', [undefined, undefined, undefined, undefined]],
    ['AVG([req, err])', [52.5, 9.5, undefined, 200]],
    ['IF(req >= 100 AND err < 6, 1, 0)', [1, 0, undefined, undefined]],
    ['IF(req < 50 || req > 150, 1, 0)', [0, 1, undefined, 1]],
  ])('%s', (expression, expected) => {
    expect(compute(expression)).toEqual(expected);
  });

  it.each([
    [
      'ANOMALY_DETECTION_BAND(m1)',
      'does not know the function ANOMALY_DETECTION_BAND; it knows IF',
    ],
    ['1 +', 'unexpected end'],
    ['(1', 'unexpected end'],
    ['1 2', 'unexpected "2"'],
  ])('refuses %s and says why', (expression, message) => {
    expect(() => parseExpression(expression)).toThrow(message);
  });
});

it('an alarm on the error rate rises on errors and ignores a handful of requests', () => {
  const world = cloudwatchWorld();
  const metric = (Id: string, MetricName: string) => ({
    Id,
    MetricStat: {
      Metric: { Namespace: 'Test', MetricName, Dimensions: [{ Name: 'Service', Value: 'web' }] },
      Period: 60,
      Stat: 'Sum',
    },
    ReturnData: false,
  });
  putAlarm(world, {
    AlarmName: 'web-5xx-rate',
    Metrics: [
      {
        Id: 'rate',
        Expression: 'IF(req > 20, 100 * FILL(err,0) / req, 0)',
        Label: '5xx %',
        ReturnData: true,
      },
      metric('err', 'Errors'),
      metric('req', 'Requests'),
    ],
    TreatMissingData: 'notBreaching',
  });
  putMinutes(world, START, [10, 10, 10, 10], 'Requests');
  putMinutes(world, START, [9, 9, 9, 9]);
  passMinutes(world, 5);
  expect(alarmState(world, 'web-5xx-rate')).toBe('OK');
  putMinutes(world, START + 4 * MINUTE, [300, 300], 'Requests');
  putMinutes(world, START + 4 * MINUTE, [60, 30]);
  passMinutes(world, 2);
  expect(alarmState(world, 'web-5xx-rate')).toBe('ALARM');
  expect(world.cloudwatch.alarms['web-5xx-rate']?.state.reason).toContain(
    '[10.0 (21/11/26 10:05:00), 20.0 (21/11/26 10:04:00)]',
  );
  expect(world.cloudwatch.alarms['web-5xx-rate']?.state.reasonData).not.toContain('statistic');
});
