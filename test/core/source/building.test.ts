/** From a wanted image to its build: asked for once, whatever is lost, and stopped for a newer commit. */
import { describe, expect, test } from 'vitest';
import type { ObservedBuild } from '../../../shared/core/source/observation.ts';
import { sourceQuestion } from '../../../shared/core/source/question.ts';
import type { Build, SourceRecord } from '../../../shared/core/source/record.ts';
import { at, digest } from '../../build.ts';
import {
  branch,
  buildId,
  building,
  buildRules,
  carriedOut,
  commit,
  endedBuild,
  KEY,
  lookedSource,
  push,
  type SourceObservationChange,
  sourceRules,
  TWO_IMAGES,
  tag,
  untold,
  whenSource,
} from '../../build-source.ts';

const FINISH = sourceRules({ whileBuilding: 'finish' });
const wanted = whenSource(branch(), push(1, 2)).record;
const running = ({ builds }: SourceRecord, image = 'web'): readonly Build[] =>
  builds[image]?.running ?? [];
const commits = (record: SourceRecord) => running(record).map((build) => build.commit);
const saw = (build: ObservedBuild, n = 1): SourceObservationChange => ({
  builds: { [buildId(n)]: build },
});
const lost = (record = wanted) => untold(lookedSource(record, 0).record);

describe('what is wanted is asked for', () => {
  test('by the look that decides it, and by no other: it stands in the record before the call', () => {
    const step = lookedSource(wanted, 0);
    expect(step.actions).toEqual([
      {
        type: 'StartBuild',
        image: 'web',
        rules: buildRules(),
        commit: commit(2),
        tag: tag(2),
        token: 'look-0-0',
      },
    ]);
    expect(step.record.builds.web).toEqual({
      wanted: [],
      running: [
        {
          commit: commit(2),
          tag: tag(2),
          project: 'slipway-shop-web',
          token: 'look-0-0',
          request: { observation: 'look-0', at: at(0), lastAt: at(0), count: 1 },
          heardAt: at(0),
        },
      ],
    });
    expect(lookedSource(step.record, 0.5, { id: 'another look' }).actions).toEqual([]);
  });

  test('once, however often it is heard of: a second delivery starts nothing', () => {
    const again = whenSource(building(), push(1, 2));
    expect(lookedSource(again.record, 1).actions).toEqual([]);
  });

  test('several images of one commit each by their own token', () => {
    const both = whenSource(branch(TWO_IMAGES), push(1, 2, { images: ['web', 'api'] })).record;
    expect(lookedSource(both, 0).actions).toMatchObject([
      { image: 'web', token: 'look-0-0', rules: { project: 'slipway-shop-web' } },
      { image: 'api', token: 'look-0-1', rules: { project: 'slipway-shop-api' } },
    ]);
  });

  test('the answer is told, with the id that CodeBuild gave it', () => {
    const asked = { type: 'BuildAccepted', at: at(1), token: 'look-0-0', id: buildId(1) } as const;
    const step = whenSource(lost(), asked);
    expect(step.told).toEqual([
      {
        id: `${KEY}#5.1`,
        kind: 'building',
        key: KEY,
        source: 'shop',
        repository: 'acme/shop',
        ref: 'refs/heads/main',
        at: at(1),
        commit: commit(2),
        image: 'web',
        tag: tag(2),
        build: buildId(1),
        because: `CodeBuild builds ${tag(2)}`,
        next: 'the image is offered to its targets when it is built',
      },
    ]);
    expect(running(step.record)).toMatchObject([{ id: buildId(1), heardAt: at(1) }]);
  });

  test.each([
    [
      'asks for no build',
      push(1, 2, { skip: '[skip ci]' }),
      'c002c00 says [skip ci]: nothing is built',
    ],
    [
      'changes no path of an image',
      push(1, 2, { images: [] }),
      'c002c00 changes no path of an image',
    ],
    [
      'names an image that the config does not have',
      push(1, 2, { images: ['gone'] }),
      'c002c00 changes no path of an image',
    ],
  ])('not of a push that %s: it has its place, and the source is at rest', (_, event, why) => {
    const step = whenSource(branch(), event);
    expect(step.because).toBe(`c002c00 follows c001c00; ${why}`);
    expect([step.record.commits.length, step.record.builds]).toEqual([2, {}]);
    expect(untold(step.record).observeAt).toBeUndefined();
  });
});

describe('the answer of StartBuild is lost', () => {
  test('for 40 s it is waited for, then the build is searched for by its token', () => {
    expect(sourceQuestion(lost(), at(0) + 40_000)).toEqual({});
    expect(sourceQuestion(lost(), at(0) + 40_001)).toEqual({
      lostBuilds: [{ project: 'slipway-shop-web', token: 'look-0-0', since: at(-2) }],
    });
    expect(lost().observeAt).toBe(at(1));
  });

  test('found: it is followed like any other, and told', () => {
    const step = lookedSource(lost(), 1, { found: { 'look-0-0': buildId(1) } });
    expect(running(step.record)).toMatchObject([{ id: buildId(1) }]);
    expect([step.kinds, step.actions]).toEqual([['building'], []]);
  });

  test('not found within a minute: it is asked for again with the same token', () => {
    const early = lookedSource(lost(), 0.9);
    expect(early.actions).toEqual([]);
    const step = lookedSource(early.record, 1);
    expect(step.actions).toMatchObject([{ type: 'StartBuild', token: 'look-0-0' }]);
    expect(running(step.record)[0]?.request).toEqual({
      observation: 'look-1',
      at: at(0),
      lastAt: at(1),
      count: 2,
    });
  });

  test('three times, then it has failed', () => {
    let record = lost();
    const counts: number[] = [];
    for (const minute of [1, 2, 3]) {
      const step = lookedSource(record, minute);
      counts.push(step.actions.length);
      record = step.record;
    }
    expect(counts).toEqual([1, 1, 0]);
    expect(record.outbox.announcements).toMatchObject([
      {
        kind: 'build-failed',
        because: `the build of ${tag(2)} ended with FAULT: CodeBuild was asked 3 times and shows no build`,
      },
    ]);
    expect(record.builds.web).toMatchObject({ running: [], last: { outcome: 'FAULT' } });
  });

  test('and a newer commit came: it is not asked for again', () => {
    const newer = whenSource(lost(), push(2, 3)).record;
    const step = lookedSource(newer, 1);
    expect(step.actions).toMatchObject([{ type: 'StartBuild', commit: commit(3) }]);
    expect(step.told).toMatchObject([
      { kind: 'build-stopped', commit: commit(2), next: 'nothing: it is not needed any more' },
    ]);
    expect(commits(step.record)).toEqual([commit(3)]);
  });

  test('and the config names the image no more: the source comes to rest', () => {
    const rules = sourceRules({ images: { other: buildRules('other') } });
    const changed = { type: 'SourceConfigured', at: at(0), id: 'shop', rules } as const;
    const given = whenSource(lost(), changed).record;
    expect(sourceQuestion(given, at(1)).lostBuilds).toHaveLength(1);
    const step = lookedSource(given, 1);
    expect([step.actions, step.kinds]).toEqual([[], ['build-stopped']]);
    expect(untold(step.record).observeAt).toBeUndefined();
  });
});

describe('a newer commit', () => {
  const newer = whenSource(building(), push(2, 3)).record;

  test('stops the older build, and starts its own at once', () => {
    const step = lookedSource(newer, 1);
    expect(step.actions).toMatchObject([
      { type: 'StartBuild', commit: commit(3) },
      { type: 'StopBuild', id: buildId(1) },
    ]);
    expect(running(carriedOut(step)).map(({ stop }) => stop)).toEqual([
      undefined,
      { because: 'c003c00 was pushed', acceptedAt: at(1) },
    ]);
  });

  test('and the stop whose answer was lost is asked for again, once CodeBuild took it after a minute', () => {
    const once = lookedSource(newer, 1);
    const stops = (given: SourceRecord, minute: number) =>
      lookedSource(given, minute).actions.filter(({ type }) => type === 'StopBuild').length;
    expect(stops(once.record, 1.5)).toBe(1);
    expect(stops(carriedOut(once), 2)).toBe(0);
    expect(stops(carriedOut(once), 2.1)).toBe(1);
  });

  test('lets it finish, if that is configured', () => {
    const step = lookedSource(whenSource(building(FINISH), push(2, 3)).record, 1);
    expect(step.actions).toMatchObject([{ type: 'StartBuild', commit: commit(3) }]);
    expect(running(step.record).every(({ stop }) => stop === undefined)).toBe(true);
  });

  test('replaces what was not started yet, and says so', () => {
    const pushed = whenSource(wanted, push(2, 3));
    expect([pushed.record.builds.web?.wanted[0]?.commit, pushed.kinds]).toEqual([commit(3), []]);
    const step = lookedSource(pushed.record, 1);
    expect(step.told).toMatchObject([
      {
        kind: 'superseded',
        commit: commit(2),
        tag: tag(2),
        because: 'c003c00 was pushed before c002c00 was built',
      },
    ]);
  });

  test('that does not concern an image leaves its build alone', () => {
    const given = building(TWO_IMAGES);
    const step = lookedSource(whenSource(given, push(2, 3, { images: ['api'] })).record, 1);
    expect(step.actions).toMatchObject([
      { type: 'StartBuild', image: 'api', commit: commit(3) },
      { type: 'StopBuild', id: buildId(2, 'api') },
    ]);
    expect(running(step.record, 'web')).toEqual([{ ...running(given, 'web')[0], heardAt: at(1) }]);
  });

  test('of the same commit, as when the branch is created again, goes on with its build', () => {
    const gone = whenSource(building(FINISH), push(2, undefined)).record;
    const step = whenSource(gone, push(undefined, 2));
    expect(step.because).toContain('it is being built already');
    expect(lookedSource(step.record, 1).actions).toEqual([]);
  });
});

describe('a build that CodeBuild says nothing of', () => {
  test('is asked about after five minutes: its events may be lost', () => {
    const given = building();
    expect(given.observeAt).toBe(at(5));
    expect(sourceQuestion(given, at(5)).builds).toEqual([buildId(1)]);
    expect(lookedSource(given, 5).record.observeAt).toBe(at(10));
  });

  test('a hint alone changes nothing: the look finds what it is', () => {
    const given = building();
    const hint = { type: 'BuildHinted', at: at(2), cause: 'CodeBuild says SUCCEEDED' } as const;
    const step = whenSource(given, hint);
    expect(step.record).toBe(given);
    expect(step.because).toBe('CodeBuild says SUCCEEDED: a look follows');
  });

  test('of more builds than one call takes the most silent are asked about', () => {
    const one = running(building())[0];
    if (one === undefined) throw new Error('a build runs');
    const many = Array.from({ length: 120 }, (_, i) => ({
      ...one,
      id: buildId(i),
      heardAt: at(200 - i),
    }));
    const given = { ...building(), builds: { web: { wanted: [], running: many } } };
    const asked = sourceQuestion(given, at(300)).builds ?? [];
    expect([asked.length, asked[0], asked.includes(buildId(0))]).toEqual([
      100,
      buildId(119),
      false,
    ]);
  });
});

describe('CodeBuild refuses', () => {
  const refuse = (code: string, minute = 0) =>
    ({
      type: 'BuildRefused',
      at: at(minute),
      token: 'look-0-0',
      code,
      message: 'no',
    }) as const;

  test('for a limit that passes: it is asked for again by the next look, with a new token', () => {
    const step = whenSource(lost(), refuse('AccountLimitExceededException'));
    expect(step.kinds).toEqual([]);
    expect(step.record.builds.web).toEqual({
      running: [],
      wanted: [
        {
          ...{ commit: commit(2), tag: tag(2), since: at(0) },
          waits: {
            at: at(0),
            failures: 0,
            because: 'CodeBuild refused: AccountLimitExceededException: no',
          },
        },
      ],
    });
    expect(step.record.observeAt).toBe(at(1));
    expect(lookedSource(step.record, 1).actions).toMatchObject([{ token: 'look-1-0' }]);
  });

  test('for such a limit, and for two hours: then it has failed', () => {
    const code = 'AccountLimitExceededException';
    expect(whenSource(lost(), refuse(code, 119)).kinds).toEqual([]);
    expect(whenSource(lost(), refuse(code, 120)).told).toMatchObject([
      {
        kind: 'build-failed',
        because: `the build of ${tag(2)} ended with FAILED: CodeBuild refused: ${code}: no`,
      },
    ]);
  });

  test('the two hours count from when it was first wanted, however often it is asked for', () => {
    const again = whenSource(lost(), refuse('AccountLimitExceededException')).record;
    const { record } = lookedSource(again, 60);
    expect(running(record)[0]?.request).toMatchObject({ at: at(0), lastAt: at(60) });
  });

  test('for anything else: it has failed, with what CodeBuild said', () => {
    const step = whenSource(lost(), refuse('ResourceNotFoundException'));
    expect(step.told).toMatchObject([
      {
        kind: 'build-failed',
        because: `the build of ${tag(2)} ended with FAILED: CodeBuild refused: ResourceNotFoundException: no`,
      },
    ]);
    expect(untold(step.record).observeAt).toBeUndefined();
  });
});

describe('the config changes while a build runs', () => {
  const rules = sourceRules({ images: { other: buildRules('other') } });
  const changed = { type: 'SourceConfigured', at: at(1), id: 'store', rules } as const;

  test('an image that it names no more: the end of its build is told all the same', () => {
    const given = whenSource(building(), changed).record;
    const step = lookedSource(given, 4, saw(endedBuild('SUCCEEDED')));
    expect(step.told).toMatchObject([{ kind: 'built', source: 'store', commit: commit(2) }]);
    expect(step.places).toEqual([{ of: 'digest', digest: digest(2), commit: commit(2) }]);
    expect(step.offers).toEqual([]);
  });

  test('what was wanted of it is not started, and told: no status of its commit stays pending', () => {
    const step = lookedSource(whenSource(wanted, changed).record, 1);
    expect([step.actions, untold(step.record).observeAt]).toEqual([[], undefined]);
    expect(step.told).toMatchObject([
      {
        kind: 'superseded',
        commit: commit(2),
        because: 'the config names no image "web" any more before c002c00 was built',
      },
    ]);
    expect(step.because).toContain('the config names no image "web" any more');
  });
});
