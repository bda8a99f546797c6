import { expect, test } from 'vitest';
import {
  breachEndsAt,
  breachStartsAt,
  MOMENT_MAX,
} from '../../../shared/core/model/breach/breach.ts';
import { parseMoment } from '../../../shared/core/model/moment.ts';

const at = (iso: string) => Date.parse(iso);
const prose =
  'Threshold Crossed: 2 out of the last 3 datapoints [26.0 (20/11/26 10:02:00), 25.0 (20/11/26 10:01:00)] ' +
  'were greater than the threshold (5.0) (minimum 2 datapoints for OK -> ALARM transition).';
const data = {
  version: '1.0',
  period: 60,
  recentDatapoints: [26, 25, 1],
  evaluatedDatapoints: [
    { timestamp: '2026-11-20T10:03:00.000+0000', value: 1 },
    { timestamp: '2026-11-20T10:02:00.000+0000', value: 26 },
  ],
};

test('a breach ends with the period of the newest datapoint that the reason names', () => {
  expect(breachEndsAt(prose, JSON.stringify(data))).toBe(at('2026-11-20T10:03:00Z'));
  expect(breachEndsAt(prose, data)).toBe(at('2026-11-20T10:03:00Z'));
});

test('without times in the prose the newest evaluated datapoint counts', () => {
  expect(breachEndsAt('Threshold Crossed', data)).toBe(at('2026-11-20T10:04:00Z'));
});

test.each([
  [
    'missing data treated as breaching is newer than any datapoint',
    'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].',
    data,
  ],
  ['a composite alarm has no period', 'arn:… transitioned to ALARM', '{"triggeringAlarms":[]}'],
  ['no data, no end', prose, undefined],
  ['data that is not JSON', prose, '{"period":'],
  ['a period that is no number', prose, { period: '60' }],
  ['a period below zero', prose, { period: -60 }],
  ['a megabyte of data', prose, `{"period":60,"x":"${'x'.repeat(1_000_000)}"}`],
])('unreadable is unknown: %s', (_, reason, reasonData) => {
  expect(breachEndsAt(reason, reasonData)).toBeUndefined();
});

test.each([
  '2026-11-20T10:02:00.123+0000',
  '2026-11-20T10:02:00Z',
  '2024-02-29T23:59:59.999Z',
  '2000-03-01T00:00:00+02:00',
  '1999-12-31T23:59:59-05:30',
  '1970-01-01T00:00:00Z',
])('%s is the moment that Date says', (text) => {
  expect(parseMoment(text)).toBe(Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')));
});

test('text that is no time is no moment', () => {
  expect(parseMoment('yesterday')).toBeUndefined();
});

test('a breach starts with the oldest datapoint that the reason names; without one it is not known', () => {
  expect(breachStartsAt(prose)).toBe(at('2026-11-20T10:01:00Z'));
  expect(breachStartsAt('Threshold Crossed')).toBeUndefined();
  expect(breachStartsAt(undefined)).toBeUndefined();
  expect(breachStartsAt(`${' '.repeat(16_384)}${prose}`)).toBeUndefined();
});

test('without a reason the data tell; what in them is no time is left out', () => {
  expect(breachEndsAt(undefined, data)).toBe(at('2026-11-20T10:04:00Z'));
  const points = [{ timestamp: 5 }, null, {}, { timestamp: '2026-11-20T10:02:00Z' }];
  expect(breachEndsAt('', { period: 60, evaluatedDatapoints: points })).toBe(
    at('2026-11-20T10:03:00Z'),
  );
  expect(breachEndsAt('', { period: 60, evaluatedDatapoints: 'none' })).toBeUndefined();
  expect(breachEndsAt('', { period: 60, evaluatedDatapoints: [] })).toBeUndefined();
});

test('a period is of whole seconds, up to a week, and an end is one that Date can write', () => {
  const ends = (period: number, timestamp = '2026-11-20T10:02:00Z') =>
    breachEndsAt('', { period, evaluatedDatapoints: [{ timestamp }] });
  expect(ends(604_800)).toBe(at('2026-11-27T10:02:00Z'));
  expect(ends(604_801)).toBeUndefined();
  expect(ends(0)).toBeUndefined();
  expect(ends(1.5)).toBeUndefined();
  expect(ends(60, '9999-12-31T23:59:59Z')).toBeUndefined();
  expect(ends(1, '9999-12-31T23:59:58.999Z')).toBe(MOMENT_MAX);
  expect(ends(60, '1969-12-31T23:59:00Z')).toBe(0);
  expect(ends(60, '1969-12-31T23:58:59Z')).toBeUndefined();
});
