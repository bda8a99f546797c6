/**
 * The port `Alarms`. CloudWatch that does not answer must never look like quiet alarms, nor stop a
 * rollback that other facts ask for: every failure is `unknown` with its reason, and nothing throws.
 */
import {
  type AlarmHistoryItem,
  type AlarmType,
  type CloudWatchClient,
  type CompositeAlarm,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  ListAlarmMuteRulesCommand,
  type MetricAlarm,
} from '@aws-sdk/client-cloudwatch';
import { breachEndsAt, breachStartsAt } from '../core/model/breach/breach.ts';
import { breachInWords, type Measure, measureOf } from '../core/model/breach/words.ts';
import { defined } from '../core/model/defined.ts';
import type { Moment } from '../core/model/image.ts';
import type { AlarmRise, ObservedAlarm, ObservedRises } from '../core/model/observation.ts';
import { plain } from '../core/model/text.ts';
import type { Alarms, Log } from '../ports.ts';
import { chunks } from './chunks.ts';
import { says } from './refusal.ts';

/** Left out, DescribeAlarms and DescribeAlarmHistory return metric alarms only. (API_DescribeAlarms) */
const ALARM_TYPES: AlarmType[] = ['MetricAlarm', 'CompositeAlarm'];
const NAMES_MAX = 100;
const HISTORY_PAGES_MAX = 5;
const REASON_MAX = 1_024;

export function createAlarms(client: CloudWatchClient, log: Log): Alarms {
  return {
    states: async (names) => {
      const seen: Record<string, ObservedAlarm> = {};
      for (const AlarmNames of chunks([...new Set(names)], NAMES_MAX)) {
        try {
          const { MetricAlarms = [], CompositeAlarms = [] } = await client.send(
            new DescribeAlarmsCommand({
              AlarmNames,
              AlarmTypes: ALARM_TYPES,
              MaxRecords: NAMES_MAX,
            }),
          );
          const found = new Map(
            [...MetricAlarms, ...CompositeAlarms].map((alarm) => [alarm.AlarmName, alarm]),
          );
          for (const name of AlarmNames) seen[name] = alarmSeen(found.get(name));
        } catch (error) {
          const because = `cloudwatch:DescribeAlarms failed: ${says(error)}`;
          log.warn('alarms are unknown', { alarms: AlarmNames, because });
          for (const name of AlarmNames) seen[name] = { state: 'unknown', because };
        }
      }
      return seen;
    },

    rises: async (names, since) => {
      const seen: Record<string, ObservedRises> = {};
      for (const name of new Set(names)) seen[name] = await risesOf(client, log, name, since);
      return seen;
    },

    mutedSince: async (names) => {
      const seen: Record<string, Moment> = {};
      for (const AlarmName of new Set(names)) {
        const since = await mutedSince(client, log, AlarmName);
        if (since !== undefined) seen[AlarmName] = since;
      }
      return seen;
    },
  };
}

/** The first page is enough: one rule that mutes it mutes it. */
async function mutedSince(
  client: CloudWatchClient,
  log: Log,
  AlarmName: string,
): Promise<Moment | undefined> {
  try {
    const { AlarmMuteRuleSummaries: rules = [] } = await client.send(
      new ListAlarmMuteRulesCommand({ AlarmName, Statuses: ['ACTIVE'] }),
    );
    // Whether a filter by status is exact is not documented: an expired rule mutes nothing (unverified).
    const active = rules.filter(({ Status }) => Status === 'ACTIVE');
    const since = active.map((rule) => rule.LastUpdatedTimestamp?.getTime() ?? 0);
    return since.length === 0 ? undefined : Math.min(...since);
  } catch (error) {
    const because = `cloudwatch:ListAlarmMuteRules failed: ${says(error)}`;
    log.warn('whether an alarm is muted is unknown, so it counts', { alarm: AlarmName, because });
    return undefined;
  }
}

function alarmSeen(alarm: MetricAlarm | CompositeAlarm | undefined): ObservedAlarm {
  if (alarm === undefined) return { state: 'missing' };
  // StateUpdatedTimestamp also moves when only the reason changes.
  const since = (alarm.StateTransitionedTimestamp ?? alarm.StateUpdatedTimestamp)?.getTime();
  const state = alarm.StateValue;
  if (since === undefined) {
    return { state: 'unknown', because: 'CloudWatch does not say since when it is in its state' };
  }
  const judgesInMs = judgesIn(alarm);
  if (state === 'OK' || state === 'INSUFFICIENT_DATA') {
    const okForWantOfData = state === 'OK' && isForWantOfData(alarm) ? true : undefined;
    return defined({ state, since, judgesInMs, okForWantOfData });
  }
  if (state !== 'ALARM') {
    return { state: 'unknown', because: `CloudWatch says ${JSON.stringify(state)}` };
  }
  const reason = plain(alarm.StateReason ?? '');
  const [endsAt, startsAt] = [breachEndsAt(reason, alarm.StateReasonData), breachStartsAt(reason)];
  return defined({
    state,
    since,
    judgesInMs,
    breachEndsAt: endsAt,
    breachStartsAt: startsAt,
    inWords: breachInWords(reason, { startsAt, endsAt }, measured(alarm)),
    suppressedBy: 'ActionsSuppressedBy' in alarm ? alarm.ActionsSuppressedBy : undefined,
    reason: reason.slice(0, REASON_MAX),
  });
}

/** A composite alarm measures nothing by itself. */
function measured(alarm: MetricAlarm | CompositeAlarm): Measure | undefined {
  if (!('MetricName' in alarm || 'Metrics' in alarm)) return undefined;
  if (alarm.MetricName !== undefined) return measureOf([{ metricName: alarm.MetricName }]);
  return measureOf(
    (alarm.Metrics ?? []).map(({ Id, Expression, MetricStat, ReturnData }) => ({
      id: Id,
      expression: Expression,
      metricName: MetricStat?.Metric?.MetricName,
      returned: ReturnData,
    })),
  );
}

/** CloudWatch writes its reason when the state changes: whether data came later, no alarm tells. */
function isForWantOfData(alarm: MetricAlarm | CompositeAlarm): boolean {
  const countsAsGood = 'TreatMissingData' in alarm && alarm.TreatMissingData === 'notBreaching';
  return countsAsGood && /no datapoints were received/i.test(alarm.StateReason ?? '');
}

/** Undefined for what names no period: a composite alarm, or one of expressions alone. */
function judgesIn(alarm: MetricAlarm | CompositeAlarm): number | undefined {
  if (!('EvaluationPeriods' in alarm) || alarm.EvaluationPeriods === undefined) return undefined;
  const periods = [
    alarm.Period,
    ...(alarm.Metrics ?? []).map((metric) => metric.MetricStat?.Period ?? metric.Period),
  ].filter((seconds) => seconds !== undefined);
  if (periods.length === 0) return undefined;
  return Math.max(...periods) * alarm.EvaluationPeriods * 1000;
}

/** An alarm that does not exist has no history: the caller must also ask for its state. */
async function risesOf(
  client: CloudWatchClient,
  log: Log,
  alarm: string,
  since: Moment,
): Promise<ObservedRises> {
  const rises: AlarmRise[] = [];
  let NextToken: string | undefined;
  try {
    for (let page = 0; page < HISTORY_PAGES_MAX; page++) {
      const answer = await client.send(
        new DescribeAlarmHistoryCommand({
          AlarmName: alarm,
          AlarmTypes: ALARM_TYPES,
          HistoryItemType: 'StateUpdate',
          StartDate: new Date(since),
          ScanBy: 'TimestampAscending',
          MaxRecords: 100,
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
      );
      for (const item of answer.AlarmHistoryItems ?? []) {
        const rise = riseOf(alarm, item);
        if (rise !== undefined && rise.at >= since) rises.push(rise);
      }
      NextToken = answer.NextToken;
      if (NextToken === undefined) return { state: 'known', rises };
    }
  } catch (error) {
    const because = `cloudwatch:DescribeAlarmHistory failed: ${says(error)}`;
    log.warn('the history of an alarm is unknown', { alarm, because });
    return { state: 'unknown', because };
  }
  // One rise is enough to decide; none in the part that was read proves nothing.
  if (rises.length > 0) return { state: 'known', rises };
  return {
    state: 'unknown',
    because: `its history is longer than ${HISTORY_PAGES_MAX} pages, and the first ones have no rise`,
  };
}

/**
 * `HistoryData` of a StateUpdate: `{ "version": "1.0", "oldState": { "stateValue": … },
 * "newState": { "stateValue": …, "stateReason": …, "stateReasonData": { … } } }`.
 * ALARM to ALARM is no rise. An item that cannot be read throws: the history is then unknown.
 */
function riseOf(alarm: string, item: AlarmHistoryItem): AlarmRise | undefined {
  const data = JSON.parse(item.HistoryData ?? 'null') as HistoryData | null;
  const to = data?.newState?.stateValue;
  if (to === undefined) throw new Error('an item of the history has no new state');
  if (to !== 'ALARM' || data?.oldState?.stateValue === 'ALARM') return undefined;
  if (data?.newState?.actionsSuppressedBy !== undefined) return undefined;
  if (item.Timestamp === undefined) throw new Error('an item of the history has no time');
  const reason = plain(data?.newState?.stateReason ?? item.HistorySummary ?? '');
  const ends = breachEndsAt(reason, data?.newState?.stateReasonData);
  const startsAt = breachStartsAt(reason);
  return defined({
    alarm,
    at: item.Timestamp.getTime(),
    breachEndsAt: ends,
    breachStartsAt: startsAt,
    reason: reason.slice(0, REASON_MAX),
    // The history does not tell what the alarm measures.
    inWords: breachInWords(reason, { startsAt, endsAt: ends }),
  });
}

interface HistoryData {
  readonly oldState?: { readonly stateValue?: string };
  readonly newState?: {
    readonly stateValue?: string;
    readonly stateReason?: string;
    readonly stateReasonData?: unknown;
    readonly actionsSuppressedBy?: unknown;
  };
}
