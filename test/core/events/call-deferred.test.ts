/** Trouble of AWS: what it could not take is asked again, ends no rollback and speaks against no image. */

import { describe, expect, test } from 'vitest';
import type { CallDeferred } from '../../../shared/core/model/event.ts';
import { ownRelease } from '../../../shared/core/model/record/phase.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { standingOf } from '../../../shared/core/model/standing.ts';
import {
  asked,
  at,
  CHOOSING,
  candidate,
  digest,
  image,
  looked,
  order,
  pushed,
  returning,
  revision,
  rollout,
  STOPPING,
  type Step,
  when,
} from '../../build.ts';

const throttled = (minutes: number, change: Partial<CallDeferred> = {}): CallDeferred => ({
  type: 'CallDeferred',
  at: at(minutes),
  action: 'StartRollout',
  code: 'ThrottlingException',
  message: 'Rate exceeded',
  carriedOut: 'no',
  ...change,
});
const two = { service: 2 };
const two2 = [candidate(1), candidate(0, { revision: revision(30), images: { app: image(30) } })];

/** Looks each half a minute; whatever is asked of ECS is throttled. Every revision that it was asked for. */
function whileThrottled(given: TargetRecord, from: number, to: number) {
  let record = given;
  const revisions: string[] = [];
  const steps: Step[] = [];
  for (let minutes = from; minutes <= to; minutes += 0.5) {
    for (let round = 0; round < 3; round++) {
      const step = looked(record, minutes + round / 1000, two);
      steps.push(step);
      record = step.record;
      if (step.action?.type !== 'StartRollout') continue;
      revisions.push(step.action.revision);
      record = when(record, throttled(minutes + round / 1000)).record;
      break;
    }
  }
  return { record, revisions, steps, kinds: steps.flatMap(({ kinds }) => kinds) };
}

describe('a rollback that AWS throttles', () => {
  const given = returning(CHOOSING, {}, { rollbackCandidates: two2 });

  test('is asked for again and again until rollbackMinutes, and never one release further back', () => {
    const { revisions, kinds, record } = whileThrottled(given, 5, 20);
    expect(revisions.length).toBeGreaterThan(20);
    expect(new Set(revisions)).toEqual(new Set([revision(1)]));
    expect(kinds).toEqual([]);
    expect(standingOf(record)).toBe('rolling-back');
  });

  test('then attention is asked for, once, and it is still tried every few minutes', () => {
    const { kinds, revisions, steps } = whileThrottled(given, 5, 65);
    expect(kinds).toEqual(['needs-attention']);
    const told = steps.flatMap((step) => step.told)[0];
    expect(told?.next).toContain('tried again every few minutes');
    const later = whileThrottled(steps.at(-1)?.record ?? given, 66, 80).revisions;
    expect(later.length).toBeGreaterThan(3);
    expect(new Set([...revisions, ...later])).toEqual(new Set([revision(1)]));
  });

  test('and when AWS takes it again, it is a rollback like every other', () => {
    const { record } = whileThrottled(given, 5, 40);
    let now = record;
    let minutes = 41;
    for (; minutes < 46; minutes += 0.25) {
      const step = looked(now, minutes, two);
      now = step.record;
      if (step.action?.type === 'StartRollout') break;
    }
    const ours = rollout(1, { arn: 'back', createdAt: at(minutes), status: 'SUCCESSFUL' });
    const done = looked(now, minutes + 2, { service: 1, rollouts: [ours] });
    expect(done.kinds).toEqual(['rolled-back']);
    expect(done.standing).toBe('idle');
  });

  test('a fix that waits goes before the next try', () => {
    const { record } = whileThrottled(given, 5, 24);
    expect(standingOf(record)).toBe('needs-attention');
    const waits = when({ ...record, newest: {} }, pushed(3)).record;
    const then = looked(waits, 60, two);
    expect(then.standing).toBe('deploying');
    expect(then.record.phase).not.toHaveProperty('stillTried');
  });

  test('where nothing can be returned to, nothing is tried', () => {
    const none = returning(CHOOSING, {}, { rollbackCandidates: [] });
    const then = looked(none, 6, two);
    expect(then.kinds).toEqual(['needs-attention']);
    expect(then.record.phase).not.toHaveProperty('stillTried');
    expect(then.told[0]?.next).toBe('push a fix, or deploy an image by hand');
  });

  test('a 5xx is searched for before it is asked again, and is no lost answer either', () => {
    let now = looked(given, 5, two).record;
    for (let minutes = 5; minutes < 15; minutes += 2) {
      now = when(
        now,
        throttled(minutes, { carriedOut: 'unknown', code: 'ServerException' }),
      ).record;
      expect(looked(now, minutes + 0.5, two).action).toBeUndefined();
      now = looked(now, minutes + 0.5, two).record;
      const again = looked(now, minutes + 2, two);
      expect(again.action).toMatchObject({ type: 'StartRollout', revision: revision(1) });
      now = again.record;
    }
  });

  test('a stop that was throttled is asked for again at the next look', () => {
    const first = looked(returning(STOPPING), 6, { rollouts: [rollout(2)] }).record;
    const put = when(first, throttled(6, { action: 'StopRollout' })).record;
    expect(looked(put, 6.5, { rollouts: [rollout(2)] }).action?.type).toBe('StopRollout');
  });
});

describe('a good image that AWS does not take', () => {
  const given = when(asked(), throttled(0.1)).record;

  test('is asked for again at the next look, and no lost answer is counted', () => {
    const again = looked(given, 1);
    expect(again.action).toMatchObject({ type: 'StartRollout', revision: revision(2) });
    expect(ownRelease(again.record.phase)?.attempt.request?.count).toBe(1);
    expect(looked(given, 0.2).action).toBeUndefined();
  });

  test('fails after rolloutMinutes for the reasons of the world: it is offered again by itself', () => {
    const then = looked(given, 31);
    expect(then.kinds).toEqual(['failed']);
    expect(then.told[0]?.because).toBe(
      'AWS did not take it within 30 minutes (ecs:UpdateService: ThrottlingException: Rate exceeded)',
    );
    expect(then.told[0]?.next).toContain('tried again by itself within the hour');
    expect(then.record.quarantine).toEqual([]);
    const swept = when(then.record, pushed(2, { heardFrom: 'sweep' }));
    expect(swept.record.waiting.app?.image.digest).toBe(digest(2));
  });

  test('what a newer offer overtook is not promised to come by itself', () => {
    const newer = { ...given, newest: { app: order(3) } };
    expect(looked(newer, 31).told[0]?.next).toContain('deploy it by hand');
  });
});
