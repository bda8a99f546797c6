/** Why a command changes something: asked on a terminal, and wanted beforehand elsewhere. */
import { Option } from 'commander';
import { afterEach, expect, test, vi } from 'vitest';
import { askable, withReason } from '../../../cli/output/ask/why.ts';
import { makeProgram } from '../../../cli/program.ts';

const cancel = Symbol('cancel');
const text = vi.hoisted(() => vi.fn());
vi.mock('@clack/prompts', () => ({ text, isCancel: (said: unknown) => said === cancel }));

afterEach(() => {
  vi.unstubAllGlobals();
  text.mockReset();
  Object.assign(process.stdin, { isTTY: undefined });
  Object.assign(process.stderr, { isTTY: undefined });
});

function onTerminal(): void {
  Object.assign(process.stdin, { isTTY: true });
  Object.assign(process.stderr, { isTTY: true });
}

function isWanted(): boolean {
  const rollback = makeProgram(() => undefined).commands.find((one) => one.name() === 'rollback');
  return rollback?.options.find(({ long }) => long === '--because')?.mandatory === true;
}

const because = [new Option('--because <words>')];

test('off a terminal it must be said; on one it is asked for', async () => {
  expect(isWanted()).toBe(true);
  onTerminal();
  expect(isWanted()).toBe(false);
  text.mockResolvedValue('slow since noon');
  expect(await withReason('rollback', because, {})).toEqual({ because: 'slow since noon' });
});

test('what was said is not asked, and a command that changes nothing asks nothing', async () => {
  onTerminal();
  expect(await withReason('rollback', because, { because: 'x' })).toEqual({ because: 'x' });
  expect(await withReason('status', [], {})).toEqual({});
  expect(askable(new Option('--image <x>').makeOptionMandatory()).mandatory).toBe(true);
  expect(text).not.toHaveBeenCalled();
});

test('who goes away at the question has changed nothing; a program is not asked', async () => {
  text.mockResolvedValue(cancel);
  await expect(withReason('rollback', because, {})).rejects.toThrow('nothing was done');
  await expect(withReason('rollback', because, { yes: true })).rejects.toThrow('say why: rollback');
});
