/** A branch that is rewritten begins a new line, and what was left behind is older. */
import { describe, expect, test } from 'vitest';
import {
  branch,
  commit,
  introduced,
  push,
  sourceSeen,
  untold,
  whenSource,
} from '../../build-source.ts';
import { AHEAD, asks, BEHIND, DIVERGED, heard, line, told, wanted } from './story.ts';

const IDENTICAL = { state: 'identical' } as const;

describe('a forced push', () => {
  test('begins a new line and says so', () => {
    const step = whenSource(branch(), push(1, 9, { forced: true }));
    expect(line(step.record)).toEqual(['9 at 2.1', '1 at 1.1']);
    expect(step.kinds).toEqual(['rewritten']);
    expect(step.told[0]).toMatchObject({
      commit: commit(9),
      because: 'a forced push by ada: c009c00 begins a new line, and everything before it is older',
      next: 'what was built from the commits before it is not deployed by itself any more',
    });
    expect(wanted(step.record)).toBe(commit(9));
  });

  test('back to an older commit: that one is the newest now, and is built again', () => {
    const given = untold(heard(branch(), push(1, 2), push(2, 3)));
    const step = whenSource(given, push(3, 1, { forced: true }));
    expect(line(step.record)).toEqual(['1 at 2.1', '3 at 1.3', '2 at 1.2']);
    expect(step.places).toEqual([{ of: 'commit', commit: commit(1), line: 2, position: 1 }]);
    expect(wanted(step.record)).toBe(commit(1));
  });

  test('and what follows it goes on in the new line, once GitHub says that the branch has it', () => {
    const given = heard(branch(), push(1, 9, { forced: true }), push(9, 10));
    const then = told(given, AHEAD, IDENTICAL).record;
    expect(line(then)).toEqual(['10 at 2.3', '9 at 2.1', '1 at 1.1']);
    expect(asks(then)).toEqual([commit(10)]);
    // From there on the chain tells.
    expect(line(heard(then, push(10, 11)))[0]).toBe('11 at 2.4');
  });

  test.each([
    ['the first one', [push(1, 2)]],
    ['both', [push(1, 2), push(2, 3)]],
  ])('a push that a reset took back is not built, heard after it: %s', (_, pushes) => {
    const reset = heard(branch(), push(3, 1, { forced: true }));
    const late = heard(reset, ...pushes);
    expect(wanted(late)).not.toBe(commit(2));
    const asked = told(late, AHEAD, BEHIND).record;
    expect(asks(asked)).toEqual([commit(1)]);
    expect([wanted(asked), line(asked)[0], asked.unplaced]).toEqual([undefined, '1 at 2.1', []]);
  });

  test('late deliveries of the old line are older: GitHub says that the branch has them no more', () => {
    const given = heard(branch(), push(1, 2), push(2, 9, { forced: true }));
    const first = told(heard(untold(given), push(2, 3)), DIVERGED, DIVERGED).record;
    const late = told(heard(first, push(3, 4)), DIVERGED, DIVERGED).record;
    expect(line(late)).toEqual(['9 at 2.1', '4 at 1.4', '3 at 1.3', '2 at 1.2', '1 at 1.1']);
    expect(late.outbox.places.filter((place) => 'position' in place)).toEqual([
      { of: 'commit', commit: commit(3), line: 1, position: 3 },
      { of: 'commit', commit: commit(4), line: 1, position: 4 },
    ]);
    expect(late.unplaced).toEqual([]);
    expect(asks(late)).toEqual([commit(9)]);
  });

  test('back to the old line, which was not heard of: what follows there is newer again', () => {
    const given = heard(branch(), push(1, 2), push(2, 9, { forced: true }), push(2, 3));
    const step = told(given, DIVERGED, AHEAD);
    expect(line(step.record)).toEqual(['3 at 3.1', '9 at 2.1', '2 at 1.2', '1 at 1.1']);
    expect(step.kinds).toEqual(['rewritten', 'superseded', 'superseded']);
  });

  test('that takes back a push which is heard of later: that one stays taken back', () => {
    const reset = heard(branch(), push(2, 1, { forced: true }));
    expect(line(reset)).toEqual(['1 at 2.1', '2 at 1.2']);
    const late = heard(reset, push(1, 2));
    expect(sourceSeen(late, 1).question.compare).toEqual({ base: commit(1), head: commit(2) });
    const step = told(late, AHEAD, BEHIND);
    expect(line(step.record)).toEqual(line(reset));
    expect(asks(step.record)).toEqual([commit(1)]);
    const again = told(late, AHEAD, { state: 'identical' });
    expect(line(again.record)).toEqual(['2 at 2.3', '1 at 2.1']);
    expect(asks(again.record).at(0)).toBe(commit(2));
  });

  test('and a gap after it: what is ahead of it may be what it took back, so GitHub is asked', () => {
    const given = heard(branch(), push(1, 2), push(2, 1, { forced: true }), push(4, 5));
    const asked = told(given, { state: 'ahead', by: 3 });
    expect(asked.because).toContain('c005c00 may be heard late');
    const newer = told(asked.record, { state: 'identical' });
    expect(line(newer.record)).toEqual(['5 at 2.3', '4 at 2.2', '1 at 2.1', '2 at 1.2']);
    expect(newer.kinds).toEqual(['superseded', 'superseded']);
    const late = told(asked.record, BEHIND);
    expect(line(late.record)).toEqual(['1 at 2.1', '2 at 1.2']);
  });

  test('whose push before it was not heard of begins a new line too, however it follows', () => {
    const step = told(heard(branch(), push(2, 9, { forced: true })), AHEAD);
    expect(line(step.record)).toEqual(['9 at 2.1', '2 at 1.2', '1 at 1.1']);
    expect(step.kinds).toEqual(['rewritten']);
    const late = heard(step.record, push(1, 2));
    expect(line(late)).toEqual(line(step.record));
  });

  test('back to an older commit, and the push before it was not heard of: GitHub tells', () => {
    const given = heard(branch(), push(1, 2), push(3, 1, { forced: true }));
    expect(given.unplaced).toHaveLength(1);
    const reset = told(given, BEHIND, { state: 'identical' });
    expect(line(reset.record)).toEqual(['1 at 2.1', '3 at 1.3', '2 at 1.2']);
    const late = told(given, BEHIND, AHEAD);
    expect(line(late.record)).toEqual(['2 at 1.2', '1 at 1.1']);
    expect(late.kinds).toEqual([]);
  });

  test('while GitHub does not answer, back and forth: the last one counts', () => {
    const given = heard(
      branch(),
      push(4, 5),
      push(5, 6),
      push(6, 5, { forced: true, delivery: 'back' }),
    );
    const step = told(given, AHEAD);
    expect(line(step.record)).toEqual(['5 at 2.1', '6 at 1.4', '4 at 1.2', '1 at 1.1']);
    expect(asks(step.record)).toEqual([commit(5)]);
  });

  test('as the first push that is heard of leaves the old line behind it', () => {
    const given = heard(introduced(), push(3, 9, { forced: true }));
    expect(line(given)).toEqual(['9 at 2.1', '3 at 1.0']);
    expect(line(heard(given, push(2, 3)))).toEqual(['9 at 2.1', '3 at 1.0', '2 at 1.-1']);
  });
});
