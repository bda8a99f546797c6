/** ECS says SUCCESSFUL: the release is watched until its bake is over, and then proven, or not. */
import { describe, expect, test } from 'vitest';
import type { TargetRecord } from '../../../shared/core/model/record.ts';
import {
  at,
  baking,
  crashed,
  definition,
  image,
  looked,
  type ObservationChange,
  observing,
  primary,
  pushed,
  record,
  red,
  release,
  revision,
  rise,
  rules,
  service,
  when,
} from '../../build.ts';

const two: ObservationChange = { service: 2 };
const unknown = { 'web-5xx': { state: 'unknown', because: 'ThrottlingException' } } as const;

test('a release is proven when its bake passed, and becomes the newest candidate', () => {
  const then = looked(baking(), 13, two);
  expect(then.kinds).toEqual(['proven']);
  expect(then.record.phase.phase).toBe('idle');
  expect(then.record.rollbackCandidates.map((candidate) => candidate.release)).toEqual([
    'ecs/production/web/2',
    'ecs/production/web/1',
  ]);
  expect(then.record.rollbackCandidates[0]).toMatchObject({
    revision: revision(2),
    images: { app: image(2) },
    changed: ['app'],
    window: { from: at(0) + 1_000, to: at(13), alarms: ['web-5xx'] },
  });
});

test('a minute before the end of its bake it is not', () => {
  const then = looked(baking(), 12, two);
  expect(then.kinds).toEqual([]);
  expect(then.record.phase.phase).toBe('baking');
  expect(then.record.observeAt).toBe(at(13));
});

test('before proven the alarm history since the start is read, not only the state now', () => {
  const rises = { 'web-5xx': { state: 'known' as const, rises: [rise(2)] } };
  const then = looked(baking(), 13, { ...two, rises });
  expect(then.record.phase.phase).toBe('rolling-back');
  expect(then.because).toContain('alarm web-5xx rose at 10:02:00 UTC');
});

describe('what cannot be judged extends the bake, bounded, then asks', () => {
  const doubts: [doubt: string, seen: ObservationChange][] = [
    ['the history of alarm web-5xx is unknown', { ...two, rises: unknown }],
    ['alarm web-5xx is unknown', { ...two, alarms: unknown }],
    ['alarm web-5xx does not exist', { ...two, alarms: { 'web-5xx': { state: 'missing' } } }],
    ['1 of 2 desired tasks run', { service: service(2, { running: 1 }) }],
    ['another deployment is in flight', { service: service(2, { deployments: 2 }) }],
    ['this look is a stale one', { service: 1 }],
  ];
  test.each(doubts)('%s', (doubt, seen) => {
    const extended = looked(baking(), 13, seen);
    expect(extended.kinds).toEqual([]);
    expect(extended.record.phase).toMatchObject({ phase: 'baking' });
    expect(extended.because).toContain(doubt);
    expect(looked(extended.record, 22, seen).record.phase.phase).toBe('baking');
    const asked = looked(extended.record, 23, seen);
    expect(asked.kinds).toEqual(['needs-attention']);
    expect(asked.record.phase.phase).toBe('needs-attention');
    expect(asked.record.rollbackCandidates).toHaveLength(1);
  });

  test('and it is proven as soon as it can be judged', () => {
    const extended = looked(baking(), 13, { ...two, rises: unknown }).record;
    expect(looked(extended, 15, two).kinds).toEqual(['proven']);
  });

  test('an alarm that rises while the bake goes on past its end counts', () => {
    const extended = looked(baking(), 13, { service: service(2, { running: 1 }) }).record;
    const then = looked(extended, 16, { ...two, alarms: { 'web-5xx': red(at(15)) } });
    expect(then.record.phase.phase).toBe('rolling-back');
  });
});

test('an alarm that rose after the bake was over does not count, however late the look', () => {
  const rises = { 'web-5xx': { state: 'known' as const, rises: [rise(14)] } };
  const then = looked(baking(), 20, { ...two, rises, alarms: { 'web-5xx': red(at(14)) } });
  expect(then.kinds).toEqual(['proven']);
});

describe('task failures', () => {
  const tasks = ['a', 'b', 'c'].map((id) => crashed(id, 2));

  test('condemn within the bake too: a crash after success, with no alarm configured', () => {
    const bare = release({ rules: rules({ alarms: [] }) });
    const then = looked(baking({ release: bare }), 8, { ...two, stoppedTasks: tasks });
    expect(then.record.phase.phase).toBe('rolling-back');
    expect(then.because).toContain('3 tasks failed');
  });

  test('that stay below the limit do not stand in the way', () => {
    const then = looked(baking(), 13, { ...two, stoppedTasks: tasks.slice(0, 2) });
    expect(then.kinds).toEqual(['proven']);
  });

  test('of the release before are not blamed on this one, even by a stale look', () => {
    const old = ['a', 'b', 'c'].map((id) => crashed(id, 1));
    expect(looked(baking(), 8, { service: 1, stoppedTasks: old }).record.phase.phase).toBe(
      'baking',
    );
  });
});

describe('desired count 0 proves nothing', () => {
  const none: ObservationChange = { service: service(2, { desired: 0, running: 0 }) };
  const empty = looked(baking(), 4, none);

  test('told once, and looked at rarely', () => {
    expect(empty.kinds).toEqual(['held']);
    expect(empty.record.observeAt).toBe(at(64));
    expect(looked(empty.record, 64, none).kinds).toEqual([]);
    expect(looked(empty.record, 64, none).record.phase.phase).toBe('baking');
  });

  test('the bake begins when tasks run', () => {
    const then = looked(empty.record, 100, two);
    expect(then.record.phase).toMatchObject({ phase: 'baking', succeededAt: at(100) });
    expect(looked(then.record, 110, two).kinds).toEqual(['proven']);
  });

  test('a newer image need not wait for it', () => {
    const then = looked(when(empty.record, pushed(3)).record, 65, none);
    expect(then.kinds).toEqual(['superseded']);
    expect(then.record.phase.phase).toBe('idle');
    expect(looked(then.record, 66, none).action?.type).toBe('RegisterRevision');
  });
});

describe('something else runs', () => {
  const foreign = service(9, { primary: primary(9, { createdAt: at(6) }) });

  test("somebody else's deployment ends the bake: left alone and watched", () => {
    const then = looked(baking(), 7, { service: foreign });
    expect(then.kinds).toEqual(['superseded']);
    expect(then.record.phase).toMatchObject({ phase: 'watching', revision: revision(9) });
    expect(then.record.quarantine).toEqual([]);
  });

  test('a late call of ours goes again', () => {
    const given = baking({}, { requests: [{ revision: revision(9), at: at(-1) }] });
    const then = looked(given, 7, { service: foreign });
    expect(then.record.phase).toMatchObject({
      phase: 'rolling-back',
      condemned: { revision: revision(9) },
    });
  });

  test('an older deployment is a stale look', () => {
    expect(looked(baking(), 7, { service: 1 }).record.phase.phase).toBe('baking');
  });
});

test('the service is gone: the release failed', () => {
  expect(looked(baking(), 7, { service: 'missing' }).kinds).toEqual(['failed']);
});

test('pushes wait through the bake', () => {
  const given = when(baking(), pushed(3)).record;
  expect(looked(given, 5, two).action).toBeUndefined();
  const proven = looked(given, 13, two).record;
  const seen = { ...two, definition: definition({ app: image(2) }, 2) };
  expect(looked(proven, 13, seen).action).toMatchObject({
    type: 'RegisterRevision',
    base: revision(2),
  });
});

test('a model that does nothing proves nothing: without a look no bake ends', () => {
  const given: TargetRecord = baking();
  expect(when(given, { type: 'Hinted', at: at(99), cause: 'x' }).record).toBe(given);
  expect([record().rollbackCandidates.length, observing().rollbackCandidates.length]).toEqual([
    1, 1,
  ]);
});
