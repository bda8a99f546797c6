import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { drawWorld, simulate } from './simulate.ts';

const PROPERTIES = fileURLToPath(new URL('properties.ts', import.meta.url));
/** Printed with a failure; another one draws other worlds. */
const SEED = 20_261_121;

/** Two processes, one a core: 500 worlds each. */
test('what must always hold, holds in 1,000 worlds with faults', { timeout: 600_000 }, async () => {
  const half = (seed: number) =>
    promisify(execFile)(process.execPath, [PROPERTIES, `${seed}`, '500']);
  const [one, other] = await Promise.all([half(SEED), half(SEED + 1)]);
  expect(one.stdout.trim()).toBe('500 worlds hold');
  expect(other.stdout.trim()).toBe('500 worlds hold');
});

test('the same seed gives the same log, byte for byte', async () => {
  const first = await simulate(drawWorld(7), { withLog: true });
  const second = await simulate(drawWorld(7), { withLog: true });
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
