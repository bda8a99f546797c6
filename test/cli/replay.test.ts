import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { drawWorld, simulate } from '../simulation/simulate.ts';
import { slipway } from './run.ts';
import { slipwayHere } from './run-here.ts';

let folder: string;
const saved = (name: string, content: unknown) =>
  writeFile(join(folder, name), JSON.stringify(content));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'slipway-replay-'));
  const { histories } = await simulate(drawWorld(2));
  const [key, history] = histories[0] ?? ['', []];
  await saved('good.json', { key, history });
  await saved('other.json', {
    key,
    history: history.map((entry, i) => (i === 2 ? { ...entry, because: 'another reason' } : entry)),
  });
  await saved('gap.json', { key, history: history.slice(1) });
});

test('a history replays decision by decision', async () => {
  const { code, stdout, stderr } = await slipway('replay', join(folder, 'good.json'));
  expect(stderr).toBe('');
  expect(stdout).toContain('every decision is the same');
  expect(stdout).toMatch(/^ {3}1 .*Configured +new +introduced by the config$/m);
  expect(code).toBe(0);
});

test('a decision that is taken otherwise today is marked, and the exit code says so', async () => {
  const { code, stdout } = await slipwayHere('replay', join(folder, 'other.json'));
  expect(stdout).toContain('1 decided otherwise, the first is 3');
  expect(code).toBe(1);
});

test('a history with a gap is refused with the number of the missing entry', async () => {
  const { code, stderr } = await slipwayHere('replay', join(folder, 'gap.json'));
  expect(stderr).toContain('has no entry 1: the next one is 2');
  expect(code).toBe(2);
});

test('--json ends with the record', async () => {
  const { stdout } = await slipwayHere('replay', '--json', join(folder, 'good.json'));
  const last = JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as Record<string, unknown>;
  expect(last).toMatchObject({ type: 'record', record: { format: 2 } });
});

test('what is no history is refused', async () => {
  const { code, stderr } = await slipwayHere('replay', 'package.json');
  expect(stderr).toBe(
    'slipway: package.json is no history; expected { "key": "ecs/<cluster>/<service>", "history": [...] }\n',
  );
  expect(code).toBe(2);
});
