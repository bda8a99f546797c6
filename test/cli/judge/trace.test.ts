/** `slipway judge`: what it prints, and what it says of a file that is no trace. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { dispatch } from '../../../cli/dispatch.ts';
import { UsageError } from '../../../cli/output/command-error.ts';
import { EXIT } from '../../../cli/output/exit.ts';
import { printed } from '../world.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-judge-'));
const fileOf = (id: string) =>
  fileURLToPath(new URL(`../../judge/traces/${id}.json`, import.meta.url));
const STORY = JSON.parse(readFileSync(fileOf('s02-the-story'), 'utf8'));
let files = 0;
const saved = (content: unknown) => {
  const file = join(folder, `${++files}.json`);
  writeFileSync(file, JSON.stringify(content));
  return file;
};
const run = (...args: string[]) => printed(() => dispatch(['judge', ...args]));

test('it says what it would have said, why in counts, when, and what was bad until then', async () => {
  const { code, stdout } = await run(fileOf('s02-the-story'));
  expect(code).toBe(EXIT.done);
  expect(stdout).toContain(
    's02-the-story: condemned by the comparison of both, after minute 2; carried out 04:20 after the shift',
  );
  expect(stdout).toContain('of 397 requests to the new revision, 111 failed (28 %)');
  expect(stdout).toContain('bad answers until then: 162 of 3,927');
});

test('what chooses releases of a target is no choice of a trace, nor of one release', async () => {
  await expect(run(fileOf('s02-the-story'), '--last', '3')).rejects.toThrow(
    /^--last chooses releases of a target, and .*s02-the-story\.json is a trace$/,
  );
  await expect(run('web', '--release', '3', '--last', '2')).rejects.toThrow(
    "option '--last <n>' cannot be used with option '--release <number>'",
  );
});

test('--json is one object, in which nothing is ever missing', async () => {
  const { stdout } = await run(fileOf('s02-the-story'), '--json');
  expect(JSON.parse(stdout)).toMatchObject({
    state: 'condemned',
    minute: 2,
    by: 'two-arm',
    seconds: 260,
    badUntilThen: 162,
    badOfAll: 3927,
    logs: { two: expect.closeTo(42.18, 2), harmless: expect.closeTo(-225.38, 2) },
    phi: 1,
    ref: expect.closeTo(0.002632, 6),
  });
});

test('without a verdict nothing is said of one, and what was never measured is null', async () => {
  const quiet = JSON.parse((await run(fileOf('s01-quiet'), '--json')).stdout);
  expect(quiet).toMatchObject({ state: 'harmless', minute: null, by: null, seconds: null });
  const alone = JSON.parse((await run(fileOf('s10-all-at-once'), '--json')).stdout);
  expect(alone).toMatchObject({ state: 'alone', logs: { history: null } });
});

test('a trace that knows no truth is played, and says nothing of what was bad', async () => {
  const minutes = STORY.minutes.map(({ bad: _, ...minute }: { bad: number }) => minute);
  const { stdout } = await run(saved({ ...STORY, minutes }), '--json');
  expect(JSON.parse(stdout)).toMatchObject({ minute: 2, badUntilThen: null, badOfAll: null });
});

test('one target group for both is judged against history alone', async () => {
  const minutes = STORY.minutes.map(
    ({ oldN, oldE, newN, newE, ...minute }: Record<'oldN' | 'oldE' | 'newN' | 'newE', number>) => ({
      ...minute,
      totalN: oldN + newN,
      totalE: oldE + newE,
    }),
  );
  const { stdout } = await run(saved({ ...STORY, split: false, minutes }), '--json');
  const said = JSON.parse(stdout);
  expect(said).toMatchObject({ state: 'alone', by: 'history alone' });
  expect(said.because).toContain('the old revision and the new revision together');
});

describe('a file that is no trace is refused: what, its value, what was expected, what next', () => {
  const NEXT = 'docs/judge.md, "Traces", has the format';
  const minutes = (change: object, at = 1) =>
    STORY.minutes.map((minute: object, i: number) =>
      i === at ? { ...minute, ...change } : minute,
    );
  const { split: _, ...noSplit } = STORY;

  test.each([
    ['no object', [1], '', 'a list of 1, expected an object'],
    [
      'no split',
      noSplit,
      ', split',
      'missing, expected true (counts by revision) or false (totalN, totalE and newShare)',
    ],
    [
      'seconds',
      { ...STORY, periodSeconds: 1 },
      ', periodSeconds',
      'the number 1, expected 60: minutes are what the judge reads',
    ],
    [
      'no minutes',
      { ...STORY, minutes: [] },
      ', minutes',
      'a list of 0, expected a list of 1 to 1440 minutes',
    ],
    [
      'a negative count',
      { ...STORY, minutes: minutes({ newE: -4 }) },
      ', minutes.1.newE',
      'the number -4, expected a number of requests from 0 to 1000000000000',
    ],
    [
      'a word',
      { ...STORY, minutes: minutes({ control: 'yes' }) },
      ', minutes.1.control',
      '"yes", expected true or false',
    ],
    [
      'half a pair',
      { ...STORY, history: [[3000]] },
      ', history.0',
      'a list of 1, expected [requests, errors]',
    ],
    [
      'minutes out of order',
      { ...STORY, minutes: minutes({ begin: -13 }) },
      ', minutes.1.begin',
      'the number -13, expected 60 s after -13: minutes stand in order, one of the clock each',
    ],
  ])('%s', async (_, content, where, said) => {
    const file = saved(content);
    const error = await run(file).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UsageError);
    expect((error as UsageError).message).toBe(`${file}${where}: is ${said}; ${NEXT}`);
  });

  test('one that is not there', async () => {
    await expect(run('no-such.json')).rejects.toThrow('no-such.json does not exist');
  });
});
