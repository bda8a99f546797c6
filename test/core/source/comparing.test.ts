/** Where the chain of the commits has a gap GitHub tells, and it may not answer. */
import { describe, expect, test } from 'vitest';
import { asksMore } from '../../../shared/core/source/decide.ts';
import { at } from '../../build.ts';
import {
  branch,
  carriedOut,
  commit,
  lookedSource,
  push,
  sourceSeen,
  TWO_IMAGES,
  tag,
  untold,
  whenSource,
} from '../../build-source.ts';
import { AHEAD, asks, BEHIND, DIVERGED, heard, line, told, UNKNOWN, wanted } from './story.ts';

describe('a gap in the chain', () => {
  const gap = heard(branch(), push(4, 5));

  test('waits for GitHub, and is not built before it has told: a newer one may be built right now', () => {
    expect(gap.unplaced).toMatchObject([{ before: commit(4), after: commit(5), failures: 0 }]);
    expect(gap.outbox.places).toEqual([
      {
        of: 'commit',
        commit: commit(5),
        waitsBecause:
          'the push before c005c00 was not heard of: GitHub is asked how it follows c001c00',
      },
    ]);
    expect(gap.builds).toEqual({});
    expect(gap.observeAt).toBe(at(0));
    expect(sourceSeen(gap, 1).question).toEqual({
      compare: { base: commit(1), head: commit(5) },
      onRef: [commit(5)],
    });
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
    expect(sourceSeen(asked, 1).question.compare).toEqual({ base: commit(5), head: 'main' });
  });

  test('pushes that follow it need no question of their own', () => {
    const chain = heard(gap, push(5, 6), push(6, 7));
    expect(chain.unplaced).toHaveLength(3);
    const step = told(chain, AHEAD);
    expect(line(step.record)).toEqual(['7 at 1.5', '6 at 1.4', '5 at 1.3', '4 at 1.2', '1 at 1.1']);
    expect(step.record.unplaced).toEqual([]);
    expect([wanted(step.record), asksMore(step.record)]).toEqual([commit(7), true]);
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

  test('it is told once, nothing is built, and its targets find the reason', () => {
    const sentence = 'GitHub could not be asked where c005c00 stands: HTTP 503';
    expect(step.kinds).toEqual(['unplaced']);
    expect(step.told[0]).toMatchObject({ commit: commit(5), because: sentence });
    expect(step.places).toEqual([{ of: 'commit', commit: commit(5), waitsBecause: sentence }]);
    expect([step.actions, wanted(step.record)]).toEqual([[], undefined]);
    expect(told(step.record, UNKNOWN).kinds).toEqual([]);
  });

  test('it is asked again after 1, 2, 4 minutes, then every 5', () => {
    let record = heard(branch(), push(4, 5, { skip: '[skip ci]' }));
    const waits: number[] = [];
    for (let minute = 0; waits.length < 7; minute += waits.at(-1) ?? 0) {
      record = lookedSource(untold(record), minute, { comparison: UNKNOWN }).record;
      waits.push(((record.observeAt ?? 0) - at(minute)) / 60_000);
    }
    expect(waits).toEqual([1, 2, 4, 5, 5, 5, 5]);
  });

  test('for a day; after that the next push asks anew', () => {
    expect(lookedSource(gap, 1_439, { comparison: UNKNOWN }).record.unplaced).toHaveLength(1);
    const given = lookedSource(gap, 1_440, { comparison: UNKNOWN });
    expect(given.record.unplaced).toEqual([]);
    expect(given.because).toContain('HTTP 503; after a day it is asked no more');
    expect(given.told).toMatchObject([{ kind: 'unbuilt', commit: commit(5) }]);
    expect(line(told(heard(given.record, push(5, 6)), AHEAD).record)).toEqual([
      '6 at 1.3',
      '5 at 1.2',
      '1 at 1.1',
    ]);
  });

  test('what is being built is not stopped for it: that may be newer', () => {
    const running = carriedOut(lookedSource(heard(branch(), push(1, 2)), 0));
    const { record, actions } = told(heard(running, push(4, 5)), UNKNOWN);
    expect(actions).toEqual([]);
    expect(record.builds.web?.running.map(({ stop }) => stop)).toEqual([undefined]);
  });

  test('when it answers, the newest is built and the older makes way', () => {
    const running = carriedOut(lookedSource(heard(branch(), push(1, 2)), 0));
    const { record, actions } = told(heard(running, push(4, 5)), UNKNOWN, AHEAD, UNKNOWN);
    expect(actions.map(({ type }) => type)).toEqual(['StartBuild', 'StopBuild']);
    expect(record.builds.web?.running).toMatchObject([
      { commit: commit(5) },
      { commit: commit(2), stop: { because: 'c005c00 was pushed' } },
    ]);
  });

  test('when it answers with another question, that one is asked at once', () => {
    const asked = told(gap, UNKNOWN, DIVERGED).record;
    expect(asked.unplaced).toMatchObject([{ failures: 0 }]);
    expect(asked.observeAt).toBe(asked.observedAt);
  });

  test('of one push of two: the other is asked of at once, and built', () => {
    // Somebody forged a push of commit 5, or GitHub cannot compare it.
    const stuck = told(untold(gap), UNKNOWN, UNKNOWN).record;
    const both = heard(stuck, push(6, 7));
    expect(sourceSeen(both, 1).question).toMatchObject({
      compare: { base: commit(1), head: commit(7) },
      onRef: [commit(7)],
    });
    expect([both.observeAt, asksMore(both)]).toEqual([at(0), true]);
    const placed = told(both, AHEAD).record;
    expect(placed.unplaced).toMatchObject([{ after: commit(5), failures: 0 }]);
    expect([wanted(placed), asksMore(placed)]).toEqual([commit(7), true]);
    const again = told(untold(placed), UNKNOWN);
    expect(asks(again.record)).toEqual([commit(7)]);
    expect(again.record.unplaced).toMatchObject([{ after: commit(5), failures: 1 }]);
    // That it waits was said before.
    expect(again.kinds).toEqual([]);
  });

  test('of any push: each is asked of in its turn, and all at once when it answers again', () => {
    const two = heard(gap, push(7, 8));
    const silent = told(two, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN).record;
    expect(silent.unplaced).toMatchObject([
      { after: commit(5), failures: 2 },
      { after: commit(8), failures: 2 },
    ]);
    expect(asksMore(silent)).toBe(false);
    const first = told(silent, AHEAD).record;
    expect(first.unplaced).toMatchObject([{ after: commit(8), failures: 0 }]);
    expect(asksMore(first)).toBe(true);
    expect(asks(told(first, AHEAD).record)).toEqual([commit(8)]);
  });

  test('a reason of any length is kept short', () => {
    const long = { state: 'unknown', because: 'x'.repeat(10_000) } as const;
    expect(JSON.stringify(told(gap, long).record.unplaced).length).toBeLessThan(1_000);
  });
});

describe('GitHub cannot compare it, and the branch does not have it: somebody forged it', () => {
  const OFF = { state: 'off', because: 'that is at c001c00, and does not lead there' } as const;
  const forged = untold(heard(branch(), push(4, 5)));
  const seen = (n = 5) => ({ comparison: UNKNOWN, onRef: { [commit(n)]: OFF } });
  const early = lookedSource(forged, 1.9, seen());
  const late = lookedSource(untold(early.record), 2, seen());

  test('its answer may be older than the push: for two minutes it waits', () => {
    expect([early.kinds, early.record.unplaced.length]).toEqual([['unplaced'], 1]);
    expect(sourceSeen(early.record, 1.9).question.onRef).toBeUndefined();
    expect(sourceSeen(early.record, 2).question.onRef).toEqual([commit(5)]);
  });

  test('then it is asked of no more, and its people hear why nothing is built', () => {
    expect(late.told).toMatchObject([
      {
        kind: 'unbuilt',
        commit: commit(5),
        because:
          'nothing is built: GitHub does not have c005c00 on main: that is at c001c00, and does not lead there',
        next: 'if it should be built, push it to main',
      },
    ]);
    expect([late.record.unplaced, line(late.record)]).toEqual([[], ['1 at 1.1']]);
    expect(late.places).toEqual([{ of: 'commit', commit: commit(5), line: 0, position: 0 }]);
    expect(untold(late.record).observeAt).toBeUndefined();
  });

  test('if GitHub only shows it late, a sweep finds that the branch points to it: it is built', () => {
    const swept = whenSource(untold(late.record), {
      ...{ type: 'HeadSeen', at: at(15), after: commit(5), images: ['web'], tag: tag(5) },
    });
    expect(asks(told(swept.record, AHEAD).record)).toEqual([commit(5)]);
  });

  test('back to a commit that has its place already: that stays', () => {
    const given = untold(heard(branch(), push(1, 2), push(5, 1, { forced: true })));
    const step = lookedSource(given, 2, { ...seen(1), question: sourceSeen(given, 2).question });
    expect([step.kinds, step.record.unplaced]).toEqual([['unbuilt'], []]);
    expect([line(step.record), step.places]).toEqual([['2 at 1.2', '1 at 1.1'], []]);
  });

  test('what GitHub does not say of the branch either is asked again, for a day', () => {
    const step = lookedSource(forged, 1_439, {
      comparison: UNKNOWN,
      onRef: { [commit(5)]: UNKNOWN },
    });
    expect(step.record.unplaced).toHaveLength(1);
  });
});
