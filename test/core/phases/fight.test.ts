/** Somebody else puts their revision in place of ours, again and again. */
import { describe, expect, test } from 'vitest';
import type { TaskDefinitionArn } from '../../../shared/core/model/image.ts';
import { noteReplaced } from '../../../shared/core/phases/external.ts';
import {
  at,
  candidate,
  looked,
  primary,
  record,
  revision,
  rolling,
  rollout,
  service,
} from '../../build.ts';

const HOUR = 3_600_000;
const web = (n: number) =>
  `arn:aws:ecs:eu-central-1:123456789012:task-definition/web:${n}` as TaskDefinitionArn;
const kinds = (given: ReturnType<typeof record>) =>
  given.outbox.announcements.map(({ kind }) => kind);

describe('a fight is told with both names, and not fought', () => {
  const once = noteReplaced(record(), web(5), web(1), HOUR);

  test('one replacement is no fight', () => {
    expect(kinds(once)).toEqual([]);
  });

  test('the second within a day is', () => {
    const twice = noteReplaced(once, web(6), web(2), 24 * HOUR);
    expect(kinds(twice)).toEqual(['fought']);
    expect(twice.outbox.announcements[0]?.because).toBe(
      'somebody else replaced our web:6 by web:2, and our web:5 by web:1 less than a day before',
    );
    expect(twice.phase).toBe(once.phase);
  });

  test('the second after a day is none', () => {
    expect(kinds(noteReplaced(once, web(6), web(2), 25 * HOUR))).toEqual([]);
  });

  test('only the newest three are remembered', () => {
    let given = once;
    for (let i = 2; i < 9; i++) given = noteReplaced(given, web(i), web(1), i * 30 * HOUR);
    expect(given.takeovers.map(({ ours }) => ours)).toEqual([web(8), web(7), web(6)]);
  });
});

describe('what somebody else replaced is noted when it was a release of ours', () => {
  const nine = rollout(9, { createdAt: at(4), revision: revision(9) });
  const ours = (n: number, minutes: number) => [
    { at: at(minutes), ours: revision(n), theirs: revision(9) },
  ];

  test('that was rolling out', () => {
    const then = looked(rolling(), 5, { service: 9, rollouts: [nine, rollout(2)] });
    expect(then.record.takeovers).toEqual(ours(2, 5));
    expect(then.told[0]).toMatchObject({
      because: expect.stringContaining('somebody else deployed web:9'),
      next: expect.stringContaining('theirs is left alone and watched'),
    });
  });

  test('that was proven and ran', () => {
    const found = service(9, { primary: primary(9, { createdAt: at(4) }) });
    expect(looked(record(), 5, { service: found }).record.takeovers).toEqual(ours(1, 5));
  });

  test('and what comes back is put back by somebody, or by ECS, which nothing tells once it is over', () => {
    const given = looked(rolling(), 5, { service: 9, rollouts: [nine, rollout(2)] }).record;
    const back = service(2, { primary: primary(2, { createdAt: at(8) }) });
    const then = looked({ ...given, phase: { phase: 'idle' } }, 9, { service: back });
    expect(then.told[0]?.because).toBe('somebody, or ECS itself, put back web:2');
    const other = service(7, { primary: primary(7, { createdAt: at(8) }) });
    const theirs = looked({ ...given, phase: { phase: 'idle' } }, 9, { service: other });
    expect(theirs.told[0]?.because).toBe('somebody else deployed web:7');
  });

  test('and not what was adopted: that was theirs before', () => {
    const { window: _, ...adopted } = candidate(1);
    const found = service(9, { primary: primary(9, { createdAt: at(4) }) });
    const then = looked(record({ rollbackCandidates: [adopted] }), 5, { service: found });
    expect(then.kinds).toEqual(['superseded']);
    expect(then.record.takeovers).toEqual([]);
  });

  test('nor what no longer ran when they came, though it is a place to return to', () => {
    const found = service(9, { primary: primary(9, { createdAt: at(4) }) });
    const runs = { revision: revision(8), images: {}, since: at(-5) };
    const then = looked(record({ runs }), 5, { service: found });
    expect(then.kinds).toEqual(['superseded']);
    expect(then.record.takeovers).toEqual([]);
  });
});
