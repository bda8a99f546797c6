/** What AWS refuses for good: the release fails, or the way back goes on to the next place. */
import { describe, expect, test } from 'vitest';
import type { CallDeferred, CallRefused } from '../../../shared/core/model/event.ts';
import { backOf } from '../../../shared/core/model/record/phase.ts';
import { at, attempt, restoring, returning, rolling, STOPPING, when } from '../../build.ts';

const refused = (change: Partial<CallRefused>): CallRefused => ({
  type: 'CallRefused',
  at: at(6),
  action: 'StopRollout',
  code: 'ClientException',
  message: 'No',
  ...change,
});
const stepAfter = (given: ReturnType<typeof returning>, change: Partial<CallRefused>) =>
  backOf(when(given, refused(change)).record.phase)?.step;

describe('to stop the rollout', () => {
  test.each(['ConflictException', 'ServiceDeploymentNotFoundException'])(
    'since it is over (%s): the next look tells how it ended',
    (code) => {
      expect(stepAfter(returning(STOPPING), { code })).toEqual(STOPPING);
    },
  );

  test('for another reason: a way back of our own is chosen', () => {
    expect(stepAfter(returning(STOPPING), {})?.step).toBe('selecting');
  });

  test('an answer to another call is not about it', () => {
    const other = { action: 'StartRollout', code: 'ConflictException' } as const;
    expect(stepAfter(returning(STOPPING), other)?.step).toBe('selecting');
  });
});

describe('to return to a proven release', () => {
  const alarms = { code: 'InvalidParameterException', message: 'alarm web-old does not exist' };
  const ask = { action: 'StartRollout', ...alarms } as const;

  test('for an alarm of the service: it is asked again without, once', () => {
    const step = stepAfter(returning(restoring()), ask);
    expect(step).toMatchObject({
      step: 'redeploying',
      attempt: { request: { withoutAlarms: true } },
    });
    const again = returning(step as ReturnType<typeof restoring>);
    expect(stepAfter(again, ask)?.step).toBe('selecting');
  });

  test('what is said of an alarm to another call is a refusal like any other', () => {
    expect(stepAfter(returning(restoring()), { ...ask, action: 'RegisterRevision' })?.step).toBe(
      'selecting',
    );
  });
});

describe('what AWS had no time for', () => {
  const throttled = (change: Partial<CallDeferred>): CallDeferred => ({
    type: 'CallDeferred',
    at: at(6),
    action: 'StopRollout',
    code: 'ThrottlingException',
    message: 'Rate exceeded',
    carriedOut: 'no',
    ...change,
  });
  const asked = returning({
    step: 'stopping',
    attempt: attempt(),
    stop: { rollout: 'arn', observation: 'look-5', at: at(5) } as never,
  });

  test('the stop is asked for again, and nothing else makes it so', () => {
    expect(backOf(when(asked, throttled({})).record.phase)?.step).not.toHaveProperty('stop');
    const other = when(asked, throttled({ action: 'StartRollout' }));
    expect(other.record).toBe(asked);
    expect(other.because).toBe(
      'AWS could not take ecs:UpdateService: ThrottlingException: Rate exceeded',
    );
  });

  test('another call than the rollout is not noted as one', () => {
    const given = rolling();
    expect(when(given, throttled({ action: 'RunMigration' })).record).toBe(given);
  });
});
