/** The figures of `slipway stats`, from histories that are written out here. */
import { describe, expect, test } from 'vitest';
import { figuresOf } from '../../../cli/output/stats/figures.ts';
import { type ReleaseTimes, releaseTimes } from '../../../cli/output/stats/release-times.ts';
import type { Event } from '../../../shared/core/model/event.ts';
import type { HistoryEntry } from '../../../shared/core/model/record/outbox.ts';

const S = 1_000;
const DAY = 86_400 * S;
const BEGIN = Date.UTC(2026, 10, 1);
const DIGEST = `sha256:${'a'.repeat(64)}`;

/** So many seconds after the beginning; what it announced: kinds of release `R/1` unless it says another. */
function entry(
  at: number,
  phase: HistoryEntry['phase'],
  event: object,
  ...told: readonly (readonly [kind: string, release?: string])[]
): HistoryEntry {
  return {
    sequence: at,
    because: '',
    phase,
    event: { at: BEGIN + at * S, ...event } as Event,
    announcements: told.map(([kind, release = 'R/1']) => ({
      kind,
      release,
      at: BEGIN + at * S,
      images: { app: { digest: DIGEST } },
    })),
  } as unknown as HistoryEntry;
}

const pushed = { type: 'ImagePushed', image: { digest: DIGEST } };
const hinted = { type: 'Hinted' };
const rose = (at: number) => ({ type: 'AlarmChanged', to: 'ALARM', changedAt: BEGIN + at * S });

const GOOD = [
  entry(0, 'idle', pushed),
  entry(10, 'deploying', hinted, ['started']),
  entry(130, 'baking', hinted),
  entry(730, 'idle', hinted, ['proven']),
];
const BAD = [
  ...GOOD.slice(0, 3),
  entry(205, 'rolling-back', rose(200)),
  entry(320, 'idle', hinted, ['rolled-back']),
];

const within = { since: BEGIN, until: BEGIN + 2 * DAY };
const figures = (...histories: readonly (readonly HistoryEntry[])[]) =>
  figuresOf(histories.map(releaseTimes), within);

test('a good release: its lead time is from the push to where ECS says SUCCESSFUL', () => {
  expect(figures(GOOD)).toEqual({
    releases: 1,
    perDay: 0.5,
    proven: 1,
    failed: 0,
    failureRate: 0,
    superseded: 0,
    onTheWay: 0,
    leadTime: { of: 1, median: 130, longest: 130 },
    restore: { of: 0, median: null, longest: null },
    notRestored: 0,
    wayBack: { of: 0, median: null, longest: null },
    wayBackDated: 0,
  });
});

test('the way back counts from when the alarm rose, and not from when we heard of it', () => {
  expect(figures(BAD)).toMatchObject({
    failed: 1,
    failureRate: 1,
    wayBack: { of: 1, median: 120, longest: 120 },
    wayBackDated: 1,
    restore: { of: 1, median: 310 },
  });
});

test('an alarm that rose before the release began is no evidence against it', () => {
  const early = [
    entry(5, 'idle', rose(4)),
    ...BAD.filter(({ event }) => event.type !== 'AlarmChanged'),
  ];
  const seen = [...early.slice(0, -1), entry(250, 'rolling-back', hinted), ...early.slice(-1)];
  expect(figures(seen.toSorted((a, b) => a.sequence - b.sequence))).toMatchObject({
    wayBack: { median: 70 },
    wayBackDated: 0,
  });
});

test('one that failed without a way back is restored by the next proven one; until then it is not', () => {
  const failed = [...GOOD.slice(0, 3), entry(200, 'idle', hinted, ['failed'])];
  expect(figures(failed)).toMatchObject({ failed: 1, notRestored: 1, restore: { of: 0 } });
  const fixed = [
    ...failed,
    entry(1000, 'deploying', hinted, ['started', 'R/2']),
    entry(1100, 'baking', hinted),
    entry(1700, 'idle', hinted, ['proven', 'R/2']),
  ];
  expect(figures(fixed)).toMatchObject({ notRestored: 0, restore: { of: 1, median: 1090 } });
});

describe('what is not judged is in no rate', () => {
  test('superseded, and on its way', () => {
    const superseded = [...GOOD.slice(0, 3), entry(200, 'deploying', hinted, ['superseded'])];
    expect(figures(superseded, GOOD.slice(0, 3))).toMatchObject({
      releases: 2,
      failureRate: null,
      superseded: 1,
      onTheWay: 1,
    });
  });
  test('a proven release that is found bad later counts as failed, once', () => {
    const later = [
      ...GOOD,
      entry(900, 'rolling-back', rose(890)),
      entry(990, 'idle', hinted, ['rolled-back']),
    ];
    expect(figures(later)).toMatchObject({ proven: 0, failed: 1, wayBack: { median: 100 } });
  });
});

test('a push from before the history gives no lead time', () => {
  expect(figures(GOOD.slice(1)).leadTime).toEqual({ of: 0, median: null, longest: null });
});

test('what began before the days that were asked for is not counted', () => {
  const all = [releaseTimes(GOOD)];
  const late = { since: BEGIN + 11 * S, until: BEGIN + DAY };
  expect(figuresOf(all, late)).toMatchObject({ releases: 0, perDay: 0, failureRate: null });
});

test('the median of an even number is between the two in the middle', () => {
  const times = [10, 20, 40, 1000].map(
    (seconds): ReleaseTimes => ({
      release: 'R/1',
      offeredAt: BEGIN,
      startedAt: BEGIN,
      servingAt: BEGIN + seconds * S,
      end: { kind: 'proven', at: BEGIN + DAY },
    }),
  );
  expect(figuresOf([times], within).leadTime).toEqual({ of: 4, median: 30, longest: 1000 });
});

test('a moment before the one that it is measured from is a clock that is off: it is no lead time', () => {
  const [good] = releaseTimes(GOOD);
  if (good === undefined) throw new Error('no release');
  const off = { ...good, offeredAt: BEGIN + 200 * S };
  expect(figuresOf([[off]], within).leadTime.of).toBe(0);
});
