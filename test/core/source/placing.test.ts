/** Where pushes stand: by the chain of their commits, and by GitHub's word where the chain has a gap. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Pushed } from '../../../shared/core/source/event.ts';
import type { SourceRecord } from '../../../shared/core/source/record.ts';
import type { Comparison } from '../../../shared/core/source/seen.ts';
import { at } from '../../build.ts';
import {
  branch,
  buildId,
  carriedOut,
  commit,
  endedBuild,
  introduced,
  lookedSource,
  push,
  type SourceStep,
  sourceSeen,
  TWO_IMAGES,
  tag,
  untold,
  whenSource,
} from '../../build-source.ts';

/** `3 at 1.2`: commit 3, of line 1, second in it; newest first. */
function line({ commits }: SourceRecord): readonly string[] {
  return commits.map(
    ({ commit: name, line, position }) => `${number(name)} at ${line}.${position}`,
  );
}

function number(name: string): number {
  return Number(name.slice(1, 4));
}

function heard(given: SourceRecord, ...pushes: readonly Pushed[]): SourceRecord {
  return pushes.reduce((record, one) => whenSource(record, one).record, given);
}

/** One look for each answer of GitHub. */
function told(given: SourceRecord, ...answers: readonly Comparison[]): SourceStep {
  let record = given;
  let step: SourceStep | undefined;
  for (const comparison of answers) {
    step = lookedSource(record, 1, { comparison });
    record = step.record;
  }
  if (step === undefined) throw new Error('GitHub must say something');
  return step;
}

const wanted = ({ builds }: SourceRecord) => builds.web?.wanted?.commit;
const asks = ({ builds }: SourceRecord) => builds.web?.running.map((one) => one.commit) ?? [];
const AHEAD = { state: 'ahead', by: 1 } as const;
const BEHIND = { state: 'behind', by: 2 } as const;
const DIVERGED = { state: 'diverged' } as const;
const UNKNOWN = { state: 'unknown', because: 'HTTP 503' } as const;

describe('the chain', () => {
  test('the first push that is heard of begins the order, and what was there before is older', () => {
    const step = whenSource(introduced(), push(1, 2));
    expect(line(step.record)).toEqual(['2 at 1.1', '1 at 1.0']);
    expect(step.because).toBe(
      'c002c00 is the first that is heard of; builds web as main-c002c002c002',
    );
    expect(wanted(step.record)).toBe(commit(2));
    expect(step.record.lookAt).toBeDefined();
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
    expect(record.builds.web?.wanted?.commit).toBe(commit(2));
    expect(record.builds.api?.wanted?.commit).toBe(commit(3));
  });

  test('one that comes late does not stop the build of what is newer', () => {
    const given = carriedOut(told(heard(branch(), push(3, 4)), AHEAD));
    expect(line(given)).toEqual(['4 at 1.3', '3 at 1.2', '1 at 1.1']);
    const late = told(heard(given, push(1, 2)), BEHIND);
    expect(line(late.record)).toEqual(['4 at 1.3', '3 at 1.2', '2 at 1.1.5', '1 at 1.1']);
    expect(late.record.builds.web?.running).toMatchObject([{ commit: commit(4) }]);
    expect(late.record.builds.web?.running[0]?.stop).toBeUndefined();
    expect(late.record.builds.web?.wanted).toBeUndefined();
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

describe('a gap in the chain', () => {
  const gap = heard(branch(), push(4, 5));

  test('waits for GitHub, and is not built before it has told: a newer one may be built right now', () => {
    expect(gap.unplaced).toMatchObject([{ before: commit(4), after: commit(5), failures: 0 }]);
    expect(gap.owed.places).toEqual([
      {
        of: 'commit',
        commit: commit(5),
        waitsBecause:
          'the push before c005c00 was not heard of: GitHub is asked how it follows c001c00',
      },
    ]);
    expect(gap.builds).toEqual({});
    expect(gap.lookAt).toBe(at(0));
    expect(sourceSeen(gap, 1).question).toEqual({ compare: { base: commit(1), head: commit(5) } });
  });

  test('ahead: it is the newest, what it follows is older, and everything is built', () => {
    const both = heard(branch(TWO_IMAGES), push(4, 5, { images: ['api'] }));
    const step = told(untold(both), { state: 'ahead', by: 4 });
    expect(line(step.record)).toEqual(['5 at 1.3', '4 at 1.2', '1 at 1.1']);
    expect(step.because).toContain('c005c00 follows, by 4 commits');
    expect(step.actions).toMatchObject([
      { type: 'StartBuild', image: 'web', commit: commit(5) },
      { type: 'StartBuild', image: 'api', commit: commit(5) },
    ]);
    expect(step.places).toEqual([
      { of: 'commit', commit: commit(4), line: 1, position: 2 },
      { of: 'commit', commit: commit(5), line: 1, position: 3 },
    ]);
  });

  test('behind: it is a late delivery, and nothing is built', () => {
    const step = told(gap, BEHIND);
    expect(line(step.record)).toEqual(['1 at 1.1']);
    expect(step.record.unplaced).toEqual([]);
    expect([wanted(step.record), asks(step.record), step.kinds]).toEqual([undefined, [], []]);
  });

  test('identical: nothing', () => {
    const step = told(gap, { state: 'identical' });
    expect([line(step.record), step.record.unplaced]).toEqual([['1 at 1.1'], []]);
  });

  test.each([
    [DIVERGED, 'the branch was rewritten'],
    [{ state: 'unrelated' } as const, 'it has no ancestor in common with what was there'],
  ])('%o, and the branch has it: a new line', (answer, why) => {
    const asked = told(gap, answer);
    expect(line(asked.record)).toEqual(['1 at 1.1']);
    expect(asked.because).toContain(
      'c005c00 may be heard late: GitHub is asked whether main has it',
    );
    expect(asked.actions).toEqual([]);
    const step = told(asked.record, AHEAD);
    expect(line(step.record)).toEqual(['5 at 2.1', '4 at 2.0', '1 at 1.1']);
    expect(step.kinds).toEqual(['rewritten']);
    expect(step.told[0]?.because).toBe(
      `${why}: c005c00 begins a new line, and everything before it is older`,
    );
    expect(asks(step.record)).toEqual([commit(5)]);
  });

  test.each([DIVERGED, BEHIND, { state: 'unrelated' } as const])(
    'diverged, and the branch does not have it (%o): a late delivery of what was replaced',
    (answer) => {
      const step = told(untold(gap), DIVERGED, answer);
      expect(line(step.record)).toEqual(['1 at 1.1']);
      expect(step.record.unplaced).toEqual([]);
      expect(step.kinds).toEqual([]);
      expect(asks(step.record)).toEqual([]);
      expect(step.places).toEqual([{ of: 'commit', commit: commit(5), line: 0, position: 0 }]);
    },
  );

  test('the question that follows names the branch', () => {
    const asked = told(gap, DIVERGED).record;
    expect(sourceSeen(asked, 1).question).toEqual({ compare: { base: commit(5), head: 'main' } });
  });

  test('pushes that follow it need no question of their own', () => {
    const chain = heard(gap, push(5, 6), push(6, 7));
    expect(chain.unplaced).toHaveLength(3);
    const step = told(chain, AHEAD);
    expect(line(step.record)).toEqual(['7 at 1.5', '6 at 1.4', '5 at 1.3', '4 at 1.2', '1 at 1.1']);
    expect(step.record.unplaced).toEqual([]);
    expect(asks(step.record)).toEqual([commit(7)]);
  });

  test('one that is known by now is dropped: its place was told by the push after it', () => {
    const both = heard(branch(), push(5, 6), push(4, 5));
    const step = told(both, AHEAD);
    expect(line(step.record)).toEqual(['6 at 1.3', '5 at 1.2', '1 at 1.1']);
    expect(step.record.unplaced).toEqual([]);
  });

  test('an answer to another question is not taken', () => {
    const seen = { question: { compare: { base: commit(9), head: commit(5) } }, comparison: AHEAD };
    const step = lookedSource(gap, 1, seen);
    expect(step.record.unplaced).toEqual(gap.unplaced);
  });
});

describe('GitHub does not answer', () => {
  const gap = heard(branch(), push(4, 5));
  const step = told(untold(gap), UNKNOWN);

  test('it is told once, the image is built meanwhile, and its targets find the reason', () => {
    const sentence = 'GitHub could not be asked where c005c00 stands: HTTP 503';
    expect(step.kinds).toEqual(['unplaced']);
    expect(step.told[0]).toMatchObject({ commit: commit(5), because: sentence });
    expect(step.places).toEqual([{ of: 'commit', commit: commit(5), waitsBecause: sentence }]);
    expect(step.actions).toMatchObject([{ type: 'StartBuild', commit: commit(5), tag: tag(5) }]);
    expect(told(carriedOut(step), UNKNOWN).kinds).toEqual([]);
  });

  test('it is asked again after 1, 2, 4 minutes, then every 5', () => {
    let record = heard(branch(), push(4, 5, { skip: '[skip ci]' }));
    const waits: number[] = [];
    for (let minute = 0; waits.length < 7; minute += waits.at(-1) ?? 0) {
      record = lookedSource(untold(record), minute, { comparison: UNKNOWN }).record;
      waits.push(((record.lookAt ?? 0) - at(minute)) / 60_000);
    }
    expect(waits).toEqual([1, 2, 4, 5, 5, 5, 5]);
  });

  test('what is being built is not stopped for it: that may be newer', () => {
    const running = carriedOut(lookedSource(heard(branch(), push(1, 2)), 0));
    const { record, actions } = told(heard(running, push(4, 5)), UNKNOWN);
    expect(actions).toMatchObject([{ type: 'StartBuild', commit: commit(5) }]);
    expect(record.builds.web?.running.map(({ stop }) => stop)).toEqual([undefined, undefined]);
  });

  test('when it answers, what was built meanwhile is not built again, and the older makes way', () => {
    const running = carriedOut(lookedSource(heard(branch(), push(1, 2)), 0));
    const both = carriedOut(told(heard(running, push(4, 5)), UNKNOWN));
    const { record, actions } = told(both, AHEAD);
    expect(actions).toEqual([{ type: 'StopBuild', id: 'slipway-shop-web:build-1' }]);
    expect(record.builds.web?.running).toMatchObject([
      { commit: commit(5) },
      { commit: commit(2), stop: { because: 'c005c00 was pushed' } },
    ]);
  });

  test('nor is it built again when its build has ended by then, unless it was stopped', () => {
    const both = carriedOut(told(heard(branch(), push(4, 5)), UNKNOWN));
    const ends = (outcome: 'SUCCEEDED' | 'STOPPED') =>
      lookedSource(both, 2, { builds: { [buildId(1)]: endedBuild(outcome) } }).record;
    expect(told(ends('SUCCEEDED'), AHEAD).actions).toEqual([]);
    expect(told(ends('STOPPED'), AHEAD).actions).toMatchObject([{ commit: commit(5) }]);
  });

  test('when it answers with another question, that one is asked at once', () => {
    const asked = told(gap, UNKNOWN, DIVERGED).record;
    expect(asked.unplaced).toMatchObject([{ failures: 0 }]);
    expect(asked.lookAt).toBe(asked.lookedAt);
  });

  test('of several that wait the newest is built', () => {
    const chain = heard(branch(), push(4, 5), push(5, 6));
    expect(told(chain, UNKNOWN).actions).toMatchObject([{ commit: commit(6) }]);
  });

  test('what asks for no build is not built', () => {
    const skipped = heard(branch(), push(4, 5, { skip: '[skip ci]' }));
    expect(told(skipped, UNKNOWN).actions).toEqual([]);
  });

  test('a reason of any length is kept short', () => {
    const long = { state: 'unknown', because: 'x'.repeat(10_000) } as const;
    expect(JSON.stringify(told(gap, long).record.unplaced).length).toBeLessThan(1_000);
  });
});

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

  test('and what follows it goes on in the new line', () => {
    const given = heard(branch(), push(1, 9, { forced: true }), push(9, 10));
    expect(line(given)).toEqual(['10 at 2.2', '9 at 2.1', '1 at 1.1']);
  });

  test('late deliveries of the old line are older: GitHub says that the branch has them no more', () => {
    const given = heard(branch(), push(1, 2), push(2, 9, { forced: true }));
    const first = told(heard(untold(given), push(2, 3)), DIVERGED, DIVERGED).record;
    const late = told(heard(first, push(3, 4)), DIVERGED, DIVERGED).record;
    expect(line(late)).toEqual(['9 at 2.1', '4 at 1.4', '3 at 1.3', '2 at 1.2', '1 at 1.1']);
    expect(late.owed.places.filter((place) => 'position' in place)).toEqual([
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
    expect(step.kinds).toEqual(['rewritten']);
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
    expect(newer.kinds).toEqual([]);
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

describe('a branch that is deleted', () => {
  const gone = heard(branch(), push(1, undefined, { at: at(5) }));

  test('is remembered, with its commits; what was not started is not started', () => {
    const step = whenSource(heard(branch(), push(1, 2)), push(2, undefined));
    expect(step.record.goneAt).toBe(at(0));
    expect(line(step.record)).toEqual(['2 at 1.2', '1 at 1.1']);
    expect([wanted(step.record), step.kinds]).toEqual([undefined, ['superseded']]);
    expect(step.because).toBe('main was deleted by ada');
    expect(step.record.owed.announcements.at(-1)?.because).toBe(
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
    expect([record.commits.length, record.heard.length]).toEqual([100, 100]);
    expect(line(record).at(0)).toBe('150 at 1.150');
    for (let n = 200; n < 260; n += 2) record = untold(heard(record, push(n, n + 1)));
    expect(record.unplaced).toHaveLength(20);
    expect(record.unplaced.at(-1)?.after).toBe(commit(259));
  });
});

interface Story {
  readonly pushes: readonly Pushed[];
  /** The push's number; how many looks follow it, and whether GitHub answers them. */
  readonly deliveries: readonly {
    readonly push: number;
    readonly looks: number;
    readonly answers: boolean;
  }[];
}

/** The branch has commits 1 … n; each push moves it forward, and is delivered as drawn. */
const stories = fc
  .record({
    steps: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 12 }),
    deliveries: fc.array(fc.record({ push: fc.nat(), looks: fc.nat(3), answers: fc.boolean() }), {
      minLength: 1,
      maxLength: 30,
    }),
  })
  .map(({ steps, deliveries }): Story => {
    const tips = steps.map((_, i) => steps.slice(0, i + 1).reduce((sum, step) => sum + step));
    return {
      deliveries: deliveries.map((one) => ({ ...one, push: one.push % tips.length })),
      pushes: tips.map((to, i) => push(tips[i - 1], to)),
    };
  });

/** GitHub, of a branch that only ever moved forward, and is at `tip` now. */
function compare(base: string, head: string, tip: number): Comparison {
  const by = (head === 'main' ? tip : number(head)) - number(base);
  if (by === 0) return { state: 'identical' };
  return by > 0 ? { state: 'ahead', by } : { state: 'behind', by: -by };
}

function look(record: SourceRecord, minute: number, tip: number, answers: boolean): SourceStep {
  const [waiting] = record.unplaced;
  if (waiting === undefined || !answers) return lookedSource(record, minute);
  const base = waiting.parted === undefined ? record.commits[0]?.commit : waiting.after;
  const head = waiting.parted === undefined ? waiting.after : 'main';
  return lookedSource(record, minute, { comparison: compare(base ?? '', head, tip) });
}

describe('whatever the order of the deliveries, however often, and whichever are lost', () => {
  const played = ({ pushes, deliveries }: Story) => {
    const tip = number(pushes.at(-1)?.after ?? '');
    let record = introduced();
    let minute = 0;
    const steps = (count: number, answers: boolean) => {
      for (let i = 0; i < count; i++) record = carriedOut(look(record, ++minute, tip, answers));
    };
    for (const one of deliveries) {
      const event = pushes[one.push];
      if (event !== undefined) record = whenSource(record, { ...event, at: at(++minute) }).record;
      steps(one.looks, one.answers);
    }
    steps(100, true);
    return record;
  };

  test('the newest that was delivered is the head, and nothing waits in the end', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const record = played(story);
        const last = Math.max(...story.deliveries.map((one) => one.push));
        expect(record.commits[0]?.commit).toBe(story.pushes[last]?.after);
        expect(record.unplaced).toEqual([]);
      }),
      { numRuns: 500, seed: 5 },
    );
  });

  test('it is being built, and nobody stops it', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const { commits, builds } = played(story);
        const newest = builds.web?.running.filter((one) => one.commit === commits[0]?.commit) ?? [];
        expect(newest.some(({ stop }) => stop === undefined)).toBe(true);
      }),
      { numRuns: 500, seed: 5 },
    );
  });

  test('no place puts a commit above one that comes after it', () => {
    fc.assert(
      fc.property(stories, (story) => {
        const { owed, commits } = played(story);
        const places = new Map<number, number>();
        for (const place of owed.places) {
          if (place.of !== 'commit' || !('position' in place)) continue;
          expect(place.line).toBe(1);
          places.set(number(place.commit), place.position);
        }
        // What follows nothing that is known, and is behind, stands below everything: see above.
        const ordered = [...places].filter(([, position]) => position >= 0);
        const byPlace = ordered.toSorted(([, a], [, b]) => a - b).map(([n]) => n);
        expect(byPlace).toEqual([...byPlace].sort((a, b) => a - b));
        expect(new Set(ordered.map(([, position]) => position)).size).toBe(ordered.length);
        expect(byPlace.at(-1)).toBe(number(commits[0]?.commit ?? ''));
      }),
      { numRuns: 500, seed: 5 },
    );
  });
});
