import { availableParallelism } from 'node:os';
import { expect, test } from 'vitest';
import { waitFor } from './waiting-player.ts';
import { playInOrder, threadsFor } from './workers.ts';

const module = new URL('waiting-player.ts', import.meta.url);

async function told(tasks: readonly number[], threads: number): Promise<readonly string[]> {
  const player = { module, play: waitFor };
  const all: string[] = [];
  for await (const [task, result] of playInOrder(player, tasks, threads)) {
    all.push(`${task}: ${result}`);
  }
  return all;
}

test.each([1, 2, 5])('results come in the order of what was asked, from %i threads', async (n) => {
  expect(await told([120, 1, 60, 2], n)).toEqual([
    '120: waited 120 ms',
    '1: waited 1 ms',
    '60: waited 60 ms',
    '2: waited 2 ms',
  ]);
});

test('far more than may be ahead of the oldest are all played', async () => {
  const tasks = [50, ...Array.from({ length: 250 }, () => 0)];
  expect(await told(tasks, 2)).toHaveLength(251);
});

test.each([1, 2])('what throws ends it with its own words, with %i threads', async (n) => {
  await expect(told([1, -5, 1], n)).rejects.toThrow('nobody waits for -5 ms');
});

test('who stops listening waits for nothing that was asked', async () => {
  const began = performance.now();
  for await (const [task] of playInOrder({ module, play: waitFor }, [0, 60_000, 60_000], 2)) {
    if (task === 0) break;
  }
  expect(performance.now() - began).toBeLessThan(30_000);
});

test('one world begins no thread, and thousands begin no more than there are cores', () => {
  expect(threadsFor(1)).toBe(1);
  expect(threadsFor(39)).toBe(1);
  expect(threadsFor(3_000)).toBe(availableParallelism());
});
