/** GitHub was asked what the branch points to: a push whose delivery was lost is built all the same. */
import { describe, expect, test } from 'vitest';
import type { HeadSeen } from '../../../shared/core/source/event.ts';
import { at } from '../../build.ts';
import {
  branch,
  building,
  commit,
  introduced,
  push,
  TWO_IMAGES,
  tag,
  untold,
  whenSource,
} from '../../build-source.ts';
import { AHEAD, asks, BEHIND, DIVERGED, heard, line, told, wanted } from './story.ts';

function seen(n: number, change: Partial<HeadSeen> = {}): HeadSeen {
  return {
    ...{ type: 'HeadSeen', at: at(0), after: commit(n), images: ['web', 'api'], tag: tag(n) },
    ...change,
  };
}

describe('a commit that no push told of', () => {
  const lost = whenSource(branch(TWO_IMAGES), seen(5));

  test('is asked about like any push after a gap', () => {
    expect(lost.because).toBe(
      'no push of c005c00 was heard of: GitHub is asked how it follows c001c00',
    );
    expect(lost.record.unplaced).toMatchObject([{ after: commit(5), unheard: true }]);
  });

  test('that follows is built, all images of it: nobody told which paths it changed', () => {
    const step = told(lost.record, AHEAD);
    expect(line(step.record)[0]).toBe('5 at 1.3');
    expect(step.actions).toMatchObject([
      { type: 'StartBuild', image: 'web', commit: commit(5) },
      { type: 'StartBuild', image: 'api', commit: commit(5) },
    ]);
  });

  test('and its delivery comes after all: it is built once', () => {
    const placed = told(lost.record, AHEAD).record;
    const late = whenSource(placed, push(1, 5));
    expect(late.because).toContain('a late delivery, nothing is built');
    expect(asks(late.record)).toEqual([commit(5)]);
    const early = heard(lost.record, push(1, 5));
    expect(line(early)[0]).toBe('5 at 1.2');
    expect(told(early, { state: 'identical' }).record.unplaced).toEqual([]);
  });

  test('after a forced push that was lost begins a new line', () => {
    const step = told(lost.record, DIVERGED, { state: 'identical' });
    expect(step.kinds).toEqual(['rewritten']);
    expect(line(step.record)[0]).toBe('5 at 2.1');
  });

  test('that is older is where the branch was put back to', () => {
    const step = told(lost.record, BEHIND, { state: 'identical' });
    expect(step.told[0]?.because).toContain('main was put back: c005c00 begins a new line');
    expect(asks(step.record)).toEqual([commit(5)]);
  });

  test('that asks for no build is placed and not built', () => {
    const step = told(whenSource(branch(), seen(5, { skip: '[skip ci]' })).record, AHEAD);
    expect([line(step.record)[0], asks(step.record)]).toEqual(['5 at 1.3', []]);
    expect(step.kinds).toEqual(['nothing-to-build']);
  });
});

test('what is known, or waits for its place, changes nothing', () => {
  const given = heard(branch(), push(1, 2));
  expect(whenSource(given, seen(2)).record).toBe(given);
  const waits = heard(branch(), push(4, 5));
  expect(whenSource(waits, seen(5)).record).toBe(waits);
});

describe('what is known and not the newest', () => {
  const two = untold(building());

  test('is no news while GitHub is asked whether it has the newest: that may be forged', () => {
    const forged = untold(heard(building(), push(2, 3)));
    expect(whenSource(forged, seen(2)).record).toBe(forged);
  });

  test('is where the branch was put back to by a push that nobody heard of', () => {
    const step = told(whenSource(two, seen(1)).record, BEHIND, { state: 'identical' });
    expect(step.told[0]?.because).toContain('main was put back: c001c00 begins a new line');
    expect(line(step.record)[0]).toBe('1 at 2.1');
  });

  test('is an old answer of GitHub, where the branch has gone on: its place stays', () => {
    const step = told(whenSource(two, seen(1)).record, BEHIND, AHEAD);
    expect([line(step.record), step.record.unplaced]).toEqual([line(two), []]);
  });
});

test('where nothing was heard of yet the line begins there, and nothing is built unasked', () => {
  const step = whenSource(introduced(), seen(3));
  expect([line(step.record), wanted(step.record)]).toEqual([['3 at 1.0'], undefined]);
  expect(step.places).toEqual([]);
  const next = whenSource(step.record, push(3, 4));
  expect(wanted(next.record)).toBe(commit(4));
  expect(next.places).toEqual([
    { of: 'commit', commit: commit(3), line: 1, position: 0 },
    { of: 'commit', commit: commit(4), line: 1, position: 1 },
  ]);
});

describe('the first push of a branch, of which GitHub was asked before it came', () => {
  const begun = whenSource(introduced(), seen(3)).record;

  test('is built when it comes, late or sent again', () => {
    for (const [before, place] of [
      [undefined, []],
      [2, [{ of: 'commit', commit: commit(2), line: 1, position: 0 }]],
    ] as const) {
      const step = whenSource(begun, push(before, 3));
      expect(wanted(step.record)).toBe(commit(3));
      expect(step.places).toEqual([
        ...place,
        { of: 'commit', commit: commit(3), line: 1, position: 1 },
      ]);
      expect(whenSource(step.record, seen(3)).record).toBe(step.record);
    }
  });

  test('is late where another has come, and another one has its place sought', () => {
    const next = whenSource(begun, push(3, 4)).record;
    expect(wanted(whenSource(next, push(undefined, 3)).record)).toBe(commit(4));
    expect(whenSource(begun, push(1, 2)).record.unplaced).toMatchObject([{ after: commit(2) }]);
  });
});

test('a branch that was said to be deleted and is there begins anew', () => {
  const gone = untold(heard(branch(), push(1, undefined)));
  const step = whenSource(gone, seen(1));
  expect([step.kinds, wanted(step.record)]).toEqual([['rewritten'], commit(1)]);
  expect(step.record.goneAt).toBeUndefined();
});
