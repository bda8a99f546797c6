/** Alarms that keep a release from starting: the one of the last release, and its own. */

import type { Observation } from '../model/observation.ts';
import type { TargetRecord } from '../model/record.ts';
import type { Rules } from '../model/rules.ts';
import type { Gate, GateEnd } from './gate.ts';

/** What condemned the last release is not over yet. */
export function clearing(record: TargetRecord, observation: Observation): Gate | undefined {
  const red = record.alarmsToClear.find((name) => observation.alarms?.[name]?.state === 'ALARM');
  if (red === undefined) return undefined;
  const sentence = `alarm ${red}, which condemned the last release, is not OK yet`;
  return {
    reason: 'clearing',
    because: sentence,
    next: 'it starts by itself when the alarm is OK',
    ends: alarmEnd(record.rules, sentence),
  };
}

/** ECS ignores an alarm that is red when a rollout starts, for the whole of that rollout. */
export function redAlarm(record: TargetRecord, observation: Observation): Gate | undefined {
  if (record.rules.whileAlarmRed === 'proceed') return undefined;
  for (const name of record.rules.alarms) {
    const alarm = observation.alarms?.[name];
    const next = `it starts by itself when the alarm is OK; after ${record.rules.holdMinutes} minutes: ${record.rules.afterHold}`;
    const closed = (because: string, what = next): Gate => ({
      reason: 'alarm',
      because,
      next: what,
      ends: alarmEnd(record.rules, because),
    });
    if (alarm?.state === 'ALARM') {
      return closed(`alarm ${name} is red, so it could not guard this release: ${alarm.reason}`);
    }
    if (alarm?.state === 'missing') {
      return closed(
        `alarm ${name} does not exist, so it cannot guard this release`,
        `create it, or take it out of pipeline.config.ts; ${next}`,
      );
    }
    if (alarm?.state === 'unknown') {
      return closed(`the state of alarm ${name} is unknown: ${alarm.because}`);
    }
  }
  return undefined;
}

function alarmEnd({ holdMinutes, afterHold }: Rules, because: string): GateEnd {
  return {
    minutes: holdMinutes,
    after: afterHold,
    sentence: `held for ${holdMinutes} minutes: ${because}`,
    refused: 'when it is OK, deploy it by hand or push a newer one',
    asked: 'mend what the alarm tells of; it then starts by itself',
  };
}

export function alarmsToAsk(record: TargetRecord): readonly string[] {
  return [...new Set([...record.rules.alarms, ...record.alarmsToClear])];
}
