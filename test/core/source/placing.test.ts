/** Where pushes stand: by the chain of their commits, never by their arrival. */
import { describe, expect, test } from 'vitest';
import { at } from '../../build.ts';
import {
  branch,
  carriedOut,
  commit,
  introduced,
  push,
  TWO_IMAGES,
  untold,
  whenSource,
} from '../../build-source.ts';
import { AHEAD, asks, BEHIND, heard, line, told, wanted } from './story.ts';

describe('the chain', () => {
  test('the first push that is heard of begins the order, and what was there before is older', () => {
    const step = whenSource(introduced(), push(1, 2));
    expect(line(step.record)).toEqual(['2 at 1.1', '1 at 1.0']);
    expect(step.because).toBe(
      'c002c00 is the first that is heard of; builds web as main-c002c002c002',
    );
    expect(wanted(step.record)).toBe(commit(2));
    expect(step.record.observeAt).toBeDefined();
  });

  test('the first push of a branch has nothing before it', () => {
    expect(line(whenSource(introduced(), push(undefined, 1)).record)).toEqual(['1 at 1.1']);
  });

  test('a push that follows what is known is the newest, without a word of GitHub', () => {
    const step = whenSource(branch(), push(1, 2));
    expect(line(step.record)).toEqual(['2 at 1.2', '1 at 1.1']);
    expect(step.because).toBe('c002c00 follows c001c00; builds web as main-c002c002c002');
    expect(step.places).toEqual([{ of: 'commit', commit: commit(2), line: 1, position: 2 }]);
    expect(step.record.unplaced).toEqual([]);
    expect(step.kinds).toEqual([]);
  });

  test('the same delivery twice changes nothing', () => {
    const once = heard(branch(), push(1, 2));
    const twice = whenSource(once, push(1, 2));
    expect(twice.record).toBe(once);
    expect(twice.because).toBe('delivery delivery-1-2 was heard before: nothing is started twice');
  });

  test('a push that is heard by two deliveries is built once', () => {
    const once = heard(branch(), push(1, 2));
    const twice = whenSource(once, push(1, 2, { delivery: 'another' }));
    expect(line(twice.record)).toEqual(line(once));
    expect(twice.because).toContain('a late delivery, nothing is built');
    expect(twice.record.builds).toEqual(once.builds);
  });
});

describe('deliveries out of order', () => {
  test('the first two in the wrong order: the older one is known, and nothing is built of it', () => {
    const step = whenSource(heard(introduced(), push(1, 2)), push(undefined, 1));
    // It may also be a branch that was deleted and created again: GitHub tells.
    const late = told(step.record, BEHIND, AHEAD);
    expect(line(late.record)).toEqual(['2 at 1.1', '1 at 1.0']);
    expect(late.because).toContain('c001c00 is 2 commits behind what is known: a late delivery');
    expect(asks(late.record)).toEqual([commit(2)]);
  });

  test('one that closes the gap is placed with those that wait for it, and GitHub is not asked', () => {
    const waits = heard(branch(), push(2, 3));
    expect(waits.unplaced).toHaveLength(1);
    const step = whenSource(waits, push(1, 2));
    expect(line(step.record)).toEqual(['3 at 1.3', '2 at 1.2', '1 at 1.1']);
    expect(step.record.unplaced).toEqual([]);
    expect(wanted(step.record)).toBe(commit(3));
    expect(step.because).toContain(
      'c002c00 follows c001c00; c003c00 follows c002c00; builds web as',
    );
  });

  test('of what only the older one changes the older one is built', () => {
    const waits = heard(branch(TWO_IMAGES), push(2, 3, { images: ['api'] }));
    const { record } = whenSource(waits, push(1, 2, { images: ['web'] }));
    expect(record.builds.web?.wanted[0]?.commit).toBe(commit(2));
    expect(record.builds.api?.wanted[0]?.commit).toBe(commit(3));
  });

  test('one that comes late does not stop the build of what is newer', () => {
    const given = carriedOut(told(heard(branch(), push(3, 4)), AHEAD));
    expect(line(given)).toEqual(['4 at 1.3', '3 at 1.2', '1 at 1.1']);
    const late = told(heard(given, push(1, 2)), BEHIND);
    expect(line(late.record)).toEqual(['4 at 1.3', '3 at 1.2', '2 at 1.1.5', '1 at 1.1']);
    expect(late.record.builds.web?.running).toMatchObject([{ commit: commit(4) }]);
    expect(late.record.builds.web?.running[0]?.stop).toBeUndefined();
    expect(late.record.builds.web?.wanted).toEqual([]);
  });

  test('what is behind and follows nothing that is known is older than all: refusing it is safe', () => {
    const given = told(heard(branch(), push(7, 8)), AHEAD).record;
    const late = told(heard(untold(given), push(3, 4)), { state: 'behind', by: 5 });
    expect(late.places.at(-1)).toEqual({
      of: 'commit',
      commit: commit(4),
      line: 1,
      position: -5,
    });
  });
});

describe('a branch that is deleted', () => {
  const gone = heard(branch(), push(1, undefined, { at: at(5) }));

  test('is remembered, with its commits; what was not started is not started', () => {
    const step = whenSource(heard(branch(), push(1, 2)), push(2, undefined));
    expect(step.record.goneAt).toBe(at(0));
    expect(line(step.record)).toEqual(['2 at 1.2', '1 at 1.1']);
    expect([wanted(step.record), step.kinds]).toEqual([undefined, ['superseded']]);
    expect(step.because).toBe('main was deleted by ada');
    expect(step.record.outbox.announcements.at(-1)?.because).toBe(
      'main was deleted by ada before c002c00 was built',
    );
  });

  test('and created again begins a new line, at any commit', () => {
    const step = whenSource(gone, push(undefined, 7));
    expect(line(step.record)).toEqual(['7 at 2.1', '1 at 1.1']);
    expect(step.record.goneAt).toBeUndefined();
    expect(step.told[0]?.because).toContain('main was deleted and created again: c007c00 begins');
    const same = whenSource(gone, push(undefined, 1, { delivery: 'again' }));
    expect(line(same.record)).toEqual(['1 at 2.1']);
  });

  test('a push that comes late does not bring it back', () => {
    const given = heard(branch(), push(2, 3));
    const known = told(given, AHEAD).record;
    const then = heard(known, push(3, undefined), push(1, 2));
    expect(line(then)).toEqual(['3 at 1.3', '2 at 1.2', '1 at 1.1']);
    expect(then.goneAt).toBe(at(0));
  });

  test('a push out of its last commit does: its creation was not heard of', () => {
    const then = heard(gone, push(1, 2));
    expect(line(then)).toEqual(['2 at 1.2', '1 at 1.1']);
    expect(then.goneAt).toBeUndefined();
  });

  test('a late deletion is not believed: nothing of the new branch is stopped', () => {
    const created = told(heard(branch(), push(undefined, 5)), AHEAD).record;
    const step = whenSource(created, push(1, undefined));
    expect(step.record.goneAt).toBeUndefined();
    expect(step.record.builds).toEqual(created.builds);
    expect(step.because).toBe(
      'it was deleted at c001c00, which is not the newest that is known: a late delivery',
    );
  });

  test('a late deletion is not believed while the creation waits for GitHub either', () => {
    const created = heard(branch(), push(undefined, 5));
    const step = whenSource(created, push(1, undefined));
    expect([step.record.goneAt, step.record.unplaced.length]).toEqual([undefined, 1]);
  });

  test('created again at an older commit, and its deletion was not heard of: GitHub tells', () => {
    const given = heard(branch(), push(1, 2), push(undefined, 1, { delivery: 'again' }));
    expect(line(told(given, BEHIND, { state: 'identical' }).record)).toEqual([
      '1 at 2.1',
      '2 at 1.2',
    ]);
  });

  test('while a push waits: its targets find why it has no place', () => {
    const step = whenSource(untold(heard(branch(), push(4, 5))), push(5, undefined));
    expect(step.record.unplaced).toEqual([]);
    expect(step.places).toEqual([
      {
        of: 'commit',
        commit: commit(5),
        waitsBecause: 'main was deleted by ada before GitHub told where c005c00 stands',
      },
    ]);
  });

  test('as the first thing that is heard of: the next push begins as usual', () => {
    const given = heard(introduced(), push(1, undefined), push(undefined, 5), push(5, 6));
    expect(line(given)).toEqual(['6 at 1.2', '5 at 1.1']);
    expect(given.goneAt).toBeUndefined();
  });
});

describe('bounds', () => {
  test('a hundred commits, a hundred deliveries, twenty pushes that wait', () => {
    let record = branch();
    for (let n = 1; n < 150; n++) record = untold(heard(record, push(n, n + 1)));
    expect([record.commits.length, record.deliveries.length]).toEqual([100, 100]);
    expect(line(record).at(0)).toBe('150 at 1.150');
    for (let n = 200; n < 260; n += 2) record = untold(heard(record, push(n, n + 1)));
    expect(record.unplaced).toHaveLength(20);
    expect(record.unplaced.at(-1)?.after).toBe(commit(259));
  });
});
