/** A shift starts where the load balancer gives everything to the group in which the tasks are. */
import { describe, expect, test } from 'vitest';
import type { KnownRule, ObservedRules } from '../../../shared/core/model/balancer.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import type { Strategy } from '../../../shared/core/model/rules.ts';
import { looked, type ObservationChange, rules, service, waiting } from '../../build.ts';

const ARN = 'arn:aws:elasticloadbalancing:eu-central-1:123456789012';
const RULE = `${ARN}:listener-rule/app/web/1/2/3`;
const [BLUE, GREEN, FOREIGN] = ['web-blue', 'web-green', 'shop'].map(
  (name) => `${ARN}:targetgroup/${name}/6d0ecf831eec9f09`,
) as [string, string, string];
const canary: Strategy = { kind: 'canary', percent: 5, canaryBakeMinutes: 10, bakeMinutes: 15 };
const SHIFTS = service(1, {
  traffic: {
    balancers: 1,
    shiftable: 1,
    pairs: [{ rule: RULE, groups: [BLUE, GREEN] }],
    connects: false,
  },
});

function given(weights: Readonly<Record<string, number>>, rest: Partial<KnownRule> = {}) {
  const list = Object.entries(weights).map(([group, weight]) => ({ group, weight }));
  const known: KnownRule = {
    state: 'known',
    weights: list,
    targets: { [BLUE]: 2, [GREEN]: 0 },
    ...rest,
  };
  return { service: SHIFTS, balancer: { [RULE]: known } };
}

function offered(change: Partial<TargetRecord> = {}): TargetRecord {
  return waiting({ rules: rules({ strategy: canary }), ...change });
}

function look(seen: ObservationChange, before = offered()) {
  const { record, kinds, told } = looked(before, 1, seen);
  return { record, kinds, phase: record.phase.phase, held: told.at(-1) };
}

test('it starts when everything goes to the group in which the tasks are, whichever that is', () => {
  expect(look(given({ [BLUE]: 100, [GREEN]: 0 })).phase).toBe('deploying');
  const other = given({ [BLUE]: 0, [GREEN]: 1 }, { targets: { [BLUE]: 0, [GREEN]: 2 } });
  expect(look(other).phase).toBe('deploying');
});

test('sick targets are where the traffic goes all the same: a fix is not held', () => {
  const sick = given({ [BLUE]: 100, [GREEN]: 0 }, { targets: { [BLUE]: 1, [GREEN]: 0 } });
  expect(look(sick).phase).toBe('deploying');
});

describe('it is held, once, with what stands, what is wanted, and the command that mends it,', () => {
  const mends = `aws elbv2 modify-rule --rule-arn ${RULE} --actions 'Type=forward,ForwardConfig={TargetGroups=[{TargetGroupArn=${BLUE},Weight=100},{TargetGroupArn=${GREEN},Weight=0}]}'`;

  test.each<[string, ObservationChange, string]>([
    [
      'when the rule is split',
      given({ [BLUE]: 950, [GREEN]: 50 }),
      'the load balancer gives web-blue 95 % and web-green 5 %: web-blue must have all of it',
    ],
    [
      'when the rule gives to a group of somebody else',
      given({ [BLUE]: 100, [FOREIGN]: 100 }),
      'the load balancer gives web-blue 50 % and shop 50 %, and shop is none of the two groups of the service (web-blue, web-green): web-blue must have all of it',
    ],
    [
      'when the groups were swapped by hand',
      given({ [BLUE]: 0, [GREEN]: 100 }),
      'the load balancer gives web-green 100 %, and the tasks of what runs are in web-blue: web-blue must have all of it',
    ],
    [
      'when the rule gives to nobody',
      given({ [BLUE]: 0, [GREEN]: 0 }),
      'the load balancer gives the traffic to nobody: web-blue must have all of it',
    ],
    [
      'when the rule lacks the group into which the next release goes',
      given({ [BLUE]: 1 }),
      'the production rule does not name web-green, into which the next release goes: it must name both groups, web-blue and web-green',
    ],
  ])('%s', (_, seen, because) => {
    const { record, kinds, held } = look(seen);
    expect(kinds).toEqual(['held']);
    expect(held).toMatchObject({ because, next: `give everything to web-blue: ${mends}` });
    expect(record.waiting.app?.held?.reason).toBe('balancer');
    const again = looked(record, 2, seen);
    expect(again.kinds).toEqual([]);
    const mended = looked(again.record, 3, given({ [BLUE]: 100, [GREEN]: 0 }));
    expect(mended.record.phase.phase).toBe('deploying');
  });

  test('by the call for a listener, of a default rule or a Network Load Balancer', () => {
    const listener = `${ARN}:listener/app/web/1/2`;
    const { held } = look(given({ [BLUE]: 1, [GREEN]: 1 }, { listener }));
    expect(held?.next).toContain(
      `aws elbv2 modify-listener --listener-arn ${listener} --default-actions 'Type=forward`,
    );
  });

  test('by hand, where the command would remove what the rule does beside', () => {
    const { held } = look(given({ [BLUE]: 1, [GREEN]: 1 }, { doesMore: true }));
    expect(held?.next).not.toContain('modify-rule');
    expect(held?.next).toContain('by hand: the rule does more than forward');
  });

  test('without saying which group, when both have tasks', () => {
    const both = given({ [BLUE]: 1, [GREEN]: 1 }, { targets: { [BLUE]: 2, [GREEN]: 2 } });
    const { held } = look(both);
    expect(held?.because).toContain('one of the two groups of the service must have all of it');
    expect(held?.next).toContain('in which the tasks of web:1 are (describe-target-health)');
    expect(held?.next).toMatch(/, or the other way round$/);
    expect(held?.next).toContain(mends);
  });

  test('with the command for the other group, when the tasks are in that one', () => {
    const other = given({ [BLUE]: 95, [GREEN]: 5 }, { targets: { [BLUE]: 0, [GREEN]: 2 } });
    expect(look(other).held?.next).toContain(
      `{TargetGroupArn=${GREEN},Weight=100},{TargetGroupArn=${BLUE},Weight=0}`,
    );
  });
});

test('where no task runs, no group is the wrong one', () => {
  const none = { [BLUE]: 0, [GREEN]: 0 };
  const idle = { ...SHIFTS, desired: 0, running: 0 };
  const seen = { ...given({ [BLUE]: 100, [GREEN]: 0 }, { targets: none }), service: idle };
  expect(look(seen).phase).toBe('deploying');
  const leaving = { ...given({ [BLUE]: 100, [GREEN]: 0 }, { targets: { [BLUE]: 0, [GREEN]: 1 } }) };
  expect(look({ ...leaving, service: idle }).phase).toBe('deploying');
});

test('tasks that run and are registered nowhere hold it', () => {
  const { held } = look(given({ [BLUE]: 100, [GREEN]: 0 }, { targets: { [BLUE]: 0, [GREEN]: 0 } }));
  expect(held?.because).toBe(
    'the load balancer gives web-blue 100 %, and no task of the service is in that group: its tasks must be registered where the traffic goes',
  );
});

test('of a rule that was not asked about nothing is said', () => {
  expect(look({ service: SHIFTS, balancer: {} }).phase).toBe('deploying');
});

test('a test rule may name the other group', () => {
  const pairs = [{ rule: RULE, groups: [BLUE, GREEN] as const, testRule: `${RULE}-test` }];
  const traffic = { balancers: 1, shiftable: 1, pairs, connects: false };
  const seen = { ...given({ [BLUE]: 1 }), service: { ...SHIFTS, traffic } };
  expect(look(seen).phase).toBe('deploying');
});

test('a rule that is gone is told', () => {
  const balancer: ObservedRules = { [RULE]: { state: 'missing', because: 'RuleNotFound' } };
  const { record, held } = look({ service: SHIFTS, balancer });
  expect(record.waiting.app?.held?.reason).toBe('balancer');
  expect(held?.because).toBe('the production rule of the service is not there: RuleNotFound');
});

test('a load balancer that does not answer holds, and is told as that', () => {
  const balancer: ObservedRules = { [RULE]: { state: 'unknown', because: 'Throttling' } };
  const { record, held } = look({ service: SHIFTS, balancer });
  expect(record.waiting.app?.held?.reason).toBe('balancer-unknown');
  expect(held?.because).toBe('what the load balancer does is not known: Throttling');
});

test('a service that lacks the second group waits, and starts by itself when it has it', () => {
  const traffic = { balancers: 1, shiftable: 0, connects: false };
  const { record, kinds, held } = look({ service: service(1, { traffic }) });
  expect(kinds).toEqual(['held']);
  expect(record.waiting.app?.held?.reason).toBe('strategy');
  expect(held?.next).toMatch(
    /roleArn \}, as docs\/strategies\.md shows; then it starts by itself$/,
  );
  expect(look(given({ [BLUE]: 100, [GREEN]: 0 }), record).phase).toBe('deploying');
});

test('it is asked again right before ECS is asked', () => {
  const { record } = look(given({ [BLUE]: 100, [GREEN]: 0 }));
  const { phase } = record;
  if (phase.phase !== 'deploying' || phase.goal !== 'forward') throw new Error('nothing starts');
  const registered: TargetRecord = {
    ...record,
    phase: { ...phase, attempt: { ...phase.attempt, revision: SHIFTS.primary.revision } },
  };
  const split = looked(registered, 2, given({ [BLUE]: 1, [GREEN]: 1 }));
  expect(split.action).toBeUndefined();
  expect(split.record.waiting.app?.held?.reason).toBe('balancer');
});

test('a rolling update asks nothing of the load balancer', () => {
  const { phase } = look(given({ [BLUE]: 1, [FOREIGN]: 1 }), waiting());
  expect(phase).toBe('deploying');
});
