/** Ten traces of releases, with what a reference of the same method said of them. */
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readTrace } from '../../cli/connect/trace.ts';
import { play } from '../../shared/judge/play.ts';

type Expected = readonly [
  file: string,
  state: string,
  verdict: readonly [minute: number, by: string, seconds: number, bad: number] | undefined,
  badOfAll: number,
  logs: readonly [two: number, history: number, alone: number, harmless: number],
  phi: number,
  ref: number,
];

const NONE = Number.NEGATIVE_INFINITY;
const REFERENCE: readonly Expected[] = [
  ['s01-quiet', 'harmless', undefined, 0, [-2.1, -2.9, -5.6, 17.66], 1.08, 0.003104],
  [
    's02-the-story',
    'condemned',
    [2, 'two-arm', 260, 162],
    3927,
    [42.19, 44.78, 22.89, -225.38],
    1,
    0.002632,
  ],
  [
    's03-one-percent',
    'condemned',
    [4, 'two-arm', 380, 63],
    1297,
    [105.04, 114.32, 36.15, 1476.32],
    1,
    0.002492,
  ],
  ['s04-outage-of-both', 'waiting', undefined, 0, [-4.5, 14.6, -6.01, -9.96], 1, 0.003732],
  ['s05-warm-up', 'harmless', undefined, 0, [-2.28, -4.29, -12.93, 80.23], 1, 0.002695],
  [
    's06-all-fail-low-traffic',
    'condemned',
    [3, 'two-arm', 290, 25],
    347,
    [79.75, 86.08, 1059.87, -75.43],
    1,
    0.003072,
  ],
  [
    's07-uneven-and-noisy',
    'harmless',
    undefined,
    0,
    [-5.47, -19.44, -16.05, 260.79],
    1.66,
    0.015616,
  ],
  [
    's08-missing-minutes',
    'condemned',
    [7, 'two-arm', 530, 36],
    408,
    [54.16, 62.91, 22.61, -13.28],
    1.24,
    0.004299,
  ],
  ['s09-slow', 'condemned', [4, 'latency', 380, 0], 0, [-4.03, -7.54, -17.76, 239.92], 1, 0.00261],
  [
    's10-all-at-once',
    'alone',
    [2, 'history alone', 230, 951],
    4249,
    [-0.02, NONE, 68.03, 0],
    1.08,
    0.003123,
  ],
];

describe.each(REFERENCE)('%s', (id, state, verdict, badOfAll, logs, phi, ref) => {
  const played = async () => {
    const trace = await readTrace(fileURLToPath(new URL(`traces/${id}.json`, import.meta.url)));
    return play(trace, trace.slowMs === undefined ? {} : { slowMs: trace.slowMs });
  };

  test(`is ${state}, at the reference's minute`, async () => {
    const { minute, by, seconds, badUntilThen, ...found } = await played();
    expect(found.state).toBe(state);
    expect(found.badOfAll).toBe(badOfAll);
    const said = verdict === undefined ? [undefined, undefined, undefined, undefined] : verdict;
    expect([minute, by, seconds, badUntilThen]).toEqual(said);
  });

  test("has the reference's evidence after its last minute, to two decimals", async () => {
    const found = await played();
    const { two, history, alone, harmless } = found.logs;
    for (const [i, log] of [two, history, alone, harmless].entries()) {
      const expected = logs[i] ?? 0;
      if (expected === NONE) expect(log).toBe(NONE);
      // The reference's were rounded to three decimals first: 42.1848 stands there as 42.19.
      else expect(Math.abs(log - expected)).toBeLessThanOrEqual(0.0055);
    }
    expect(found.phi).toBeCloseTo(phi, 2);
    expect(found.ref).toBeCloseTo(ref, 6);
  });
});

test('an outage of both is held while it lasts, and then forgotten', async () => {
  const trace = await readTrace(
    fileURLToPath(new URL('traces/s04-outage-of-both.json', import.meta.url)),
  );
  const states = play(trace).states.map(({ state }) => state);
  expect(states).toContain('alike');
  expect(states).not.toContain('condemned');
  expect(states.at(-1)).toBe('waiting');
});
