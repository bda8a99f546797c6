/** What is to be built of a push, what makes way for it, and whether a look is needed. */
import { describe, expect, test } from 'vitest';
import { asksMore, needsLook } from '../../../shared/core/source/decide.ts';
import { at, digest } from '../../build.ts';
import {
  branch,
  buildId,
  building,
  carriedOut,
  commit,
  endedBuild,
  introduced,
  lookedSource,
  push,
  sourceRules,
  tag,
  untold,
  whenSource,
} from '../../build-source.ts';
import { heard, line, wanted } from './story.ts';

const idle = () => branch(sourceRules(), { builds: { web: { wanted: [], running: [] } } });
/** Commit 3 was pushed while 2 is built: 2 is stopped, and 3 asked for. */
const superseding = () => carriedOut(lookedSource(heard(building(), push(2, 3)), 1));

describe('a look is needed', () => {
  test('not of a branch at rest', () => {
    expect(needsLook(idle())).toBe(false);
  });

  test.each([
    ['a push waits for its place', () => heard(idle(), push(3, 4, { images: [] }))],
    ['a commit is to be built', () => heard(idle(), push(1, 2))],
    ['a build runs', () => building()],
  ])('while %s', (_, given) => {
    expect(needsLook(given())).toBe(true);
  });
});

test('a push that waits for its place leads to a question, with nothing to build', () => {
  expect(asksMore(heard(branch(), push(3, 4)))).toBe(true);
  expect(asksMore(branch())).toBe(false);
});

test('what is to be built is looked at within a minute', () => {
  expect(untold(heard(branch(), push(1, 2))).observeAt).toBe(at(1));
});

test('a build that must stop is looked at after a minute, and others after five', () => {
  expect(untold(superseding()).observeAt).toBe(at(2));
  expect(untold(building()).observeAt).toBe(at(5));
});

test('nothing to build: what to do about it depends on why', () => {
  expect(whenSource(branch(), push(1, 2, { images: [] })).told[0]?.next).toBe(
    'nothing; if it should have been built, name the path in `paths` of its image',
  );
  expect(whenSource(branch(), push(1, 2, { skip: '[skip ci]' })).told[0]?.next).toBe(
    'nothing; if it should be built, push a commit whose message does not say so',
  );
});

test('a commit whose build is being stopped is built anew when the branch goes back to it', () => {
  expect(wanted(heard(superseding(), push(3, 2, { forced: true })))).toBe(commit(2));
});

test('back at a commit that is being built, what was to be built after it makes way', () => {
  const back = heard(building(), push(2, 3), push(3, 2, { forced: true }));
  expect(wanted(back)).toBe(commit(2));
  const then = lookedSource(back, 1);
  expect(then.kinds).toContain('superseded');
  const first = then.record.builds.web?.running.find(({ id }) => id === buildId(1));
  expect(first).toMatchObject({ commit: commit(2) });
  expect(first?.stop).toBeUndefined();
});

test('back at a commit that is being built, it is not built a second time', () => {
  const back = heard(building(), push(2, 3), push(3, 2, { forced: true }));
  const then = lookedSource(back, 1);
  expect(then.actions).toEqual([]);
  expect(then.record.builds.web?.wanted).toEqual([]);
  expect(then.record.builds.web?.running.map((one) => [one.id, one.commit])).toEqual([
    [buildId(1), commit(2)],
  ]);
  expect(then.because).toContain('c002c00 is being built already');
});

test('a build that must stop keeps the first reason', () => {
  const then = lookedSource(heard(superseding(), push(3, 4)), 2).record;
  const second = then.builds.web?.running.find((build) => build.commit === commit(2));
  expect(second?.stop?.because).toBe('c003c00 was pushed');
  expect(second?.stop?.acceptedAt).toBe(at(1));
});

test('where builds may finish and nothing makes way, a look tells of the build alone', () => {
  const given = heard(branch(sourceRules({ whileBuilding: 'finish' })), push(1, 2));
  expect(lookedSource(given, 1).because).toBe(`asks for the build of ${tag(2)}`);
});

test('a look says what GitHub has, and what is built of it', () => {
  expect(lookedSource(heard(branch(), push(1, 2)), 1).because).toBe(
    `main has c002c00; asks for the build of ${tag(2)}`,
  );
  expect(lookedSource(building(), 1).because).toBe(`${buildId(1)} runs`);
});

describe('GitHub confirms', () => {
  const off = { state: 'off', because: 'it is not on the branch' } as const;
  const unknown = { state: 'unknown', because: 'HTTP 503' } as const;
  const said = (answer: typeof off | typeof unknown) => ({ onRef: { [commit(2)]: answer } });
  const pushed = () => heard(branch(), push(1, 2));

  test('the commit that a tag points to', () => {
    const given = heard(introduced(sourceRules(), { ref: 'refs/tags/v1' }), push(undefined, 1));
    expect(lookedSource(given, 1).actions.map(({ type }) => type)).toEqual(['StartBuild']);
  });

  test('a commit below the one that the branch points to', () => {
    const given = heard(pushed(), push(2, 3, { images: [] }));
    const head = { onRef: { [commit(2)]: { state: 'on', head: commit(3) } as const } };
    expect(lookedSource(given, 1, head).actions.map(({ type }) => type)).toEqual(['StartBuild']);
  });

  test('a commit whose place is forgotten by now', () => {
    const one = { commit: commit(9), tag: tag(9), since: at(0) };
    const given = branch(sourceRules(), { builds: { web: { wanted: [one], running: [] } } });
    const head = { onRef: { [commit(9)]: { state: 'on', head: commit(1) } as const } };
    expect(lookedSource(given, 1, head).actions.map(({ type }) => type)).toEqual(['StartBuild']);
  });

  test('that it does not answer is told once, whatever it says in between', () => {
    const first = lookedSource(pushed(), 0.2, said(unknown));
    expect(first.kinds).toEqual(['unconfirmed']);
    const second = lookedSource(first.record, 0.4, said(off));
    expect(second.kinds).toEqual([]);
    expect(lookedSource(second.record, 0.6, said(unknown)).kinds).toEqual([]);
  });

  test('that it denies a commit for now is not told, and silence after it is', () => {
    const first = lookedSource(pushed(), 0.2, said(off));
    expect(first.kinds).toEqual([]);
    expect(lookedSource(first.record, 0.4, said(unknown)).kinds).toEqual(['unconfirmed']);
  });

  test('what it denies leaves the line, although another push waits for its place', () => {
    const given = heard(pushed(), push(5, 6, { images: [] }));
    expect(line(lookedSource(given, 3, said(off)).record)).toEqual(['1 at 1.1']);
  });
});

describe('a build that failed', () => {
  const ends = (...[change]: [Parameters<typeof endedBuild>[1]?]) =>
    lookedSource(building(), 4, { builds: { [buildId(1)]: endedBuild('FAILED', change) } });

  test('is told without a reason where CodeBuild gives none', () => {
    expect(ends().told[0]?.because).toBe(`the build of ${tag(2)} ended with FAILED`);
  });

  test('has failed, although its tag stood already', () => {
    expect(ends({ stood: true }).told[0]?.because).toBe(`the build of ${tag(2)} ended with FAILED`);
  });

  test('offers nothing, although it pushed an image', () => {
    const then = ends({ digest: digest(2) });
    expect(then.offers).toEqual([]);
  });
});

test('a tag that stood as an image without a digest is not taken', () => {
  const ended = { state: 'ended', outcome: 'SUCCEEDED', endedAt: at(3), stood: true } as const;
  const then = lookedSource(building(), 4, { builds: { [buildId(1)]: ended } });
  expect(then.told[0]?.because).toBe(
    `${tag(2)} stood already as an image, and no build of Slipway reported that image: it is not taken`,
  );
});
