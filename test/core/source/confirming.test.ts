/** A commit is built only if GitHub says that the ref has it; what it denies is told and forgotten. */
import { describe, expect, test } from 'vitest';
import { asksMore } from '../../../shared/core/source/decide.ts';
import type { OnRef } from '../../../shared/core/source/observation.ts';
import { sourceQuestion } from '../../../shared/core/source/question.ts';
import type { SourceRecord } from '../../../shared/core/source/record.ts';
import { at } from '../../build.ts';
import {
  branch,
  building,
  commit,
  introduced,
  lookedSource,
  push,
  type SourceStep,
  TWO_IMAGES,
  tag,
  untold,
  whenSource,
} from '../../build-source.ts';
import { AHEAD, asks, heard, line, told, wanted } from './story.ts';

const OFF: OnRef = { state: 'off', because: 'that is at c001c00, and does not lead there' };
const UNKNOWN: OnRef = { state: 'unknown', because: 'HTTP 503' };

/** GitHub's answer of the commit `n` at this minute. */
function says(given: SourceRecord, minutes: number, n: number, answer: OnRef): SourceStep {
  return lookedSource(untold(given), minutes, { onRef: { [commit(n)]: answer } });
}

const pushed = heard(branch(), push(1, 2));

describe('a commit that is to be built', () => {
  test('is asked of GitHub, each commit once, however many images it makes', () => {
    expect(sourceQuestion(pushed, at(0)).onRef).toEqual([commit(2)]);
    const both = heard(branch(TWO_IMAGES), push(1, 2, { images: ['web', 'api'] }));
    expect(sourceQuestion(both, at(0)).onRef).toEqual([commit(2)]);
  });

  test('is built when GitHub has it on the branch, or has what follows it', () => {
    for (const head of [commit(2), commit(7)]) {
      const step = says(pushed, 0, 2, { state: 'on', head });
      expect(step.actions).toMatchObject([{ type: 'StartBuild', commit: commit(2) }]);
    }
  });

  test('is not built by a look that did not ask', () => {
    const step = lookedSource(pushed, 0, { onRef: {} });
    expect([step.actions, asksMore(step.record)]).toEqual([[], true]);
  });
});

describe('pushes that waited together for their place', () => {
  // Of the first GitHub could not say where it stands; somebody forged the second, or took it back.
  const placed = told(heard(branch(), push(4, 5), push(5, 6)), AHEAD);

  test('the newest is asked of GitHub, and said to be built', () => {
    expect(placed.because).toContain(`c006c00 follows c005c00; builds web as ${tag(6)}`);
    expect([wanted(placed.record), line(placed.record)[0]]).toEqual([commit(6), '6 at 1.4']);
  });

  test('the newest is denied: the one below it is built', () => {
    const denied = says(placed.record, 3, 6, OFF);
    expect(denied.told).toMatchObject([{ kind: 'unbuilt', commit: commit(6) }]);
    expect([wanted(denied.record), line(denied.record)[0]]).toEqual([commit(5), '5 at 1.3']);
    const head: OnRef = { state: 'on', head: commit(5) };
    expect(asks(says(denied.record, 4, 5, head).record)).toEqual([commit(5)]);
  });

  test('the newest is there: the one below it makes way, and its people hear of it', () => {
    const has = says(placed.record, 3, 6, { state: 'on', head: commit(6) });
    expect(asks(has.record)).toEqual([commit(6)]);
    expect(has.told).toMatchObject([{ kind: 'superseded', commit: commit(5) }]);
  });
});

describe('GitHub does not have it', () => {
  const young = says(pushed, 1, 2, OFF);
  const old = says(young.record, 2, 2, OFF);

  test('at once: its answer may be older than the push, so it is asked again for two minutes', () => {
    expect([young.actions, young.kinds, wanted(young.record)]).toEqual([[], [], commit(2)]);
    expect(asksMore(young.record)).toBe(false);
    expect(young.record.observeAt).toBe(at(2));
    expect(asks(says(young.record, 2, 2, { state: 'on', head: commit(2) }).record)).toEqual([
      commit(2),
    ]);
  });

  test('after two minutes: it is told, and left out of the line', () => {
    expect(old.actions).toEqual([]);
    expect(old.told).toMatchObject([
      {
        kind: 'unbuilt',
        ...{ commit: commit(2), image: 'web', tag: tag(2) },
        because:
          'nothing is built: GitHub does not have c002c00 on main: that is at c001c00, and does not lead there',
        next: 'if it should be built, push it to main',
      },
    ]);
    expect([wanted(old.record), line(old.record)]).toEqual([undefined, ['1 at 1.1']]);
    expect(old.places).toEqual([{ of: 'commit', commit: commit(2), line: 0, position: 0 }]);
    expect(untold(old.record).observeAt).toBeUndefined();
  });

  test('and the next push follows what was there before, without a question about its place', () => {
    const next = heard(untold(old.record), push(1, 3));
    expect([line(next), wanted(next)]).toEqual([['3 at 1.2', '1 at 1.1'], commit(3)]);
  });

  test('and nothing makes way for it: what is being built goes on', () => {
    const forged = heard(building(), push(2, 3));
    const step = says(says(forged, 1, 3, OFF).record, 2, 3, OFF);
    expect(step.kinds).toEqual(['unbuilt']);
    expect(step.record.builds.web?.running).toMatchObject([{ commit: commit(2) }]);
    expect(step.record.builds.web?.running[0]?.stop).toBeUndefined();
  });

  test('and what waited below it is built', () => {
    const both = heard(says(pushed, 0, 2, UNKNOWN).record, push(2, 3));
    const denied = says(says(both, 1, 3, OFF).record, 2, 3, OFF).record;
    expect(wanted(denied)).toBe(commit(2));
    expect(asks(says(denied, 3, 2, { state: 'on', head: commit(2) }).record)).toEqual([commit(2)]);
  });

  test('back at an older commit, as a forced push says: it points to the newer one still', () => {
    const given = heard(untold(building()), push(2, 1, { forced: true }));
    expect(wanted(given)).toBe(commit(1));
    const answer: OnRef = { state: 'on', head: commit(2) };
    const step = says(says(given, 1, 1, answer).record, 3, 1, answer);
    expect(step.told).toMatchObject([
      {
        kind: 'unbuilt',
        because:
          'nothing is built: GitHub does not have main back at c001c00: main points to c002c00',
      },
    ]);
    expect(line(step.record)[0]).toBe('2 at 1.2');
  });

  test('as the first that is heard of: the next push begins as if it had not been', () => {
    const forged = heard(introduced(), push(undefined, 9));
    const denied = says(says(forged, 1, 9, OFF).record, 2, 9, OFF).record;
    expect(denied.commits).toEqual([]);
    expect(line(heard(denied, push(1, 2)))).toEqual(['2 at 1.1', '1 at 1.0']);
  });

  test('and a push waits to be compared with it: that one is placed all the same', () => {
    const both = heard(introduced(), push(undefined, 9), push(1, 2));
    const seen = {
      comparison: { state: 'unknown', because: 'HTTP 503' },
      onRef: { [commit(9)]: OFF },
    } as const;
    const denied = lookedSource(untold(lookedSource(both, 1, seen).record), 3, seen);
    expect(denied.kinds).toEqual(['unbuilt']);
    expect(denied.record.unplaced).toMatchObject([{ after: commit(2) }]);
    expect(sourceQuestion(denied.record, at(4)).compare).toBeDefined();
  });

  test('as the tag, which points to another commit', () => {
    const release = introduced(undefined, { ref: 'refs/tags/v1' });
    const given = heard(release, push(undefined, 1));
    const answer: OnRef = { state: 'on', head: commit(2) };
    const step = says(says(given, 1, 1, answer).record, 3, 1, answer);
    expect([step.kinds, step.actions]).toEqual([['unbuilt'], []]);
  });
});

describe('GitHub does not answer', () => {
  test('it waits, and that is told once', () => {
    const step = says(pushed, 1, 2, UNKNOWN);
    expect([step.actions, wanted(step.record)]).toEqual([[], commit(2)]);
    expect(step.told).toMatchObject([
      {
        kind: 'unconfirmed',
        ...{ commit: commit(2), image: 'web' },
        because: 'GitHub could not be asked whether main has c002c00: HTTP 503',
      },
    ]);
    expect(says(step.record, 2, 2, UNKNOWN).kinds).toEqual([]);
  });

  test('it is asked again after 1, 2, 4 minutes, then every 5', () => {
    let record = pushed;
    const waits: number[] = [];
    for (let minute = 0; waits.length < 6; minute += waits.at(-1) ?? 0) {
      record = untold(says(record, minute, 2, UNKNOWN).record);
      waits.push(((record.observeAt ?? 0) - at(minute)) / 60_000);
    }
    expect(waits).toEqual([1, 2, 4, 5, 5, 5]);
  });

  test('for a day; then it is told that nothing is built of it', () => {
    expect(wanted(says(pushed, 1_439, 2, UNKNOWN).record)).toBe(commit(2));
    const step = says(pushed, 1_440, 2, UNKNOWN);
    expect(step.told).toMatchObject([{ kind: 'unbuilt', commit: commit(2) }]);
    expect([wanted(step.record), line(step.record)[0]]).toEqual([undefined, '2 at 1.2']);
  });

  test('of at most five commits the newest are remembered, and the rest is told', () => {
    let record = pushed;
    for (let n = 2; n < 9; n++) record = whenSource(record, push(n, n + 1)).record;
    expect(record.builds.web?.wanted.map((one) => one.commit)).toEqual([9, 8, 7, 6, 5].map(commit));
    expect(record.outbox.announcements.map(({ kind }) => kind)).toEqual(
      Array(3).fill('superseded'),
    );
  });

  test('a reason of any length is kept short', () => {
    const long: OnRef = { state: 'unknown', because: 'x'.repeat(10_000) };
    expect(JSON.stringify(says(pushed, 1, 2, long).record.builds).length).toBeLessThan(1_000);
  });
});
