/**
 * Alarms that keep a release from starting. The outage that an image mends must not hold it: what a
 * person deploys passes these gates, and a red alarm holds nothing unless the config says so.
 */

import type { Moment } from '../model/image.ts';
import { clockTime } from '../model/moment.ts';
import type { AlarmRise, Observation } from '../model/observation.ts';
import { wasCondemned } from '../model/record/known.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Waiting } from '../model/record/waiting.ts';
import { MINUTE, type Rules } from '../model/rules.ts';
import { quoting } from '../release/quote.ts';
import { afterHoldInWords, heldFor } from './after-hold.ts';
import type { Gate, GateEnd } from './gate.ts';

const BY_HAND = 'if it is the fix, deploy it by hand: that is not held';
const WHEN_OK = 'it starts by itself when the alarm is OK';

/** What condemned the last release is not over yet. */
export function clearing(record: TargetRecord, observation: Observation): Gate | undefined {
  const red = record.alarmsToClear.find((name) => observation.alarms?.[name]?.state === 'ALARM');
  if (red === undefined) return undefined;
  const sentence = `alarm ${red}, which condemned the last release, is not OK yet`;
  if (record.rules.whileAlarmRed === 'hold') {
    const { holdMinutes, afterHold } = record.rules;
    return {
      reason: 'clearing',
      because: sentence,
      next: `${WHEN_OK}; ${afterHoldInWords(holdMinutes, afterHold)}; ${BY_HAND}`,
      ends: alarmEnd(record.rules, sentence, WHEN_OK),
    };
  }
  const until = clearsUntil(record);
  if (until === undefined || observation.at >= until) return undefined;
  return {
    reason: 'clearing',
    because: sentence,
    next: `${WHEN_OK}, at ${clockTime(until)} at the latest; ${BY_HAND}`,
  };
}

/**
 * After a rollback an alarm needs some minutes to see that it is over, and the next release shall not
 * be blamed, or spared, for that. What is still red after a bake was not the condemned release; and
 * where that one runs on, there is nothing to wait for. Undefined: nothing runs that could be OK.
 */
export function clearsUntil(record: TargetRecord): Moment | undefined {
  const { runs, rules } = record;
  if (runs === undefined) return undefined;
  return wasCondemned(record, runs.revision) ? undefined : runs.since + rules.bakeMinutes * MINUTE;
}

/** ECS ignores an alarm that is red when a rollout starts, for the whole of that rollout. */
export function redAlarm(record: TargetRecord, observation: Observation): Gate | undefined {
  const { whileAlarmRed, holdMinutes, afterHold, alarms } = record.rules;
  for (const name of alarms) {
    const alarm = observation.alarms?.[name];
    const after = `${afterHoldInWords(holdMinutes, afterHold)}; ${BY_HAND}`;
    const closed = (because: string, next: string): Gate => ({
      reason: 'alarm',
      because,
      next: `${next}; ${after}`,
      ends: alarmEnd(record.rules, because, next),
    });
    if (alarm?.state === 'ALARM' && whileAlarmRed === 'hold') {
      return closed(
        `alarm ${name} is red, so it could not guard this release: ${saidBy(alarm)}`,
        WHEN_OK,
      );
    }
    if (alarm?.state === 'missing') {
      return closed(
        `alarm ${name} does not exist, so it cannot guard this release`,
        'create it, or take it out of pipeline.config.ts: it then starts by itself',
      );
    }
    if (alarm?.state === 'unknown') {
      return closed(
        `the state of alarm ${name} is unknown: ${alarm.because}`,
        'it starts by itself when CloudWatch tells that the alarm is OK',
      );
    }
  }
  return undefined;
}

/** In words where there are some; its own reason is CloudWatch's prose, or what somebody typed. */
function saidBy({ reason, inWords }: Pick<AlarmRise, 'reason' | 'inWords'>): string {
  return inWords === undefined ? `"${reason}"` : quoting(inWords, 'CloudWatch', reason);
}

function alarmEnd(rules: Rules, because: string, byItself: string): GateEnd {
  return {
    minutes: rules.holdMinutes,
    after: rules.afterHold,
    sentence: heldFor(rules, because),
    refused: 'deploy it by hand: that is not held; or push a newer one',
    asked: `mend the cause: ${byItself}; ${BY_HAND}`,
  };
}

/** A fix is never held by the outage that it mends, nor by the calendar, nor by another target. */
export function passesByHand({ reason }: Pick<Gate, 'reason'>): boolean {
  return PASSED_BY_HAND.includes(reason);
}

const PASSED_BY_HAND: readonly Gate['reason'][] = [
  'alarm',
  'clearing',
  'freeze',
  'owner',
  'promotion',
  'proof',
];

/** Those may start while these gates are closed. */
export function askedByPerson(
  waiting: TargetRecord['waiting'],
): Readonly<Record<string, Waiting>> | undefined {
  const asked = Object.entries(waiting).filter(([, { by }]) => by !== undefined);
  return asked.length === 0 ? undefined : Object.fromEntries(asked);
}

export function alarmsToAsk(record: TargetRecord): readonly string[] {
  return [...new Set([...record.rules.alarms, ...record.alarmsToClear])];
}

/** They cannot tell of a release that starts now. */
export function redAlarms({ rules }: TargetRecord, { alarms }: Observation): readonly string[] {
  return rules.alarms.filter((name) => alarms?.[name]?.state === 'ALARM');
}
