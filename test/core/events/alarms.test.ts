/** Alarms are dated facts: what counts is when they rose, not when they are heard. */
import { describe, expect, test } from 'vitest';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { countsAgainst } from '../../../shared/core/release/evidence.ts';
import {
  asked,
  asking,
  at,
  attempt,
  baking,
  CHOOSING,
  candidate,
  digest,
  image,
  looked,
  observing,
  order,
  record,
  red,
  release,
  restoring,
  returning,
  revision,
  rise,
  rolling,
  rollout,
  rose,
  rules,
  STOPPING,
  twoContainers,
  when,
} from '../../build.ts';

describe('the window of a release', () => {
  const window = { from: at(0), to: at(13), alarms: ['web-5xx'] };
  test.each<[rule: string, counts: boolean, minutes: number, breachEndsAt?: number]>([
    ['an alarm that rose before the release started is ignored', false, -1],
    ['an alarm that rose as it started counts', true, 0],
    ['an alarm that rose in the middle counts', true, 6],
    ['an alarm that rose as its bake ended counts', true, 13],
    ['an alarm that rose after its bake is ignored', false, 13.1],
    ['one whose newest breaching datapoint precedes the start does not count', false, 1, at(0)],
    ['one whose newest breaching datapoint lies inside counts', true, 2, at(1)],
  ])('%s', (_, counts, minutes, breachEndsAt) => {
    const ends = breachEndsAt === undefined ? {} : { breachEndsAt };
    expect(countsAgainst(rise(minutes, ends), window)).toBe(counts);
  });

  test('an alarm that does not guard the release is ignored', () => {
    expect(countsAgainst(rise(6, { alarm: 'other' }), window)).toBe(false);
  });
});

describe('one rise inside the window condemns', () => {
  test.each<[phase: string, given: TargetRecord]>([
    ['deploying', rolling()],
    ['baking', baking()],
  ])('while %s, as soon as it is heard', (_, given) => {
    const then = when(given, rose(2));
    expect(then.standing).toBe('rolling-back');
    expect(then.record.quarantine).toEqual([{ digest: digest(2), at: at(2.5) }]);
    expect(then.record.observeAt).toBe(at(1));
    expect(then.because).toContain('condemned: alarm web-5xx rose at 10:02:00 UTC');
  });

  test('a rollback is asked for within one handling of the alarm', () => {
    const heard = when(rolling(), rose(2)).record;
    const then = looked(heard, 3, { rollouts: [rollout(2)] });
    expect(then.action).toEqual({ type: 'StopRollout', rollout: rollout(2).arn });
    const fromBake = looked(when(baking(), rose(6)).record, 7, { service: 2 });
    expect(fromBake.action).toMatchObject({ type: 'StartRollout', revision: revision(1) });
  });

  test('though it is OK again before anybody looks', () => {
    const heard = when(baking(), rose(6));
    const ok = when(heard.record, rose(7, { from: 'ALARM', to: 'OK' }));
    expect(ok.standing).toBe('rolling-back');
  });

  test('though no event came: a look finds it red', () => {
    const alarms = { 'web-5xx': red(at(6)) };
    const then = looked(baking(), 7, { service: 2, alarms });
    expect(then.standing).toBe('rolling-back');
  });

  test('a shared alarm counts for each, and the because names the sharing', () => {
    const shared = rules({ alarmsSharedWith: { 'web-5xx': ['api', 'shop'] } });
    const then = when(rolling({ release: release({ rules: shared }) }), rose(2));
    expect(then.because).toContain('shared with api, shop, and counts for each');
  });
});

describe('what never condemns', () => {
  test.each<[rule: string, change: Parameters<typeof rose>[1]]>([
    ['a composite whose actions are suppressed', { suppressed: true }],
    ['ALARM to ALARM is no rise', { from: 'ALARM' }],
    ['OK', { from: 'ALARM', to: 'OK' }],
    ['INSUFFICIENT_DATA', { to: 'INSUFFICIENT_DATA' }],
    ['an alarm that the release does not name', { alarm: 'other' }],
    ['an alarm that rose before the release started', { changedAt: at(-1) }],
    ['a breach that was over before it started', { breachEndsAt: at(0) }],
  ])('%s', (_, change) => {
    for (const given of [rolling(), baking()]) {
      expect(when(given, rose(2, change)).record).toBe(given);
    }
  });

  test('a muted alarm; that it was is remembered', () => {
    for (const given of [rolling(), baking()]) {
      const then = when(given, rose(2, { muted: true })).record;
      expect(then.phase).toBe(given.phase);
      expect(then.mutedRises).toEqual({ 'web-5xx': [at(2)] });
    }
    const given = baking();
    expect(when(given, rose(2, { muted: true, alarm: 'other' })).record).toBe(given);
  });

  test('an alarm that rose after its bake was over', () => {
    const given = baking();
    expect(when(given, rose(17)).record).toBe(given);
  });

  test('an alarm that is red since before the start, in a look', () => {
    const alarms = { 'web-5xx': red(at(-5)) };
    expect(looked(rolling(), 3, { rollouts: [rollout(2)], alarms }).standing).toBe('deploying');
    expect(looked(baking(), 7, { service: 2, alarms }).standing).toBe('baking');
  });
});

describe('while the rollout is not found yet', () => {
  test('a rise is remembered, and judged when the rollout is found', () => {
    const heard = when(asked(), rose(2));
    expect(heard.standing).toBe('deploying');
    const then = looked(heard.record, 3, { rollouts: [rollout(2)] });
    expect(then.standing).toBe('rolling-back');
  });

  test('one that turns out to be older than the rollout is dropped', () => {
    const heard = when(asked(), rose(0));
    expect(heard.record).not.toBe(asked());
    const late = rollout(2, { createdAt: at(1) });
    const then = looked(heard.record, 3, { rollouts: [late] });
    expect(then.record.phase).toMatchObject({
      phase: 'deploying',
      release: { evidence: { rises: [] } },
    });
  });

  test('ten old rises leave room for the one that counts', () => {
    let given = asked();
    for (let i = 0; i < 12; i++) given = when(given, rose(-3 - i)).record;
    const then = looked(when(given, rose(2)).record, 3, { rollouts: [rollout(2)] });
    expect(then.standing).toBe('rolling-back');
  });
});

test('of many flaps after the bake, the one rise inside it still condemns', () => {
  const flaps = Array.from({ length: 30 }, (_, i) => rise(20 + i));
  const rises = { 'web-5xx': { state: 'known' as const, rises: [rise(6), ...flaps] } };
  expect(looked(baking(), 60, { service: 2, rises }).standing).toBe('rolling-back');
});

describe('a message alone withdraws nothing', () => {
  const proven = record({
    rollbackCandidates: [candidate(2), candidate(1)],
    runs: { revision: revision(2), images: { app: image(2) }, since: at(-90) },
  });

  test.each<[what: string, inHistory: 'no' | undefined]>([
    ['the history of the alarm shows no such rise', 'no'],
    ['nobody asked the history', undefined],
  ])('%s', (_, inHistory) => {
    const { inHistory: __, ...told } = rose(-80);
    const then = when(proven, { ...told, ...(inHistory && { inHistory }) });
    expect([then.record.phase.phase, then.record.quarantine, then.kinds]).toEqual(['idle', [], []]);
    expect(then.because).toContain('its history in CloudWatch does not: nothing is condemned');
    expect(when(proven, rose(-80)).record.quarantine).toHaveLength(1);
  });
});

describe('a late event dated inside the window withdraws proven', () => {
  const two = record({
    runs: { revision: revision(2), images: { app: image(2) }, since: at(0) },
    rollbackCandidates: [
      candidate(2, { window: { from: at(0), to: at(13), alarms: ['web-5xx'] } }),
      candidate(1),
    ],
  });
  const late = rose(6, { at: at(600) });

  test('and what runs goes back', () => {
    const then = when(two, late);
    expect(then.record.phase).toMatchObject({
      phase: 'deploying',
      goal: 'back',
      condemned: { release: 'ecs/production/web/2', revision: revision(2) },
    });
    expect(then.record.rollbackCandidates.map((one) => one.revision)).toEqual([revision(1)]);
    expect(then.record.quarantine[0]?.digest).toBe(digest(2));
    expect(looked(then.record, 601, { service: 2 }).action).toMatchObject({
      type: 'StartRollout',
      revision: revision(1),
    });
  });

  test('even while somebody is asked something else', () => {
    const { phase: _, ...rest } = two;
    expect(when(asking(undefined, rest), late).standing).toBe('rolling-back');
  });

  test('what runs no longer is only taken off the rollbackCandidates, and told', () => {
    const given = { ...two, runs: record().runs as NonNullable<TargetRecord['runs']> };
    const then = when(given, late);
    expect(then.kinds).toEqual(['failed']);
    expect(then.told[0]?.next).toContain('it does not run');
    expect(then.standing).toBe('idle');
    expect(then.record.rollbackCandidates.map((one) => one.revision)).toEqual([revision(1)]);
  });

  test('a newer release that still carries its image goes with it', () => {
    const given = rolling(
      {
        release: release({
          id: 'ecs/production/web/3',
          images: { sidecar: image(7) },
          rules: twoContainers(),
        }),
        attempt: attempt({ images: { sidecar: image(7) }, revision: revision(3) }),
      },
      {
        runs: two.runs as NonNullable<TargetRecord['runs']>,
        rollbackCandidates: two.rollbackCandidates,
        newest: { sidecar: order(7) },
      },
    );
    const then = when(given, late);
    expect(then.record.phase).toMatchObject({
      phase: 'deploying',
      goal: 'back',
      condemned: { release: 'ecs/production/web/3' },
    });
    // Only what the data speak of is quarantined: the sidecar came after them, and may come again.
    expect(then.record.quarantine.map((one) => one.digest)).toEqual([digest(2)]);
    expect(then.record.newest.sidecar?.again).toBe(true);
  });

  test('an image that came after it and runs beside it may come again, for it is not blamed', () => {
    const sidecar = image(7);
    const then = when(
      {
        ...two,
        runs: { revision: revision(2), images: { app: image(2), sidecar }, since: at(0) },
        newest: { app: order(2), sidecar: order(7, { digest: sidecar.digest }) },
      },
      late,
    );
    expect(then.standing).toBe('rolling-back');
    expect(then.record.quarantine.map((one) => one.digest)).toEqual([digest(2)]);
    expect(then.record.newest.sidecar?.again).toBe(true);
    expect(then.record.newest.app?.again).toBeUndefined();
  });

  test('a newer release that replaces its image goes on', () => {
    const given = rolling(
      {
        release: release({ id: 'ecs/production/web/3', images: { app: image(3) } }),
        attempt: attempt({
          images: { app: image(3) },
          revision: revision(3),
          rollout: undefined as never,
        }),
      },
      {
        runs: two.runs as NonNullable<TargetRecord['runs']>,
        rollbackCandidates: two.rollbackCandidates,
      },
    );
    const then = when(given, late);
    expect(then.standing).toBe('deploying');
    expect(then.kinds).toEqual(['failed']);
    expect(then.told[0]?.next).toContain('what is taking its place goes on');
  });

  test('the candidate that we are restoring is not brought back', () => {
    const given = returning(
      restoring(),
      { started: 1 },
      {
        rollbackCandidates: [
          candidate(1),
          candidate(0, { revision: revision(0), images: { app: image(90) } }),
        ],
      },
    );
    const heard = when(given, rose(-80, { at: at(6) }));
    const skipped = looked(heard.record, 7, { rollouts: [rollout(1, { createdAt: at(5) })] });
    expect(skipped.record.phase).toMatchObject({
      phase: 'deploying',
      goal: 'back',
      step: { step: 'selecting' },
    });
    const then = looked(skipped.record, 8);
    expect(then.action).toMatchObject({ type: 'StartRollout', revision: revision(0) });
  });

  describe('by digest, not by revision: a newer release that carries its image', () => {
    // Release 1 brought the sidecar, release 2 the app: release 2 runs with the sidecar of release 1.
    const sidecar = image(50, { repository: 'shop/proxy' });
    const old = image(40, { repository: 'shop/proxy' });
    const window = (from: number) => ({ from: at(from), to: at(from + 10), alarms: ['web-5xx'] });
    const carries = record({
      rules: twoContainers(),
      runs: { revision: revision(3), images: { app: image(3), sidecar }, since: at(-30) },
      rollbackCandidates: [
        candidate(3, { images: { app: image(3), sidecar }, window: window(-30) }),
        candidate(2, {
          images: { app: image(1), sidecar },
          changed: ['sidecar'],
          window: window(-60),
        }),
        candidate(1, { images: { app: image(1), sidecar: old } }),
      ],
    });

    test('goes back to what does not carry it, and is told as what it is', () => {
      const then = when(carries, rose(-55, { at: at(0) }));
      expect(then.record.phase).toMatchObject({
        phase: 'deploying',
        goal: 'back',
        condemned: { release: 'ecs/production/web/2', revision: revision(3), images: { sidecar } },
      });
      expect(then.record.quarantine.map((one) => one.digest)).toEqual([sidecar.digest]);
      expect(then.record.rollbackCandidates.map((one) => one.revision)).toEqual([revision(1)]);
      expect(looked(then.record, 1, { service: 3 }).action).toMatchObject({
        type: 'StartRollout',
        revision: revision(1),
      });
    });

    test("in somebody else's deployment it is left alone, and told that it runs", () => {
      const theirs = {
        ...carries,
        runs: { revision: revision(9), images: { app: image(3), sidecar }, since: at(-5) },
      };
      const then = when(theirs, rose(-55, { at: at(0) }));
      expect(then.standing).toBe('idle');
      expect(then.kinds).toEqual(['failed']);
      expect(then.told[0]?.next).toContain('runs in a deployment that is not ours');
    });
  });

  test('what was adopted has no window, so nothing withdraws it', () => {
    const { window: _, ...adopted } = candidate(1);
    const given = record({ rollbackCandidates: [adopted] });
    expect(when(given, rose(-80)).record).toBe(given);
  });
});

test.each<[string, TargetRecord]>([
  ['stopping', returning(STOPPING)],
  ['selecting', returning(CHOOSING)],
  ['redeploying', returning(restoring(), { started: 1 })],
])('a rollback is never condemned by an alarm: while %s', (_, given) => {
  expect(when(given, rose(6)).record).toBe(given);
});

test("somebody else's deployment is judged by the next look, and left running", () => {
  const heard = when(observing(), rose(2)).record;
  const then = looked(heard, 3, { service: 9 });
  expect(then.standing).toBe('needs-attention');
  expect(then.action).toBeUndefined();
  expect(then.record.quarantine).toEqual([]);
});
