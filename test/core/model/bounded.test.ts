/** A look stands in the record for a while, whole: its long answers are cut. */
import { expect, test } from 'vitest';
import { bounded } from '../../../shared/core/model/bounded.ts';
import { at, baking, crashed, looked, red, rise, rollout, scanned, seen } from '../../build.ts';

const LONG = 'x'.repeat(1_024);

test('a look with long answers stays under 15 KB', () => {
  const flaps = Array.from({ length: 100 }, (_, i) => rise(i, { reason: LONG }));
  const tasks = Array.from({ length: 10 }, (_, i) =>
    crashed(`task-${i}`, 2, {
      stoppedReason: LONG,
      containers: [{ name: 'app', exitCode: 1, reason: LONG }],
    }),
  );
  const full = seen(baking(), 13, {
    service: 2,
    alarms: { 'web-5xx': { ...red(at(1)), reason: LONG } as never },
    rises: { 'web-5xx': { state: 'known', rises: flaps } },
    stoppedTasks: tasks,
  });
  expect(JSON.stringify(full).length).toBeGreaterThan(100_000);
  expect(JSON.stringify(bounded(full)).length).toBeLessThan(15_000);
});

test('of many rises the oldest stay: the first one inside the window is the one that condemns', () => {
  const flaps = Array.from({ length: 100 }, (_, i) => rise(100 - i));
  const rises = { 'web-5xx': { state: 'known' as const, rises: flaps } };
  const given = seen(baking(), 200, { service: 2, rises });
  const { rises: kept } = bounded(given);
  expect(kept?.['web-5xx']).toMatchObject({ state: 'known', rises: { length: 20, 0: rise(1) } });
  const decided = looked(baking(), 200, { service: 2, rises: kept ?? {} });
  expect(decided.standing).toBe('rolling-back');
});

test('each answer of AWS that is a sentence is cut, and nothing else of it', () => {
  const unknown = { state: 'unknown', because: LONG } as const;
  const judged = { state: 'waiting', because: LONG } as const;
  const kept = bounded(
    seen(baking(), 13, {
      service: 2,
      alarms: { red: { ...red(at(1)), reason: LONG } as never, unknown },
      judged,
      aftermath: judged as never,
      balancer: { rule: unknown, known: { state: 'known', weights: [] } },
    }),
  );
  const long = (value: unknown) => (JSON.stringify(value).match(/x+/g) ?? []).map((x) => x.length);
  expect(long(kept.alarms).every((length) => length <= 1_024)).toBe(true);
  expect(long(kept.alarms?.red)).toEqual([239]);
  expect(long(kept.judged)).toEqual([599]);
  expect(long(kept.aftermath)).toEqual([599]);
  expect(long(kept.balancer)).toEqual([239]);
  expect(kept.balancer?.known).toEqual({ state: 'known', weights: [] });
});

test('a short look is kept as it is', () => {
  const given = seen(baking(), 13, { service: 2, stoppedTasks: [crashed('a', 2)] });
  expect(bounded(given)).toEqual(given);
});

test('everything that somebody else wrote is cut, and what was not said stays away', () => {
  const given = seen(baking(), 13, {
    service: 2,
    rollouts: [rollout(2, { statusReason: LONG }), rollout(3)],
    migration: { state: 'stopped', because: LONG, lines: [LONG, 'short'] } as never,
    scans: { a: { state: 'pending', because: LONG } } as never,
    signatures: {
      a: { state: 'verified', by: LONG },
      b: { state: 'verified' },
      c: { state: 'unknown', because: LONG },
    } as never,
    balancer: { rule: { state: 'unknown', because: LONG } as never },
    stoppedTasks: [{ ...crashed('a', 2), stoppedReason: LONG, containers: [{ name: 'app' }] }],
  });
  const cut = `${'x'.repeat(239)}…`;
  expect(bounded(given)).toMatchObject({
    rollouts: [{ statusReason: cut }, rollout(3)],
    migration: { state: 'stopped', because: cut, lines: [cut, 'short'] },
    scans: { a: { because: cut } },
    signatures: { a: { by: cut }, b: { state: 'verified' }, c: { because: cut } },
    balancer: { rule: { because: cut } },
    stoppedTasks: [{ stoppedReason: cut, containers: [{ name: 'app' }] }],
  });
  const { stoppedReason: _, ...silent } = crashed('a', 2);
  const bare = { state: 'stopped' } as never;
  const then = bounded({ ...given, stoppedTasks: [silent], migration: bare });
  expect(then.stoppedTasks?.[0]).not.toHaveProperty('stoppedReason');
  expect(then.migration).toEqual(bare);
  const runs = { state: 'running' } as never;
  expect(bounded({ ...given, migration: runs }).migration).toEqual(runs);
});

test('of a scan ten findings stay', () => {
  const findings = Array.from({ length: 12 }, (_, i) => [`CVE-${i}`, 'HIGH'] as [string, 'HIGH']);
  const scans = { a: scanned(...findings) } as never;
  expect(bounded({ ...seen(baking(), 13, { service: 2 }), scans }).scans).toMatchObject({
    a: { above: 12, findings: { length: 10 } },
  });
});
