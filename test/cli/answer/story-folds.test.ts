import { expect, test } from 'vitest';
import { storyLines } from '../../../cli/output/story.ts';
import type { Entry } from '../../../local/stories/timeline.ts';

const plain = (text: string) => text;
const colors = new Proxy({}, { get: () => plain }) as Parameters<typeof storyLines>[2];

const moved = (seconds: number, share: number): Entry => ({
  type: 'traffic',
  at: seconds * 1000,
  target: 'web',
  percents: { blue: 100 - share, green: share },
});
const said = (seconds: number, status: 'SUCCEEDED' | 'FAILED' | 'IN_PROGRESS'): Entry => ({
  type: 'hook',
  at: seconds * 1000,
  target: 'web',
  stage: 'PRE_PRODUCTION_TRAFFIC_SHIFT',
  status,
  because: 'it is judged',
});
const told = (timeline: readonly Entry[]) =>
  storyLines(timeline, 0, colors).map((line) =>
    line.replace(/^(\S+) +(\S+) .*?(, in .*)?$/, '$1 $2$3'),
  );

test('quick steps of a shift are told as one, with their number', () => {
  const steps = [0, 30, 60, 90, 120].flatMap((at, i) => [
    moved(at, 5 * i + 5),
    said(at + 10, 'IN_PROGRESS'),
    said(at + 29, 'SUCCEEDED'),
  ]);
  expect(told(steps)).toEqual([
    '00:00 traffic',
    '02:00 traffic, in 4 steps',
    '02:10 hook',
    '02:29 hook',
  ]);
});

test('three quick steps are told one by one, and slow ones, too', () => {
  expect(told([moved(0, 5), moved(30, 50), moved(60, 100)])).toHaveLength(3);
  expect(told([0, 300, 600, 900, 1200].map((at) => moved(at, 10)))).toHaveLength(5);
});

test('that a hook let it go on is told by the traffic that moved at once, and else by itself', () => {
  expect(told([said(10, 'SUCCEEDED'), moved(11, 5)])).toEqual(['00:11 traffic']);
  expect(told([said(10, 'SUCCEEDED'), moved(30, 5)])).toEqual(['00:10 hook', '00:30 traffic']);
  expect(told([said(10, 'FAILED'), moved(11, 0)])).toEqual(['00:10 hook', '00:11 traffic']);
});

test('what one target does leaves nothing out of another', () => {
  const other = { ...said(45, 'IN_PROGRESS'), target: 'worker' } as Entry;
  const steps = [0, 30, 60, 90].map((at) => moved(at, 5));
  expect(told([...steps.slice(0, 2), other, ...steps.slice(2)])).toEqual([
    '00:00 traffic',
    '00:45 hook',
    '01:30 traffic, in 3 steps',
  ]);
});

test('the lines of a story of more than an hour stand below each other', () => {
  const lines = storyLines([moved(60, 5), moved(3_600, 10)], 0, colors);
  expect(lines).toEqual([
    '  01:00  traffic   web: 95 % to blue, 5 % to green',
    '1:00:00  traffic   web: 90 % to blue, 10 % to green',
  ]);
});
