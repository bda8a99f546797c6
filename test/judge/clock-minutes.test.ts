/** Which minutes of the clock the judge is shown, and as what: late, halved, missing and corrected ones. */
import { describe, expect, test } from 'vitest';
import { type Arms, clockMinutes } from '../../shared/judge/clock-minutes.ts';

const MINUTE = 60_000;
const SINCE = 1_000 * MINUTE + 12_345;
const at = (minute: number) => (1_000 + minute) * MINUTE;
type Row = readonly [oldN: number, oldE: number, newN: number, newE: number] | undefined;

/** Six hours of 3,000 requests a minute, one of which fails; then these minutes from that of `SINCE` on. */
function arms(rows: readonly Row[]): Arms {
  const old = new Map<number, { requests: number; errors: number }>();
  const fresh = new Map<number, { requests: number; errors: number }>();
  for (let i = -360; i < 0; i++) old.set(at(i), { requests: 3000, errors: 1 });
  rows.forEach((row, i) => {
    if (row === undefined) return;
    const [oldN, oldE, newN, newE] = row;
    if (oldN > 0) old.set(at(i), { requests: oldN, errors: oldE });
    if (newN > 0) fresh.set(at(i), { requests: newN, errors: newE });
  });
  return { old, new: fresh };
}
/** Seconds after the end of a minute. */
const ended = (minute: number, seconds: number) => at(minute + 1) + seconds * 1_000;
const shown = (rows: readonly Row[], now: number) =>
  clockMinutes(arms(rows), { since: SINCE, now });

const STEP: Row = [2850, 3, 150, 1];

test('its minutes are those from that of the first new request on, its history the 240 before', () => {
  const { history, minutes, from, to } = shown([[3000, 3, 0, 0], STEP, STEP], ended(2, 90));
  expect(history).toHaveLength(240);
  expect([history[0], history[239]]).toEqual([
    [3000, 1],
    [3000, 3],
  ]);
  expect(minutes.map(({ begin, newN }) => [begin, newN])).toEqual([
    [-30, 150],
    [30, 150],
  ]);
  expect([from, to]).toEqual([at(1), at(3)]);
});

test('slow answers stand beside the errors, where they were counted', () => {
  const counted = (requests: number, slow: number) =>
    new Map([[at(1), { requests, errors: 0, slow }]] as const);
  const both = { old: counted(2850, 140), new: counted(150, 60) };
  const { minutes } = clockMinutes(both, { since: SINCE, now: ended(1, 200) });
  expect(minutes[0]).toMatchObject({ oldSlow: 140, newSlow: 60 });
  expect(shown([STEP], ended(0, 200)).minutes[0]).not.toHaveProperty('oldSlow');
});

test('what the new group counted before its rollout is of another release', () => {
  const both = arms([[3000, 3, 0, 0]]);
  const before = new Map([...both.new, [at(-60), { requests: 3000, errors: 9 }]]);
  expect(
    clockMinutes({ ...both, new: before }, { since: SINCE, now: ended(0, 90) }).minutes,
  ).toEqual([]);
});

describe('a minute is shown', () => {
  test('60 s after its end', () => {
    expect(shown([STEP, STEP], ended(1, 59)).minutes).toHaveLength(1);
    expect(shown([STEP, STEP], ended(1, 60)).minutes).toHaveLength(2);
  });

  test('when it has half of the requests that are usual, or after three minutes', () => {
    const halved: Row = [1400, 1, 70, 0];
    expect(shown([STEP, halved], ended(1, 179)).minutes).toHaveLength(1);
    expect(shown([STEP, halved], ended(1, 180)).minutes).toHaveLength(2);
  });

  test('not before the one before it; that is unknown after three minutes, until it comes', () => {
    expect(shown([STEP, undefined, STEP], ended(1, 179)).minutes).toHaveLength(1);
    const known = shown([STEP, undefined, STEP], ended(1, 180)).minutes.map((one) => one.known);
    expect(known).toEqual([true, false, true]);
    expect(shown([STEP, STEP, STEP], ended(1, 180)).minutes[1]?.known).toBe(true);
  });
});

describe('a minute has a control', () => {
  const controls = (rows: readonly Row[], now: number) =>
    shown(rows, now).minutes.map(({ control }) => control);

  test('unless the new one had, or got, or left all of the traffic in it', () => {
    const rows: readonly Row[] = [
      STEP,
      STEP,
      [900, 0, 2100, 0],
      [0, 0, 3000, 0],
      [2000, 0, 1000, 0],
      STEP,
    ];
    expect(controls(rows, ended(5, 200))).toEqual([true, true, false, true, false, true]);
  });

  test('and whether that was so, the next minute tells: it waits for it', () => {
    const rows: readonly Row[] = [STEP, [900, 0, 2100, 0]];
    expect(controls(rows, ended(1, 90))).toEqual([true]);
    expect(controls([...rows, [0, 0, 3000, 0]], ended(1, 119))).toEqual([true, false]);
    expect(controls([...rows, [900, 0, 2100, 0]], ended(1, 119))).toEqual([true, true]);
  });
});
