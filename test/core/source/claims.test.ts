/**
 * Images that others built: the commit that one claims counts when GitHub has it on the branch, and its
 * place is where GitHub says that it stands, whichever image comes first.
 */
import { describe, expect, test } from 'vitest';
import { asksMore, needsLook } from '../../../shared/core/source/decide.ts';
import type { ImageFound } from '../../../shared/core/source/event.ts';
import type { Comparison, OnRef } from '../../../shared/core/source/observation.ts';
import { sourceQuestion } from '../../../shared/core/source/question.ts';
import type { PlaceChange, SourceRecord } from '../../../shared/core/source/record.ts';
import { at, digest, REGISTRY } from '../../build.ts';
import {
  branch,
  commit,
  introduced,
  lookedSource,
  push,
  type SourceStep,
  sourceRules,
  sourceSeen,
  tag,
  untold,
  whenSource,
} from '../../build-source.ts';
import { AHEAD, BEHIND, DIVERGED, line, number, UNKNOWN } from './story.ts';

const RULES = sourceRules({
  images: {},
  elsewhere: { web: { registry: REGISTRY, repository: 'shop/web' } },
});
const OFF: OnRef = { state: 'off', because: 'that is at c001c00, and does not lead there' };
/** The branch is at commit 1, of which a push told. */
const MAIN = branch(RULES);

function found(n: number, change: Partial<ImageFound> = {}): ImageFound {
  const says = { commit: commit(n) };
  return {
    type: 'ImageFound',
    at: at(0),
    image: 'web',
    digest: digest(n),
    tag: tag(n),
    says,
    ...change,
  };
}

function claims(given: SourceRecord, ...numbers: readonly number[]): SourceRecord {
  return numbers.reduce((record, n) => whenSource(record, found(n)).record, given);
}

/** A branch without merges whose commits are numbered: GitHub, asked until nothing is left to ask. */
function github(given: SourceRecord, head: number, minutes = 0) {
  let record = given;
  const steps: SourceStep[] = [];
  const asked: string[] = [];
  while (needsLook(record) && asksMore(record)) {
    const { standing } = sourceQuestion(record, at(minutes));
    if (standing !== undefined) {
      asked.push(`${number(standing.base)}...${number(standing.head)}`);
    }
    const by = standing && number(standing.head) - number(standing.base);
    const comparison: Comparison | undefined =
      by === undefined ? undefined : by > 0 ? { state: 'ahead', by } : { state: 'behind', by: -by };
    const onRef = sourceSeen(record, minutes).question.onRef?.map((one): [string, OnRef] => [
      one,
      number(one) <= head ? { state: 'on', head: commit(head) } : OFF,
    ]);
    const step = lookedSource(record, minutes, {
      ...(comparison && { standing: comparison }),
      ...(onRef && { onRef: Object.fromEntries(onRef) }),
    });
    steps.push(step);
    record = step.record;
    if (steps.length > 40) throw new Error('it asks for ever');
  }
  return { record, asked, steps };
}

function placesOf({ outbox }: SourceRecord): readonly PlaceChange[] {
  return outbox.places;
}

const says = (
  given: SourceRecord,
  minutes: number,
  onRef: Record<string, OnRef>,
  standing?: Comparison,
) => lookedSource(given, minutes, { onRef, ...(standing && { standing }) });
const on = (n: number, head = n): Record<string, OnRef> => ({
  [commit(n)]: { state: 'on', head: commit(head) },
});
const off = (n: number): Record<string, OnRef> => ({ [commit(n)]: OFF });

describe('an image of a commit that GitHub has on the branch', () => {
  const pushed = untold(whenSource(MAIN, push(1, 2)).record);
  const step = says(claims(pushed, 2), 0, on(2));

  test('is offered, and its digest and place are known before that', () => {
    expect(step.offers).toEqual([
      { registry: REGISTRY, repository: 'shop/web', digest: digest(2), tag: tag(2), at: at(0) },
    ]);
    expect(step.places).toEqual([
      { of: 'commit', commit: commit(2), line: 1, position: 2 },
      { of: 'digest', digest: digest(2), commit: commit(2) },
    ]);
  });

  test('is told on that commit, and is at rest', () => {
    expect(step.told).toMatchObject([
      {
        ...{ kind: 'taken', commit: commit(2), image: 'web', tag: tag(2), digest: digest(2) },
        because: 'main-c002c002c002 is of c002c00, which main has',
        next: 'its targets are offered the image',
      },
    ]);
    expect(step.record.claims).toBeUndefined();
    expect(needsLook(step.record)).toBe(false);
  });

  test('starts no build, and no push says that there is nothing to build', () => {
    expect(step.actions).toEqual([]);
    expect(whenSource(MAIN, push(1, 2)).kinds).toEqual([]);
  });

  test('asks one question of GitHub where a push told of the commit', () => {
    expect(sourceQuestion(claims(pushed, 2), at(0))).toEqual({ onRef: [commit(2)] });
  });

  test('is not taken by a look that did not ask of it', () => {
    const unasked = lookedSource(claims(pushed, 2), 0, { onRef: {} });
    expect([unasked.offers, asksMore(unasked.record)]).toEqual([[], true]);
  });

  test('two messages of one image are one claim', () => {
    const twice = whenSource(claims(pushed, 2), found(2, { tag: 'latest' }));
    expect(twice.because).toBe("latest waits for GitHub's word already");
    expect(twice.record.claims).toHaveLength(1);
  });
});

describe('the place of a commit that no push told of', () => {
  test('the first of all is the beginning', () => {
    const { record } = github(claims(introduced(RULES), 5), 7);
    expect(line(record)).toEqual(['5 at 1.1']);
  });

  test('it follows what is known: newer, by one question', () => {
    const { record, asked } = github(claims(MAIN, 3), 3);
    expect([line(record), asked]).toEqual([['3 at 1.2', '1 at 1.1'], ['1...3']]);
  });

  test('the later of two finishes first: the older one is placed below it', () => {
    const later = github(claims(MAIN, 3), 3).record;
    const { record, asked } = github(claims(untold(later), 2), 3);
    expect([line(record), asked]).toEqual([
      ['3 at 1.2', '2 at 1.1.5', '1 at 1.1'],
      ['3...2', '1...2'],
    ]);
    expect(placesOf(record).at(-2)).toMatchObject({ commit: commit(2), position: 1.5 });
  });

  test('the branch was seen at a commit whose place nobody was told: it is told with its image', () => {
    const seen = whenSource(introduced(RULES), {
      ...{ type: 'HeadSeen', at: at(0), after: commit(4), images: [], tag: tag(4) },
    }).record;
    const { record } = github(claims(untold(seen), 4), 4);
    expect(placesOf(record)).toMatchObject([{ commit: commit(4), line: 1, position: 0 }, {}]);
  });

  test('whatever the order in which the images come, the places are those of the commits', () => {
    for (const order of permutations([2, 3, 4, 5, 6])) {
      let record = MAIN;
      for (const n of order) record = untold(github(claims(record, n), 6).record);
      expect(line(record).map((one) => Number(one.split(' ')[0]))).toEqual([6, 5, 4, 3, 2, 1]);
      const ranks = record.commits.map(({ position }) => position);
      expect(ranks).toEqual(ranks.toSorted((a, b) => b - a));
      expect(new Set(ranks).size).toBe(6);
    }
  });

  test('several at once are each found', () => {
    const { record, steps } = github(claims(MAIN, 5, 2, 4, 3), 5);
    expect(line(record).map((one) => Number(one.split(' ')[0]))).toEqual([5, 4, 3, 2, 1]);
    expect(steps.flatMap(({ offers }) => offers.map((one) => one.tag))).toHaveLength(4);
  });

  test('among a hundred that are known, eight questions are enough', () => {
    let record = MAIN;
    for (let n = 1; n < 199; n += 2) record = untold(whenSource(record, push(n, n + 2)).record);
    const { record: done, asked } = github(claims(record, 88), 199);
    expect(asked.length).toBeLessThanOrEqual(8);
    const index = done.commits.findIndex((one) => one.commit === commit(88));
    expect([done.commits[index - 1]?.commit, done.commits[index + 1]?.commit]).toEqual([
      commit(89),
      commit(87),
    ]);
  });

  test('older than all of a hundred: it has its place below them, and is offered', () => {
    let record = MAIN;
    for (let n = 1; n < 120; n++) record = untold(whenSource(record, push(n, n + 1)).record);
    const { steps } = github(claims(record, 5), 120);
    expect(steps.at(-1)?.offers).toHaveLength(1);
    expect(steps.at(-1)?.places).toEqual([
      { of: 'commit', commit: commit(5), line: 1, position: 20 },
      { of: 'digest', digest: digest(5), commit: commit(5) },
    ]);
  });

  test('an answer of before another push came is none', () => {
    const given = claims(MAIN, 3);
    const old = sourceSeen(given, 0, { standing: AHEAD, onRef: on(3, 9) });
    const moved = whenSource(given, push(1, 9)).record;
    const step = whenSource(moved, { type: 'SourceObserved', observation: old });
    expect([line(step.record), step.offers]).toEqual([['9 at 1.2', '1 at 1.1'], []]);
  });
});

describe('the branch was rewritten, and no push told of it', () => {
  const asked = says(claims(MAIN, 2), 0, on(2), DIVERGED);

  test('GitHub is asked whether it still has what was the newest', () => {
    expect(asked.offers).toEqual([]);
    expect(sourceQuestion(asked.record, at(0))).toEqual({ onRef: [commit(2), commit(1)] });
  });

  test('it has not: the commit begins a new line, and everything before it is older', () => {
    const step = says(untold(asked.record), 0, { ...on(2), ...off(1) });
    expect(line(step.record)).toEqual(['2 at 2.1', '1 at 1.1']);
    expect(step.kinds).toEqual(['rewritten', 'taken']);
  });

  test('it has both, by a merge: neither is newer, so the image is not taken', () => {
    const step = says(untold(asked.record), 0, { ...on(2, 7), ...on(1, 7) });
    expect([step.offers, line(step.record)]).toEqual([[], ['1 at 1.1']]);
    expect(step.told).toMatchObject([
      {
        kind: 'not-taken',
        because:
          'main-c002c002c002 is not taken: main has c002c00 beside c001c00, by a merge: neither is newer than the other',
      },
    ]);
  });

  test('GitHub does not say whether: it waits', () => {
    const step = says(untold(asked.record), 0, { ...on(2), [commit(1)]: UNKNOWN });
    expect([step.offers, step.kinds]).toEqual([[], ['unconfirmed']]);
  });
});

test('a forced push took the commit back: its image is not taken, as GitHub says', () => {
  const three = untold(whenSource(untold(whenSource(MAIN, push(1, 2)).record), push(2, 3)).record);
  const back = untold(whenSource(three, push(3, 4, { forced: true })).record);
  const step = says(claims(back, 3), 5, off(3));
  expect([step.offers, step.kinds]).toEqual([[], ['not-taken']]);
  expect(needsLook(step.record)).toBe(false);
});

describe('a line that a forced push began', () => {
  const two = untold(whenSource(MAIN, push(1, 2)).record);
  const nine = untold(whenSource(two, push(2, 9, { forced: true })).record);

  test('has what GitHub has before its newest commit: newer than all that it replaced', () => {
    const step = says(claims(nine, 8), 0, on(8, 9), BEHIND);
    expect(line(step.record)).toEqual(['9 at 2.1', '8 at 2.0', '2 at 1.2', '1 at 1.1']);
  });

  test('while GitHub is asked: what was known of the old line says nothing any more', () => {
    const five = untold(whenSource(two, push(2, 5)).record);
    const asked = says(claims(five, 8), 0, on(8, 9), BEHIND).record;
    const moved = untold(whenSource(asked, push(5, 9, { forced: true })).record);
    expect(sourceQuestion(moved, at(0)).standing).toEqual({ base: commit(9), head: commit(8) });
    expect(line(says(moved, 0, on(8), AHEAD).record).slice(0, 2)).toEqual(['8 at 2.2', '9 at 2.1']);
  });
});

describe('GitHub does not have it on the branch: a fork, another branch, a commit that is gone', () => {
  const young = says(claims(MAIN, 2), 1, off(2));
  const old = says(untold(young.record), 2, off(2));

  test('at once: its answer may be older than the push, so it is asked again for two minutes', () => {
    expect([young.offers, young.kinds, young.record.claims?.length]).toEqual([[], [], 1]);
    expect([asksMore(young.record), young.record.observeAt]).toEqual([false, at(2)]);
  });

  test('then it is told, remembered, and at rest', () => {
    expect(old.offers).toEqual([]);
    expect(old.places).toEqual([]);
    expect(old.told).toMatchObject([
      {
        kind: 'not-taken',
        because:
          'main-c002c002c002 is not taken: GitHub does not have c002c00 on main: that is at c001c00, and does not lead there',
        next: 'nothing is deployed by it; what runs stays as it is; a person may deploy it by hand',
      },
    ]);
    expect(old.record.refused).toMatchObject([{ digest: digest(2), commit: commit(2) }]);
    expect(needsLook(old.record)).toBe(false);
  });

  test('and never gets a place, which would put it above what runs', () => {
    expect(line(old.record)).toEqual(['1 at 1.1']);
  });

  test('it comes to the branch after all, by a fast-forward: it is asked of once more, and taken', () => {
    const merged = whenSource(untold(old.record), push(1, 2, { at: at(9) })).record;
    expect([merged.claims?.length, merged.refused]).toEqual([1, undefined]);
    expect(says(untold(merged), 9, on(2)).kinds).toEqual(['taken']);
  });
});

describe('bit for bit the image of another commit', () => {
  const two = untold(whenSource(MAIN, push(1, 2)).record);
  const three = untold(
    whenSource(untold(says(claims(two, 2), 0, on(2)).record), push(2, 3)).record,
  );

  test('that is older, as of a revert: it is offered as the one of this commit', () => {
    const again = found(2, { tag: tag(3), says: { commit: commit(3) }, madeFrom: commit(2) });
    const step = says(whenSource(three, again).record, 0, on(3));
    expect(step.offers).toMatchObject([{ digest: digest(2), tag: tag(3) }]);
    expect(step.places).toContainEqual({ of: 'digest', digest: digest(2), commit: commit(3) });
    expect(step.told[0]?.next).toBe(
      'its targets are offered the image; it is bit for bit that of c002c00: where that runs nothing starts, also if the commit changed a task definition; a build that sets the label org.opencontainers.image.revision makes each commit an image of its own',
    );
  });

  test('that is newer: it stays the image of that one, and nothing is offered', () => {
    const late = found(2, { tag: tag(1), says: { commit: commit(1) }, madeFrom: commit(2) });
    const step = says(whenSource(three, late).record, 0, on(1, 3));
    expect([step.offers, step.places]).toEqual([[], []]);
    expect(step.told[0]?.next).toBe('nothing: it is the image of c002c00 as well, which is newer');
  });
});

describe('GitHub does not answer', () => {
  const silent = { [commit(2)]: { state: 'unknown', because: 'HTTP 503' } as const };
  const first = says(claims(MAIN, 2), 0, silent);

  test('the image waits, is told once, and is asked of again', () => {
    expect(first.offers).toEqual([]);
    expect(first.told).toMatchObject([
      {
        kind: 'unconfirmed',
        because: 'GitHub could not be asked whether main has c002c00: HTTP 503',
        next: 'it is asked again, for a day; until it says so the image is not deployed',
      },
    ]);
    expect(untold(first.record).observeAt).toBe(at(1));
    const again = says(untold(first.record), 1, silent);
    expect([again.kinds, untold(again.record).observeAt]).toEqual([[], at(3)]);
  });

  test('it answers: the image is taken', () => {
    expect(github(untold(first.record), 2).record.claims).toHaveLength(1);
    const step = says(untold(first.record), 60, on(2), AHEAD);
    expect(step.kinds).toEqual(['taken']);
  });

  test('where it stands, is not said: it waits as well', () => {
    const step = says(claims(MAIN, 2), 0, on(2), UNKNOWN);
    expect([step.offers, line(step.record)]).toEqual([[], ['1 at 1.1']]);
    expect(step.told).toMatchObject([
      { because: 'GitHub could not be asked where c002c00 stands: HTTP 503' },
    ]);
  });

  describe('for a day', () => {
    const step = says(untold(first.record), 24 * 60, silent);
    const given = untold(step.record);

    test('it is told with what brings it back, and asked of no more', () => {
      expect(step.told).toMatchObject([
        { kind: 'not-taken', next: expect.stringContaining('when GitHub answers for another') },
      ]);
      expect([given.claims, needsLook(given)]).toEqual([undefined, false]);
      expect(given.refused).toMatchObject([{ digest: digest(2), undecided: true }]);
    });

    test('GitHub answers for another image: this one is asked of once more, and taken', () => {
      const later = whenSource(given, found(3, { at: at(24 * 60 + 1) })).record;
      const answered = says(later, 24 * 60 + 1, off(3));
      expect(answered.record.claims?.map(({ digest: one }) => one)).toEqual([digest(3), digest(2)]);
      expect(answered.record.refused).toBeUndefined();
      const next = says(untold(answered.record), 24 * 60 + 2, { ...on(2), ...off(3) });
      const taken = says(untold(next.record), 24 * 60 + 2, on(2), AHEAD);
      expect(taken.offers).toMatchObject([{ digest: digest(2) }]);
    });

    test('GitHub is silent of the other as well: it is not asked of', () => {
      const later = whenSource(given, found(3, { at: at(24 * 60 + 1) })).record;
      const silence = says(later, 24 * 60 + 1, {
        [commit(3)]: { state: 'unknown', because: 'HTTP 503' },
      });
      expect(silence.record.claims?.map(({ digest: one }) => one)).toEqual([digest(3)]);
    });
  });

  test('the others have their turn: six that wait are asked of five at a time', () => {
    const six = claims(MAIN, 2, 3, 4, 5, 6, 7);
    const unknown: OnRef = { state: 'unknown', because: 'HTTP 503' };
    const all = Object.fromEntries([2, 3, 4, 5, 6].map((n) => [commit(n), unknown]));
    const step = says(six, 0, all);
    expect(step.record.claims?.map((one) => number(one.commit))).toEqual([7, 2, 3, 4, 5, 6]);
  });
});

describe('an image that names no commit', () => {
  const because = 'its label org.opencontainers.image.revision is missing';
  const step = whenSource(MAIN, found(2, { says: { because } }));

  test('asks nobody, is remembered, and is offered to nobody', () => {
    expect(step.because).toBe(`main-c002c002c002 is not taken: ${because}`);
    expect([step.offers, step.kinds, needsLook(step.record)]).toEqual([[], [], false]);
    expect(step.record.refused).toMatchObject([{ digest: digest(2), because }]);
  });

  test('another tag of it names one: it is asked of, and not refused any more', () => {
    const next = whenSource(step.record, found(2));
    expect([next.record.claims?.length, next.record.refused]).toEqual([1, undefined]);
  });
});

describe('bounds', () => {
  test('twenty images wait; of more the oldest makes way and is told', () => {
    const many = Array.from({ length: 21 }, (_, i) => i + 2);
    const record = claims(MAIN, ...many.slice(0, 20));
    const step = whenSource(record, found(22));
    expect(step.record.claims).toHaveLength(20);
    expect(step.told).toMatchObject([{ kind: 'not-taken', commit: commit(2) }]);
  });

  test('an image that the config does not name, or no longer, is not taken', () => {
    expect(whenSource(MAIN, found(2, { image: 'api' })).because).toBe(
      'the config names no image "api" that is built elsewhere',
    );
    const changed = whenSource(claims(MAIN, 2), {
      ...{ type: 'SourceConfigured', at: at(1), id: 'shop', rules: sourceRules() },
    }).record;
    const step = says(untold(changed), 5, on(2), AHEAD);
    expect([step.offers, step.kinds]).toEqual([[], ['not-taken']]);
    const named = whenSource(untold(step.record), {
      ...{ type: 'SourceConfigured', at: at(6), id: 'shop', rules: RULES },
    }).record;
    expect(says(named, 6, on(2), AHEAD).kinds).toEqual(['taken']);
  });

  test('what nothing was found out of is asked of only while the config names its image', () => {
    const silent = { [commit(2)]: { state: 'unknown', because: 'HTTP 503' } as const };
    const given = untold(says(claims(MAIN, 2), 24 * 60, silent).record);
    const other = whenSource(given, {
      ...{ type: 'SourceConfigured', at: at(1), id: 'shop', rules: sourceRules() },
    }).record;
    expect([other.claims, other.refused]).toMatchObject([undefined, [{ undecided: true }]]);
  });
});

describe('a branch that is put back to a commit whose image was taken', () => {
  const two = untold(whenSource(MAIN, push(1, 2)).record);
  const taken = untold(says(claims(two, 2), 0, on(2)).record);
  const three = untold(whenSource(taken, push(2, 3)).record);
  const back = whenSource(three, push(3, 2, { forced: true }));

  test('GitHub is asked, and the image is offered once more, above what was taken back', () => {
    expect(back.record.claims).toMatchObject([{ digest: digest(2), commit: commit(2) }]);
    const step = says(untold(back.record), 9, on(2));
    expect(step.offers).toMatchObject([{ digest: digest(2), tag: tag(2) }]);
    expect(step.places).toContainEqual({ of: 'commit', commit: commit(2), line: 2, position: 1 });
  });

  test('the next push of that line offers it no more', () => {
    const offered = untold(says(untold(back.record), 9, on(2)).record);
    expect(whenSource(offered, push(2, 5)).record.claims).toBeUndefined();
  });

  test('an image that was not taken, while the commit was gone, is asked of as well', () => {
    const gone = untold(
      whenSource(untold(whenSource(two, push(2, 3)).record), push(3, 2, { forced: true })).record,
    );
    const denied = untold(says(claims(gone, 3), 5, off(3)).record);
    const again = whenSource(
      denied,
      push(2, 3, { forced: true, at: at(6), delivery: 'again' }),
    ).record;
    expect(again.claims).toMatchObject([{ digest: digest(3) }]);
  });

  test('by a push that nobody heard: the image of its head tells, and what was the newest is gone', () => {
    const asked = says(claims(three, 2), 5, on(2));
    expect(asked.because).toContain('GitHub is asked whether main still has c003c00');
    expect(sourceQuestion(asked.record, at(5)).onRef).toEqual([commit(2), commit(3)]);
    const step = says(untold(asked.record), 5, { ...on(2), ...off(3) });
    expect(line(step.record)[0]).toBe('2 at 2.1');
    expect(step.offers).toMatchObject([{ digest: digest(2) }]);
  });

  test('GitHub had answered before a push: it has the newest as well, and nothing is put back', () => {
    const asked = untold(says(claims(three, 2), 5, on(2)).record);
    const step = says(asked, 5, { ...on(2), ...on(3) });
    expect(line(step.record)).toEqual(line(three));
    expect(step.kinds).toEqual(['taken']);
  });

  test('and whether it has the newest GitHub does not say: it waits', () => {
    const asked = untold(says(claims(three, 2), 5, on(2)).record);
    const unknown: OnRef = { state: 'unknown', because: 'HTTP 503' };
    const step = says(asked, 5, { ...on(2), [commit(3)]: unknown });
    expect([step.offers, step.kinds]).toEqual([[], ['unconfirmed']]);
  });
});

test('a commit beside a known one, in the middle of the line, stands below it', () => {
  const known = untold(whenSource(untold(whenSource(MAIN, push(1, 3)).record), push(3, 5)).record);
  let step = says(claims(known, 2), 0, on(2, 5), BEHIND);
  step = says(untold(step.record), 0, on(2, 5), AHEAD);
  step = says(untold(step.record), 0, on(2, 5), DIVERGED);
  expect(step.record.commits.map((one) => number(one.commit))).toEqual([5, 3, 2, 1]);
});

function permutations(list: readonly number[]): readonly (readonly number[])[] {
  return list.length === 0
    ? [[]]
    : list.flatMap((one) =>
        permutations(list.filter((other) => other !== one)).map((rest) => [one, ...rest]),
      );
}
