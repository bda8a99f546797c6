/** What a breach means for a person, out of CloudWatch's prose and the alarm's definition. */
import { describe, expect, test } from 'vitest';
import { breachInWords, measureOf } from '../../../shared/core/model/breach-words.ts';

const REASON =
  'Threshold Crossed: 2 out of the last 3 datapoints [25.0 (20/11/26 10:34:00), 22.266666666666666 (20/11/26 10:33:00)] were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).';
const startsAt = Date.UTC(2026, 10, 20, 10, 33);
const endsAt = Date.UTC(2026, 10, 20, 10, 35);
const errors = { id: 'err', metricName: 'HTTPCode_Target_5XX_Count', returned: false };
const requests = { id: 'req', metricName: 'RequestCount', returned: false };
const sum = (expression: string) => ({ id: 'rate', expression, returned: true });

test('a rate of errors is told in percent of the answers, for how long, and what is allowed', () => {
  expect(breachInWords(REASON, { startsAt, endsAt }, 'errors-percent')).toBe(
    '22.3 to 25 % of answers were errors for 2 minutes, and it allows 5 %',
  );
});

test('what is not known to be a rate is told as a value, with no unit', () => {
  expect(breachInWords(REASON, { startsAt, endsAt })).toBe(
    'its value was 22.3 to 25 for 2 minutes, and it allows 5',
  );
});

test('two datapoints with a good one between them are within three minutes, not for three', () => {
  expect(breachInWords(REASON, { startsAt: startsAt - 60_000, endsAt })).toMatch(
    / within 3 minutes,/,
  );
});

test('where the length is not known, none is told', () => {
  expect(breachInWords(REASON, { startsAt })).toBe('its value was 22.3 to 25, and it allows 5');
});

test.each([
  ['arn:aws:cloudwatch:…:alarm:Child transitioned to ALARM at Friday 22 July, 2022 15:57:45 UTC'],
  [
    'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].',
  ],
  [REASON.slice(0, 90)],
  [''],
])('what cannot be read has no words: %s', (reason) => {
  expect(breachInWords(reason, { startsAt, endsAt }, 'errors-percent')).toBeUndefined();
});

describe('what an alarm measures', () => {
  test.each([
    ['IF(req > 20, 100 * FILL(err, 0) / req, 0)', 'errors-percent'],
    ['(err / req) * 100', 'errors-percent'],
    // A share from 0 to 1, errors a second, somebody's own sum: no percent of answers.
    ['err / req', undefined],
    ['100 * req / err', undefined],
    ['RATE(err)', undefined],
  ])('%s', (expression, measure) => {
    expect(measureOf([sum(expression), errors, requests])).toBe(measure);
  });

  test.each([
    ['HTTPCode_Target_5XX_Count', 'errors'],
    ['TargetResponseTime', 'seconds'],
    ['CPUUtilization', undefined],
  ])('the metric %s', (metricName, measure) => {
    expect(measureOf([{ metricName }])).toBe(measure);
  });

  test('of a percent of something else nothing is said', () => {
    expect(
      measureOf([sum('100 * err / req'), { ...errors, metricName: 'Retries' }, requests]),
    ).toBe(undefined);
  });
});
