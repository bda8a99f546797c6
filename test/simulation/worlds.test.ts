import { expect, test } from 'vitest';
import { runProgram } from './program.ts';
import { drawWorld, simulate } from './simulate.ts';

const WORLDS = new URL('main.ts', import.meta.url);

/** A fixed set, in two processes, one a core; `npm run simulate` plays others. */
test('what must always hold, holds in 40 worlds with faults', { timeout: 600_000 }, async () => {
  const half = (from: number) => runProgram(WORLDS, ['--from', `${from}`, '--seeds', '20']);
  const [one, other] = await Promise.all([half(1), half(21)]);
  expect(one).toContain('20 worlds, 0 broken');
  expect(other).toContain('20 worlds, 0 broken');
});

test('the same seed gives the same log, byte for byte', async () => {
  const first = await simulate(drawWorld(WITH_BUILDS), { withLog: true });
  const second = await simulate(drawWorld(WITH_BUILDS), { withLog: true });
  expect(first.log.length).toBeGreaterThan(100);
  expect(second.log.join('\n')).toBe(first.log.join('\n'));
});

test('worlds prove releases and roll others back, so that the rules are about something', async () => {
  const { log, broken } = await simulate(drawWorld(GOOD_AND_BAD, []), { withLog: true });
  const told = (kind: string) => log.filter((line) => line.includes(`announced ${kind}`)).length;
  expect(broken).toEqual([]);
  expect(told('proven')).toBeGreaterThan(0);
  expect(told('rolled-back')).toBeGreaterThan(0);
});

const GOOD_AND_BAD = 2;
/** Commits, builds, scans, a target that leaves and comes back; and a second of its own is all that it takes. */
const WITH_BUILDS = 9;
