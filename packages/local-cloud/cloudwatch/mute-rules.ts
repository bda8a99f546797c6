/** ListAlarmMuteRules. Here a rule mutes one alarm, once, and has its name: `muteAlarm` makes it. */
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { type Alarm, muteRuleArn } from './state.ts';

interface ListAlarmMuteRulesInput {
  readonly AlarmName?: string;
  readonly Statuses?: readonly RuleStatus[];
  readonly MaxRecords?: number;
  readonly NextToken?: string;
}

type RuleStatus = 'SCHEDULED' | 'ACTIVE' | 'EXPIRED';

/** SDK docs of `MaxRecords`: 50 unless asked; that 100 are the most is unverified. */
const RULES_PER_PAGE = 50;
const RULES_MOST = 100;

export const muteOperations = {
  /** Summaries only: a rule's schedule is told by GetAlarmMuteRule, which is not here. */
  ListAlarmMuteRules(world: World, input: ListAlarmMuteRulesInput) {
    const { AlarmName: name, Statuses: statuses, MaxRecords: size = RULES_PER_PAGE } = input;
    if (size < 1 || size > RULES_MOST) {
      throw new AwsError('ValidationError', `MaxRecords must be 1 to ${RULES_MOST}, got ${size}`);
    }
    const from = Number(input.NextToken ?? 0);
    if (!Number.isInteger(from)) throw new AwsError('InvalidNextToken', 'The token is not valid.');
    const found = Object.values(world.cloudwatch.alarms)
      .filter((alarm) => name === undefined || alarm.name === name)
      .flatMap((alarm) => summaryOf(world, alarm) ?? [])
      .filter(({ Status }) => statuses === undefined || statuses.includes(Status));
    const end = from + size;
    return {
      AlarmMuteRuleSummaries: found.slice(from, end),
      ...(end < found.length ? { NextToken: String(end) } : {}),
    };
  },
};

function summaryOf(world: World, { name, mute }: Alarm) {
  if (mute === undefined) return undefined;
  return {
    AlarmMuteRuleArn: muteRuleArn(world, name),
    ExpireDate: new Date(mute.until),
    Status: statusOf(world.now, mute),
    MuteType: 'ONE_TIME',
    // When the rule was put; whether AWS moves it as a rule becomes active is not known (unverified).
    LastUpdatedTimestamp: new Date(mute.from),
  };
}

function statusOf(now: number, { from, until }: NonNullable<Alarm['mute']>): RuleStatus {
  if (now < from) return 'SCHEDULED';
  return now < until ? 'ACTIVE' : 'EXPIRED';
}
