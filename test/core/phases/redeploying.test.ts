/** A way back that ECS had gone already, the bake of its own that a way back does without, and watch mode. */
import { describe, expect, test } from 'vitest';
import type { FoundService } from '../../../shared/core/model/observation.ts';
import type { RollbackStep } from '../../../shared/core/model/record/rollback.ts';
import {
  at,
  attempt,
  CHOOSING,
  candidate,
  condemned,
  image,
  looked,
  primary,
  record,
  restoring,
  returning,
  revision,
  rollout,
  rules,
  STOPPING,
  service,
} from '../../build.ts';

describe('UpdateService to what is PRIMARY already starts no rollout', () => {
  const given = returning(restoring(), { started: 1 });
  const one = (change: Partial<FoundService> = {}) => ({ service: service(1, change) });

  test('the way back has ended when that stands a minute after it was asked for', () => {
    const then = looked(given, 6, one());
    expect(then.kinds).toEqual(['rolled-back']);
    expect(then.record).toMatchObject({
      phase: { phase: 'idle' },
      runs: { revision: revision(1), images: { app: image(1) }, since: at(-90) },
    });
  });

  test('before that minute is over the look may be a stale one', () => {
    const then = looked(given, 5.9, one());
    expect(then.kinds).toEqual([]);
    expect(then.standing).toBe('rolling-back');
  });

  test.each([
    ['ECS still rolls it out', { primary: primary(1, { rolloutState: 'IN_PROGRESS' }) }],
    ['the one before is still there', { deployments: 2 }],
    ['another revision is PRIMARY', { primary: primary(2) }],
  ])('it has not ended while %s', (_, change) => {
    const then = looked(given, 6, one(change));
    expect(then.kinds).toEqual([]);
    expect(then.standing).toBe('rolling-back');
  });
});

test('what runs after a rollback runs since the newer of its rollout and its deployment', () => {
  const given = returning(restoring(), { started: 1 });
  const since = (createdAt: number) => {
    const found = service(1, { primary: primary(1, { createdAt }) });
    const rollouts = [rollout(1, { status: 'SUCCESSFUL', createdAt: at(5) })];
    return looked(given, 8, { service: found, rollouts }).record.runs?.since;
  };
  expect(since(at(5) + 2_000)).toBe(at(5) + 2_000);
  expect(since(at(-90))).toBe(at(5));
  // A stale look still shows the condemned one, whose age says nothing of what it went back to.
  const rollouts = [rollout(1, { status: 'SUCCESSFUL', createdAt: at(5) })];
  const stale = service(2, { primary: primary(2, { createdAt: at(7) }) });
  expect(looked(given, 8, { service: stale, rollouts }).record.runs?.since).toBe(at(5));
});

describe("the service's own bake of ECS is remembered by the way back, which does without it", () => {
  const own = (minutes: number | undefined) => {
    const { bakeTimeInMinutes: _, ...bare } = service(2).deploymentConfiguration ?? {};
    const bake = minutes === undefined ? {} : { bakeTimeInMinutes: minutes };
    const found = service(2, { deploymentConfiguration: { ...bare, ...bake } });
    return looked(returning(CHOOSING), 6, { service: found });
  };

  test('of 7 minutes', () => {
    const then = own(7);
    expect(then.action).toMatchObject({ type: 'StartRollout', revision: revision(1) });
    expect(then.record.ownBakeMinutes).toBe(7);
  });

  test('of none there is nothing to remember', () => {
    expect(own(0).record).not.toHaveProperty('ownBakeMinutes');
    expect(own(undefined).record).not.toHaveProperty('ownBakeMinutes');
  });
});

describe('in watch mode', () => {
  const watched = { rules: rules({ mode: 'watch' }) };
  const { request: _, ...unasked } = attempt();
  const untouched: readonly [string, RollbackStep][] = [
    ['no candidate was chosen', CHOOSING],
    ['ECS was not asked to stop', STOPPING],
    [
      'ECS was not asked for the candidate',
      { step: 'redeploying', candidate: candidate(1), attempt: unasked, since: at(5) },
    ],
  ];

  test.each(untouched)('a way back on which %s is not gone: what runs goes on', (_why, step) => {
    const given = returning(step, {}, watched);
    const then = looked(given, 6, { service: 2, rollouts: [rollout(2)] });
    expect(then.kinds).toEqual(['would-have']);
    expect(then.standing).toBe('idle');
    expect(then.record.runs).toEqual({
      revision: revision(2),
      images: { app: image(2) },
      since: at(0) + 1_000,
    });
  });

  test('one that ECS was asked for is followed to its end', () => {
    const stop = { at: at(5), observation: 'look-5', rollout: rollout(2).arn };
    const stopping: RollbackStep = { step: 'stopping', attempt: attempt(), stop };
    for (const step of [stopping, restoring()]) {
      const then = looked(returning(step, {}, watched), 5.5, {
        service: 2,
        rollouts: [rollout(2)],
      });
      expect(then.standing).toBe('rolling-back');
      expect(then.kinds).toEqual([]);
    }
  });

  test('of another revision than the condemned one nothing is claimed to run', () => {
    const given = returning(CHOOSING, {}, watched);
    const then = looked(given, 6, { service: 1, rollouts: [rollout(2)] });
    expect(then.record.runs).toEqual(record().runs);
  });

  test('a condemned revision of which no image is known runs without one', () => {
    const bare = returning(CHOOSING, { condemned: condemned({ images: {} }) }, watched);
    const then = looked(bare, 6, { service: 2, rollouts: [rollout(2)] });
    expect(then.record.runs).toMatchObject({ revision: revision(2), images: {} });
  });
});

describe('a copy of the candidate that is to be registered', () => {
  const step: RollbackStep = {
    step: 'redeploying',
    candidate: candidate(1, { pinned: false }),
    attempt: {
      images: { app: image(1) },
      base: revision(1),
      register: { at: at(5), observation: 'look-5' },
    },
    since: at(5),
  };
  const given = returning(step, { started: 1 });
  const registeredAt = (minutes: number) => {
    const then = looked(given, minutes, { service: 2 });
    expect(then.because).toBe('the copy is being registered');
    const { phase } = then.record;
    const way = phase.phase === 'deploying' && phase.goal === 'back' ? phase.step : undefined;
    return way?.step === 'redeploying' ? way.attempt.register : undefined;
  };

  test('is waited for a minute, and then registered again by the look that wrote it down', () => {
    expect(registeredAt(5.9)).toEqual({ at: at(5), observation: 'look-5' });
    expect(registeredAt(6)).toEqual({ at: at(6), observation: 'look-6' });
  });
});
