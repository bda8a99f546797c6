import { expect, test } from 'vitest';
import {
  askFrom,
  connected,
  type Memory,
  NOTHING_KNOWN,
  remember,
} from '../../local/page/memory.ts';
import { retryDelayMs } from '../../local/page/retry.ts';
import type { PageTimeline } from '../../local/server/page-state.ts';
import { numbered, pageState, step, TEN } from './page-world.ts';

const STORY = numbered([
  step(TEN, 'zero'),
  step(TEN + 1, 'one'),
  step(TEN + 2, 'two'),
  step(TEN + 3, 'three'),
]);

function told(from: number, to: number, story = STORY): PageTimeline {
  const entries = story.filter(({ n }) => n >= from && n < to);
  return { first: 0, next: to, entries };
}

function after(memory: Memory, ...timelines: PageTimeline[]): Memory {
  return timelines.reduce(
    (known, data) => remember(known, { event: 'timeline', data }).memory,
    memory,
  );
}

function texts({ entries }: Memory): readonly string[] {
  return entries.map((entry) => (entry.type === 'step' ? entry.text : entry.type));
}

test('entries are kept in order, and the next is asked for', () => {
  const memory = after(NOTHING_KNOWN, told(0, 2), told(2, 3));
  expect(texts(memory)).toEqual(['zero', 'one', 'two']);
  expect(memory.next).toBe(3);
});

test('what is told twice is kept once', () => {
  const memory = after(NOTHING_KNOWN, told(0, 3), told(1, 4));
  expect(texts(memory)).toEqual(['zero', 'one', 'two', 'three']);
});

test('after a break the last entry is asked for once more, the first time everything', () => {
  expect(askFrom(NOTHING_KNOWN)).toBe(0);
  expect(askFrom(after(NOTHING_KNOWN, told(0, 3)))).toBe(2);
});

test('a server that tells the same story goes on where it was left', () => {
  const before = connected(after(NOTHING_KNOWN, told(0, 3)));
  const { memory, anew } = remember(before, { event: 'timeline', data: told(2, 4) });
  expect(anew).toBe(false);
  expect(texts(memory)).toEqual(['zero', 'one', 'two', 'three']);
});

test('a server that tells another story under the same number makes the page begin anew', () => {
  const other = numbered([step(TEN, 'zero'), step(TEN + 1, 'one'), step(TEN + 2, 'another two')]);
  const before = connected(after(NOTHING_KNOWN, told(0, 3)));
  const { memory, anew } = remember(before, { event: 'timeline', data: told(2, 3, other) });
  expect(anew).toBe(true);
  expect(memory).toEqual({ ...NOTHING_KNOWN, world: 1 });
  expect(askFrom(memory)).toBe(0);
});

test('a server that has told less than the page knows is another one', () => {
  const before = connected(after(NOTHING_KNOWN, told(0, 3)));
  const state = pageState({ timeline: { first: 0, next: 2 } });
  expect(remember(before, { event: 'state', data: state }).anew).toBe(true);
});

test('a state that was made just before the newest entries came is no other world', () => {
  const before = after(connected(after(NOTHING_KNOWN, told(0, 2))), told(2, 4));
  const state = pageState({ timeline: { first: 0, next: 3 } });
  const { memory, anew } = remember(before, { event: 'state', data: state });
  expect(anew).toBe(false);
  expect(memory.state).toBe(state);
});

test.each([
  ['its time runs back', { now: TEN - 1 }],
  ['its seed is another', { seed: 2 }],
])('a world is another one if %s', (_, change) => {
  const { memory } = remember(NOTHING_KNOWN, { event: 'state', data: pageState() });
  expect(remember(memory, { event: 'state', data: pageState(change) }).anew).toBe(true);
  expect(remember(memory, { event: 'state', data: pageState({ now: TEN + 1 }) }).anew).toBe(false);
});

test('over a gap that the server cannot fill, only what came after it is kept', () => {
  const memory = after(NOTHING_KNOWN, told(0, 1), told(3, 4));
  expect(texts(memory)).toEqual(['three']);
  expect(memory).toMatchObject({ next: 4, forgotten: 3 });
});

test('the newest 5,000 entries are kept, and how many were before them', () => {
  const many = numbered(Array.from({ length: 5_003 }, (_, n) => step(TEN + n, String(n))));
  const memory = after(NOTHING_KNOWN, { first: 0, next: 5_003, entries: many });
  expect(memory.entries).toHaveLength(5_000);
  expect(memory).toMatchObject({ next: 5_003, forgotten: 3 });
});

test('it connects again soon, and then each five seconds', () => {
  expect([1, 2, 3, 4, 5, 100].map(retryDelayMs)).toEqual([500, 1000, 2000, 5000, 5000, 5000]);
});
