import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { RULES } from './oracle/finding.ts';
import { KNOWN_FAULTS } from './oracle/known.ts';
import { EVENTS } from './stages/events.ts';
import { PHASES } from './stages/phases.ts';
import { sampleOf } from './stages/sample.ts';
import { ILLS } from './stages/troubles.ts';

/** Programs of their own, since they run three times as fast outside of the test runner. */
async function run(file: string, ...args: readonly string[]): Promise<string> {
  const path = fileURLToPath(new URL(file, import.meta.url));
  const options = { maxBuffer: 1 << 26 };
  const failed = (error: { stdout?: string; stderr?: string }) => error;
  const ended = await promisify(execFile)(process.execPath, [path, ...args], options).catch(failed);
  return `${ended.stdout ?? ''}${ended.stderr ?? ''}`.trim();
}

const NTH = 223;

test('a fixed sample of all stages holds', { timeout: 600_000 }, async () => {
  const said = await run('stages-main.ts', '--sample', `${NTH}`);
  expect(said).toMatch(/^\d+ scenes, 0 broken, \d+ with a known fault, 0 not reached; [\d.]+ s$/);
});

test('each known fault is still there, or its entry must go', { timeout: 600_000 }, async () => {
  expect(await run('known-main.ts')).toBe('every known fault is still there');
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
