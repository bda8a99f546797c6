/** What every decision is made of: what it announces, what is remembered of that, and for how long. */
import { describe, expect, test } from 'vitest';
import type { AnnouncementKind } from '../../../shared/core/model/announcement.ts';
import {
  addCandidate,
  announce,
  conclude,
  describeRunning,
  isNew,
  quarantineImages,
} from '../../../shared/core/model/decision.ts';
import { defined } from '../../../shared/core/model/defined.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { asking, at, candidate, digest, fresh, image, record, revision } from '../../build.ts';

const FACTS = { at: at(1), because: 'a reason', next: 'a next step' };
const TAGS = ['main-2', 'latest'];
const OF_RELEASE = {
  ...FACTS,
  release: 'ecs/production/web/2',
  images: { app: image(2, { tags: TAGS }) },
};

describe('an announcement', () => {
  const told = (kind: AnnouncementKind, given: TargetRecord = record(), facts = FACTS) =>
    announce(given, kind, facts).outbox.announcements.at(-1);

  test('is numbered within its decision', () => {
    const two = announce(announce(record(), 'held', FACTS), 'refused', FACTS);
    expect(two.outbox.announcements.map(({ id }) => id)).toEqual([
      'ecs/production/web#11.1',
      'ecs/production/web#11.2',
    ]);
  });

  test.each<[kind: AnnouncementKind, tells: boolean]>([
    ['adopted', true],
    ['proven', true],
    ['rolled-back', true],
    ['started', false],
    ['failed', false],
    ['needs-attention', false],
  ])('%s tells what runs as data: %s, since something proven runs after it', (kind, tells) => {
    const runs = {
      release: 'ecs/production/web/1',
      revision: revision(1),
      images: { app: image(1) },
    };
    expect(told(kind)?.runs).toEqual(tells ? runs : undefined);
  });

  test('of what is no candidate has no release, and of nothing that runs no data', () => {
    const other = record({ runs: { revision: revision(9), images: {}, since: at(0) } });
    expect(told('adopted', other)?.runs).toEqual({ revision: revision(9), images: {} });
    expect(told('adopted', fresh())).not.toHaveProperty('runs');
    expect(told('adopted', fresh())?.runsNow).toBe('unknown');
  });

  test('says when it was that what runs was seen, where that is more than five minutes ago', () => {
    const runsNow = (observedAt: number | undefined, given: TargetRecord = record()) =>
      told('held', defined({ ...given, observedAt }), { ...FACTS, at: at(20) })?.runsNow;
    const runs = 'shop/web:main-1 (sha256:000000000000), web:1';
    expect(runsNow(at(15))).toBe(runs);
    expect(runsNow(at(15) - 1)).toBe(`${runs} (as seen at 2026-11-21 10:14 UTC)`);
    // An observation of a clock that is ahead of ours.
    expect(runsNow(at(21))).toBe(runs);
    expect(runsNow(undefined)).toBe(runs);
    expect(runsNow(at(0), fresh())).toBe('unknown');
  });

  test('says in words what runs: its images, or its revision where they are not known', () => {
    const runs = { revision: revision(9), since: at(0) };
    expect(describeRunning({ ...runs, images: {} })).toBe('web:9');
    expect(describeRunning({ ...runs, images: { app: image(9) } })).toBe(
      'shop/web:main-9 (sha256:000000000000), web:9',
    );
    expect(describeRunning({ ...runs, images: { app: image(9, { tags: [] }) } })).toBe(
      'shop/web (sha256:000000000000), web:9',
    );
  });
});

describe('how the last release ended', () => {
  const ended = (kind: AnnouncementKind, facts: typeof FACTS = OF_RELEASE, given = record()) =>
    announce(given, kind, facts).lastEnded;

  test.each<[kind: AnnouncementKind, ends: boolean]>([
    ['proven', true],
    ['adopted', true],
    ['rolled-back', true],
    ['failed', true],
    ['superseded', true],
    ['needs-attention', true],
    ['started', false],
    ['held', false],
    ['refused', false],
    ['would-have', false],
  ])('%s of a release is remembered: %s', (kind, ends) => {
    const { at: when, because, next, release } = OF_RELEASE;
    const images = { app: image(2, { tags: ['main-2'] }) };
    expect(ended(kind)).toEqual(
      ends ? { kind, at: when, release, images, because, next } : undefined,
    );
  });

  test.each<[kind: AnnouncementKind, ends: boolean]>([
    ['adopted', true],
    ['rolled-back', true],
    ['superseded', false],
    ['failed', false],
    ['needs-attention', false],
  ])('%s without a release is remembered: %s, since what only waited was none', (kind, ends) => {
    expect(ended(kind, FACTS)?.kind).toBe(ends ? kind : undefined);
    if (ends) expect(ended(kind, FACTS)).not.toHaveProperty('images');
  });

  test('stays known until the next one ends', () => {
    const proven = announce(record(), 'proven', OF_RELEASE);
    expect(announce(proven, 'held', FACTS).lastEnded).toEqual(proven.lastEnded);
  });

  test('what a person was told to do stays with what is asked, and no other advice', () => {
    const next = (kind: AnnouncementKind, given: TargetRecord) =>
      announce(given, kind, FACTS).needsAttention?.next;
    expect(next('needs-attention', asking())).toBe('a next step');
    expect(next('held', asking())).toBeUndefined();
    expect(announce(record(), 'needs-attention', FACTS)).not.toHaveProperty('needsAttention');
  });
});

describe('with twenty untold', () => {
  const owed = (first: AnnouncementKind, facts = FACTS) => {
    let given = announce(record(), first, facts);
    for (let n = 1; n < 20; n++) given = announce(given, 'started', OF_RELEASE);
    return announce(given, 'proven', OF_RELEASE).outbox.announcements.map(({ kind }) => kind);
  };

  test.each<[kind: AnnouncementKind, facts: typeof FACTS, leaves: boolean]>([
    ['held', OF_RELEASE, true],
    ['refused', OF_RELEASE, true],
    ['would-have', FACTS, true],
    ['would-have', OF_RELEASE, false],
    ['started', OF_RELEASE, false],
    ['failed', OF_RELEASE, false],
  ])('advice makes way and no end of a release does: %s', (kind, facts, leaves) => {
    const kinds = owed(kind, facts);
    expect(kinds).toHaveLength(leaves ? 20 : 21);
    expect(kinds[0]).toBe(leaves ? 'started' : kind);
    expect(kinds.at(-1)).toBe('proven');
  });
});

describe('quarantine', () => {
  const put = (given: TargetRecord, n: number, change: object = {}) =>
    quarantineImages(given, { app: image(n, change) }, revision(n), 'it is bad', at(n));

  test('remembers what an image was built from, of the newest twenty', () => {
    const commit = { repository: 'acme/shop', sha: 'a'.repeat(40) };
    let given = record();
    for (let n = 1; n <= 21; n++) given = put(given, n, { commit });
    const { quarantine } = given;
    expect(quarantine[0]).toEqual({
      digest: digest(21),
      at: at(21),
      source: 'shop/web@aaaaaaaaaaaa',
    });
    expect(quarantine.filter(({ source }) => source !== undefined)).toHaveLength(20);
    expect(quarantine.at(-1)).toEqual({ digest: digest(1), at: at(1) });
    expect(put(record(), 2).quarantine[0]).not.toHaveProperty('source');
  });

  test('of two containers says of each what it was built from', () => {
    const sha = (letter: string) => ({ repository: 'acme/shop', sha: letter.repeat(40) });
    const images = { app: image(2, { commit: sha('a') }), sidecar: image(3, { commit: sha('b') }) };
    const both = quarantineImages(record(), images, undefined, 'both are bad', at(1));
    expect(both.quarantine.map(({ source }) => source)).toEqual([
      'shop/web@aaaaaaaaaaaa',
      'shop/web@bbbbbbbbbbbb',
    ]);
    expect(both.condemnedRevisions).toEqual([]);
  });
});

test('a candidate remembers what had no data only while it is the newest', () => {
  const window = { from: at(-90), to: at(-70), alarms: ['web-5xx'] };
  const measured = candidate(1, { window });
  const blind = candidate(2, { window: { ...window, unmeasured: ['web-5xx'] } });
  const top = addCandidate(record({ rollbackCandidates: [measured] }), blind);
  expect(top.rollbackCandidates).toEqual([blind, measured]);
  const [, second] = addCandidate(top, candidate(3)).rollbackCandidates;
  expect(second?.window).toEqual(window);
});

test('a rollout that was followed to its end is remembered once', () => {
  const once = conclude(record(), 'rollout-1');
  expect(once.finishedRollouts).toEqual(['rollout-1']);
  expect(conclude(once, 'rollout-1')).toBe(once);
  expect(conclude(once, 'rollout-2', 'rollout-1').finishedRollouts).toEqual([
    'rollout-2',
    'rollout-1',
  ]);
});

test('a target is new until it was looked at, or a person was asked about it', () => {
  const { runs: _, ...unseen } = asking();
  expect([isNew(fresh()), isNew(record()), isNew(unseen)]).toEqual([true, false, false]);
});
