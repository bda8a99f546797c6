/** `notSafeBelow`: no rollback crosses it, and a person who names what is below does. */
import { describe, expect, test } from 'vitest';
import { couldReturn } from '../../../shared/core/explain/can-roll-back.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { isBelow, noteCrossed } from '../../../shared/core/release/boundary.ts';
import {
  at,
  attempt,
  baking,
  candidate,
  image,
  looked,
  person,
  record,
  red,
  registering,
  revision,
  rolling,
  rollout,
  rules,
  waiting,
  when,
} from '../../build.ts';

const SAFE = rules({ notSafeBelow: 'main-2' });
const SHIFT = { kind: 'blueGreen', bakeMinutes: 5 } as const;
const BOUNDARY = { name: 'main-2', at: at(0) };
/** Release 2, which is the boundary, is proven; release 1 lies below it. */
const above = (change: Partial<TargetRecord> = {}) =>
  record({
    rules: SAFE,
    boundary: BOUNDARY,
    runs: { revision: revision(2), images: { app: image(2) }, since: at(0) },
    rollbackCandidates: [candidate(2, { provenAt: at(15) }), candidate(1)],
    ...change,
  });
const back = (to?: string) => person({ do: 'rollback', ...(to && { to }) }, { at: at(30) });

describe('it is known from when the release that it names begins', () => {
  test('by a tag', () => {
    const then = looked(waiting({ rules: { ...SAFE, whileAlarmRed: 'proceed' } }), 1);
    expect(then.record.boundary).toEqual({ name: 'main-2', at: at(1) });
  });

  test('by its id, of one that was proven before', () => {
    const named = rules({ notSafeBelow: 'ecs/production/web/1' });
    const then = when(record(), { type: 'Configured', at: at(1), id: 'web', rules: named });
    expect(then.record.boundary).toEqual({ name: 'ecs/production/web/1', at: at(-90) });
  });

  test('and stays known when that one is no candidate any more; another name takes its place', () => {
    const gone = above({ rollbackCandidates: [candidate(1)] });
    const same = when(gone, { type: 'Configured', at: at(1), id: 'web', rules: SAFE });
    expect(same.record.boundary).toEqual(BOUNDARY);
    const other = rules({ notSafeBelow: 'main-9' });
    const then = when(gone, { type: 'Configured', at: at(1), id: 'web', rules: other });
    expect(then.record.boundary).toBeUndefined();
  });
});

describe('who returned below it by name has crossed it', () => {
  const crossed = { ...BOUNDARY, crossedAt: at(20) };
  const configured = { type: 'Configured', at: at(40), id: 'web', rules: SAFE } as const;
  const again = (startedAt: number) => {
    const release = { ...attemptOfTwo(), startedAt: at(startedAt) };
    return when(rolling({ release }, { rules: SAFE, boundary: crossed }), configured).record
      .boundary;
  };
  const attemptOfTwo = () => {
    const { phase } = rolling();
    if (phase.phase !== 'deploying' || phase.goal !== 'forward') throw new Error('?');
    return phase.release;
  };

  test('so nothing is below it any more', () => {
    const given = above({ boundary: crossed, rollbackCandidates: [candidate(1)] });
    expect(couldReturn(given, at(30)).possible).toBe(true);
  });

  test('until the release that it names begins again', () => {
    expect(again(30)).toEqual({ name: 'main-2', at: at(30) });
    expect(again(10)).toEqual(crossed);
  });

  test('while it was not crossed, its first beginning counts', () => {
    const release = { ...attemptOfTwo(), startedAt: at(30) };
    const given = rolling({ release }, { rules: SAFE, boundary: BOUNDARY });
    expect(when(given, configured).record.boundary).toEqual(BOUNDARY);
  });

  test('and who returns above it has not', () => {
    const three = candidate(3, { provenAt: at(25) });
    expect(noteCrossed(above(), three, at(30))).toEqual(above());
    expect(noteCrossed(record(), candidate(1), at(30))).toEqual(record());
    expect(noteCrossed(above(), candidate(1), at(30)).boundary).toEqual({
      ...BOUNDARY,
      crossedAt: at(30),
    });
  });
});

test('what was proven in the moment in which it began is not below it', () => {
  expect(isBelow({ boundary: BOUNDARY }, { provenAt: at(0) })).toBe(false);
  expect(isBelow({ boundary: BOUNDARY }, { provenAt: at(0) - 1 })).toBe(true);
});

test('of a candidate whose window is not known it begins where that was proven', () => {
  const { window: _, ...windowless } = candidate(1);
  const named = rules({ notSafeBelow: 'main-1' });
  const given = record({ rollbackCandidates: [windowless] });
  const then = when(given, { type: 'Configured', at: at(1), id: 'web', rules: named });
  expect(then.record.boundary).toEqual({ name: 'main-1', at: at(-60) });
});

describe('no rollback crosses it', () => {
  const bad = () => {
    const { rules: _, ...rest } = baking({}, { rules: SAFE, boundary: BOUNDARY });
    return looked({ ...rest, rules: SAFE }, 6, {
      service: 2,
      alarms: { 'web-5xx': red(at(5)) },
    });
  };

  test('a bad release whose only way back lies below: a person is asked at once', () => {
    const then = bad();
    expect(then.standing).toBe('needs-attention');
    expect(then.told.at(-1)).toMatchObject({
      kind: 'needs-attention',
      because: expect.stringMatching(
        /^the only way back, to ecs\/production\/web\/1 \(shop\/web:main-1 .*\), crosses main-2: .*; condemned: alarm web-5xx rose/,
      ),
      next: 'push a fix; or, if what main-2 changed is undone, return there by name: slipway rollback web --to ecs/production/web/1 --because "why"',
    });
    expect(then.action).toBeUndefined();
    expect(then.record.needsAttention?.stillTried).toBeUndefined();
  });

  test('what is advised then works, and nothing is crossed afterwards', () => {
    const asked = bad().record;
    const said = when(asked, back('ecs/production/web/1'));
    expect(said.standing).toBe('rolling-back');
    const gone = looked(said.record, 31, { service: 2 });
    expect(gone.action).toMatchObject({ type: 'StartRollout', revision: revision(1) });
    const there = looked(gone.record, 33, {
      rollouts: [rollout(1, { createdAt: at(31.5), status: 'SUCCESSFUL', finishedAt: at(32) })],
    });
    expect(there.kinds).toEqual(['rolled-back']);
    expect(there.record.boundary).toEqual({ ...BOUNDARY, crossedAt: at(33) });
  });

  test('a person without a name is refused, and nothing is condemned', () => {
    const then = when(above(), back());
    expect(then.kinds).toEqual(['refused']);
    expect(then.because).toMatch(/^refused: the only way back, .* crosses main-2/);
    expect(then.record.quarantine).toEqual([]);
    const inFlight = rolling({}, { rules: SAFE, boundary: BOUNDARY });
    expect(when(inFlight, back()).standing).toBe('deploying');
    expect(couldReturn(above(), at(30))).toMatchObject({ possible: false });
    expect(couldReturn(above(), at(30), { to: 'ecs/production/web/1' }).possible).toBe(true);
  });

  test('what lies above it is returned to as ever', () => {
    const [two, one] = above().rollbackCandidates;
    if (two === undefined || one === undefined) throw new Error('two are proven');
    const three = above({
      runs: { revision: revision(3), images: { app: image(3) }, since: at(20) },
      rollbackCandidates: [candidate(3, { provenAt: at(25) }), two, one],
    });
    expect(couldReturn(three, at(30))).toMatchObject({ possible: true, candidate: two });
  });
});

test.each([
  ['is off for such a rollout', SAFE, false],
  [
    'goes on in a shift, in which the old version serves anyway',
    { ...SAFE, strategy: SHIFT },
    true,
  ],
])("ECS's own rollback %s", (_, all, ecsRollsBack) => {
  const { request: _request, rollout: _rollout, ...bare } = attempt();
  const then = registering({ rules: all, boundary: BOUNDARY });
  if (then.phase.phase !== 'deploying' || then.phase.goal !== 'forward') throw new Error('?');
  const release = { ...then.phase.release, rules: all };
  const asked = looked({ ...then, phase: { ...then.phase, attempt: bare, release } }, 1);
  expect(asked.record.phase).toMatchObject({ attempt: { request: { ecsRollsBack } } });
});
