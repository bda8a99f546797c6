/** The alarms that guard: they exist, have data, are not red, and can rise while a release is watched. */
import type { Target } from '../../shared/config/config.ts';
import type { Moment } from '../../shared/core/model/image.ts';
import type { ObservedAlarm } from '../../shared/core/model/observation.ts';
import { judgingTime } from '../../shared/core/release/bake-window.ts';
import { duration } from '../output/times.ts';
import { type Check, failed, ok, skipped } from './check.ts';

const MINUTE_MS = 60_000;

export function alarmChecks(
  target: Target,
  states: Readonly<Record<string, ObservedAlarm>>,
  mutedSince: Readonly<Record<string, Moment>>,
): readonly Check[] {
  const { alarms } = target.rules;
  if (alarms.length === 0) {
    return [skipped('alarms', `none, since ${target.noAlarmsBecause ?? 'the config says so'}`)];
  }
  return alarms.map((alarm) => alarmCheck(target, alarm, states[alarm], mutedSince[alarm]));
}

function alarmCheck(
  target: Target,
  alarm: string,
  seen: ObservedAlarm | undefined,
  muted: Moment | undefined,
): Check {
  const name = `alarm ${alarm}`;
  if (seen === undefined) return skipped(name, 'it was not asked for');
  switch (seen.state) {
    case 'unknown':
      return skipped(name, seen.because);
    case 'missing':
      return failed(
        name,
        'CloudWatch has no such alarm: nothing guards with it',
        `pipeline.config.ts: mend its name in targets.${target.id}.alarms; \`aws cloudwatch describe-alarms\` lists them`,
      );
    case 'ALARM':
      return failed(
        name,
        `it is red: ${seen.inWords ?? seen.reason}`,
        `mend what it tells of; a fix may start all the same (whileAlarmRed: '${target.rules.whileAlarmRed}')`,
      );
    case 'INSUFFICIENT_DATA':
      return failed(
        name,
        'it has no data, so it measures nothing now',
        'look at its metric and dimensions in CloudWatch: a target group or a load balancer that was replaced has new ones',
      );
    case 'OK':
      return muted === undefined ? canFire(target, name, seen) : isMuted(name);
  }
}

function isMuted(name: string): Check {
  return failed(
    name,
    'a mute rule mutes it: while it does, its rise is no evidence',
    'end the mute rule; `aws cloudwatch list-alarm-mute-rules` lists them',
  );
}

/** The first minute of a bake must be judged before it ends, or a bad release is proven late or never stopped. */
function canFire(
  { id, rules }: Target,
  name: string,
  { judgesInMs, okForWantOfData }: Extract<ObservedAlarm, { state: 'OK' | 'INSUFFICIENT_DATA' }>,
): Check {
  const needs = judgingTime(rules, judgesInMs);
  const minutes = Math.ceil(needs / MINUTE_MS);
  if (needs <= rules.bakeMinutes * MINUTE_MS) {
    const since = okForWantOfData ? '; it became so for want of data' : '';
    return ok(name, `OK, judges within ${duration(needs)}${since}`);
  }
  return failed(
    name,
    `it needs ${duration(needs)} to judge what it sees, and the bake has ${rules.bakeMinutes} min`,
    `pipeline.config.ts: targets.${id}.bakeMinutes: ${minutes}`,
  );
}
