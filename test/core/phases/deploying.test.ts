/** ECS's service deployment of a release tells how it goes. */

import { describe, expect, test } from 'vitest';
import type { ObservedAlarm, RolloutStatus } from '../../../shared/core/model/observation.ts';
import type { Strategy } from '../../../shared/core/model/rules.ts';
import { standingOf } from '../../../shared/core/model/standing.ts';
import { THEIRS_IN_FLIGHT } from '../../../shared/core/phases/starting.ts';
import {
  at,
  attempt,
  crashed,
  digest,
  green,
  image,
  looked,
  primary,
  red,
  release,
  revision,
  rolling,
  rollout,
  rules,
  seen,
  service,
} from '../../build.ts';

const status = (status: RolloutStatus, change = {}) => ({
  rollouts: [rollout(2, { status, ...change })],
});

test.each<RolloutStatus>(['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED'])(
  'while ECS says %s nothing is decided: it may still end SUCCESSFUL',
  (one) => {
    const then = looked(rolling(), 5, status(one));
    expect(then.standing).toBe('deploying');
    expect(then.action).toBeUndefined();
    expect(then.record.observeAt).toBe(at(10));
  },
);

test.each<[RolloutStatus, step: string]>([
  ['STOPPED', 'selecting'],
  ['ROLLBACK_FAILED', 'selecting'],
  ['ROLLBACK_IN_PROGRESS', 'stopping'],
])('%s is a failed release: its digest is quarantined, and it goes back', (one, step) => {
  const then = looked(rolling(), 5, status(one, { statusReason: 'breaker' }));
  expect(then.record.phase).toMatchObject({ phase: 'deploying', goal: 'back', step: { step } });
  expect(then.record.quarantine[0]?.digest).toBe(digest(2));
  expect(then.record.condemnedRevisions[0]?.revision).toBe(revision(2));
  expect(then.because).toContain(`ECS ended its rollout: ${one} (breaker)`);
});

test.each<[RolloutStatus, runs: number]>([
  ['IN_PROGRESS', 1],
  ['SUCCESSFUL', 2],
])('condemned while ECS says %s, what is said to run until it is back is web:%i', (one, runs) => {
  const then = looked(rolling(), 5, { ...status(one), alarms: { 'web-5xx': red(at(1)) } });
  expect(then.record.phase).toMatchObject({ phase: 'deploying', goal: 'back' });
  expect(then.record.runs?.revision).toBe(revision(runs));
});

test('STOPPED without a reason, a moment ago, is no verdict yet: the service may be gone by the next look', () => {
  const stopped = status('STOPPED', { finishedAt: at(4.5) });
  const then = looked(rolling(), 5, stopped);
  expect(then.record.quarantine).toEqual([]);
  expect(looked(then.record, 6, { ...stopped, service: 'missing' }).record.quarantine).toEqual([]);
  expect(looked(then.record, 6, stopped).record.quarantine[0]?.digest).toBe(digest(2));
});

test.each([
  ['STOPPED, with a reason', status('STOPPED', { statusReason: 'by ada', finishedAt: at(4.9) }), 5],
  ['STOPPED, a minute ago', status('STOPPED', { finishedAt: at(4) }), 5],
  ['STOPPED, nobody knows when', status('STOPPED'), 5],
  ['another end', status('ROLLBACK_FAILED', { finishedAt: at(4.9) }), 5],
])('%s is a verdict', (_, seen, minutes) => {
  expect(looked(rolling(), minutes, seen).because).toContain('condemned: ECS ended its rollout: ');
});

test('what ECS says of its end is told with the tasks that failed', () => {
  const seen = status('ROLLBACK_FAILED', { statusReason: 'tasks failed to start' });
  const { because } = looked(rolling(), 5, { ...seen, stoppedTasks: [crashed('a', 2)] });
  expect(because).toBe(
    'condemned: ECS ended its rollout: ROLLBACK_FAILED (tasks failed to start); one of its tasks failed: container "app" exited with code 1',
  );
  expect(looked(rolling(), 5, seen).because).toBe(
    'condemned: ECS ended its rollout: ROLLBACK_FAILED (tasks failed to start)',
  );
});

test('a verdict of ECS that names no alarm blames the image, though an alarm was red before', () => {
  const seen = status('ROLLBACK_FAILED', { statusReason: 'tasks failed to start' });
  const then = looked(rolling(), 5, { ...seen, alarms: { 'web-5xx': red(at(-5)) } });
  expect(then.record.quarantine.map((one) => one.digest)).toEqual([digest(2)]);
});

describe('the bake of a shift is that of ECS, in which the old version still ran', () => {
  const since = (finishedAt: number | undefined, strategy?: Strategy) => {
    const bound = release({ rules: rules(strategy && { strategy }) });
    const ended = status(
      'SUCCESSFUL',
      finishedAt === undefined ? {} : { finishedAt: at(finishedAt) },
    );
    const { phase } = looked(rolling({ release: bound }), 30, { ...ended, service: 2 }).record;
    return phase.phase === 'baking' && phase.of === 'release' ? phase.succeededAt : undefined;
  };
  const shift: Strategy = { kind: 'blueGreen', bakeMinutes: 15 };

  test.each([
    ['of a shift, fifteen minutes before', 29, shift, at(14)],
    ['and not before its rollout began', 10, shift, at(0) + 1_000],
    ['of a rolling update, when it finished', 29, undefined, at(29)],
    ['where ECS does not say when, now', undefined, undefined, at(30)],
  ])('%s', (_, finishedAt, strategy, expected) => {
    expect(since(finishedAt, strategy)).toBe(expected);
  });
});

test('ROLLBACK_SUCCESSFUL ends in one look where ECS returned to a proven release', () => {
  const then = looked(rolling(), 5, status('ROLLBACK_SUCCESSFUL', { rolledBackTo: revision(1) }));
  expect(then.kinds).toEqual(['rolled-back']);
  expect(then.record.runs?.revision).toBe(revision(1));
});

test('SUCCESSFUL begins the bake at the moment that ECS says it finished', () => {
  const then = looked(rolling(), 5, { service: 2, ...status('SUCCESSFUL', { finishedAt: at(4) }) });
  expect(then.record.phase).toMatchObject({ phase: 'baking', succeededAt: at(4) });
  expect(then.record.runs).toMatchObject({ revision: revision(2), images: { app: image(2) } });
  expect(then.kinds).toEqual([]);
});

describe('tasks that fail', () => {
  const three = ['a', 'b', 'c'].map((id) => crashed(id, 2));

  test('condemn the release when there are as many as maxTaskFailures', () => {
    const then = looked(rolling(), 5, { ...status('IN_PROGRESS'), stoppedTasks: three });
    expect(then.standing).toBe('rolling-back');
    expect(then.because).toContain(
      '3 of its tasks failed, the last one: container "app" exited with code 1',
    );
  });

  test('are counted once each, over all looks', () => {
    const first = looked(rolling(), 4, {
      ...status('IN_PROGRESS'),
      stoppedTasks: three.slice(0, 2),
    });
    const again = looked(first.record, 5, {
      ...status('IN_PROGRESS'),
      stoppedTasks: three.slice(0, 2),
    });
    expect(again.standing).toBe('deploying');
    const last = looked(again.record, 6, {
      ...status('IN_PROGRESS'),
      stoppedTasks: three.slice(2),
    });
    expect(last.standing).toBe('rolling-back');
  });

  test('of the revision before speak against nobody here', () => {
    const old = three.map((task) => ({ ...task, revision: revision(1) }));
    const then = looked(rolling(), 5, { ...status('IN_PROGRESS'), stoppedTasks: old });
    expect(then.standing).toBe('deploying');
  });

  test('all count, of a crash of more than are told', () => {
    const many = rolling({ release: release({ rules: rules({ maxTaskFailures: 25 }) }) });
    const stoppedTasks = Array.from({ length: 10 }, (_, i) => crashed(`task-${i}`, 2));
    const look = (failedTasks: number) =>
      looked(many, 5, { ...status('IN_PROGRESS'), stoppedTasks, failedTasks });
    expect(standingOf(look(24).record)).toBe('deploying');
    expect(look(25).because).toContain('25 of its tasks failed');
  });

  test('count beyond what the record lists', () => {
    const many = rules({ maxTaskFailures: 25 });
    let given = rolling({ release: release({ rules: many }) });
    for (let look = 0; look < 3; look++) {
      expect(standingOf(given)).toBe('deploying');
      const tasks = Array.from({ length: 10 }, (_, i) => crashed(`task-${look * 10 + i}`, 2));
      given = looked(given, 5 + look, { ...status('IN_PROGRESS'), stoppedTasks: tasks }).record;
    }
    expect(standingOf(given)).toBe('rolling-back');
  });
});

test('a rollout that takes longer than rolloutMinutes is condemned', () => {
  expect(looked(rolling(), 30, status('IN_PROGRESS')).standing).toBe('deploying');
  const then = looked(rolling(), 31, status('IN_PROGRESS'));
  expect(then.because).toContain('it did not finish within 30 minutes');
  expect(then.action?.type).toBe('StopRollout');
});

test('the time in which AWS did not take it is no time of the rollout, nor is ECS its own bake', () => {
  const late = rollout(2, { createdAt: at(20) });
  expect(standingOf(looked(rolling(), 50, { rollouts: [late] }).record)).toBe('deploying');
  expect(standingOf(looked(rolling(), 51, { rollouts: [late] }).record)).toBe('rolling-back');
  const baked = service(2, { deploymentConfiguration: { bakeTimeInMinutes: 15 } });
  const change = { ...status('IN_PROGRESS'), service: baked };
  expect(standingOf(looked(rolling(), 45, change).record)).toBe('deploying');
  expect(standingOf(looked(rolling(), 46, change).record)).toBe('rolling-back');
});

describe("ECS's verdict by an alarm is only as good as the breach behind it", () => {
  const statusReason = 'One or more CloudWatch alarms entered the ALARM state: web-5xx';
  const ended = (alarm: ObservedAlarm, change = {}) =>
    looked(rolling(), 5, {
      ...status('ROLLBACK_SUCCESSFUL', { rolledBackTo: revision(1), statusReason }),
      alarms: { 'web-5xx': alarm },
      ...change,
    });

  test.each<[rule: string, alarm: ObservedAlarm]>([
    ['it rose before this release', red(at(-3))],
    ['it rose since, by data of before', red(at(1), at(0))],
  ])('%s: the image is not quarantined, and is offered again', (_, alarm) => {
    const then = ended(alarm);
    expect(then.record.quarantine).toEqual([]);
    expect(then.record.newest.app?.again).toBe(true);
    expect(then.told[0]).toMatchObject({ kind: 'rolled-back' });
    expect(then.told[0]?.next).toContain('is not blamed and is offered again');
  });

  test('a breach inside its window condemns it', () => {
    expect(ended(red(at(2))).record.quarantine[0]?.digest).toBe(digest(2));
  });

  test('so do an alarm that nobody knows of, and failed tasks beside it', () => {
    expect(ended(green()).record.quarantine).toHaveLength(1);
    const failed = { stoppedTasks: [crashed('a', 2)] };
    expect(ended(red(at(-3)), failed).record.quarantine).toHaveLength(1);
  });
});

describe('trouble of shifting traffic is no verdict on the image', () => {
  const ours = { function: 'arn:ours', role: 'arn:role' };
  const shifting = rolling({
    release: release({
      rules: rules({ strategy: { kind: 'blueGreen', bakeMinutes: 10 }, hook: ours }),
    }),
  });
  const ended = (why: string) =>
    looked(shifting, 5, {
      ...status('ROLLBACK_SUCCESSFUL', {
        rolledBackTo: revision(1),
        statusReason: `Service deployment rolled back because of ${why}`,
      }),
    });
  const FAILED = 'POST_TEST_TRAFFIC_SHIFT lifecycle hook(s) failed.';

  test.each([
    `${FAILED} ECS was unable to parse the response from arn:ours due to: HookStatus must not be null`,
    `${FAILED} ECS was unable to assume role arn:role`,
    `${FAILED} Lifecycle hook target arn:ours returned FAILED status.`,
    `${FAILED} User: arn:x/ECSNetworkingWithELB is not authorized to perform: elasticloadbalancing:ModifyListener`,
    'invalid networking configuration. productionListenerRule arn:rule should have exactly one target group serving traffic but found 2',
  ])('%s', (why) => {
    const then = ended(why);
    expect(then.record.quarantine).toEqual([]);
    expect(then.record.newest.app?.again).toBe('push');
    expect(then.told.map(({ kind }) => kind)).toEqual(['rolled-back']);
    expect(then.told[0]?.next).toBe(
      'shop/web:main-2 (sha256:000000000000) is not blamed: deploy it by hand, or push it again, when what failed beside it is mended',
    );
  });

  test('a hook of the service that said FAILED condemns it', () => {
    const then = ended(`${FAILED} Lifecycle hook target arn:theirs returned FAILED status.`);
    expect(then.record.quarantine[0]?.digest).toBe(digest(2));
  });
});

test('the alarms that are red when ECS gives up must be OK before the next release', () => {
  const before = red(at(-5));
  const then = looked(rolling(), 5, { ...status('STOPPED'), alarms: { 'web-5xx': before } });
  expect(then.record.phase).toMatchObject({ condemned: { alarms: ['web-5xx'] } });
});

describe('something newer than our rollout is there', () => {
  const newer = (n: number) => rollout(n, { createdAt: at(2) });

  test("somebody else's is left alone, watched and told", () => {
    const then = looked(rolling(), 3, { service: 9, rollouts: [newer(9), rollout(2)] });
    expect(then.record.phase).toMatchObject({
      phase: 'baking',
      of: 'external',
      revision: revision(9),
    });
    expect(then.kinds).toEqual(['superseded']);
    expect(then.told[0]?.because).toContain('somebody else deployed web:9');
    expect(then.record.quarantine).toEqual([]);
    expect(then.action).toBeUndefined();
  });

  const late = { requests: [{ revision: revision(7), at: at(-1) }] };

  test('a late call of ours is put right by the next look', () => {
    const then = looked(rolling({}, late), 3, { service: 7, rollouts: [newer(7), rollout(2)] });
    expect(then.action).toMatchObject({ type: 'StartRollout', revision: revision(2) });
    expect(then.record.phase).toMatchObject({
      phase: 'deploying',
      attempt: { request: { count: 2 } },
    });
  });

  test('late calls that come again and again end with the newest proven release', () => {
    const tired = attempt({
      request: { at: at(0), observation: 'x', lastAt: at(2), count: 3, ecsRollsBack: true },
    });
    const then = looked(rolling({ attempt: tired }, late), 3, {
      service: 7,
      rollouts: [newer(7), rollout(2)],
    });
    expect(then.record.phase).toMatchObject({
      phase: 'deploying',
      goal: 'back',
      condemned: { revision: revision(7) },
    });
    expect(then.kinds).toEqual(['superseded']);
    expect(then.told[0]).toMatchObject({
      because: expect.stringContaining('a late call of ours started web:7'),
      next: expect.stringContaining('the newest proven release is put back'),
    });
    // Nobody else took the service over.
    expect(then.record.takeovers).toEqual([]);
  });
});

test('the question asks for the rollout, its alarms and the tasks that stopped', () => {
  const { question } = seen(rolling(), 5);
  expect(question).toMatchObject({
    rollouts: { since: at(-2), known: { [rollout(2).serviceRevision]: revision(2) } },
    alarms: ['web-5xx'],
  });
  expect(question.stoppedTasks).toBeDefined();
});

describe('AWS that did not take the call', () => {
  const put = (n: number, carriedOut: 'no' | 'unknown' = 'no') => {
    const { rollout: _, ...bare } = attempt();
    const request = {
      at: at(0),
      observation: 'look-0',
      lastAt: at(0),
      count: 0,
      ecsRollsBack: true,
      announced: true as const,
      deferred: { at: at(n), because: 'ThrottlingException', carriedOut },
    };
    return rolling({ attempt: { ...bare, request } });
  };
  const nothing = { service: 1, rollouts: [] };

  test('is asked again, and it is said that AWS did not take it', () => {
    const then = looked(put(1), 10, nothing);
    expect(then.because).toContain('AWS did not take it; asks again');
    expect(then.action).toMatchObject({ type: 'StartRollout', revision: revision(2) });
  });

  test('for rolloutMinutes since it was first asked for, and no longer', () => {
    expect(looked(put(29), 30, nothing).standing).toBe('deploying');
    const end = looked(put(29), 30.1, nothing);
    expect(end.kinds).toEqual(['failed']);
    expect(end.because).toContain('AWS did not take it within 30 minutes (ThrottlingException)');
  });
});

test('a call that was lost is not made again over what somebody deploys anew meanwhile: that is waited for', () => {
  const { rollout: _, ...bare } = attempt();
  const first = looked(rolling({ attempt: bare }), 6, { service: 1, rollouts: [] });
  const theirs = primary(1, { createdAt: at(6.5), rolloutState: 'IN_PROGRESS' });
  const waits = looked(first.record, 7, { service: service(1, { primary: theirs }), rollouts: [] });
  expect([waits.because, waits.action]).toEqual([THEIRS_IN_FLIGHT, undefined]);
  const then = looked(waits.record, 9, {
    service: service(1, { primary: { ...theirs, rolloutState: 'COMPLETED' } }),
    rollouts: [],
  });
  expect(then.action).toMatchObject({ type: 'StartRollout', revision: revision(2) });
});

test('a call whose rollout ECS never shows was lost: that is said, and how often it was asked', () => {
  const { rollout: _, ...bare } = attempt();
  const first = looked(rolling({ attempt: bare }), 6, { service: 1, rollouts: [] });
  const second = looked(first.record, 7, { service: 1, rollouts: [] });
  expect(second.because).toBe('ECS shows no rollout of ours: the call was lost; asks again');
  let now = second.record;
  for (const minute of [8, 9, 10]) now = looked(now, minute, { service: 1, rollouts: [] }).record;
  const end = looked(now, 11, { service: 1, rollouts: [] });
  expect(end.kinds).toEqual(['failed']);
  expect(end.because).toContain('ECS was asked 3 times and lists no rollout of it');
});
