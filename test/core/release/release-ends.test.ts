/** How a release of ours is told: that it started, with who asked and what is red, and that it failed for now. */
import { describe, expect, test } from 'vitest';
import type { Release } from '../../../shared/core/model/record/release.ts';
import { describeLateCall } from '../../../shared/core/release/late-call.ts';
import { announceStarted, failForNow } from '../../../shared/core/release/release-ends.ts';
import { at, attempt, image, order, record, release, revision, rolling } from '../../build.ts';

const IMAGE = 'shop/web:main-2 (sha256:000000000000)';

describe('it is told that a release started', () => {
  const started = (change: Partial<Release>) => {
    const { announced: _, ...request } = attempt().request as NonNullable<
      ReturnType<typeof attempt>['request']
    >;
    const given = rolling({ release: release(change), attempt: attempt({ request }) });
    return announceStarted(given, at(1));
  };
  const word = { before: 'start', minutes: 60, otherwise: 'proceed' } as const;

  test.each<[string, Partial<Release>, string]>([
    ['by a push', {}, IMAGE],
    ['by a person', { by: 'ada' }, `ada asked for ${IMAGE}`],
    [
      'with the word that was given',
      { word: { ...word, given: { by: 'bob', because: 'it is fine', at: at(0) } } },
      `${IMAGE}; bob: it is fine`,
    ],
    [
      'without an answer',
      { word: { ...word, given: { because: 'nobody said yes', at: at(0) } } },
      `${IMAGE}; unanswered: nobody said yes`,
    ],
    ['before a word is given', { word }, IMAGE],
    [
      'under a red alarm',
      { redAtStart: ['p99'] },
      `${IMAGE}; alarm p99 is red since before its start, and cannot speak against it`,
    ],
    [
      'under two',
      { redAtStart: ['p99', '5xx'] },
      `${IMAGE}; alarms p99, 5xx are red since before its start, and cannot speak against it`,
    ],
  ])('%s', (_, change, because) => {
    expect(started(change).outbox.announcements.at(-1)).toMatchObject({ kind: 'started', because });
  });

  test('once', () => {
    const told = started({});
    expect(announceStarted(told, at(2))).toBe(told);
    expect(announceStarted(record(), at(2)).outbox.announcements).toEqual([]);
  });
});

describe('it failed, and that was not its fault', () => {
  const failed = (newest: number) => {
    const given = rolling({}, { newest: { app: order(newest), log: order(7) } });
    if (given.phase.phase !== 'deploying' || given.phase.goal !== 'forward') throw new Error('?');
    return failForNow(given, given.phase, { at: at(9) }, 'ECS has no capacity').record;
  };

  test('the newest image is tried again by itself, and no other one is', () => {
    const { newest, outbox } = failed(2);
    expect(newest).toEqual({ app: { ...order(2), again: true }, log: order(7) });
    expect(outbox.announcements.at(-1)?.next).toMatch(/^it was not its fault: it is tried again/);
  });

  test('where a newer one came, that one has its turn', () => {
    const { newest, outbox } = failed(3);
    expect(newest.app).toEqual(order(3));
    expect(outbox.announcements.at(-1)?.next).toMatch(/^mend the cause, then deploy it by hand/);
  });
});

test('a late call is told with what it replaced, where that is known', () => {
  const late = { revision: revision(7) };
  const runs = { revision: revision(1), images: { app: image(1) }, since: at(0) };
  expect(describeLateCall(late, runs)).toBe('a late call of ours started web:7 in place of web:1');
  expect(describeLateCall(late, undefined)).toBe('a late call of ours started web:7');
});
