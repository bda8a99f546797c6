/** Windows that a config writes, and the clock on the wall of a time zone, changes of clocks included. */
import { describe, expect, test } from 'vitest';
import { frozenAt, spanOf } from '../../../shared/core/model/freeze/freeze.ts';
import {
  isTimeZone,
  momentsAt,
  wallClock,
  wallInWords,
} from '../../../shared/core/model/freeze/wall-clock.ts';

const BERLIN = 'Europe/Berlin';
const WEEKEND = { from: 'Fri 16:00', to: 'Mon 08:00', because: 'the weekend' };
const NIGHT = { from: '18:00', to: '08:00', because: 'nobody is there' };

/** Until when it is frozen, as UTC. */
function until(moment: string, windows: Parameters<typeof frozenAt>[0]['windows'], zone = BERLIN) {
  const frozen = frozenAt({ timeZone: zone, windows }, Date.parse(moment));
  return frozen && `${new Date(frozen.until).toISOString().slice(0, 16)}Z ${frozen.because}`;
}

describe('a window of each week', () => {
  test.each([
    ['a second before it', '2026-11-20T14:59:59Z', undefined],
    ['from its first second', '2026-11-20T15:00:00Z', '2026-11-23T07:00Z the weekend'],
    ['on the next day', '2026-11-21T10:00:00Z', '2026-11-23T07:00Z the weekend'],
    ['to its last second', '2026-11-23T06:59:59Z', '2026-11-23T07:00Z the weekend'],
    ['and no longer', '2026-11-23T07:00:00Z', undefined],
    ['in summer, an hour earlier by UTC', '2026-07-03T14:00:00Z', '2026-07-06T06:00Z the weekend'],
    ['before that hour', '2026-07-03T13:59:59Z', undefined],
    // Clocks go back on Sunday, the 25th of October: it began by summer time and ends by winter time.
    ['over the end of summer time', '2026-10-23T14:00:00Z', '2026-10-26T07:00Z the weekend'],
    // They go forward on Sunday, the 29th of March.
    ['over its beginning', '2026-03-27T15:00:00Z', '2026-03-30T06:00Z the weekend'],
    ['as its week begins', '2026-03-29T22:30:00Z', '2026-03-30T06:00Z the weekend'],
  ])('%s', (_, moment, expected) => {
    expect(until(moment, [WEEKEND])).toBe(expected);
  });
});

test('a window that ends in the hour that comes twice ends with the second one, and begins with the first', () => {
  const night = { from: 'Sat 22:00', to: 'Sun 02:30', because: 'the change of clocks' };
  expect(until('2026-10-25T00:59:00Z', [night])).toBe('2026-10-25T01:30Z the change of clocks');
  const day = { from: 'Sun 02:30', to: 'Sun 12:00', because: 'sunday' };
  expect(until('2026-10-25T00:30:00Z', [day])).toBe('2026-10-25T11:00Z sunday');
});

describe('a window of each day', () => {
  test.each([
    ['in the evening', '2026-11-18T20:00:00Z', '2026-11-19T07:00Z nobody is there'],
    ['in the morning', '2026-11-19T06:59:00Z', '2026-11-19T07:00Z nobody is there'],
    ['by day', '2026-11-19T07:00:00Z', undefined],
  ])('%s', (_, moment, expected) => {
    expect(until(moment, [NIGHT])).toBe(expected);
  });
});

describe('a window that comes once', () => {
  const holidays = { from: '2026-12-24 12:00', to: '2026-12-27', because: 'the holidays' };

  test.each([
    ['before it', '2026-12-24T10:59:59Z', undefined],
    ['in it', '2026-12-24T11:00:00Z', '2026-12-27T23:00Z the holidays'],
    ['on its last day, to the end', '2026-12-27T22:59:59Z', '2026-12-27T23:00Z the holidays'],
    ['after it', '2026-12-27T23:00:00Z', undefined],
    ['a year later', '2027-12-25T12:00:00Z', undefined],
  ])('%s', (_, moment, expected) => {
    expect(until(moment, [holidays])).toBe(expected);
  });

  test('and the next one that begins as it ends are one, with the reason of the first', () => {
    // Christmas Eve of 2026 is a Thursday, so the weekend and a bridge follow.
    const eve = { ...holidays, to: '2026-12-25 16:00' };
    expect(until('2026-12-24T11:00:00Z', [WEEKEND, eve])).toBe('2026-12-28T07:00Z the holidays');
  });

  test('begins where the zone is, and not where UTC is', () => {
    const day = [{ from: '2026-11-27', to: '2026-11-27', because: 'black friday' }];
    expect(until('2026-11-27T04:59:59Z', day, 'America/New_York')).toBeUndefined();
    expect(until('2026-11-27T05:00:00Z', day, 'America/New_York')).toBe(
      '2026-11-28T05:00Z black friday',
    );
    expect(until('2026-11-26T11:00:00Z', day, 'Pacific/Auckland')).toBe(
      '2026-11-27T11:00Z black friday',
    );
  });
});

describe('of windows that overlap', () => {
  const long = { from: '2026-12-01', to: '2026-12-10', because: 'the fair' };
  const short = { from: '2026-12-02', to: '2026-12-03', because: 'the audit' };

  test.each([
    ['the one that lasts longest is told', [short, long]],
    ['in whatever order they are written', [long, short]],
  ])('%s', (_, windows) => {
    expect(until('2026-12-02T12:00:00Z', windows)).toBe('2026-12-10T23:00Z the fair');
  });
});

test.each([
  ['23:59', '2026-12-01 23:59', true],
  ['24:00', '2026-12-01 24:00', false],
  ['23:60', '2026-12-01 23:60', false],
])('a day has times up to %s: %s', (_, to, is) => {
  expect(spanOf({ from: '2026-12-01', to }) !== undefined).toBe(is);
});

test.each([
  ['2026-02-29', false],
  ['2028-02-29', true],
  ['2100-02-29', false],
  ['2400-02-29', true],
  ['2026-04-31', false],
  ['2026-12-31', true],
  ['2026-00-10', false],
  ['2026-01-00', false],
])('%s is in the calendar: %s', (to, is) => {
  expect(spanOf({ from: '2000-01-01', to }) !== undefined).toBe(is);
});

test('a day that is not in the calendar is no day, and two ends of different kinds are no window', () => {
  expect(spanOf({ from: '2026-11-31', to: '2026-12-02' })).toBeUndefined();
  expect(spanOf({ from: '2026-13-01', to: '2026-12-02' })).toBeUndefined();
  expect(spanOf({ from: 'Fri 16:00', to: '2026-12-02' })).toBeUndefined();
  expect(spanOf({ from: 'some day', to: '08:00' })).toBeUndefined();
  expect(spanOf({ from: '18:00', to: 'some day' })).toBeUndefined();
  expect(spanOf({ from: '2026-12-01', to: '2026-12-02' })).not.toHaveProperty('every');
});

describe('a time on the wall', () => {
  const iso = (wall: string, zone: string) => {
    const { first, last } = momentsAt(Date.parse(`${wall}Z`), wallClock(zone));
    return [new Date(first).toISOString(), new Date(last).toISOString()];
  };

  test('that comes twice is two moments', () => {
    expect(iso('2026-10-25T02:30', BERLIN)).toEqual([
      '2026-10-25T00:30:00.000Z',
      '2026-10-25T01:30:00.000Z',
    ]);
  });

  test('that is left out is when it would have been', () => {
    const spring = '2026-03-29T01:30:00.000Z';
    expect(iso('2026-03-29T02:30', BERLIN)).toEqual([spring, spring]);
    expect(wallInWords(Date.parse(spring), BERLIN)).toBe('Sun 2026-03-29 03:30');
  });

  test('where clocks change by half an hour, at midnight, and where they never do', () => {
    // Lord Howe goes from +11:00 to +10:30 at 2:00 on the 5th of April.
    expect(iso('2026-04-05T01:45', 'Australia/Lord_Howe')).toEqual([
      '2026-04-04T14:45:00.000Z',
      '2026-04-04T15:15:00.000Z',
    ]);
    // In Beirut the 29th of March begins at 1:00.
    expect(iso('2026-03-29T00:00', 'Asia/Beirut')[0]).toBe('2026-03-28T22:00:00.000Z');
    expect(iso('2026-07-01T12:00', 'Asia/Kolkata')[0]).toBe('2026-07-01T06:30:00.000Z');
  });

  test('of a zone that there is not, is told apart', () => {
    expect(isTimeZone('Europe/Berlin')).toBe(true);
    expect(isTimeZone('Europe/Atlantis')).toBe(false);
  });
});

test.each([
  ['24:00', '08:00'],
  ['18:60', '08:00'],
  ['Fri 16:00', '08:00'],
  ['Fri', 'Mon'],
  ['fri 16:00', 'mon 08:00'],
  ['2026-02-30', '2026-03-02'],
  ['2026-12-24', 'Mon 08:00'],
])('%s to %s is no window', (from, to) => {
  expect(spanOf({ from, to })).toBeUndefined();
});
