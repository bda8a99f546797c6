/** What runs that is not ours: waited for, told, never fought; adopted when it stands. */

import { describe, expect, test } from 'vitest';
import { introduce } from '../../../shared/core/decide.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { standingOf } from '../../../shared/core/model/standing.ts';
import { questionFor } from '../../../shared/core/question.ts';
import {
  at,
  candidate,
  crashed,
  digest,
  image,
  looked,
  type ObservationChange,
  observing,
  order,
  person,
  primary,
  pushed,
  record,
  red,
  revision,
  rise,
  rules,
  service,
  when,
} from '../../build.ts';

const nine: ObservationChange = { service: 9 };

describe('the first look', () => {
  const first: TargetRecord = introduce('ecs/production/web', {
    type: 'Configured',
    at: at(0),
    id: 'web',
    rules: rules(),
  }).record;

  test('is due at once', () => {
    expect(first.observeAt).toBe(at(0));
  });

  test('adopts what runs as proven if it is steady with quiet alarms', () => {
    const then = looked(first, 1);
    expect(then.kinds).toEqual(['adopted']);
    expect(then.record).toMatchObject({
      phase: { phase: 'idle' },
      runs: { revision: revision(1), images: { app: image(1) } },
      rollbackCandidates: [
        { release: 'adopted web:1', revision: revision(1), changed: [], pinned: true },
      ],
    });
  });

  test('stores the digests that run, and that its definition names a tag', () => {
    const latest = primary(1, { pinned: false, images: { app: image(1, { tags: [] }) } });
    const then = looked(first, 1, { service: service(1, { primary: latest }) });
    expect(then.record.rollbackCandidates[0]).toMatchObject({
      pinned: false,
      images: { app: { digest: digest(1) } },
    });
  });

  test('desired count 0 proves nothing: it is tried again', () => {
    const none = { service: service(1, { desired: 0, running: 0 }) };
    const then = looked(first, 1, none);
    expect(then.record).toMatchObject({ phase: { phase: 'idle' }, rollbackCandidates: [] });
    expect(then.kinds).toEqual([]);
    expect(then.record.observeAt).toBe(at(16));
    expect(looked(then.record, 16).kinds).toEqual(['adopted']);
  });

  test('no digest known, nothing to return to: told at once, and tried again', () => {
    const bare = { service: service(1, { primary: primary(1, { images: {} }) }) };
    const then = looked(first, 1, bare);
    expect(then.kinds).toEqual(['needs-attention']);
    expect(then.told[0]).toMatchObject({
      because: 'there is nothing to return to: web:1 runs unproven: ECS tells no digest for web:1',
      next: 'mend that, and it is adopted by itself; until then a release that fails has no way back',
    });
    const again = looked(then.record, 16, bare);
    expect(again.kinds).toEqual([]);
    expect(looked(again.record, 31).kinds).toEqual(['adopted']);
    expect(looked(again.record, 31).standing).toBe('idle');
  });

  test.each<[rule: string, seen: ObservationChange]>([
    ['a red alarm', { alarms: { 'web-5xx': red(at(-5)) } }],
    ['an unknown alarm', { alarms: { 'web-5xx': { state: 'unknown', because: 'throttled' } } }],
    ['a missing alarm', { alarms: { 'web-5xx': { state: 'missing' } } }],
  ])('%s delays it for ten minutes, and then what runs stays unproven', (_, seen) => {
    const then = looked(first, 1, seen).record;
    expect(standingOf(then)).toBe('watching');
    expect(looked(then, 5).kinds).toEqual(['adopted']);
    const late = looked(then, 11, seen);
    expect(late.kinds).toEqual(['needs-attention']);
    expect(late.told[0]?.because).toContain('there is nothing to return to: web:1 runs unproven');
    expect(late.record).toMatchObject({
      phase: { phase: 'idle' },
      needsAttention: { untilAdopted: true },
      rollbackCandidates: [],
      observeAt: at(12),
    });
    const { outbox: __, ...out } = late.record;
    const told = { ...out, outbox: { announcements: [], history: [], quarantine: [] } };
    expect(looked(told, 12, seen).record.observeAt).toBe(at(27));
    expect(looked(told, 27, seen).kinds).toEqual([]);
    const adopted = looked(told, 42);
    expect(adopted.kinds).toEqual(['adopted']);
    expect(adopted.standing).toBe('idle');
  });

  test('CloudWatch that does not answer once costs no way back, though an image waits', () => {
    const unknown = { 'web-5xx': { state: 'unknown', because: 'throttled' } } as const;
    const given = when(first, pushed(2)).record;
    const then = looked(given, 1, { alarms: unknown });
    expect(then.standing).toBe('watching');
    const adopted = looked(then.record, 2);
    expect(adopted.kinds).toEqual(['adopted']);
    expect(adopted.record.rollbackCandidates).toHaveLength(1);
  });

  test('a red alarm delays no image that may mend it', () => {
    const given = when(first, pushed(2)).record;
    const then = looked(given, 1, { alarms: { 'web-5xx': red(at(-5)) } });
    expect(then.kinds).toEqual(['needs-attention']);
    expect(then.standing).toBe('needs-attention');
  });

  test('what was condemned is not adopted for want of another', () => {
    const given = record({
      rollbackCandidates: [],
      runs: { revision: revision(2), images: { app: image(2) }, since: at(0) },
      condemnedRevisions: [{ revision: revision(2), digests: [digest(2)] }],
    });
    expect(looked(given, 20, { service: 2 }).record.rollbackCandidates).toEqual([]);
  });

  test('remembers the newest push that it saw: nothing older starts without a person', () => {
    const pushedAt = { app: at(-100) };
    const then = looked(first, 1, { service: service(1, { primary: primary(1, { pushedAt }) }) });
    expect(then.record.newest.app).toMatchObject({ pushedAt: at(-100), digest: digest(1) });
    const older = when(
      then.record,
      pushed(2, { containers: { app: order(2, { pushedAt: at(-200) }) } }),
    );
    expect(older.record.waiting).toEqual({});
    const newer = when(
      then.record,
      pushed(2, { containers: { app: order(2, { pushedAt: at(-50) }) } }),
    );
    expect(newer.record.waiting).toHaveProperty('app');
  });

  test("somebody's deployment in flight is waited for, not superseded", () => {
    const busy = service(1, { primary: primary(1, { rolloutState: 'IN_PROGRESS' }) });
    const given = when(first, pushed(2)).record;
    const then = looked(given, 1, { service: busy });
    expect(then.action).toBeUndefined();
    expect(then.standing).toBe('watching');
  });

  test('a service that is just scaling has the time of a rollout, though it is years old', () => {
    const scaling = service(1, { running: 1, primary: primary(1, { createdAt: at(-100_000) }) });
    const then = looked(first, 1, { service: scaling });
    expect(then.kinds).toEqual([]);
    const old = { service: service(1, { primary: primary(1, { createdAt: at(-100_000) }) }) };
    expect(looked(then.record, 2, old).kinds).toEqual(['adopted']);
    expect(looked(then.record, 31, { service: scaling }).kinds).toEqual(['needs-attention']);
  });
});

describe('a manual UpdateService', () => {
  const foreign = service(9, { primary: primary(9, { createdAt: at(2) }) });

  test('at rest is told, left alone and watched', () => {
    const then = looked(record(), 3, { service: foreign });
    expect(then.kinds).toEqual(['superseded']);
    expect(then.told[0]?.because).toBe('somebody else deployed web:9');
    expect(then.record.phase).toMatchObject({
      phase: 'baking',
      of: 'external',
      revision: revision(9),
    });
    expect(then.action).toBeUndefined();
  });

  test('is adopted when it stood as long as a release must stand', () => {
    const steady = looked(observing(), 2, nine);
    expect(steady.kinds).toEqual([]);
    expect(looked(steady.record, 14, nine).kinds).toEqual([]);
    const then = looked(steady.record, 15, nine);
    expect(then.kinds).toEqual(['adopted']);
    expect(then.record.rollbackCandidates.map((one) => one.revision)).toEqual([
      revision(9),
      revision(1),
    ]);
  });

  test('and then a push starts from it', () => {
    const steady = looked(when(observing(), pushed(2)).record, 2, nine).record;
    const adopted = looked(steady, 15, nine).record;
    expect(looked(adopted, 15, nine).action).toMatchObject({ base: revision(9) });
  });

  test.each<[rule: string, seen: ObservationChange, because: string]>([
    ['an alarm rose', { alarms: { 'web-5xx': red(at(2)) } }, 'alarm web-5xx rose'],
    [
      'an alarm rose and cleared',
      { rises: { 'web-5xx': { state: 'known', rises: [rise(1)] } } },
      'alarm web-5xx rose',
    ],
    [
      'its tasks failed',
      { stoppedTasks: ['a', 'b', 'c'].map((id) => crashed(id, 9)) },
      '3 of its tasks failed',
    ],
    [
      'ECS says that it failed',
      { service: service(9, { primary: primary(9, { rolloutState: 'FAILED' }) }) },
      'the deployment of web:9 failed',
    ],
  ])('is not fought, but a person is asked: %s', (_, seen, because) => {
    const then = looked(observing(), 3, { ...nine, ...seen });
    expect(then.kinds).toEqual(['needs-attention']);
    expect(then.told[0]?.because).toContain(because);
    expect(then.record.rollbackCandidates.map((one) => one.revision)).toEqual([revision(1)]);
    expect(then.action).toBeUndefined();
  });

  test('what waited and was pushed before it does not start over it', () => {
    const pushedAt = { app: at(-1) };
    const theirs = service(9, { primary: { ...primary(9), pushedAt } });
    const given = when(
      observing(),
      pushed(2, { containers: { app: order(2, { pushedAt: at(-2) }) } }),
    );
    const then = looked(given.record, 2, { service: theirs });
    expect(then.kinds).toEqual(['refused']);
    expect(then.told[0]).toMatchObject({
      images: { app: image(2) },
      because: expect.stringContaining('which somebody deployed meanwhile'),
    });
    expect(then.record.waiting).toEqual({});
    // Nor does it come again, by event or sweep; a newer one does, and what a person said.
    const again = when(
      then.record,
      pushed(2, { containers: { app: order(2, { pushedAt: at(-2) }) } }),
    );
    expect(again.record.waiting).toEqual({});
    const newer = when(
      given.record,
      pushed(3, { containers: { app: order(3, { pushedAt: at(0) }) } }),
    );
    expect(looked(newer.record, 2, { service: theirs }).record.waiting.app).toBeDefined();
    const deploy = person({ do: 'deploy', images: { app: image(2) } });
    const meant = when(observing(), deploy).record;
    expect(looked(meant, 7, { service: theirs }).record.waiting.app).toBeDefined();
  });

  test('nor does it where ECR says too late when theirs was pushed: it is asked again', () => {
    const of = (told: object) => ({ service: service(9, { primary: { ...primary(9), ...told } }) });
    const silent = of({ pushedAt: {}, undated: ['app'] });
    const offered = pushed(2, { containers: { app: order(2, { pushedAt: at(-2) }) } });
    const watched = looked(when(observing(), offered).record, 2, silent);
    expect(watched.record.runs?.undated).toEqual(['app']);
    const adopted = looked(watched.record, 16, silent).record;
    expect(adopted.phase).toEqual({ phase: 'idle' });
    expect(adopted.runs?.undated).toEqual(['app']);
    // It was held meanwhile; what ECR is asked before a start has the order again.
    const waits = { ...adopted, waiting: watched.record.waiting };
    expect(questionFor(waits, at(20)).images).toBe(true);
    const then = looked(waits, 20, of({ pushedAt: { app: at(-1) } }));
    expect([then.kinds, then.record.waiting, then.action]).toEqual([['refused'], {}, undefined]);
    expect(then.record.runs).not.toHaveProperty('undated');
    expect(questionFor({ ...then.record, waiting: waits.waiting }, at(21))).not.toHaveProperty(
      'images',
    );
  });

  test('one that never becomes steady is not waited for for ever', () => {
    const shaky = { service: service(9, { running: 1 }) };
    expect(looked(observing(), 39, shaky).kinds).toEqual([]);
    expect(looked(observing(), 40, shaky).kinds).toEqual(['needs-attention']);
  });

  test('nor is one that was steady once and then is not', () => {
    const shaky = { service: service(9, { running: 1 }) };
    const steady = looked(observing(), 2, nine).record;
    expect(looked(steady, 41, shaky).kinds).toEqual([]);
    expect(looked(steady, 42, shaky).kinds).toEqual(['needs-attention']);
  });

  test('that brings a quarantined digest is left running, and is no place to return to', () => {
    const given = observing(undefined, { quarantine: [{ digest: digest(9), at: at(-5) }] });
    const then = looked(looked(given, 2, nine).record, 15, nine);
    expect(then.kinds).toEqual(['needs-attention']);
    expect(then.told[0]?.because).toContain('runs the quarantined');
    expect(then.record.rollbackCandidates.map((one) => one.revision)).toEqual([revision(1)]);
  });

  test('that brings a quarantined digest is told also where a red alarm keeps it unproven', () => {
    const given = observing(undefined, { quarantine: [{ digest: digest(9), at: at(-5) }] });
    const still = { ...nine, alarms: { 'web-5xx': red(at(-5)) } };
    const then = looked(looked(given, 2, still).record, 25, still);
    expect(then.kinds).toEqual(['needs-attention']);
    expect(then.told[0]).toMatchObject({
      revision: revision(9),
      images: { app: { digest: digest(9) } },
      next: 'push a fix, lift the quarantine, or roll back by hand',
    });
    expect(then.told[0]?.because).toContain('web:9 runs the quarantined');
  });

  test('back to a candidate: it stays the release that it is', () => {
    const given = observing(
      { revision: revision(1) },
      { rollbackCandidates: [candidate(5), candidate(1)] },
    );
    const one = { service: service(1, { primary: primary(1, { createdAt: at(0) }) }) };
    const then = looked(looked(given, 2, one).record, 15, one);
    expect(then.record.rollbackCandidates[0]).toEqual(candidate(1));
    expect(then.record.rollbackCandidates).toHaveLength(2);
  });

  test('another one replaces it', () => {
    const ten = service(10, { primary: primary(10, { createdAt: at(4) }) });
    const then = looked(observing(), 5, { service: ten });
    expect(then.record.phase).toMatchObject({ revision: revision(10), since: at(5) });
    expect(then.kinds).toEqual(['superseded']);
  });

  test('that ECS returned from is told, and the proven release runs again', () => {
    const then = looked(observing(), 5);
    expect(then.because).toContain('ECS returned from web:9');
    expect(then.record).toMatchObject({
      phase: { phase: 'idle' },
      runs: { revision: revision(1) },
    });
  });

  test('a stale look shows what ran before, and changes nothing', () => {
    const then = looked(observing(), 1);
    expect(then.because).toBe('a stale look');
    expect(then.standing).toBe('watching');
  });

  test('a late call of ours over it goes back to the newest proven release at once', () => {
    const given = observing(undefined, { requests: [{ revision: revision(2), at: at(1) }] });
    const late = service(2, { primary: primary(2, { createdAt: at(3) }) });
    const then = looked(given, 4, { service: late });
    expect(then.record.phase).toMatchObject({
      phase: 'deploying',
      goal: 'back',
      condemned: { revision: revision(2) },
    });
    expect(then.record.observeAt).toBe(at(4.5));
  });
});

describe('a late call of ours over an external deployment is not removed', () => {
  const over = (change: Partial<TargetRecord>) => {
    const given = observing(undefined, {
      requests: [{ revision: revision(2), at: at(1) }],
      ...change,
    });
    return looked(given, 4, { service: service(2, { primary: primary(2, { createdAt: at(3) }) }) });
  };

  test('where there is no proven release to return to: it is told, and watched', () => {
    const then = over({ rollbackCandidates: [] });
    expect(then.kinds).toEqual(['superseded']);
    expect(then.told[0]?.next).toContain('there is no proven release to return to: it is watched');
    expect(then.standing).toBe('watching');
  });

  test('in watch mode: what would have been done is told, and it is watched', () => {
    const then = over({ rules: rules({ mode: 'watch' }) });
    expect(then.kinds).toEqual(['would-have']);
    expect(then.record.phase).toMatchObject({ of: 'external', revision: revision(2) });
  });
});

test('a target that left the config is announced once and retired, with what was on its way', () => {
  const then = when(record({ observeAt: at(1) }), { type: 'Retired', at: at(1) });
  expect(then.kinds).toEqual(['retired']);
  expect(then.standing).toBe('retired');
  // Until what is owed is out.
  expect(then.record.observeAt).toBe(at(2));
  expect(when(then.record, { type: 'Retired', at: at(2) }).record).toBe(then.record);
});

test('a rename keeps its rollbackCandidates and quarantine, and a return to the config begins with a look', () => {
  const given = record({ quarantine: [{ digest: digest(5), at: at(-5) }] });
  const named = (id: string) => ({ type: 'Configured', at: at(1), id, rules: rules() }) as const;
  const renamed = when(given, named('shop')).record;
  expect(renamed).toMatchObject({
    id: 'shop',
    rollbackCandidates: given.rollbackCandidates,
    quarantine: given.quarantine,
  });
  const gone = when(renamed, { type: 'Retired', at: at(2) }).record;
  const back = when(gone, named('web')).record;
  expect(standingOf(back)).toBe('new');
  expect(back).toMatchObject({
    observeAt: at(1),
    rollbackCandidates: given.rollbackCandidates,
  });
  expect(back.runs).toBeUndefined();
});
