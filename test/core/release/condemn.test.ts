/** What a condemned release leaves behind, what is said of it, and what is taken back when it was not its fault. */
import { describe, expect, test } from 'vitest';
import { acquit, nextAfterRollback } from '../../../shared/core/release/condemn.ts';
import {
  at,
  attempt,
  CHOOSING,
  condemned,
  crashed,
  digest,
  image,
  looked,
  red,
  returning,
  rolling,
  rollout,
} from '../../build.ts';
import { course, SHIFTS, split, WITH_STRATEGY } from '../traffic/a-shift.ts';

const GOING = { rollouts: [rollout(2)] };

describe('in a shift it is said how much of the traffic it had', () => {
  const steps = [
    { share: 0.05, after: at(1), seenAt: at(2) },
    { share: 0.5, after: at(3), seenAt: at(4) },
  ];
  const shifted = rolling(
    { ...SHIFTS, attempt: attempt({ course: course({ steps, heardAt: at(9) }) }) },
    WITH_STRATEGY,
  );
  const because = (change: Parameters<typeof looked>[2]) =>
    looked(shifted, 9, { ...split(2, 50, 50), ...GOING, ...change }).record.phase;

  test('when the alarm rose', () => {
    const alarms = { 'web-5xx': red(at(2)) };
    expect(because({ alarms })).toMatchObject({
      condemned: { because: expect.stringMatching(/^at 5 % of the traffic: alarm web-5xx rose/) },
    });
  });

  test('or got in that minute of its data', () => {
    const alarms = { 'web-5xx': red(at(0.5), at(1.5)) };
    expect(because({ alarms })).toMatchObject({
      condemned: { because: expect.stringMatching(/^at 5 % of the traffic: /) },
    });
  });

  test('or now, where tasks failed', () => {
    const stoppedTasks = ['a', 'b', 'c'].map((id) => crashed(id, 2));
    expect(because({ stoppedTasks })).toMatchObject({
      condemned: {
        because: expect.stringMatching(/^at 50 % of the traffic: 3 of its tasks failed/),
      },
    });
  });
});

describe('its rollout', () => {
  const followed = (ecsRollsBack: boolean) => {
    const { request, ...rest } = attempt();
    const asked = { ...rest, request: { ...request, ecsRollsBack } as never };
    return looked(rolling({ attempt: asked }), 5, { ...GOING, alarms: { 'web-5xx': red(at(4)) } })
      .record;
  };

  test('is not followed any further when our own way back replaces it', () => {
    expect(followed(false).finishedRollouts).toEqual([rollout(2).arn]);
  });

  test('is followed while ECS itself is asked to return', () => {
    expect(followed(true).finishedRollouts).toEqual([]);
  });
});

describe('what a person can do is said', () => {
  const TWO = { app: image(2), log: image(3) };
  const [APP, LOG] = ['main-2', 'main-3'].map((tag) => `shop/web:${tag} (sha256:000000000000)`);

  test.each([
    ['nothing is known of it', { images: {} }, 'nothing to do'],
    [
      'its images are to blame',
      { images: TWO },
      `push a fix; ${APP} + ${LOG} stays quarantined: if it was not to blame, lift that and deploy it by hand`,
    ],
    [
      'one of them is',
      { images: TWO, blamed: ['app'] },
      `push a fix; ${APP} stays quarantined: if it was not to blame, lift that and deploy it by hand; ${LOG} is not blamed and is offered again`,
    ],
    [
      'nobody could pull it',
      { images: { app: image(2) }, wereNotPulled: true },
      `mend the pull (execution role, registry, network), then lift the quarantine of ${APP} and deploy it by hand; or push another image`,
    ],
    [
      'the alarm was red before it',
      { blamed: [], innocent: 'before-it' as const },
      `nothing: ${APP} is not blamed and is offered again`,
    ],
  ])('%s', (_, change, next) => {
    expect(nextAfterRollback(condemned(change))).toBe(next);
  });
});

test('an acquittal takes back what that verdict quarantined, and nothing else', () => {
  const other = { digest: digest(3), at: at(5) };
  const before = { digest: digest(2), at: at(-60) };
  const its = { digest: digest(2), at: at(5) };
  const given = returning(CHOOSING, {}, { quarantine: [its, other] });
  if (given.phase.phase !== 'deploying' || given.phase.goal !== 'back') throw new Error('?');
  expect(acquit(given, given.phase).quarantine).toEqual([other]);
  expect(acquit({ ...given, quarantine: [before] }, given.phase).quarantine).toEqual([before]);
  expect(acquit(given, given.phase).outbox.quarantine).toEqual([
    { change: 'lifted', digest: digest(2) },
  ]);
  expect(acquit(given, given.phase).condemnedRevisions).toEqual([]);
});
