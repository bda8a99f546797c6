/** At rest a load balancer that splits the traffic is told within the hour, and not only when the next release waits for it. */
import { expect, test } from 'vitest';
import { questionFor } from '../../../shared/core/question.ts';
import { at, looked, observing, record, red, rules, service } from '../../build.ts';

const ARN = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012';
const RULE = `${ARN}:listener-rule/app/web/1/2/3`;
const BLUE = `${ARN}:targetgroup/web-blue/6d0ecf831eec9f09`;
const GREEN = `${ARN}:targetgroup/web-green/6d0ecf831eec9f09`;
const pairs = [{ rule: RULE, groups: [BLUE, GREEN] as const }];
const traffic = { balancers: 1, shiftable: 1, pairs, connects: false };

const shifts = record({ rules: rules({ strategy: { kind: 'blueGreen', bakeMinutes: 5 } }) });

function seen(
  blue: number,
  green: number,
  rolloutState: 'COMPLETED' | 'IN_PROGRESS' = 'COMPLETED',
) {
  const weights = [
    { group: BLUE, weight: blue },
    { group: GREEN, weight: green },
  ];
  const known = { state: 'known', weights, targets: { [BLUE]: 2, [GREEN]: 0 } } as const;
  const steady = service(1, { traffic });
  const primary = { ...steady.primary, rolloutState };
  return { service: { ...steady, primary }, balancer: { [RULE]: known }, waysBack: [] };
}

test('80 % and 20 %, and nothing is on its way: a person is told, with the command', () => {
  const { record: after, told } = looked(shifts, 1, seen(80, 20));
  expect(told.map(({ kind }) => kind)).toEqual(['needs-attention']);
  expect(told[0]?.because).toContain('no traffic could be shifted now: the load balancer gives');
  expect(told[0]?.next).toContain(`aws elbv2 modify-rule --rule-arn ${RULE}`);
  expect(looked(after, 20, seen(80, 20)).told).toEqual([]);
  expect(looked(after, 20, seen(100, 0)).record.needsAttention).toBeUndefined();
});

test('everything is where the tasks are: nobody is told', () => {
  expect(looked(shifts, 1, seen(100, 0)).told).toEqual([]);
});

test('somebody shifts it right now: nobody is told', () => {
  expect(looked(shifts, 1, seen(80, 20, 'IN_PROGRESS')).told).toEqual([]);
});

test('ECS returned from what somebody deployed: each look asks until the old tasks have stopped', () => {
  const rolled = looked(observing(undefined, { rules: shifts.rules }), 5).record;
  expect(rolled.waysBack).toEqual({ checkedAt: 0, staleSince: at(5) });
  expect(rolled.observeAt).toBe(at(6));
  expect(questionFor(rolled, at(6))).toMatchObject({ waysBack: true, weights: true });
  const stopping = looked(rolled, 6, seen(80, 20, 'IN_PROGRESS'));
  expect([stopping.told, stopping.record.observeAt]).toEqual([[], at(7)]);
  const steady = looked(stopping.record, 7, seen(80, 20));
  expect(steady.told[0]?.next).toContain(`aws elbv2 modify-rule --rule-arn ${RULE}`);
  expect(steady.record.waysBack).toEqual({ checkedAt: at(7) });
  expect(looked(stopping.record, 20, seen(80, 20, 'IN_PROGRESS')).record.waysBack).toEqual({
    checkedAt: at(20),
  });
});

test('what somebody deployed is adopted, or stays unproven: the next look asks for the rule', () => {
  const given = observing(undefined, { rules: shifts.rules });
  const steady = looked(given, 2, { service: 9 }).record;
  const adopted = looked(steady, 15, { service: 9 });
  expect(adopted.kinds).toEqual(['adopted']);
  expect(adopted.record.waysBack).toEqual({ checkedAt: 0, staleSince: at(15) });
  expect(adopted.record.observeAt).toBe(at(16));
  expect(questionFor(adopted.record, at(16))).toMatchObject({ waysBack: true, weights: true });
  const unproven = looked(steady, 25, { service: 9, alarms: { 'web-5xx': red(at(-5)) } });
  expect(unproven.record.waysBack).toEqual({ checkedAt: 0, staleSince: at(25) });
});

test('where no traffic is shifted nobody asks more often', () => {
  expect(looked(observing(), 5).record.waysBack).toBeUndefined();
});

test('the load balancer is asked with the ways back', () => {
  expect(questionFor(shifts, at(0))).toMatchObject({
    waysBack: true,
    weights: true,
    targets: true,
  });
});
