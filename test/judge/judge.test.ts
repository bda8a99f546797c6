/** Whole judgements: the evidence after each minute, and the state that it amounts to. */
import { describe, expect, test } from 'vitest';
import { evidenceCourse, judge } from '../../shared/judge/judge.ts';
import type { History, Minute } from '../../shared/judge/minute.ts';
import { BAD, GOOD, HISTORY, release } from './release.ts';

const NONE = Number.NEGATIVE_INFINITY;
const after = (minutes: readonly Minute[], count: number) =>
  judge(HISTORY, minutes.slice(0, count));
const four = ({ logs }: ReturnType<typeof judge>) => [
  logs.two,
  logs.history,
  logs.alone,
  logs.harmless,
];

test('history of 3,000 requests and 3 errors a minute: phi 1, reference 0.24 %', () => {
  const { phi, ref } = judge(HISTORY, []);
  expect(phi).toBe(1);
  expect(ref).toBeCloseTo(0.00239159, 7);
});

const ALIKE = BAD.map(([oldN, , newN]) => [oldN, 900, newN, 0.3 * newN] as const);
const ALONE = [
  [2850, 3, 1000, 250],
  [0, 0, 3000, 750],
  [0, 0, 3000, 750],
] as const;
const ALL_FAIL = [
  [2850, 3, 100, 100],
  [2850, 3, 150, 150],
] as const;

describe.each([
  [
    'a quarter fails',
    release(BAD),
    [
      ['suspicious', 3.097, 3.609, NONE, -15.47],
      ['suspicious', 6.836, 7.579, NONE, -37.288],
      ['condemned', 11.254, 12.229, NONE, -59.107],
    ],
  ],
  [
    'nothing fails',
    release(GOOD),
    [
      ['harmless', -1.036, -1.048, NONE, 4.022],
      ['harmless', -1.373, -1.385, NONE, 10.795],
      ['harmless', -2.304, -2.652, NONE, 17.678],
    ],
  ],
  [
    'both fail alike',
    release(ALIKE),
    [
      ['alike', -1.05, 3.609, NONE, -3.335],
      ['alike', -1.386, 7.579, NONE, -7.399],
      ['alike', -15.889, 12.229, NONE, -11.462],
    ],
  ],
  [
    'all at once, without a control',
    release(ALONE, { control: false }),
    [
      ['suspicious', -0.357, NONE, 3.609, 0],
      ['suspicious', -0.163, NONE, 7.579, 0],
      ['alone', -0.105, NONE, 12.229, 0],
    ],
  ],
  [
    'everything fails: unmistakable in one minute',
    release(ALL_FAIL),
    [['condemned', 180.411, 180.91, NONE, -67.456]],
  ],
] as const)('%s', (_, minutes, expected) => {
  test.each(expected.map(([state, ...logs], i) => ({ i, state, logs })))(
    'minute $i: $state',
    ({ i, state, logs }) => {
      const judgement = after(minutes, i + 1);
      expect(judgement.state).toBe(state);
      for (const [k, log] of logs.entries()) {
        if (log === NONE) expect(four(judgement)[k]).toBe(NONE);
        else expect(four(judgement)[k]).toBeCloseTo(log, 2);
      }
    },
  );
});

test('a verdict names what spoke, and the minute', () => {
  expect(judge(HISTORY, release(BAD))).toMatchObject({ by: 'two-arm', minute: 2 });
  const alone = judge(HISTORY, release(ALONE, { control: false }));
  expect(alone).toMatchObject({ by: 'history alone', minute: 2 });
});

test('condemned is never taken back, and its sentence stays that of its minute', () => {
  const first = judge(HISTORY, release(BAD));
  const later = judge(HISTORY, release([...BAD, ...GOOD, ...GOOD, ...GOOD, ...GOOD]));
  expect(later).toMatchObject({ state: 'condemned', minute: 2, because: first.because });
  expect(later.logs.two).toBeLessThan(first.logs.two);
});

test('alone is said only while there is nothing to compare with', () => {
  const gone = release(ALONE, { control: false });
  const [back] = release(GOOD, { begin: 160 });
  expect(judge(HISTORY, gone).state).toBe('alone');
  expect(judge(HISTORY, back === undefined ? [] : [...gone, back]).state).toBe('suspicious');
});

test('history condemns only with the consent of the comparison', () => {
  // Ten errors where history knows none, and the old one has as many: an outage that hits both a little.
  const quiet = HISTORY.map(() => [3000, 0] as const);
  const rows = Array.from({ length: 8 }, () => [2850, 24, 150, 3] as const);
  const both = judge(quiet, release(rows));
  expect(both.logs.history).toBeGreaterThan(10.82);
  expect(both.state).not.toBe('condemned');
});

test('one minute alone condemns nobody, unless it is unmistakable', () => {
  const blip = release([[2850, 3, 20, 19]], { begin: 100 });
  expect(judge(HISTORY, blip).state).toBe('suspicious');
  // At 50 % of at least twenty, with the old one well.
  expect(judge(HISTORY, release([[2850, 3, 40, 20]])).state).toBe('condemned');
  expect(judge(HISTORY, release([[2850, 3, 41, 20]])).state).toBe('suspicious');
  expect(judge(HISTORY, release([[2850, 200, 40, 20]])).state).toBe('alike');
});

test('what fails while new tasks warm up weighs less', () => {
  const early = release([[2850, 3, 150, 12]]);
  const late = early.map((minute) => ({ ...minute, begin: 100 }));
  expect(judge(HISTORY, early).logs.two).toBeLessThan(judge(HISTORY, late).logs.two - 0.5);
});

test('with one target group only, the share of the new one scales what a rate would be', () => {
  const rolling = (newShare: number) =>
    judge(
      HISTORY,
      release(
        Array.from({ length: 6 }, () => [0, 0, 3000, 60] as const),
        { control: false, newShare },
      ),
    );
  expect(rolling(1).state).toBe('alone');
  expect(rolling(0).logs.alone).toBeLessThan(0);
  expect(rolling(1 / 3).because).toContain('to the old revision and the new revision together');
});

describe('it speaks in counts', () => {
  const names = { old: 'web:7', new: 'web:8' };
  const because = (minutes: readonly Minute[], history = HISTORY) =>
    judge(history, minutes, { names }).because;

  test('condemned', () => {
    const minutes = release([
      [3800, 4, 150, 36],
      [3800, 4, 200, 50],
      [3800, 4, 200, 50],
    ]);
    expect(because(minutes)).toBe(
      'of 550 requests to web:8, 136 failed (24.7 %); of 11,400 to web:7 in the same minutes, 12 (0.1 %)',
    );
  });

  test('alike', () => {
    expect(because(release(ALIKE))).toBe(
      'in one minute of 2,850 requests to web:7, 900 failed (31.6 %), of 150 to web:8 45 (30 %); while web:7 suffers itself, nothing is advanced and nobody condemned',
    );
  });

  test('alone', () => {
    expect(because(release(ALONE, { control: false }))).toBe(
      'of 7,000 requests to web:8 by itself, 1,750 failed (25 %); before the release up to 0.2 % was no news; there is nothing to compare with, and an outage would look the same',
    );
  });

  test('harmless', () => {
    expect(because(release(GOOD))).toBe(
      'of 400 requests to web:8, 0 failed (0 %); of 8,550 to web:7 in the same minutes, 9 (0.1 %); it does not fail 5 percentage points more',
    );
  });

  test('waiting', () => {
    expect(because(release([[57, 0, 3, 0]]))).toBe(
      'of 3 requests to web:8, 0 failed (0 %); of 57 to web:7 in the same minutes, 0 (0 %); that is too little to call it harmless, or to condemn it',
    );
  });

  test('condemned by slow answers', () => {
    const slow = Array.from({ length: 7 }, () => [5700, 0, 300, 0] as const);
    const judgement = judge(HISTORY, release(slow, { oldSlow: 285, newSlow: 120 }), {
      names,
      slowMs: 134,
    });
    expect(judgement).toMatchObject({ state: 'condemned', by: 'latency', minute: 4 });
    expect(judgement.because).toBe(
      'of 600 answers of web:8, 240 took longer than 134 ms (40 %); of 11,400 of web:7 in the same minutes, 570 (5 %)',
    );
  });
});

test('slow answers are judged only where that is wanted', () => {
  const slow = Array.from({ length: 7 }, () => [5700, 0, 300, 0] as const);
  expect(judge(HISTORY, release(slow, { oldSlow: 285, newSlow: 120 })).state).toBe('harmless');
});

test('its course ends with what is said after the last minute, and has a log for each', () => {
  const minutes = release(BAD);
  const { logs, thresholds } = evidenceCourse(HISTORY, minutes);
  expect(logs).toHaveLength(minutes.length);
  expect(logs[0]).toEqual(after(minutes, 1).logs);
  expect(logs.at(-1)).toEqual(judge(HISTORY, minutes).logs);
  expect(thresholds.two).toBeCloseTo(10.127, 3);
});

test('in an outage that is older than the release it is known to be no worse, though not to be harmless', () => {
  const history: History = HISTORY.map(([requests, errors], i) => [
    requests,
    i < 230 ? errors : 900,
  ]);
  const both = (newE: number) => judge(history, release(Array(5).fill([1500, 450, 1500, newE])));
  expect(both(450)).toMatchObject({ state: 'waiting', isNotWorse: true });
  expect(both(450 + 0.06 * 1500)).toMatchObject({ isNotWorse: false });
  expect(judge(HISTORY, release(GOOD)).isNotWorse).toBe(true);
});
