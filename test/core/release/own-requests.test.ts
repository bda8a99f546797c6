/** Requests of our own at the test listener are sent before the first step, and are evidence beside what the judge says. */
import { expect, test } from 'vitest';
import { answerHook } from '../../../shared/core/hook/answer.ts';
import type { ObservedOwnRequests } from '../../../shared/core/model/observation.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import type { Rules } from '../../../shared/core/model/rules.ts';
import { questionFor } from '../../../shared/core/question.ts';
import {
  at,
  attempt,
  digest,
  green,
  looked,
  release,
  rolling,
  rollout,
  rules,
} from '../../build.ts';

const SENDS: Partial<Rules> = {
  judge: 'act',
  ownRequests: true,
  strategy: { kind: 'canary', percent: 5, canaryBakeMinutes: 5, bakeMinutes: 10 },
};
const { ownRequests: _, ...WITHOUT } = SENDS;
const COUNTS = 'of 200 requests of our own to web:2 at the test listener, 31 failed (15.5 %)';
const { arn, serviceRevision, createdAt } = rollout(2);
const ROLLOUT = { arn, serviceRevision, createdAt };
const STAGE = 'PRE_PRODUCTION_TRAFFIC_SHIFT';

/** ECS asks before a step since minute 2; it may have made some. */
function shifting(how: Partial<Rules> = SENDS, { stage = STAGE, share = 0 } = {}): TargetRecord {
  const steps = share === 0 ? [] : [{ share, after: at(1), seenAt: at(2) }];
  const course = { routes: [], stage, stageSince: at(2), steps, heardAt: at(2) };
  return rolling({
    release: release({ rules: rules(how) }),
    attempt: attempt({ rollout: ROLLOUT, course }),
  });
}

const asks = (record: TargetRecord, minutes: number) =>
  questionFor(record, at(minutes)).ownRequests;

function look(
  record: TargetRecord,
  minutes: number,
  state: ObservedOwnRequests['state'],
  because = COUNTS,
) {
  return looked(record, minutes, { rollouts: [rollout(2)], ownRequests: { state, because } });
}

const hookSays = (record: TargetRecord, share = 0, stage = STAGE) =>
  answerHook({
    record,
    ask: { deployment: rollout(2).arn, stage, share, since: at(2) },
    seen: { at: at(4), alarms: { 'web-5xx': green() } },
  });

test('they are sent once ECS asks before the first step, where the config wants them', () => {
  expect(asks(shifting(), 3)).toEqual({ name: 'web:2' });
  expect(asks(shifting({ judge: 'act' }), 3)).toBeUndefined();
  expect(asks(shifting(SENDS, { stage: 'SCALE_UP' }), 3)).toBeUndefined();
  expect(asks(shifting(SENDS, { share: 0.05 }), 3)).toBeUndefined();
});

test('the first step waits for their answers, and no other does', () => {
  const waits = 'the next look sends requests of our own to the test listener';
  expect(hookSays(shifting())).toMatchObject({ status: 'IN_PROGRESS', because: waits });
  expect(hookSays(shifting(WITHOUT)).status).toBe('SUCCEEDED');
  expect(hookSays(shifting(), 0, 'POST_TEST_TRAFFIC_SHIFT').status).toBe('SUCCEEDED');
  expect(hookSays(shifting(), 0.05).because).not.toContain('requests of our own');
});

test('answered well: the first step is made, and they are not sent again', () => {
  const { record, standing } = look(shifting(), 3, 'good');
  expect(standing).toBe('deploying');
  expect(hookSays(record).status).toBe('SUCCEEDED');
  expect(asks(record, 4)).toBeUndefined();
});

test('answered badly: it goes back before anybody has met it, and is quarantined', () => {
  const then = look(shifting(), 3, 'bad');
  expect(then.because).toContain(`condemned: ${COUNTS}`);
  expect(then.record.phase).toMatchObject({ phase: 'deploying', goal: 'back' });
  expect(then.record.quarantine[0]?.digest).toBe(digest(2));
});

test('what they said is not taken back', () => {
  const { record } = look(shifting(), 3, 'good');
  expect(look(record, 4, 'bad').standing).toBe('deploying');
});

test('they reach nobody: nobody is blamed, nothing is let through, and that is told once', () => {
  const why = 'of 200, the load balancer itself answered 200 (GET /: 404)';
  const first = look(shifting(), 3, 'unmeasured', why);
  expect(first.kinds).toEqual([]);
  expect(hookSays(first.record)).toMatchObject({
    status: 'IN_PROGRESS',
    because: `requests of our own: ${why}`,
  });
  expect(asks(first.record, 4)).toEqual({ name: 'web:2' });
  const told = look(first.record, 5, 'unmeasured', why);
  expect(told.kinds).toEqual(['held']);
  expect(told.record.quarantine).toEqual([]);
  const again = look(told.record, 6, 'unmeasured', why);
  expect(again.kinds).toEqual([]);
  expect(hookSays(look(again.record, 7, 'good').record).status).toBe('SUCCEEDED');
});
