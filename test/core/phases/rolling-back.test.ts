/** A condemned release must go: ECS is asked to return, or a proven release is rolled out. */

import { describe, expect, test } from 'vitest';
import type { RolloutStatus, StandingObservation } from '../../../shared/core/model/observation.ts';
import { backOf } from '../../../shared/core/model/record/phase.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { standingOf } from '../../../shared/core/model/standing.ts';
import { returned } from '../../../shared/core/phases/way-back-ends.ts';
import {
  at,
  attempt,
  baking,
  CHOOSING,
  candidate,
  condemned,
  digest,
  image,
  looked,
  type ObservationChange,
  person,
  primary,
  pushed,
  red,
  restoring,
  returning,
  revision,
  rolling,
  rollout,
  rose,
  STOPPING,
  seen,
  service,
  when,
} from '../../build.ts';

const two = { service: 2 };
const wayOf = (record: TargetRecord) => backOf(record.phase)?.step.step ?? standingOf(record);
const older = candidate(0, {
  release: 'older',
  revision: revision(30),
  images: { app: image(30) },
});

describe('stopping: ECS itself returns fastest', () => {
  const given = returning(STOPPING);
  const at6 = (status: RolloutStatus, change = {}, minutes = 6) =>
    looked(given, minutes, { rollouts: [rollout(2, { status, ...change })] });

  test.each<RolloutStatus>(['PENDING', 'IN_PROGRESS'])(
    '%s: it is asked to stop and return',
    (one) => {
      const then = at6(one);
      expect(then.action).toEqual({ type: 'StopRollout', rollout: rollout(2).arn });
      expect(then.record.actedAt).toBe(at(6));
    },
  );

  test('it is asked again after a minute, if ECS goes on', () => {
    const first = at6('IN_PROGRESS').record;
    const again = { rollouts: [rollout(2)] };
    expect(looked(first, 6.9, again).action).toBeUndefined();
    expect(looked(first, 7, again).action?.type).toBe('StopRollout');
  });

  test.each<RolloutStatus>(['STOP_REQUESTED', 'ROLLBACK_REQUESTED', 'ROLLBACK_IN_PROGRESS'])(
    '%s is waited for',
    (one) => {
      expect(at6(one).action).toBeUndefined();
      expect(wayOf(at6(one).record)).toBe('stopping');
      expect(at6(one).record.observeAt).toBe(at(6.5));
    },
  );

  test('but not for longer than rollbackMinutes: then the way back is ours', () => {
    for (const status of ['IN_PROGRESS', 'ROLLBACK_IN_PROGRESS'] as const) {
      expect(wayOf(at6(status, {}, 20).record)).toBe('stopping');
      expect(wayOf(at6(status, {}, 21).record)).toBe('selecting');
    }
  });

  test.each<RolloutStatus>(['SUCCESSFUL', 'STOPPED', 'ROLLBACK_FAILED'])(
    '%s: the way back is ours',
    (one) => {
      expect(wayOf(at6(one).record)).toBe('selecting');
    },
  );

  test('ROLLBACK_SUCCESSFUL counts only where ECS returned to a proven release', () => {
    const proven = at6('ROLLBACK_SUCCESSFUL', { rolledBackTo: revision(1) });
    expect(proven.kinds).toEqual(['rolled-back']);
    const unproven = at6('ROLLBACK_SUCCESSFUL', { rolledBackTo: revision(8) });
    expect(unproven.because).toContain('web:8, which is not a proven one');
    expect(wayOf(unproven.record)).toBe('selecting');
    expect(unproven.record.phase).toMatchObject({ step: { returnedTo: revision(8) } });
  });

  test('where the answer does not name it yet, PRIMARY tells', () => {
    expect(at6('ROLLBACK_SUCCESSFUL').kinds).toEqual(['rolled-back']);
    const done = [rollout(2, { status: 'ROLLBACK_SUCCESSFUL' })];
    expect(wayOf(looked(given, 6, { service: 2, rollouts: done }).record)).toBe('selecting');
  });

  test('ECS refuses the stop because it is over: the next look tells how it ended', () => {
    const refusal = { type: 'CallRefused', at: at(6), action: 'StopRollout', message: '' } as const;
    const over = when(given, { ...refusal, code: 'ConflictException' });
    expect(wayOf(over.record)).toBe('stopping');
    const denied = when(given, { ...refusal, code: 'AccessDeniedException' });
    expect(wayOf(denied.record)).toBe('selecting');
  });

  test('a rollout that ECS never started needs no stop', () => {
    const { rollout: _, ...bare } = attempt();
    const unseen = returning({ step: 'stopping', attempt: bare });
    const first = looked(unseen, 6);
    expect(wayOf(first.record)).toBe('stopping');
    expect(wayOf(looked(first.record, 7).record)).toBe('selecting');
  });

  test("somebody else's deployment ends it: told, and watched", () => {
    const rollouts = [rollout(9, { createdAt: at(5) }), rollout(2)];
    const then = looked(given, 6, { service: 9, rollouts });
    expect(then.kinds).toEqual(['superseded']);
    expect(then.record.phase).toMatchObject({
      phase: 'baking',
      of: 'external',
      revision: revision(9),
    });
  });
});

test('ECS is asked to return only where its last completed deployment is proven', () => {
  const unproven = attempt({
    request: {
      at: at(0),
      observation: 'x',
      lastAt: at(0),
      count: 1,
      ecsRollsBack: false,
      announced: true,
    },
  });
  expect(wayOf(when(rolling({ attempt: unproven }), rose(2)).record)).toBe('selecting');
  expect(wayOf(when(rolling(), rose(2)).record)).toBe('stopping');
  expect(wayOf(when(baking(), rose(6)).record)).toBe('selecting');
});

describe('choosing: a rollback goes to a proven release, or stops and asks', () => {
  const given = returning(CHOOSING);

  test('to the newest usable candidate', () => {
    const then = looked(given, 6, two);
    expect(then.action).toMatchObject({ type: 'StartRollout', revision: revision(1) });
    expect(wayOf(then.record)).toBe('redeploying');
    expect(then.record.requests[0]).toEqual({ revision: revision(1), at: at(6) });
  });

  test('never to "the previous number"', () => {
    const five = { ...given, rollbackCandidates: [older] };
    expect(looked(five, 6, two).action).toMatchObject({ revision: revision(30) });
  });

  test('a candidate that is gone is skipped, with its reason', () => {
    const both = { ...given, rollbackCandidates: [candidate(1), older] };
    expect(seen(both, 6).question.rollbackTo).toEqual(candidate(1));
    const gone = looked(both, 6, {
      ...two,
      rollbackTo: {
        state: 'gone',
        revision: revision(1),
        because: 'its task definition was deregistered',
      },
    });
    expect(gone.action).toBeUndefined();
    expect(seen(gone.record, 7).question.rollbackTo).toEqual(older);
    expect(looked(gone.record, 7, two).action).toMatchObject({ revision: revision(30) });
  });

  test('every candidate gone: a person is asked, and each reason is told', () => {
    const then = looked(given, 6, {
      ...two,
      rollbackTo: {
        state: 'gone',
        revision: revision(1),
        because: 'its image is no longer in ECR',
      },
    });
    expect(then.kinds).toEqual(['needs-attention']);
    expect(then.told[0]?.because).toContain('web:1: its image is no longer in ECR');
    expect(then.record.runs).toMatchObject({ revision: revision(2), images: { app: image(2) } });
  });

  test('a first release that fails with nothing to return to asks a person', () => {
    const then = looked({ ...given, rollbackCandidates: [] }, 6, two);
    expect(then.kinds).toEqual(['needs-attention']);
    expect(then.told[0]?.because).toContain('there is no proven release to return to');
    expect(then.action).toBeUndefined();
  });

  test('what asking waits for may come: a newer push starts from what runs', () => {
    const asked = looked({ ...given, rollbackCandidates: [] }, 6, two).record;
    const hanging = service(2, { primary: primary(2, { rolloutState: 'IN_PROGRESS' }) });
    const then = looked(when(asked, pushed(3)).record, 7, { service: hanging });
    expect(then.action).toMatchObject({ type: 'RegisterRevision', base: revision(2) });
  });

  test('a revision that names a tag is registered as a pinned copy with its digests', () => {
    const latest = { ...given, rollbackCandidates: [candidate(1, { pinned: false })] };
    const then = looked(latest, 6, two);
    expect(then.action).toEqual({
      type: 'RegisterRevision',
      base: revision(1),
      images: { app: image(1) },
      tags: { 'slipway:release': 'ecs/production/web/2/return-1' },
    });
    const copy = { type: 'RevisionRegistered', at: at(6), revision: revision(5) } as const;
    const registered = when(then.record, copy).record;
    const asked = looked(registered, 7, two);
    expect(asked.action).toMatchObject({ type: 'StartRollout', revision: revision(5) });
    const done = [rollout(5, { createdAt: at(7), status: 'SUCCESSFUL' })];
    const end = looked(asked.record, 8, { service: 5, rollouts: done });
    expect(end.kinds).toEqual(['rolled-back']);
    expect(end.record.rollbackCandidates[0]).toMatchObject({ revision: revision(5), pinned: true });
    expect(end.record.rollbackCandidates).toHaveLength(1);
  });

  describe('where the candidate is PRIMARY already nothing is asked, since that would start nothing', () => {
    const state = (change: Parameters<typeof primary>[1], deployments = 1): ObservationChange => ({
      service: service(1, { primary: primary(1, change), deployments }),
    });
    test('it stands: the way back has ended', () => {
      const then = looked(given, 6, state({}));
      expect(then.kinds).toEqual(['rolled-back']);
      expect(then.action).toBeUndefined();
    });
    test('it is on its way: it is waited for, bounded by rollbackMinutes', () => {
      for (const one of [state({ rolloutState: 'IN_PROGRESS' }), state({}, 2)]) {
        expect(looked(given, 20, one).because).toContain('already on its way back');
        expect(looked(given, 20, one).action).toBeUndefined();
        expect(looked(given, 21, one).because).toContain('it did not become steady in time');
      }
    });
    test('it failed: the next one is tried', () => {
      const both = { ...given, rollbackCandidates: [candidate(1), older] };
      const then = looked(both, 6, state({ rolloutState: 'FAILED' }));
      expect(then.because).toContain('cannot be returned to');
      expect(seen(then.record, 7).question.rollbackTo).toEqual(older);
    });
  });

  test('a person who was faster is not fought: theirs is left alone, watched and told', () => {
    const foreign = service(9, { primary: primary(9, { createdAt: at(5.5) }) });
    const then = looked(given, 6, { service: foreign });
    expect(then.action).toBeUndefined();
    expect(then.kinds).toEqual(['superseded']);
    expect(then.record.phase).toMatchObject({
      phase: 'baking',
      of: 'external',
      revision: revision(9),
    });
  });

  test('an alarm that rose after theirs came speaks against theirs: the quarantine is taken back', () => {
    const heard = when(baking(), rose(5)).record;
    expect(heard.quarantine).toHaveLength(1);
    const theirs = (minute: number) =>
      looked(heard, 6, {
        service: service(9, { primary: primary(9, { createdAt: at(minute) }) }),
      });
    const then = theirs(4.5);
    expect(then.kinds).toEqual(['superseded']);
    expect(then.told[0]?.because).toMatch(/^somebody else had deployed web:9 before alarm web-5xx/);
    expect(then.told[0]?.next).toContain('nothing is quarantined');
    expect(then.record.quarantine).toEqual([]);
    expect(then.record.condemnedRevisions).toEqual([]);
    expect(then.record.outbox.quarantine).toEqual([{ change: 'lifted', digest: digest(2) }]);
    // It rose before they came: they may have deployed for just that.
    expect(theirs(5.5).record.quarantine).toHaveLength(1);
  });

  test('where ECS went by itself is no person: it goes to a proven release', () => {
    const went = returning({ step: 'selecting', returnedTo: revision(9) });
    const there = service(9, { primary: primary(9, { createdAt: at(5.5) }) });
    expect(looked(went, 6, { service: there }).action).toMatchObject({ revision: revision(1) });
  });

  test("a person's choice comes first", () => {
    const chosen = returning(
      CHOOSING,
      { condemned: condemned({ to: 'older' }) },
      {
        rollbackCandidates: [candidate(1), older],
      },
    );
    expect(looked(chosen, 6, two).action).toMatchObject({ revision: revision(30) });
  });
});

describe('restoring: our own rollout of a candidate', () => {
  const given = returning(restoring(), { started: 1 });
  const at6 = (status: RolloutStatus, change = {}, minutes = 6) =>
    looked(given, minutes, { rollouts: [rollout(1, { status, createdAt: at(5), ...change })] });

  test('SUCCESSFUL: rolled back, told with what runs now', () => {
    const then = at6('SUCCESSFUL');
    expect(then.kinds).toEqual(['rolled-back']);
    expect(then.told[0]).toMatchObject({
      release: 'ecs/production/web/2',
      images: { app: image(2) },
      because: 'alarm web-5xx rose',
      runsNow: expect.stringContaining('shop/web:main-1'),
    });
    expect(then.record).toMatchObject({
      phase: { phase: 'idle' },
      runs: { revision: revision(1) },
      alarmsToClear: ['web-5xx'],
    });
  });

  test('what somebody deployed seconds before, and ECS did not show yet, is told: the way back replaced it', () => {
    const theirs = rollout(9, { createdAt: at(4.9), status: 'STOPPED' });
    const left = rollout(2, { createdAt: at(4.5) });
    const mine = (status: RolloutStatus) => rollout(1, { status, createdAt: at(5) });
    const found = looked(given, 6, { rollouts: [mine('IN_PROGRESS'), theirs, left] });
    const then = looked(found.record, 7, { rollouts: [mine('SUCCESSFUL'), theirs, left] });
    expect(then.kinds).toEqual(['rolled-back']);
    expect(then.told[0]?.because).toBe(
      'alarm web-5xx rose; somebody had deployed web:9 before ECS showed it, and the way back replaced it: deploy it again',
    );
    // What was there before the release that goes is nobody's loss.
    const before = rollout(9, { createdAt: at(4.4), status: 'STOPPED' });
    const quiet = looked(given, 6, { rollouts: [mine('SUCCESSFUL'), left, before] });
    expect(quiet.told[0]?.because).toBe('alarm web-5xx rose');
  });

  test.each<RolloutStatus>([
    'PENDING',
    'IN_PROGRESS',
    'STOP_REQUESTED',
    'ROLLBACK_REQUESTED',
    'ROLLBACK_IN_PROGRESS',
  ])('%s: it is never stopped by us, only waited for', (one) => {
    expect(at6(one).action).toBeUndefined();
    expect(wayOf(at6(one).record)).toBe('redeploying');
  });

  test.each<RolloutStatus>(['STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED'])(
    '%s: one candidate down',
    (one) => {
      const then = looked({ ...given, rollbackCandidates: [candidate(1), older] }, 6, {
        rollouts: [rollout(1, { status: one, createdAt: at(5) })],
      });
      expect(wayOf(then.record)).toBe('selecting');
      expect(looked(then.record, 7, two).action).toMatchObject({ revision: revision(30) });
    },
  );

  test('longer than rollbackMinutes: one candidate down', () => {
    const both = { ...given, rollbackCandidates: [candidate(1), older] };
    const slow = { rollouts: [rollout(1, { createdAt: at(5) })] };
    expect(wayOf(looked(both, 20, slow).record)).toBe('redeploying');
    expect(wayOf(looked(both, 21, slow).record)).toBe('selecting');
  });

  test('two that failed are enough: then a person is asked', () => {
    const third = candidate(0, { release: 'third', revision: revision(40) });
    const tired = returning(
      CHOOSING,
      {
        started: 2,
        skipped: [{ revision: revision(1), because: 'the rollback ended STOPPED' }],
      },
      { rollbackCandidates: [candidate(1), third] },
    );
    const then = looked(tired, 6, two);
    expect(then.kinds).toEqual(['needs-attention']);
    expect(then.told[0]?.because).toContain('two rollbacks failed');
  });

  test('a lost answer is asked for again as for any rollout, three times at most', () => {
    const first = looked(given, 6, two);
    const second = looked(first.record, 7, two);
    expect(second.action).toMatchObject({ type: 'StartRollout', revision: revision(1) });
    const third = looked(looked(second.record, 8, two).record, 9, two);
    expect(third.action?.type).toBe('StartRollout');
    const end = looked(looked(third.record, 10, two).record, 11, two);
    expect(end.action).toBeUndefined();
    expect(end.because).toContain('ECS was asked 3 times');
  });

  test('alarms of the service that ECS refuses keep no candidate from being returned to', () => {
    const own = { alarms: { alarmNames: ['deleted'], enable: true, rollback: true } };
    const there = { service: service(2, { deploymentConfiguration: own }) };
    const first = looked(given, 6, there);
    const message = 'The alarm deleted does not exist';
    const refusal = { type: 'CallRefused', at: at(6), action: 'StartRollout', message } as const;
    const refused = when(first.record, { ...refusal, code: 'InvalidParameterException' });
    expect(wayOf(refused.record)).toBe('redeploying');
    const again = looked(refused.record, 7, there);
    expect(again.action).toMatchObject({
      type: 'StartRollout',
      revision: revision(1),
      deploymentConfiguration: { alarms: { alarmNames: [], enable: false, rollback: false } },
    });
    // Refused once more, it was something else.
    const end = when(again.record, { ...refusal, at: at(7), code: 'InvalidParameterException' });
    expect(wayOf(end.record)).toBe('selecting');
  });

  test('lost answers take no release further down: attention is asked for, and it is still tried', () => {
    const older = candidate(0, { release: 'older', revision: revision(40) });
    let now: TargetRecord = { ...given, rollbackCandidates: [candidate(1), older] };
    for (const minute of [6, 7, 8, 9, 10]) now = looked(now, minute, two).record;
    const end = looked(now, 11, two);
    expect(end.kinds).toEqual(['needs-attention']);
    expect(end.told[0]).toMatchObject({
      because: expect.stringContaining('ECS was asked 3 times for web:1'),
      next: expect.stringContaining('it is tried again every few minutes'),
    });
    const again = looked(looked(end.record, 14, two).record, 15, two);
    expect(again.action).toMatchObject({ type: 'StartRollout', revision: revision(1) });
  });

  test('a rollout of it that was followed to its end before is not this one', () => {
    const before = rollout(1, { status: 'SUCCESSFUL', createdAt: at(4), arn: 'before' });
    const known = { ...given, finishedRollouts: ['before'] };
    const listed = { ...two, rollouts: [before] };
    expect(looked(known, 6, listed).because).toBe(
      'ECS shows no rollout of ours yet; asked again 60 s later at the earliest',
    );
    expect(looked(given, 6, listed).kinds).toEqual(['rolled-back']);
  });

  test('a late call of ours in its place is put right', () => {
    const late = rollout(2, { createdAt: at(6), arn: 'late' });
    const dated = { ...given, requests: [{ revision: revision(2), at: at(4.5) }] };
    const then = looked(dated, 7, { ...two, rollouts: [late, rollout(1, { createdAt: at(5) })] });
    expect(then.action).toMatchObject({ type: 'StartRollout', revision: revision(1) });
  });

  const refusal = {
    type: 'CallRefused',
    at: at(6),
    action: 'StartRollout',
    message: 'no',
  } as const;

  test('refused for want of rights: the next look asks a person, and another candidate is not tried', () => {
    const denied = when(given, { ...refusal, code: 'AccessDeniedException' });
    expect(wayOf(denied.record)).toBe('redeploying');
    const then = looked(denied.record, 6, two);
    expect(then.kinds).toEqual(['needs-attention']);
    expect(then.action).toBeUndefined();
    const refused = when(given, { ...refusal, code: 'InvalidParameterException' });
    expect(wayOf(refused.record)).toBe('selecting');
  });

  test('refused before it was known what runs: what the look sees runs, and is no late call of ours', () => {
    const before = { ...given, runs: { revision: revision(1), images: {}, since: at(-60) } };
    const dated = { ...before, requests: [{ revision: revision(2), at: at(0) }] };
    const denied = when(dated, { ...refusal, code: 'AccessDeniedException' }).record;
    const asked = looked(denied, 6, two).record;
    expect(asked.runs?.revision).toBe(revision(2));
    const then = looked(asked, 7, two);
    expect(then.record.phase.phase).toBe('idle');
    expect(then.kinds).toEqual([]);
  });

  test('it carries no alarms and no rollback of ECS', () => {
    const guarded = {
      alarms: { alarmNames: ['web-5xx'], enable: true, rollback: true },
      deploymentCircuitBreaker: { enable: true, rollback: true },
      bakeTimeInMinutes: 15,
    };
    const given = service(2, { deploymentConfiguration: guarded });
    const then = looked(returning(CHOOSING), 6, { service: given });
    expect(then.record.ownBakeMinutes).toBe(15);
    expect(then.action).toMatchObject({
      deploymentConfiguration: {
        alarms: { alarmNames: [], enable: false, rollback: false },
        deploymentCircuitBreaker: { enable: true, rollback: false },
        bakeTimeInMinutes: 0,
      },
    });
  });
});

describe('the way back is never held', () => {
  test('by a person', () => {
    const held = when(rolling(), person({ do: 'hold' })).record;
    expect(looked(when(held, rose(2)).record, 3, { rollouts: [rollout(2)] }).action?.type).toBe(
      'StopRollout',
    );
  });

  test('by a push: it waits', () => {
    const given = when(returning(CHOOSING), pushed(3)).record;
    expect(given.waiting.app).toBeDefined();
    expect(looked(given, 6, two).action).toMatchObject({
      type: 'StartRollout',
      revision: revision(1),
    });
  });
});

describe('after a rollback', () => {
  const back = looked(returning(restoring(), { started: 1 }), 6, {
    rollouts: [rollout(1, { status: 'SUCCESSFUL', createdAt: at(5) })],
  }).record;

  test('the condemned digest is refused', () => {
    expect(when(back, pushed(2)).kinds).toEqual(['refused']);
    expect(back.quarantine[0]?.digest).toBe(digest(2));
  });

  test('the waiting release starts when the condemning alarm is OK', () => {
    const fixed = when(back, pushed(3)).record;
    const red5 = { alarms: { 'web-5xx': red(at(4)) } };
    const held = looked(fixed, 7, red5);
    expect(held.record.waiting.app?.held?.reason).toBe('clearing');
    expect(looked(held.record, 8).action?.type).toBe('RegisterRevision');
  });

  test('a late call of the condemned release is removed by the next look', () => {
    const late = service(2, { primary: primary(2, { createdAt: at(8) }) });
    const dated = { ...back, requests: [{ revision: revision(2), at: at(7) }] };
    const then = looked(dated, 9, { service: late });
    expect(wayOf(then.record)).toBe('selecting');
    expect(looked(then.record, 9.5, { service: late }).action).toMatchObject({
      type: 'StartRollout',
      revision: revision(1),
    });
  });

  test('a stale look that still shows the condemned release changes nothing', () => {
    const then = looked(back, 6.5, two);
    expect(then.standing).toBe('idle');
  });

  test('it rests only after a look later than its last act, the timeout of reconcile and a minute', () => {
    const given = { ...back, actedAt: at(5) };
    const then = looked(given, 6);
    expect(then.record.observeAt).toBe(at(6.5) + 1);
    expect(looked(then.record, 6.6).record.observeAt).toBeUndefined();
  });
});

test('the service is gone on the way back: a person is asked', () => {
  expect(looked(returning(CHOOSING), 6, { service: 'missing' }).kinds).toEqual(['needs-attention']);
});

test('of what a late call left running no image is known, and none is made up', () => {
  const late = returning(
    CHOOSING,
    {
      condemned: {
        revision: revision(7),
        images: {},
        because: 'a late call',
        alarms: [],
        rollbackMinutes: 15,
      },
    },
    { rollbackCandidates: [] },
  );
  const then = looked(late, 6, { service: 7 });
  expect(then.record.runs).toEqual({ revision: revision(7), images: {}, since: at(0) + 1_000 });
});

describe('a person chose a release to return to, while ECS takes the traffic back', () => {
  const given = returning(
    STOPPING,
    { condemned: condemned({ to: 'older' }) },
    { rollbackCandidates: [candidate(1), older] },
  );
  const backAt = (n: number) =>
    looked(given, 6, {
      service: n,
      rollouts: [rollout(2, { status: 'ROLLBACK_SUCCESSFUL', rolledBackTo: revision(n) })],
    });

  test('ECS goes to another proven one first: then the chosen one is asked for', () => {
    const there = backAt(1);
    expect([there.kinds, there.because]).toEqual([
      [],
      'ECS returned to ecs/production/web/1, and older was chosen',
    ]);
    const usable = { state: 'usable', revision: revision(30) } as const;
    const then = looked(there.record, 7, { service: 1, rollbackTo: usable });
    expect(then.action).toMatchObject({ type: 'StartRollout', revision: revision(30) });
  });

  test('ECS goes there by itself: that is the end of it', () => {
    const then = backAt(30);
    expect(then.kinds).toEqual(['rolled-back']);
    expect(then.record.runs?.revision).toBe(revision(30));
  });
});

describe('a rollback that lands further down than wanted', () => {
  const given = (gone: boolean) => {
    const skipped = [
      { revision: revision(30), because: 'no answer', ...(gone ? { gone: true as const } : {}) },
    ];
    return returning(CHOOSING, { skipped });
  };

  test.each([
    ['was given up', false, ['rolled-back', 'needs-attention'], 'needs-attention'],
    ['is gone', true, ['rolled-back'], 'idle'],
  ] as const)('the one that was wanted %s', (_, gone, kinds, ends) => {
    const from = given(gone);
    const back = backOf(from.phase);
    if (back === undefined) throw new Error('the builder returns');
    const observation = seen(from, 6) as StandingObservation;
    const { record } = returned(from, back, candidate(1), revision(1), at(0), observation);
    expect(record.outbox.announcements.map(({ kind }) => kind)).toEqual(kinds);
    expect(standingOf(record)).toBe(ends);
  });
});

describe('a proven release whose revision cannot be started as it is', () => {
  const given = returning(CHOOSING);
  const deregistered = { state: 'deregistered', revision: revision(1) } as const;

  test('was deregistered: its content is registered anew, and returned to', () => {
    const then = looked(given, 6, { ...two, rollbackTo: deregistered });
    expect(then.action).toMatchObject({ type: 'RegisterRevision', base: revision(1) });
    expect(then.because).toBe('web:1 was deregistered: its content is registered anew');
  });

  test('a person chose one that is gone: nobody is sent to another in its place', () => {
    const chosen = returning(
      CHOOSING,
      { condemned: condemned({ to: 'ecs/production/web/1' }) },
      { rollbackCandidates: [older, candidate(1)] },
    );
    const gone = { state: 'gone', revision: revision(1), because: 'its image is gone' } as const;
    const then = looked(looked(chosen, 6, { ...two, rollbackTo: gone }).record, 7, two);
    expect(then.action).toBeUndefined();
    expect(then.kinds.concat(looked(chosen, 6, { ...two, rollbackTo: gone }).kinds)).toEqual([
      'needs-attention',
    ]);
  });
});
