/** What is said and owed of a commit that waits for its place, and which deliveries need not wait. */
import { expect, test } from 'vitest';
import { at } from '../../build.ts';
import {
  branch,
  commit,
  introduced,
  lookedSource,
  push,
  sourceSeen,
  whenSource,
} from '../../build-source.ts';
import { AHEAD, BEHIND, DIVERGED, heard, line, told, UNKNOWN } from './story.ts';

const IDENTICAL = { state: 'identical' } as const;
const two = () => heard(branch(), push(1, 2));
/** Commit 3 was forced over 2: it begins line 2. */
const reset = () => heard(two(), push(2, 3, { forced: true }));

test('each push that waits says why it is not placed', () => {
  const gap = whenSource(branch(), push(3, 4));
  expect(gap.because).toContain(
    'the push before c004c00 was not heard of: GitHub is asked how it follows c001c00',
  );
  expect(whenSource(gap.record, push(4, 5)).because).toContain(
    'c005c00 follows c004c00, whose place is not known yet',
  );
  expect(whenSource(two(), push(1, 3)).because).toContain(
    'c003c00 may be heard late: GitHub is asked how it follows c002c00',
  );
});

test('targets hear that a commit waits, unless it has a place', () => {
  expect(whenSource(branch(), push(3, 4)).places).toEqual([
    {
      of: 'commit',
      commit: commit(4),
      waitsBecause: expect.stringContaining('the push before c004c00 was not heard of'),
    },
  ]);
  expect(whenSource(two(), push(7, 1, { forced: true })).places).toEqual([]);
});

test('that GitHub does not answer is told once, and targets hear of it', () => {
  const first = told(heard(branch(), push(3, 4)), UNKNOWN);
  expect(first.kinds).toEqual(['unplaced']);
  expect(first.places).toEqual([
    {
      of: 'commit',
      commit: commit(4),
      waitsBecause: 'GitHub could not be asked where c004c00 stands: HTTP 503',
    },
  ]);
  const second = told(first.record, UNKNOWN);
  expect(second.kinds).toEqual([]);
  expect(second.places).toEqual([]);
});

test('a commit that has a place keeps it while GitHub does not answer', () => {
  const back = told(heard(two(), push(7, 1, { forced: true })), UNKNOWN);
  expect(back.kinds).toEqual(['unplaced']);
  expect(back.places).toEqual([]);
});

test('an answer about another push with the same base places nothing', () => {
  const seen = sourceSeen(heard(branch(), push(3, 4)), 1, { comparison: AHEAD });
  const given = heard(branch(), push(5, 6));
  const then = whenSource(given, { type: 'SourceObserved', observation: seen }).record;
  expect(then.unplaced).toEqual(given.unplaced);
  expect(line(then)).toEqual(['1 at 1.1']);
});

test('a look that brings no comparison leaves the push waiting', () => {
  const given = heard(branch(), push(3, 4));
  const { comparison: _, ...seen } = sourceSeen(given, 1);
  const then = whenSource(given, { type: 'SourceObserved', observation: seen }).record;
  expect(then.unplaced).toEqual(given.unplaced);
});

test('a forced push that is ahead begins a new line, and names who forced it', () => {
  const then = told(heard(branch(), push(3, 4, { forced: true })), AHEAD);
  expect(then.told[0]?.because).toBe(
    'a forced push by ada: c004c00 begins a new line, and everything before it is older',
  );
});

test('a forced push that is ahead of a reset branch begins a line once GitHub has it', () => {
  const then = told(heard(reset(), push(8, 9, { forced: true })), AHEAD, IDENTICAL);
  expect(line(then.record)[0]).toBe('9 at 3.1');
});

test('a branch that was created again at an older commit is said to be so', () => {
  const then = told(heard(two(), push(undefined, 1, { delivery: 'again' })), BEHIND, IDENTICAL);
  expect(then.told[0]?.because).toMatch(/^main was created again: c001c00 begins a new line/);
});

test('a forced push back to an older commit names who forced it', () => {
  const then = told(heard(two(), push(7, 1, { forced: true })), BEHIND, IDENTICAL);
  expect(then.told[0]?.because).toMatch(/^a forced push by ada: c001c00 begins a new line/);
});

test('what is heard late of a reset branch stands below its newest line', () => {
  expect(told(heard(reset(), push(8, 9)), BEHIND).places).toEqual([
    { of: 'commit', commit: commit(9), line: 2, position: -2 },
  ]);
});

test('a forced push that leaves the head of a reset branch waits for nobody', () => {
  const then = heard(reset(), push(3, 4, { forced: true }));
  expect(then.unplaced).toEqual([]);
  expect(line(then)[0]).toBe('4 at 3.1');
});

test('a push from the head to a commit that is known is asked about', () => {
  const then = heard(two(), push(2, 1));
  expect(then.unplaced.map(({ after }) => after)).toEqual([commit(1)]);
  expect(line(then)).toEqual(['2 at 1.2', '1 at 1.1']);
});

test('what the first push followed is owed its place once', () => {
  expect(whenSource(introduced(), push(1, 2)).places).toEqual([
    { of: 'commit', commit: commit(1), line: 1, position: 0 },
    { of: 'commit', commit: commit(2), line: 1, position: 1 },
  ]);
});

test('a branch that was created with force begins with line 1', () => {
  expect(line(heard(introduced(), push(undefined, 1, { forced: true })))).toEqual(['1 at 1.1']);
});

test('a late delivery of what leads to the head rewrites nothing', () => {
  const then = whenSource(two(), push(5, 2));
  expect(then.because).toContain('c002c00 is known already');
  expect(line(then.record)[0]).toBe('2 at 1.2');
  const again = heard(two(), push(1, 2, { forced: true, delivery: 'again' }));
  expect(line(again)).toEqual(['2 at 1.2', '1 at 1.1']);
});

test('a push that waits already is asked about once', () => {
  const then = heard(branch(), push(3, 4), push(3, 4, { delivery: 'again' }));
  expect(then.unplaced).toHaveLength(1);
});

test('the creation of a branch at its head is known', () => {
  expect(heard(branch(), push(undefined, 1, { delivery: 'again' })).unplaced).toEqual([]);
});

test('a branch without builds, of which nothing waits, has nothing new', () => {
  expect(lookedSource(branch(), 1).because).toBe('nothing new of the builds');
});

test('a rewritten branch that GitHub has is said to be rewritten', () => {
  const then = told(heard(branch(), push(3, 4)), DIVERGED, IDENTICAL);
  expect(then.told[0]).toMatchObject({ kind: 'rewritten', at: at(1) });
});
