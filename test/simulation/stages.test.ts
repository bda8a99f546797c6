import { describe, expect, test } from 'vitest';
import { RULES } from './oracle/finding.ts';
import { KNOWN_FAULTS } from './oracle/known.ts';
import { runProgram } from './program.ts';
import { EVENTS } from './stages/events.ts';
import { PHASES } from './stages/phases.ts';
import { sampleOf } from './stages/sample.ts';
import { ILLS } from './stages/troubles.ts';

const STAGES = new URL('stages-main.ts', import.meta.url);
const KNOWN = new URL('known-main.ts', import.meta.url);

/** What it printed, whether it ended well or not. */
function said(file: URL, ...args: readonly string[]): Promise<string> {
  return runProgram(file, args).catch(
    ({ stdout = '', stderr = '' }: { stdout?: string; stderr?: string }) =>
      `${stdout}${stderr}`.trim(),
  );
}

const NTH = 561;

test('a fixed sample of all stages holds', { timeout: 600_000 }, async () => {
  const text = await said(STAGES, '--sample', `${NTH}`);
  expect(text).toMatch(/^\d+ scenes, 0 broken, \d+ with a known fault, 0 not reached; [\d.]+ s$/);
});

/** Of those in which traffic is shifted, which take longer; `npm run simulate:stages -- --shifts 1` plays all. */
const SHIFTS_NTH = 1_777;

test('a fixed sample of the stages of a shift holds', { timeout: 600_000 }, async () => {
  const text = await said(STAGES, '--shifts', `${SHIFTS_NTH}`);
  expect(text).toMatch(/^\d scenes, 0 broken, 0 with a known fault, 0 not reached; [\d.]+ s$/);
});

test('each known fault is still there, or its entry must go', { timeout: 600_000 }, async () => {
  expect(await said(KNOWN)).toBe('every known fault is still there');
});

describe('the sample', () => {
  const scenes = sampleOf(NTH);

  test('has every phase, every event and every fault', () => {
    expect(new Set(scenes.map(({ phase }) => phase)).size).toBe(Object.keys(PHASES).length);
    expect(new Set(scenes.map(({ event }) => event)).size).toBe(Object.keys(EVENTS).length);
    expect(new Set(scenes.map(({ ill }) => ill)).size).toBe(Object.keys(ILLS).length);
  });
});

test('a known fault names a rule that is judged', () => {
  const judged = [...RULES, '4. when the faults stop', '4. nothing waits', '6. every release ends'];
  for (const { rule } of KNOWN_FAULTS) {
    expect(judged.some((one) => one.startsWith(rule))).toBe(true);
  }
});
