/** ECS says one thing and the load balancer another: in a shift, after it, and after a way back. */
import { describe, expect, test } from 'vitest';
import type { ObservedRules } from '../../../shared/core/model/balancer.ts';
import type { ObservedShift } from '../../../shared/core/model/observation.ts';
import {
  at,
  attempt,
  baking,
  looked,
  type ObservationChange,
  person,
  red,
  registering,
  release,
  restoring,
  returning,
  revision,
  rolling,
  rollout,
  rules,
  when,
} from '../../build.ts';
import { course, RULE, SHIFTS, shiftable, split, WITH_STRATEGY } from '../traffic/a-shift.ts';

const UNKNOWN: ObservedRules = { [RULE]: { state: 'unknown', because: 'Throttling' } };

describe('in the middle of a shift', () => {
  const ON_ITS_WAY = {
    rollouts: [rollout(2)],
    shift: { stage: 'PRODUCTION_TRAFFIC_SHIFT', hookWaits: false },
  };
  const edited: ObservationChange = { ...split(2, 50, 50), ...ON_ITS_WAY };
  const before = rolling(SHIFTS, WITH_STRATEGY);

  test('a rule that somebody edits is looked at twice, then the release goes, once, and blames no image', () => {
    const first = looked(before, 5, edited);
    expect(first.standing).toBe('deploying');
    expect(first.because).toContain('it is looked at once more');
    expect(first.record.observeAt).toBe(at(5.5));
    const second = looked(first.record, 6, edited);
    expect(second.kinds).toEqual(['needs-attention']);
    expect(second.told[0]?.because).toContain(
      'ECS is at PRODUCTION_TRAFFIC_SHIFT, and the load balancer gives web-blue 50 % and web-green 50 %',
    );
    expect(second.told[0]?.next).toContain(`aws elbv2 describe-rules --rule-arns ${RULE}`);
    expect(second.action).toMatchObject({ type: 'StopRollout' });
    expect(second.record.quarantine).toEqual([]);
    const third = looked(second.record, 6.5, edited);
    expect([third.kinds, third.action]).toEqual([[], undefined]);
  });

  test('ECS takes the traffic back first, also to what is no proven release: an update now would leave it split', () => {
    const unproven = attempt({
      course: course(),
      request: { at: at(0), observation: 'look-0', lastAt: at(0), count: 1, ecsRollsBack: false },
    });
    const given = rolling({ ...SHIFTS, attempt: unproven }, WITH_STRATEGY);
    const alarms = { 'web-5xx': red(at(4)) };
    const then = looked(given, 5, { ...split(2, 95, 5), ...ON_ITS_WAY, alarms });
    expect(then.action).toMatchObject({ type: 'StopRollout' });
    expect(then.record.quarantine).toHaveLength(1);
  });

  test('a person who names the release to return to has ECS take the traffic back first, too', () => {
    const command = { do: 'rollback', to: 'ecs/production/web/1' } as const;
    const said = when(before, person(command, { at: at(5) }));
    const then = looked(said.record, 5.1, { ...split(2, 95, 5), ...ON_ITS_WAY });
    expect(then.action).toMatchObject({ type: 'StopRollout' });
  });

  test('what the hook has ECS wait for is no time of the rollout: a hold of two hours condemns nothing', () => {
    const at5 = (stage: string) => ({
      ...split(2, 95, 5),
      rollouts: [rollout(2)],
      shift: { stage, hookWaits: stage.startsWith('PRE_') },
    });
    const held = looked(before, 5, at5('PRE_PRODUCTION_TRAFFIC_SHIFT')).record;
    const later = looked(held, 125, at5('PRE_PRODUCTION_TRAFFIC_SHIFT'));
    expect([later.standing, later.record.quarantine]).toEqual(['deploying', []]);
    const goesOn = looked(later.record, 126, at5('PRODUCTION_TRAFFIC_SHIFT'));
    expect(goesOn.standing).toBe('deploying');
    // Thirty minutes of its own, and its bakes.
    const tooLong = looked(goesOn.record, 220, at5('PRODUCTION_TRAFFIC_SHIFT'));
    expect(tooLong.because).toContain('it did not finish within 30 minutes');
  });

  test('so it is where there is no rule to read, and where ECS has no name for the stage', () => {
    const without = attempt({ course: course({ routes: [] }) });
    const alone = rolling({ ...SHIFTS, attempt: without }, WITH_STRATEGY);
    const at5 = (shift: ObservedShift) => ({ balancer: {}, rollouts: [rollout(2)], shift });
    const waits = at5({ stage: 'POST_TEST_TRAFFIC_SHIFT', hookWaits: true });
    const later = looked(looked(alone, 5, waits).record, 125, waits);
    expect([later.standing, later.record.quarantine]).toEqual(['deploying', []]);
    const on = at5({ stage: 'PRODUCTION_TRAFFIC_SHIFT', hookWaits: false });
    const goesOn = looked(later.record, 126, on);
    expect(goesOn.standing).toBe('deploying');
    expect(looked(goesOn.record, 220, on).because).toContain('it did not finish within 30 minutes');
  });

  test('what was no more than a moment is forgotten', () => {
    const first = looked(before, 5, edited).record;
    const mended = looked(first, 6, { ...split(2, 95, 5), ...ON_ITS_WAY });
    const again = looked(mended.record, 7, edited);
    expect(again.standing).toBe('deploying');
  });

  test('a load balancer that does not answer ends nothing', () => {
    const unheard = { service: shiftable(2), balancer: UNKNOWN, ...ON_ITS_WAY };
    const first = looked(looked(before, 5, unheard).record, 6, unheard);
    expect(first.standing).toBe('deploying');
    expect(first.kinds).not.toContain('needs-attention');
  });

  test('which group served is remembered when ECS is asked', () => {
    const ready = registering(WITH_STRATEGY);
    const { phase } = ready;
    if (phase.phase !== 'deploying' || phase.goal !== 'forward') throw new Error('not on its way');
    const registered = {
      ...phase,
      release: SHIFTS.release,
      attempt: { ...phase.attempt, revision: revision(2) },
    };
    // What the question asks for, the look answers: everything goes to blue.
    const asked = looked({ ...ready, phase: registered }, 1, { service: shiftable(1) });
    expect(asked.action).toMatchObject({ type: 'StartRollout' });
    expect(asked.record.phase).toMatchObject({ attempt: { course: course() } });
  });
});

test('what condemns it says how much of the traffic it had when the alarm rose', () => {
  const steps = [{ share: 0.05, after: at(1), seenAt: at(2) }];
  const shifted = attempt({ course: course({ steps, heardAt: at(2) }) });
  const bad = looked(rolling({ ...SHIFTS, attempt: shifted }, WITH_STRATEGY), 5, {
    ...split(2, 95, 5),
    rollouts: [rollout(2)],
    alarms: { 'web-5xx': red(at(4)) },
  });
  expect(bad.because).toContain('condemned: alarm web-5xx rose');
  expect(bad.record.phase).toMatchObject({
    condemned: { because: expect.stringMatching(/^at 5 % of the traffic: alarm web-5xx rose/) },
  });
});

describe('ECS waits for our hook for a day at most', () => {
  const stage = 'PRE_PRODUCTION_TRAFFIC_SHIFT';
  const shift = { stage, share: 0.05, hookWaits: true };
  const waits = { ...split(2, 95, 5), rollouts: [rollout(2)], shift };
  const steps = [{ share: 0.05, after: at(1), seenAt: at(2) }];
  const since = course({ stage, stageSince: at(5), steps, heardAt: at(5) });
  const before = rolling({ ...SHIFTS, attempt: attempt({ course: since }) }, WITH_STRATEGY);

  test('a person is told two hours before, once, and no longer when ECS goes on', () => {
    expect(looked(before, 5 + 1_319, waits).kinds).not.toContain('needs-attention');
    const told = looked(before, 5 + 1_320, waits);
    expect(told.kinds).toEqual(['needs-attention']);
    expect(told.told[0]).toMatchObject({
      because:
        "ECS has waited at PRE_PRODUCTION_TRAFFIC_SHIFT for 22 hours for our hook's answer: after 24 it takes the traffic back by itself",
      next: 'see what it waits for with `slipway explain web`, then resume, approve or mend it; or roll back',
    });
    const again = looked(told.record, 5 + 1_330, waits);
    expect(again.kinds).toEqual([]);
    const on = { ...split(2, 0, 100), rollouts: [rollout(2)] };
    const went = looked(again.record, 5 + 1_340, {
      ...on,
      shift: { stage: 'BAKE_TIME', hookWaits: false },
    });
    expect([went.standing, went.record.needsAttention]).toEqual(['deploying', undefined]);
  });

  test('what else a person is asked stays asked when ECS goes on', () => {
    const needsAttention = { because: 'something else', since: at(5) };
    const on = { ...split(2, 0, 100), rollouts: [rollout(2)] };
    const went = looked({ ...before, needsAttention }, 20, {
      ...on,
      shift: { stage: 'BAKE_TIME', hookWaits: false },
    });
    expect(went.record.needsAttention).toEqual(needsAttention);
  });
});

describe('after SUCCESSFUL', () => {
  const before = baking(SHIFTS, WITH_STRATEGY);

  test('traffic that is elsewhere is told at once, with both words and the command', () => {
    const wrong = looked(before, 4, split(2, 100, 0));
    expect(wrong.kinds).toEqual(['needs-attention']);
    expect(wrong.told[0]?.because).toBe(
      'ECS says SUCCESSFUL, and the load balancer gives web-blue 100 %, and the tasks of what runs are in web-green: web-green must have all of it',
    );
    expect(wrong.told[0]?.next).toMatch(/^give everything to web-green: aws elbv2 modify-rule/);
  });

  test('it is never proven so, and is when that is mended', () => {
    const wrong = looked(before, 4, split(2, 50, 50)).record;
    const end = looked(wrong, 60, split(2, 50, 50));
    expect([end.standing, end.kinds]).toEqual(['baking', []]);
    expect(end.record.needsAttention?.because).toContain('web-blue 50 % and web-green 50 %');
    expect(end.record.needsAttention?.since).toBe(at(4));
    const mended = looked(end.record, 61, split(2, 0, 100));
    expect(mended.kinds).toEqual(['proven']);
  });

  test('what is mended before its bake ends is asked for no longer', () => {
    const wrong = looked(before, 4, split(2, 50, 50)).record;
    const mended = looked(wrong, 5, split(2, 0, 100));
    expect(mended.standing).toBe('baking');
    expect(mended.record.needsAttention).toBeUndefined();
  });

  test('what is not known proves nothing, and condemns nothing', () => {
    const unheard = { service: shiftable(2), balancer: UNKNOWN };
    const end = looked(looked(before, 4, unheard).record, 17, unheard);
    expect(end.because).toContain(
      'the bake goes on past its end: what the load balancer does is not known: Throttling',
    );
    expect(looked(end.record, 18, split(2, 0, 100)).kinds).toEqual(['proven']);
  });
});

describe('after a way back', () => {
  const stopping = returning(
    { step: 'stopping', attempt: attempt({ course: course() }) },
    {},
    WITH_STRATEGY,
  );
  const wentBack = (change: ObservationChange): ObservationChange => ({
    ...change,
    rollouts: [rollout(2, { status: 'ROLLBACK_SUCCESSFUL', rolledBackTo: revision(1) })],
  });

  test('ECS says that it is back, and the rule is split: a person is asked, once, until it is mended', () => {
    const wrong = looked(stopping, 5, wentBack(split(1, 95, 5)));
    expect(wrong.kinds).toEqual(['needs-attention']);
    expect(wrong.told[0]?.because).toMatch(
      /^by ECS web:1 runs again, and the load balancer gives web-blue 95 % and web-green 5 %: web-blue must have all of it; condemned: /,
    );
    expect(wrong.told[0]?.next).toMatch(
      /^give everything to web-blue: aws elbv2 modify-rule --rule-arn/,
    );
    const again = looked(wrong.record, 6, wentBack(split(1, 95, 5)));
    expect(again.kinds).toEqual([]);
    expect(again.record.needsAttention?.since).toBe(at(5));
    const mended = looked(again.record, 7, wentBack(split(1, 100, 0)));
    expect(mended.kinds).toEqual(['rolled-back']);
    expect(mended.record.needsAttention).toBeUndefined();
  });

  test('everything in the group that was left is no way back', () => {
    expect(looked(stopping, 5, wentBack(split(1, 0, 100))).kinds).toEqual(['needs-attention']);
  });

  test('our own way back is one when the other group has everything', () => {
    const step = restoring({ course: course() });
    const done = { rollouts: [rollout(1, { status: 'SUCCESSFUL', createdAt: at(5) + 1_000 })] };
    const before = returning(step, {}, WITH_STRATEGY);
    expect(looked(before, 5, { ...split(1, 100, 0), ...done }).kinds).toEqual(['needs-attention']);
    expect(looked(before, 5, { ...split(1, 0, 100), ...done }).kinds).toEqual(['rolled-back']);
  });

  test('a load balancer that does not answer holds no way back, and that is told', () => {
    const unheard = looked(stopping, 5, wentBack({ service: shiftable(1), balancer: UNKNOWN }));
    expect(unheard.kinds).toEqual(['rolled-back']);
    expect(unheard.told[0]?.because).toContain(
      '; what the load balancer does is not known: Throttling',
    );
  });
});

test('a rolling update asks nothing of all this', () => {
  const plain = release({ rules: rules() });
  const edited = { ...split(2, 50, 50), rollouts: [rollout(2)] };
  const on = looked(looked(rolling({ release: plain }), 5, edited).record, 6, edited);
  expect(on.kinds).not.toContain('needs-attention');
});
