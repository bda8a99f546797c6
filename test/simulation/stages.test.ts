import { describe, expect, test } from 'vitest';
import { RULES } from './oracle/finding.ts';
import { KNOWN_FAULTS } from './oracle/known.ts';
import { runProgram } from './program.ts';
import { EACH, KINDS } from './stages/each.ts';
import { EVENTS } from './stages/events.ts';
import { PHASES } from './stages/phases.ts';
import type { Scene } from './stages/play.ts';
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
  const text = await said(STAGES, '--sample', `${NTH}`, '--workers', '1');
  expect(text).toMatch(/^\d+ scenes, 0 broken, \d+ with a known fault, 0 not reached; [\d.]+ s$/);
});

/** Of those in which traffic is shifted, which take longer; `npm run simulate:stages -- --shifts 1` plays all. */
const SHIFTS_NTH = 1_777;

test('a fixed sample of the stages of a shift holds', { timeout: 600_000 }, async () => {
  const text = await said(STAGES, '--shifts', `${SHIFTS_NTH}`, '--workers', '1');
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

describe('a pair of each', () => {
  const meet = (scenes: readonly Scene[], one: keyof Scene, other: keyof Scene) =>
    new Set(scenes.map((scene) => `${scene[one]} / ${scene[other]}`)).size;

  test.each(['plain', 'shifts', 'judged'] as const)(
    'every two of phase, event and fault meet, in no more scenes than that takes: %s',
    (kind) => {
      const { phases, events } = KINDS[kind];
      const faults = Object.keys(ILLS).length - 1;
      const scenes = EACH.pair(KINDS[kind]);
      expect(meet(scenes, 'phase', 'event')).toBe(phases.length * events.length);
      expect(meet(scenes, 'phase', 'ill')).toBe(phases.length * faults);
      expect(meet(scenes, 'event', 'ill')).toBe(events.length * faults);
      expect(scenes).toHaveLength(events.length * Math.max(phases.length, faults));
    },
  );

  test('the first of those in which no traffic is shifted', () => {
    expect(EACH.pair(KINDS.plain)[0]).toEqual({
      phase: 'not seen yet',
      event: 'nothing',
      ill: 'event-lost',
    });
  });
});

test('what cannot be played is refused, and says what can', { timeout: 60_000 }, async () => {
  const many = EACH.healthy(KINDS.plain).length;
  const [kind, from, workers] = await Promise.all([
    said(STAGES, '--each', 'pair', '--of', 'builds'),
    said(STAGES, '--each', 'healthy', '--from', `${many + 1}`),
    said(STAGES, '--workers', '0'),
  ]);
  expect(kind).toMatch(/^--of takes plain, shifts, judged, and not "builds"\n/);
  expect(from).toContain(`--from takes at most ${many} there, and not "${many + 1}"\n`);
  expect(workers).toMatch(/^--workers takes a whole number from 1 on, and not "0"\n/);
});

test('a known fault names a rule that is judged', () => {
  const judged = [
    ...RULES,
    '4. when the faults stop',
    '4. nothing waits',
    '4. the record knows what runs',
    '6. every release ends',
    'nothing stays owed',
    'a history replays',
  ];
  for (const { rule } of KNOWN_FAULTS) {
    expect(judged.some((one) => one.startsWith(rule))).toBe(true);
  }
});
