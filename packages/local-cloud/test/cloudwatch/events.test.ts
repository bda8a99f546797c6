import { describe, expect, it } from 'vitest';
import { cloudwatchOperations } from '../../cloudwatch/operations.ts';
import { alarmState, muteAlarm } from '../../cloudwatch/state.ts';
import { eventsOn } from '../../eventbridge/state.ts';
import capture from '../captures/cloudwatch/alarm_delivery.events.json' with { type: 'json' };
import { cloudwatchWorld, passMinutes, putAlarm, stateChanges } from './cloudwatch-world.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** The same value with ids and moments blanked, so that captures can be compared. */
function shape(value: Json, key = ''): Json {
  if (Array.isArray(value)) return value.map((item) => shape(item));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, shape(v, k)]));
  }
  return ['id', 'time', 'timestamp'].includes(key) ? `<${key}>` : value;
}

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

it('the captured session on AWS yields the same events, in the same order', () => {
  const world = cloudwatchWorld();
  const AlarmName = 'stackd-native-alarm-delivery-4b416420a7';
  const action = `arn:aws:lambda:us-east-1:123456789012:function:${AlarmName}`;
  const put = (AlarmDescription: string, Threshold: number) =>
    cloudwatchOperations.PutMetricAlarm(world, {
      AlarmName,
      AlarmDescription,
      Namespace: 'Stackd/NativeAlarmDelivery',
      MetricName: 'UnpublishedValue',
      Dimensions: [{ Name: 'Probe', Value: AlarmName }],
      Statistic: 'Average',
      Period: 60,
      EvaluationPeriods: 1,
      DatapointsToAlarm: 1,
      Threshold,
      ComparisonOperator: 'GreaterThanThreshold',
      TreatMissingData: 'ignore',
      OKActions: [action],
      AlarmActions: [action],
    });
  const set = (StateValue: 'OK' | 'ALARM', StateReason: string) =>
    cloudwatchOperations.SetAlarmState(world, {
      AlarmName,
      StateValue,
      StateReason,
      StateReasonData: `{"probe":"${StateReason}","nested":{"number":7,"enabled":true}}`,
    });
  const names = { AlarmNames: [AlarmName] };

  put('native delivery initial configuration', 10);
  set('ALARM', 'missing_permission_transition_alarm');
  cloudwatchOperations.DisableAlarmActions(world, names);
  set('OK', 'disabled_transition_ok');
  set('ALARM', 'disabled_transition_alarm');
  cloudwatchOperations.EnableAlarmActions(world, names);
  // The capture has no event here: the same state again, with another reason.
  const before = eventsOn(world, 'default').length;
  set('ALARM', 'disabled_transition_alarm');
  expect(eventsOn(world, 'default')).toHaveLength(before);
  set('OK', 'enabled_transition_ok');
  set('ALARM', 'enabled_transition_alarm');
  put('native delivery updated configuration', 20);
  cloudwatchOperations.DeleteAlarms(world, names);

  const ours = eventsOn(world, 'default').map((event) => shape(asJson(event)));
  const captured = capture.events.map(({ document }) => shape(asJson(document)));
  expect(captured).toHaveLength(10);
  // The capture's order is that of arrival, not of time.
  for (const event of captured) expect(ours).toContainEqual(event);
  expect(ours).toHaveLength(captured.length);
});

describe('a state change', () => {
  it('stamps its event with the moment, to the millisecond inside and the second outside', () => {
    const world = cloudwatchWorld();
    putAlarm(world);
    world.now += 42_142;
    cloudwatchOperations.SetAlarmState(world, {
      AlarmName: 'web-errors',
      StateValue: 'ALARM',
      StateReason: 'drill',
    });
    const [event] = stateChanges(world);
    expect(event?.time).toBe('2026-11-21T10:00:42Z');
    expect(event?.detail.state).toEqual({
      value: 'ALARM',
      reason: 'drill',
      timestamp: '2026-11-21T10:00:42.142+0000',
    });
    expect(event?.detail.previousState).toEqual({
      value: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      timestamp: '2026-11-21T10:00:00.000+0000',
    });
  });

  it('of a muted alarm still sends its event, which says so', () => {
    const world = cloudwatchWorld();
    putAlarm(world);
    muteAlarm(world, 'web-errors', world.now + 3_600_000);
    cloudwatchOperations.SetAlarmState(world, {
      AlarmName: 'web-errors',
      StateValue: 'ALARM',
      StateReason: 'drill',
    });
    expect(stateChanges(world)[0]?.detail.muteDetail).toEqual({
      mutedByArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:web-errors',
      muteWindowStart: '2026-11-21T10:00:00.000+0000',
      muteWindowEnd: '2026-11-21T11:00:00.000+0000',
    });
  });
});

it('ListAlarmMuteRules tells the rules of an alarm, by their status now', () => {
  const world = cloudwatchWorld();
  putAlarm(world);
  putAlarm(world, { AlarmName: 'other' });
  muteAlarm(world, 'web-errors', world.now + 3_600_000);
  const rule = {
    AlarmMuteRuleArn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm-mute-rule:web-errors',
    ExpireDate: new Date('2026-11-21T11:00:00Z'),
    MuteType: 'ONE_TIME',
    LastUpdatedTimestamp: new Date('2026-11-21T10:00:00Z'),
  };
  const list = (input: object) =>
    cloudwatchOperations.ListAlarmMuteRules(world, input).AlarmMuteRuleSummaries;
  expect(list({ AlarmName: 'web-errors', Statuses: ['ACTIVE'] })).toEqual([
    { ...rule, Status: 'ACTIVE' },
  ]);
  expect(list({ AlarmName: 'other' })).toEqual([]);
  passMinutes(world, 61);
  expect(list({ Statuses: ['ACTIVE'] })).toEqual([]);
  expect(list({})).toEqual([{ ...rule, Status: 'EXPIRED' }]);
  expect(() => list({ MaxRecords: 0 })).toThrow('MaxRecords must be 1 to 100');
  expect(() => list({ NextToken: 'x' })).toThrow('The token is not valid.');
});

describe('a composite alarm', () => {
  it('follows its children and names the one that moved it', () => {
    const world = cloudwatchWorld();
    for (const AlarmName of ['web-errors', 'deploying']) {
      putAlarm(world, { AlarmName, TreatMissingData: 'ignore' });
    }
    cloudwatchOperations.PutCompositeAlarm(world, {
      AlarmName: 'web-broken',
      AlarmRule: 'ALARM("web-errors") AND NOT ALARM(deploying)',
    });
    passMinutes(world, 1);
    expect(alarmState(world, 'web-broken')).toBe('OK');
    const set = (AlarmName: string, StateValue: 'OK' | 'ALARM') =>
      cloudwatchOperations.SetAlarmState(world, { AlarmName, StateValue, StateReason: 'drill' });
    set('web-errors', 'ALARM');
    expect(alarmState(world, 'web-broken')).toBe('ALARM');
    expect(stateChanges(world).at(-1)?.detail).toEqual({
      alarmName: 'web-broken',
      state: {
        value: 'ALARM',
        reason:
          'arn:aws:cloudwatch:us-east-1:123456789012:alarm:web-errors transitioned to ALARM at Saturday 21 November, 2026 10:01:00 UTC',
        reasonData:
          '{"triggeringAlarms":[{"arn":"arn:aws:cloudwatch:us-east-1:123456789012:alarm:web-errors","state":{"value":"ALARM","timestamp":"2026-11-21T10:01:00.000+0000"}}]}',
        timestamp: '2026-11-21T10:01:00.000+0000',
      },
      previousState: {
        value: 'OK',
        reason:
          'arn:aws:cloudwatch:us-east-1:123456789012:alarm:web-broken was created and its alarm rule evaluates to OK',
        reasonData: expect.stringContaining('triggeringAlarms'),
        timestamp: '2026-11-21T10:00:01.000+0000',
      },
      configuration: { alarmRule: 'ALARM("web-errors") AND NOT ALARM(deploying)' },
    });
    set('deploying', 'ALARM');
    expect(alarmState(world, 'web-broken')).toBe('OK');
  });

  it('refuses a rule that names no alarm, or that cannot be read', () => {
    const world = cloudwatchWorld();
    const put = (AlarmRule: string) => () =>
      cloudwatchOperations.PutCompositeAlarm(world, { AlarmName: 'c', AlarmRule });
    expect(put('ALARM(nobody)')).toThrow('unknown alarms: nobody');
    expect(put('AT_LEAST(1, ALARM, (a, b))')).toThrow('AlarmRule must be made of');
  });
});
