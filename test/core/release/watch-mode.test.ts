/** Watch mode: everything is looked at, decided and told, and nothing that changes AWS is called. */
import { describe, expect, test } from 'vitest';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  asked,
  at,
  baking,
  candidate,
  digest,
  looked,
  observing,
  person,
  record,
  red,
  registering,
  restoring,
  returning,
  revision,
  rose,
  rules,
  waiting,
  when,
} from '../../build.ts';

const watching = { rules: rules({ mode: 'watch' }) };

test('an image that would start is told, and nothing is called', () => {
  const then = looked(waiting(watching), 1);
  expect(then.kinds).toEqual(['would-have']);
  expect(then.told[0]?.because).toContain('would start shop/web:main-2');
  expect(then.action).toBeUndefined();
  expect(then.record).toMatchObject({ phase: { phase: 'idle' }, waiting: {}, releases: 1 });
});

test('an alarm inside the window of a proven release is told, and nothing is quarantined', () => {
  const then = when(record(watching), rose(-80));
  expect(then.kinds).toEqual(['would-have']);
  expect(then.record).toMatchObject({ phase: { phase: 'idle' }, quarantine: [] });
  expect(then.record.rollbackCandidates).toHaveLength(1);
});

test('a deployment of somebody else that goes wrong is told once', () => {
  const given = observing(undefined, watching);
  const then = looked(given, 3, { service: 9, alarms: { 'web-5xx': red(at(2)) } });
  expect(then.kinds).toEqual(['would-have']);
  expect(then.told[0]?.because).toContain('would roll back to web:1');
  expect(looked(then.record, 4, { service: 9 }).kinds).toEqual([]);
});

test("a person's rollback is told, and not done", () => {
  const given = observing(undefined, watching);
  const then = when(given, person({ do: 'rollback' }));
  expect(then.kinds).toEqual(['would-have']);
  expect(then.record.quarantine).toEqual([]);
  expect(looked(then.record, 7, { service: 9 }).action).toBeUndefined();
});

test('a late call from before is told once, and then watched like any deployment', () => {
  const given = record({
    ...watching,
    requests: [{ revision: revision(2), at: at(0) }],
    actedAt: at(0),
  });
  const then = looked(given, 1, { service: 2 });
  expect(then.kinds).toEqual(['would-have']);
  expect(then.standing).toBe('watching');
  expect(looked(then.record, 2, { service: 2 }).kinds).toEqual([]);
});

test('it is told where it would return to: not to what runs, and not below what the config calls safe', () => {
  const two = { rollbackCandidates: [candidate(9), candidate(1)] };
  const would = (change: Partial<TargetRecord>) =>
    looked(observing(undefined, { ...watching, ...two, ...change }), 3, {
      service: 9,
      alarms: { 'web-5xx': red(at(2)) },
    }).told[0]?.because;
  expect(would({})).toMatch(/^would roll back to web:1 \(ecs\/production\/web\/1\): /);
  const boundary = { name: 'main-2', at: at(0) };
  expect(would({ boundary })).toMatch(/^would ask a person, since no proven release is known/);
});

test('in act mode the same image starts', () => {
  expect(looked(waiting(), 1).action?.type).toBe('RegisterRevision');
});

describe('watch mode that is turned on while something is on its way', () => {
  const on = (given: TargetRecord): TargetRecord => ({ ...given, ...watching });

  test('a condemned release stays, and it is told what would have been done', () => {
    const condemned = on(when(baking(), rose(5)).record);
    const then = looked(condemned, 6, { service: 2 });
    expect(then.action).toBeUndefined();
    expect(then.kinds).toEqual(['would-have']);
    expect(then.standing).toBe('idle');
    // It was started, and every release that was started ends: this names which one, and what runs on.
    expect(then.told[0]).toMatchObject({
      release: 'ecs/production/web/2',
      revision: revision(2),
      images: { app: { digest: digest(2) } },
    });
  });

  test('a release that ECS was not asked for waits again, and would start', () => {
    const then = looked(on(registering()), 2, { lostRevision: { found: revision(2) } });
    expect(then.action).toBeUndefined();
    expect(then.record.waiting.app?.image.digest).toBe(digest(2));
  });
});

describe('turned on when a request was written already', () => {
  test('a release that ECS shows no trace of waits again: ECS is not said to have been asked', () => {
    let now = asked(watching);
    for (const minute of [1, 2]) now = looked(now, minute).record;
    expect(now.phase.phase).toBe('idle');
    expect(now.waiting.app?.image.digest).toBe(digest(2));
    expect(now.requests).toHaveLength(1);
    const then = looked(now, 3);
    expect(then.kinds).toEqual(['would-have']);
    expect(then.action).toBeUndefined();
  });

  test('a way back that ECS shows no trace of is told, and not asked for again', () => {
    let now = returning(restoring(), {}, watching);
    const kinds: string[] = [];
    for (const minute of [6, 7, 8]) {
      const then = looked(now, minute, { service: 2 });
      expect(then.action).toBeUndefined();
      kinds.push(...then.kinds);
      now = then.record;
    }
    expect(now.phase.phase).toBe('idle');
    expect(now.runs?.revision).toBe(revision(2));
    expect(kinds).toEqual(['would-have']);
  });
});
