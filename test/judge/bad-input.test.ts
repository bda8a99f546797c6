/** Whatever the metrics say or leave out: each has its state and its sentence, and none condemns. */
import { describe, expect, test } from 'vitest';
import { judge } from '../../shared/judge/judge.ts';
import type { History, Minute } from '../../shared/judge/minute.ts';
import { play } from '../../shared/judge/play.ts';
import { BAD, GOOD, HISTORY, release } from './release.ts';

const WORSE = release(BAD);
const change = (minutes: readonly Minute[], at: number, to: Partial<Minute>) =>
  minutes.map((minute, i) => (i === at ? { ...minute, ...to } : minute));

describe('counts that are none', () => {
  test.each([
    ['NaN', { newE: Number.NaN }, 'newE is NaN'],
    ['negative', { newN: -4 }, 'newN is -4'],
    ['infinite', { newE: Number.POSITIVE_INFINITY }, 'newE is Infinity'],
    ['missing', { oldE: null }, 'oldE is null'],
    ['a share beyond 1', { newShare: 1.5 }, 'newShare is 1.5'],
  ])('%s: the minutes are left out, and it is said', (_, wrong, said) => {
    const all = WORSE.map((minute) => ({ ...minute, ...wrong }));
    const judgement = judge(HISTORY, all);
    expect(judgement.state).toBe('waiting');
    expect(judgement.because).toBe(
      `no request has reached the new revision in any minute that is known; 3 minutes are left out, since the counts are impossible (${said})`,
    );
  });

  test('one of them is left out, and the others still speak', () => {
    const judgement = judge(HISTORY, change(WORSE, 1, { newE: Number.NaN }));
    expect(judgement.state).toBe('suspicious');
    expect(judgement.because).toContain('1 minute is left out');
    expect(judgement.logs.two).toBeLessThan(judge(HISTORY, WORSE).logs.two);
  });

  test('more errors than requests are as many as requests', () => {
    const more = release([[2850, 3, 10, 500]]);
    expect(judge(HISTORY, more)).toEqual(judge(HISTORY, release([[2850, 3, 10, 10]])));
  });
});

describe('minutes that are not there', () => {
  test('none at all: waiting', () => {
    expect(judge(HISTORY, [])).toMatchObject({
      state: 'waiting',
      because: 'no request has reached the new revision in any minute that is known',
    });
  });

  test('never published: they add nothing, and it is said', () => {
    const judgement = judge(HISTORY, change(WORSE, 1, { known: false, newE: 37 }));
    expect(judgement.state).toBe('suspicious');
    expect(judgement.because).toContain('1 minute is not known');
  });

  test('twice the same minute counts once', () => {
    const [first] = WORSE;
    const twice = first === undefined ? [] : [first, first, first, first];
    const judgement = judge(HISTORY, twice);
    expect(judgement.logs).toEqual(judge(HISTORY, twice.slice(0, 1)).logs);
    expect(judgement.because).toContain('3 minutes are left out');
    expect(judgement.because).toContain('out of order');
  });

  test('a late one is waited for, then told without, and heals when it comes', () => {
    const late = (publishedAfter: number) =>
      play({
        history: HISTORY,
        minutes: release([...BAD, ...BAD]).map((minute, i) => ({
          ...minute,
          minute: i,
          publishedAfter: i === 1 ? publishedAfter : 60,
        })),
      });
    expect(late(60)).toMatchObject({ minute: 2, seconds: 260 });
    // Minute 1 ends at 100 s: the look at 300 s is the first to go on without it.
    expect(late(400)).toMatchObject({ minute: 3, seconds: 320 });
    expect(late(170)).toMatchObject({ minute: 2, seconds: 290 });
  });
});

describe('no traffic', () => {
  test.each([
    ['to either', [0, 0, 0, 0]],
    ['to the new one', [2850, 900, 0, 0]],
  ] as const)('%s: nothing is said of the new one', (_, row) => {
    const judgement = judge(HISTORY, release([row, row, row]));
    expect(['waiting', 'alike']).toContain(judgement.state);
    expect(judgement.logs.harmless).toBe(0);
  });

  test('to the old one: nothing is compared, even where the flag says that it could be', () => {
    const row = [0, 0, 3000, 750] as const;
    const judgement = judge(HISTORY, release([row, row, row]));
    expect(judgement.state).toBe('alone');
    expect(judgement.logs.history).toBe(Number.NEGATIVE_INFINITY);
  });
});

describe('no history', () => {
  const short: History = HISTORY.slice(0, 29);

  test('only the comparison speaks, and it says so', () => {
    const judgement = judge(short, WORSE);
    expect(judgement).toMatchObject({ state: 'condemned', by: 'two-arm' });
    expect(judgement.ref).toBeUndefined();
    expect(judgement.because).toContain('fewer than 30 minutes had requests');
  });

  test('without a control then nothing at all', () => {
    const row = [0, 0, 3000, 750] as const;
    const judgement = judge([], release([row, row, row, row], { control: false }));
    expect(judgement.state).toBe('waiting');
    expect(judgement.logs.alone).toBe(Number.NEGATIVE_INFINITY);
  });

  test('minutes that cannot be read are none', () => {
    const broken: History = HISTORY.map(() => [Number.NaN, -1]);
    expect(judge(broken, release(GOOD))).toMatchObject({ state: 'harmless', phi: 1.5 });
    expect(judge(broken, release(GOOD)).ref).toBeUndefined();
  });

  test('one in which everything failed has a dispersion', () => {
    const down: History = HISTORY.map(([requests], i) => [requests, i < 60 ? requests : 3]);
    const { phi, ref } = judge(down, WORSE);
    expect(phi).toBe(1);
    expect(ref).toBe(0.5);
  });
});

describe('a quiet service whose few errors come in clusters', () => {
  const clustered: History = Array.from({ length: 240 }, (_, i) => [45, i % 48 === 0 ? 20 : 0]);
  const spotless: History = clustered.map(([requests]) => [requests, 0]);
  const cluster = release([[300, 0, 30, 30]], { begin: 600 });

  test('has a dispersion of at least what its few pairs show', () => {
    expect(judge(clustered, []).phi).toBe(20);
    expect(judge(spotless, []).phi).toBe(1.5);
  });

  test('is not condemned by one more of them; a spotless one is', () => {
    expect(judge(clustered, cluster).state).not.toBe('condemned');
    expect(judge(spotless, cluster).state).toBe('condemned');
  });
});

test('unmistakable needs more errors where they come in clusters', () => {
  const fives: History = Array.from({ length: 240 }, (_, i) => [600, i % 10 === 0 ? 5 : 0]);
  const all = (failed: number) => release([[3000, 0, failed, failed]], { begin: 600 });
  expect(judge(fives, []).phi).toBeCloseTo(4.9, 0);
  expect(judge(fives, all(30)).state).toBe('suspicious');
  expect(judge(fives, all(80)).state).toBe('condemned');
});

test('counts that shrink at a later look are judged as they are then', () => {
  const corrected = release(GOOD);
  expect(judge(HISTORY, WORSE).state).toBe('condemned');
  expect(judge(HISTORY, corrected).state).toBe('harmless');
});

test.each([
  ['ratio', { ratio: 2 }, 'judge: ratio is 2, expected 1 to 1.9'],
  ['falseRollbacks', { falseRollbacks: 0 }, 'judge: falseRollbacks is 0, expected 1e-12 to 0.5'],
  ['margin', { margin: Number.NaN }, 'judge: margin is NaN, expected 0 to 0.5'],
])('options that are none are our mistake: %s', (_, options, message) => {
  expect(() => judge(HISTORY, WORSE, options)).toThrow(new RangeError(message));
});
