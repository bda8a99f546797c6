/** From a wanted image to its build, through every way in which a build ends. */
import { describe, expect, test } from 'vitest';
import { sourceQuestion } from '../../../shared/core/source/question.ts';
import type { Build, SourceRecord } from '../../../shared/core/source/record.ts';
import type { BuildSeen } from '../../../shared/core/source/seen.ts';
import { at, digest, REGISTRY } from '../../build.ts';
import {
  branch,
  buildId,
  building,
  buildRules,
  carriedOut,
  commit,
  endedBuild,
  introduced,
  KEY,
  lookedSource,
  push,
  type SourceSeenChange,
  sourceRules,
  sourceSeen,
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
const saw = (build: BuildSeen, n = 1): SourceSeenChange => ({ builds: { [buildId(n)]: build } });
/** Asked for by the look of minute 0, and its answer was lost. */
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
      running: [
        {
          commit: commit(2),
          tag: tag(2),
          project: 'slipway-shop-web',
          token: 'look-0-0',
          ask: { look: 'look-0', at: at(0), lastAt: at(0), count: 1 },
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
    const asked = { type: 'BuildAsked', at: at(1), token: 'look-0-0', id: buildId(1) } as const;
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
    const twice = whenSource(step.record, asked);
    expect(twice.record).toBe(step.record);
  });

  test('an answer that nobody waits for any more changes nothing', () => {
    const given = branch();
    const asked = { type: 'BuildAsked', at: at(1), token: 'other', id: buildId(7) } as const;
    expect(whenSource(given, asked).record).toBe(given);
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
    expect(untold(step.record).lookAt).toBeUndefined();
  });
});

describe('the answer of StartBuild is lost', () => {
  test('for 40 s it is waited for, then the build is searched for by its token', () => {
    expect(sourceQuestion(lost(), at(0) + 40_000)).toEqual({});
    expect(sourceQuestion(lost(), at(0) + 40_001)).toEqual({
      lostBuilds: [{ project: 'slipway-shop-web', token: 'look-0-0', since: at(-2) }],
    });
    expect(lost().lookAt).toBe(at(1));
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
    expect(running(step.record)[0]?.ask).toEqual({
      look: 'look-1',
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
    expect(record.owed.announcements).toMatchObject([
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
    expect(untold(step.record).lookAt).toBeUndefined();
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
      { because: 'c003c00 was pushed', askedAt: at(1) },
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
    const step = whenSource(wanted, push(2, 3));
    expect(step.record.builds.web?.wanted?.commit).toBe(commit(3));
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

describe('how a build ends', () => {
  const ends = (build: BuildSeen) => lookedSource(building(), 4, saw(build));

  test('SUCCEEDED: it is told, its image offered, and its commit can be found by its digest', () => {
    const logs = 'https://console.aws.amazon.com/logs';
    const step = ends(endedBuild('SUCCEEDED', { logs }));
    expect(step.told).toMatchObject([
      {
        kind: 'built',
        at: at(3),
        commit: commit(2),
        image: 'web',
        tag: tag(2),
        digest: digest(2),
        build: buildId(1),
        logs,
        because: `${tag(2)} is built`,
        next: 'its targets are offered the image',
      },
    ]);
    expect(step.offers).toEqual([
      {
        registry: REGISTRY,
        repository: 'shop/web',
        digest: digest(2),
        tag: tag(2),
        at: at(3),
      },
    ]);
    expect(step.places).toEqual([{ of: 'digest', digest: digest(2), commit: commit(2) }]);
    expect(step.record.builds.web).toEqual({
      running: [],
      last: {
        commit: commit(2),
        id: buildId(1),
        outcome: 'SUCCEEDED',
        because: `${tag(2)} is built`,
        digest: digest(2),
        at: at(3),
      },
    });
    expect(untold(step.record).lookAt).toBeUndefined();
  });

  test('SUCCEEDED without a digest: ECR tells, and nobody pretends to know', () => {
    const { told, offers, places } = ends({ state: 'ended', outcome: 'SUCCEEDED', endedAt: at(3) });
    expect(told).toMatchObject([
      {
        kind: 'built',
        because: `${tag(2)} is built; the build exported no IMAGE_DIGEST`,
        next: 'ECR tells the targets of the image',
      },
    ]);
    expect([offers, places]).toEqual([[], []]);
  });

  test.each(['FAILED', 'FAULT', 'TIMED_OUT'] as const)(
    '%s: it names the phase and its message, and offers nothing',
    (outcome) => {
      const because = 'BUILD FAILED: exit status 1';
      const step = ends(endedBuild(outcome, { because }));
      expect(step.told).toMatchObject([
        {
          kind: 'build-failed',
          because: `the build of ${tag(2)} ended with ${outcome}: BUILD FAILED: exit status 1`,
          next: 'read its log, mend c002c00, and push; what runs stays as it is',
        },
      ]);
      expect([step.offers, step.places, running(step.record)]).toEqual([[], [], []]);
      expect(untold(step.record).lookAt).toBeUndefined();
    },
  );

  test('STOPPED by a person: told as that', () => {
    expect(ends(endedBuild('STOPPED')).told).toMatchObject([
      {
        kind: 'build-stopped',
        because: `the build of ${tag(2)} was stopped: not by Slipway`,
        next: 'start it again in CodeBuild, or push a newer commit',
      },
    ]);
  });

  test('STOPPED for a newer commit: told as that', () => {
    const stopped = carriedOut(lookedSource(whenSource(building(), push(2, 3)).record, 1));
    const step = lookedSource(stopped, 2, saw(endedBuild('STOPPED')));
    expect(step.told).toMatchObject([
      { kind: 'build-stopped', because: `the build of ${tag(2)} was stopped: c003c00 was pushed` },
    ]);
    expect(commits(step.record)).toEqual([commit(3)]);
  });

  test('it succeeds before it is stopped: its image is offered, order decides about it', () => {
    const newer = whenSource(building(), push(2, 3)).record;
    expect(lookedSource(newer, 1, saw(endedBuild('SUCCEEDED'))).offers).toHaveLength(1);
  });

  test('two looks that saw it end tell it once', () => {
    const step = ends(endedBuild('SUCCEEDED'));
    const again = lookedSource(step.record, 5, saw(endedBuild('SUCCEEDED')));
    expect([again.kinds, again.offers]).toEqual([[], []]);
  });

  test('missing: CodeBuild may not know it yet, but after five minutes it is gone', () => {
    const early = lookedSource(building(), 5, saw({ state: 'missing' }));
    expect(running(early.record)).toEqual(running(building()));
    const step = lookedSource(early.record, 5.1, saw({ state: 'missing' }));
    expect(step.told).toMatchObject([
      {
        kind: 'build-failed',
        because: `the build of ${tag(2)} ended with FAULT: CodeBuild knows no build ${buildId(1)}`,
      },
    ]);
  });

  test('a message of any length is kept short', () => {
    const refused = {
      type: 'BuildRefused',
      at: at(0),
      token: 'look-0-0',
      code: 'InvalidInputException',
      message: 'x'.repeat(10_000),
    } as const;
    const { record, told } = whenSource(lost(), refused);
    expect(record.builds.web?.last?.because).toHaveLength(600);
    expect(told[0]?.because).toHaveLength(600);
  });
});

describe('a retry of CodeBuild’s own takes the place of the build that it repeats', () => {
  test('found by a look', () => {
    const retried = endedBuild('FAILED', { retry: buildId(9) });
    const step = lookedSource(building(), 20, saw(retried));
    expect(running(step.record)).toMatchObject([{ id: buildId(9), heardAt: at(20) }]);
    expect([step.kinds, step.actions]).toEqual([[], []]);
    const unknown = lookedSource(step.record, 21, {
      builds: { [buildId(9)]: { state: 'missing' } },
    });
    expect(running(unknown.record)).toHaveLength(1);
    const done = lookedSource(unknown.record, 30, saw(endedBuild('SUCCEEDED'), 9));
    expect(done.told).toMatchObject([{ kind: 'built', build: buildId(9) }]);
  });

  test('heard by an event', () => {
    const retry = { of: buildId(1), id: buildId(9) };
    const hint = { type: 'BuildHinted', at: at(2), cause: 'CodeBuild', retry } as const;
    const step = whenSource(building(), hint);
    expect(running(step.record)).toMatchObject([{ id: buildId(9), heardAt: at(2) }]);
    expect(whenSource(step.record, hint).record).toBe(step.record);
  });

  test('of a build that succeeded there is none', () => {
    const step = lookedSource(building(), 4, saw(endedBuild('SUCCEEDED', { retry: buildId(9) })));
    expect(step.kinds).toEqual(['built']);
  });
});

describe('a build that CodeBuild says nothing of', () => {
  test('is asked about after five minutes: its events may be lost', () => {
    const given = building();
    expect(given.lookAt).toBe(at(5));
    expect(sourceQuestion(given, at(5)).builds).toEqual([buildId(1)]);
    expect(lookedSource(given, 5).record.lookAt).toBe(at(10));
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
    const given = { ...building(), builds: { web: { running: many } } };
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
      wanted: { commit: commit(2), tag: tag(2), since: at(0) },
    });
    expect(step.record.lookAt).toBe(at(1));
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
    expect(running(record)[0]?.ask).toMatchObject({ at: at(0), lastAt: at(60) });
  });

  test('for anything else: it has failed, with what CodeBuild said', () => {
    const step = whenSource(lost(), refuse('ResourceNotFoundException'));
    expect(step.told).toMatchObject([
      {
        kind: 'build-failed',
        because: `the build of ${tag(2)} ended with FAILED: CodeBuild refused: ResourceNotFoundException: no`,
      },
    ]);
    expect(untold(step.record).lookAt).toBeUndefined();
  });

  test('what nobody waits for any more changes nothing', () => {
    const given = branch();
    expect(whenSource(given, refuse('ResourceNotFoundException')).record).toBe(given);
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

  test('what was wanted of it is not started', () => {
    const step = lookedSource(whenSource(wanted, changed).record, 1);
    expect([step.actions, untold(step.record).lookAt]).toEqual([[], undefined]);
    expect(step.because).toContain('the config names no image "web" any more');
  });
});

describe('bounds', () => {
  test('ten builds of one image at a time; the eleventh waits until one has ended', () => {
    let record = building(FINISH);
    for (let n = 2; n < 14; n++) {
      const pushed = whenSource(record, push(n, n + 1, { at: at(n) })).record;
      record = untold(carriedOut(lookedSource(pushed, n)));
    }
    expect(commits(record)).toHaveLength(10);
    expect(record.builds.web?.wanted?.commit).toBe(commit(14));
    const step = lookedSource(record, 15, saw(endedBuild('SUCCEEDED')));
    expect(step.actions).toMatchObject([{ type: 'StartBuild', commit: commit(14) }]);
  });

  test('fifty announcements; the oldest make way, since nothing hangs on them', () => {
    let record = branch();
    for (let n = 1; n < 80; n++) record = whenSource(record, push(n, n + 1)).record;
    expect(record.owed.announcements).toHaveLength(50);
    expect(record.owed.announcements.at(-1)?.commit).toBe(commit(79));
  });
});

test('what is owed is looked after: announcements, offers and places, within a minute', () => {
  const step = whenSource(branch(), push(1, 2, { images: [] }));
  expect(step.record.lookAt).toBe(at(1));
  const { places, history } = step.record.owed;
  expect([places.length, history.length]).toEqual([1, 1]);
});

test('each decision is numbered and stands in the history with its event', () => {
  const event = push(1, 2);
  const { record, because } = whenSource(branch(), event);
  expect(record.sequence).toBe(branch().sequence + 1);
  expect(record.owed.history).toEqual([{ sequence: record.sequence, event, because }]);
});

test('what was told is forgotten, and the rest is still owed', () => {
  const given = lookedSource(building(), 4, saw(endedBuild('SUCCEEDED'))).record;
  const some = whenSource(given, {
    type: 'SourceTold',
    at: at(4),
    announcements: [],
    history: given.owed.history.map(({ sequence }) => sequence),
    places: 1,
    offers: 0,
  }).record;
  expect([some.owed.announcements.length, some.owed.history.length]).toEqual([1, 0]);
  expect([some.owed.places.length, some.owed.offers.length]).toEqual([0, 1]);
  expect(some.lookAt).toBe(at(5));
  expect(untold(some)).toMatchObject({ owed: { announcements: [], offers: [] } });
  expect(untold(some)).not.toHaveProperty('lookAt');
});

test('a first record knows nothing but the config', () => {
  expect(introduced()).toEqual({
    format: 1,
    key: KEY,
    repository: 'acme/shop',
    ref: 'refs/heads/main',
    id: 'shop',
    rules: sourceRules(),
    commits: [],
    unplaced: [],
    builds: {},
    heard: [],
    sequence: 1,
    owed: { announcements: [], history: [], places: [], offers: [] },
  });
});

test('the record at rest, every list full and every name long, stays under 64 KB', () => {
  const LONG = 'x'.repeat(40);
  const images = Object.fromEntries(
    Array.from({ length: 20 }, (_, i) => [
      `${LONG.slice(2)}${String(i).padStart(2, '0')}`,
      { registry: REGISTRY, repository: 'r'.repeat(100), project: 'p'.repeat(90) },
    ]),
  );
  const names = Object.keys(images);
  const tagged = { images: names, tag: 't'.repeat(113), by: 'b'.repeat(200) };
  let record = branch(sourceRules({ images }));
  for (let n = 1; n < 110; n++) {
    const delivery = `7bf73129-1428-4cd3-a780-95db273d16${String(n).padStart(2, '0')}`;
    record = untold(whenSource(record, push(n, n + 1, { ...tagged, delivery })).record);
  }
  const started = carriedOut(lookedSource(record, 0));
  const ended = Object.values(started.builds).flatMap(({ running: all }) =>
    all.map(({ id }) => [id, endedBuild('FAILED', { because: 'm'.repeat(300) })] as const),
  );
  const rest = untold(lookedSource(started, 1, { builds: Object.fromEntries(ended) }).record);
  expect(rest.lookAt).toBeUndefined();
  expect([rest.commits.length, rest.heard.length, names.length]).toEqual([100, 100, 20]);
  const bytes = Buffer.byteLength(JSON.stringify(rest));
  expect(bytes).toBeGreaterThan(24 * 1024);
  expect(bytes).toBeLessThan(64 * 1024);
});

test('a look on the busiest record still fits beside it into what may be stored', () => {
  const images = Object.fromEntries(
    Array.from({ length: 10 }, (_, i) => [`image-${i}`, buildRules(`image-${i}`)]),
  );
  let record = branch(sourceRules({ images, whileBuilding: 'finish' }));
  for (let n = 1; n <= 10; n++) {
    const pushed = whenSource(record, push(n, n + 1, { images: Object.keys(images) })).record;
    record = untold(carriedOut(lookedSource(pushed, n)));
  }
  const { builds = {} } = sourceSeen(record, 20);
  expect(Object.keys(builds)).toHaveLength(100);
  const logs = `https://${'l'.repeat(300)}`;
  const ended = Object.keys(builds).map(
    (id) => [id, endedBuild('FAILED', { because: 'm'.repeat(300), logs })] as const,
  );
  const step = lookedSource(record, 20, { builds: Object.fromEntries(ended) });
  expect(Buffer.byteLength(JSON.stringify(step.record))).toBeLessThan(256 * 1024);
});
