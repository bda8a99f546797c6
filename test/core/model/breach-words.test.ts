/** What a breach means for a person, out of CloudWatch's prose and the alarm's definition. */
import { describe, expect, test } from 'vitest';
import { breachInWords, measureOf } from '../../../shared/core/model/breach/words.ts';

const REASON =
  'Threshold Crossed: 2 out of the last 3 datapoints [25.0 (20/11/26 10:34:00), 22.266666666666666 (20/11/26 10:33:00)] were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).';
const startsAt = Date.UTC(2026, 10, 20, 10, 33);
const endsAt = Date.UTC(2026, 10, 20, 10, 35);
const errors = { id: 'err', metricName: 'HTTPCode_Target_5XX_Count', returned: false };
const requests = { id: 'req', metricName: 'RequestCount', returned: false };
const sum = (expression: string) => ({ id: 'rate', expression, returned: true });

test('a rate of errors is told in percent of the answers, for how long, and what is allowed', () => {
  expect(breachInWords(REASON, { startsAt, endsAt }, 'errors-percent')).toBe(
    'up to 25 % of answers were errors for 2 minutes, and it allows 5 %',
  );
});

test('what is not known to be a rate is told as a value, with no unit', () => {
  expect(breachInWords(REASON, { startsAt, endsAt })).toBe(
    'its value was up to 25 for 2 minutes, and it allows 5',
  );
});

test('two datapoints with a good one between them are within three minutes, not for three', () => {
  expect(breachInWords(REASON, { startsAt: startsAt - 60_000, endsAt })).toMatch(
    / within 3 minutes,/,
  );
});

test('where the length is not known, none is told', () => {
  expect(breachInWords(REASON, { startsAt })).toBe('its value was up to 25, and it allows 5');
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

const said = (points: string, rest = 'was greater than the threshold (5.0)', data = {}) =>
  breachInWords(`Threshold Crossed: 1 datapoint [${points}] ${rest} (…)`, data);

test.each([
  ['was greater than the threshold (5.0)', 'it allows 5'],
  ['was greater than or equal to the threshold (5.0)', 'it allows less than 5'],
  ['was less than the threshold (5.0)', 'it wants at least 5'],
  ['was less than or equal to the threshold (5.0)', 'it wants more than 5'],
])('%s: %s', (rest, allows) => {
  expect(said('26.0 (20/11/26 10:02:00)', rest)).toBe(`its value was 26, and ${allows}`);
});

test.each<[Parameters<typeof breachInWords>[2], string]>([
  ['errors', '26 answers in each period were errors, and it allows 5'],
  ['seconds', 'the response time was 26 s, and it allows 5 s'],
])('with its unit: %s', (measure, sentence) => {
  const reason =
    'Threshold Crossed: 1 datapoint [26.0 (20/11/26 10:02:00)] was greater than the threshold (5.0)';
  expect(breachInWords(reason, {}, measure)).toBe(sentence);
});

test('one datapoint stands for its whole period; a minute is a minute; no time is none', () => {
  const point = '26.0 (20/11/26 10:02:00)';
  const lasting = (ms: number) => said(point, undefined, { startsAt, endsAt: startsAt + ms });
  expect(lasting(60_000)).toContain('was 26 for a minute,');
  expect(lasting(300_000)).toContain('was 26 for 5 minutes,');
  expect(lasting(90_000)).toBe('its value was 26, and it allows 5');
  expect(lasting(0)).toBe('its value was 26, and it allows 5');
  expect(lasting(-60_000)).toBe('its value was 26, and it allows 5');
  expect(said(point, undefined, { endsAt })).toBe('its value was 26, and it allows 5');
});

test('three digits count, and never fewer than are whole', () => {
  expect(said('100.4 (20/11/26 10:02:00)')).toContain('was 100,');
  expect(said('1234.5 (20/11/26 10:02:00)')).toContain('was 1235,');
  expect(said('99.94 (20/11/26 10:02:00)')).toContain('was 99.9,');
  expect(said('-123.4 (20/11/26 10:02:00)')).toContain('was -123,');
});

test('an alarm of several metrics measures none of them alone', () => {
  expect(measureOf([errors, { ...errors, returned: true }, requests])).toBe('errors');
  expect(measureOf([{ metricName: 'TargetResponseTime' }, { metricName: 'X' }])).toBeUndefined();
  expect(measureOf([{}])).toBeUndefined();
  expect(measureOf([])).toBeUndefined();
  expect(measureOf([sum('100 * err / req'), errors])).toBeUndefined();
  expect(measureOf([sum('100 * err / req'), requests])).toBeUndefined();
});
