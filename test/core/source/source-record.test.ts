/** What a source remembers: what it owes, its history, and its bounds. */
import { describe, expect, test } from 'vitest';
import type { ObservedBuild } from '../../../shared/core/source/observation.ts';
import type { Build, SourceRecord } from '../../../shared/core/source/record.ts';
import { at, REGISTRY } from '../../build.ts';
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
  type SourceObservationChange,
  sourceRules,
  sourceSeen,
  untold,
  whenSource,
} from '../../build-source.ts';

const FINISH = sourceRules({ whileBuilding: 'finish' });
const running = ({ builds }: SourceRecord, image = 'web'): readonly Build[] =>
  builds[image]?.running ?? [];
const commits = (record: SourceRecord) => running(record).map((build) => build.commit);
const saw = (build: ObservedBuild, n = 1): SourceObservationChange => ({
  builds: { [buildId(n)]: build },
});

describe('bounds', () => {
  test('five builds of one image at a time; the sixth waits until one has ended', () => {
    let record = building(FINISH);
    for (let n = 2; n < 14; n++) {
      const pushed = whenSource(record, push(n, n + 1, { at: at(n) })).record;
      record = untold(carriedOut(lookedSource(pushed, n)));
    }
    expect(commits(record)).toHaveLength(5);
    expect(record.builds.web?.wanted[0]?.commit).toBe(commit(14));
    const step = lookedSource(record, 15, saw(endedBuild('SUCCEEDED')));
    expect(step.actions).toMatchObject([{ type: 'StartBuild', commit: commit(14) }]);
  });

  test('fifty announcements; the oldest make way, since nothing hangs on them', () => {
    let record = branch();
    for (let n = 1; n < 80; n++) {
      record = whenSource(record, push(n, n + 1, { skip: '[skip ci]' })).record;
    }
    expect(record.outbox.announcements).toHaveLength(50);
    expect(record.outbox.announcements.at(-1)?.commit).toBe(commit(80));
  });
});

test('what is owed is looked after: announcements, offers and places, within a minute', () => {
  const step = whenSource(branch(), push(1, 2, { images: [] }));
  expect(step.record.observeAt).toBe(at(1));
  const { places, history } = step.record.outbox;
  expect([places.length, history.length]).toEqual([1, 1]);
});

test('each decision is numbered and stands in the history with its event', () => {
  const event = push(1, 2);
  const { record, because } = whenSource(branch(), event);
  expect(record.sequence).toBe(branch().sequence + 1);
  expect(record.outbox.history).toEqual([{ sequence: record.sequence, event, because }]);
});

test('what was told is forgotten, and the rest is still owed', () => {
  const given = lookedSource(building(), 4, saw(endedBuild('SUCCEEDED'))).record;
  const some = whenSource(given, {
    type: 'SourceDelivered',
    at: at(4),
    announcements: [],
    history: given.outbox.history.map(({ sequence }) => sequence),
    places: 1,
    offers: 0,
  }).record;
  expect([some.outbox.announcements.length, some.outbox.history.length]).toEqual([1, 0]);
  expect([some.outbox.places.length, some.outbox.offers.length]).toEqual([0, 1]);
  expect(some.observeAt).toBe(at(5));
  expect(untold(some)).toMatchObject({ outbox: { announcements: [], offers: [] } });
  expect(untold(some)).not.toHaveProperty('lookAt');
});

test('a first record knows nothing but the config', () => {
  expect(introduced()).toEqual({
    format: 2,
    key: KEY,
    repository: 'acme/shop',
    ref: 'refs/heads/main',
    id: 'shop',
    rules: sourceRules(),
    commits: [],
    unplaced: [],
    builds: {},
    deliveries: [],
    sequence: 1,
    outbox: { announcements: [], history: [], places: [], offers: [] },
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
  expect(rest.observeAt).toBeUndefined();
  expect([rest.commits.length, rest.deliveries.length, names.length]).toEqual([100, 100, 20]);
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
  expect(Object.keys(builds)).toHaveLength(50);
  const logs = `https://${'l'.repeat(300)}`;
  const ended = Object.keys(builds).map(
    (id) => [id, endedBuild('FAILED', { because: 'm'.repeat(300), logs })] as const,
  );
  const step = lookedSource(record, 20, { builds: Object.fromEntries(ended) });
  expect(Buffer.byteLength(JSON.stringify(step.record))).toBeLessThan(256 * 1024);
});
