/** ECS waits for our hook for a day at most: before that is over, a person is told. */
import { announce, because, type Decision, withoutAttention } from '../model/decision.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE, type WhenUnsure } from '../model/rules.ts';
import { ofRelease } from '../release/release-ends.ts';
import { STAGE_MINUTES } from '../release/shift.ts';
import { asksSince } from '../traffic/course.ts';
import type { At, Followed, Rule } from './rule.ts';

/** So long a person has to do something about it. */
const TOLD_BEFORE_MINUTES = 120;

export const ANSWERED: Rule<Followed> = {
  rule: () => 'ECS has not waited for an answer for most of a day',
  broken: whyLong,
  otherwise: tellOnce,
};

const FOLLOWS: Readonly<Record<WhenUnsure, string>> = {
  ask: 'takes the traffic back by itself',
  proceed: 'is told to go on half an hour before, unless somebody holds it',
  rollback: 'is told to take the traffic back half an hour before',
};

function whyLong({ phase: { attempt, release }, observation }: At<Followed>): string | undefined {
  const since = attempt.course && asksSince(attempt.course);
  const minutes = STAGE_MINUTES - TOLD_BEFORE_MINUTES;
  if (since === undefined || observation.at < since + minutes * MINUTE) return undefined;
  const { whenUnsure = 'ask' } = release.rules.strategy ?? {};
  return `ECS has waited at ${attempt.course?.stage} for ${minutes / 60} hours for our hook's answer: after 24 it ${FOLLOWS[whenUnsure]}`;
}

function tellOnce({ record, phase, observation }: At<Followed>, why: string): Decision {
  if (record.needsAttention !== undefined) return because(record, why);
  const { at } = observation;
  const next = `see what it waits for with \`slipway explain ${record.id}\`, then resume, approve or mend it; or roll back`;
  const asking = { because: why, next, since: at, waits: true } as const;
  const told = announce({ ...record, needsAttention: asking }, 'needs-attention', {
    at,
    ...ofRelease(phase),
    because: why,
    next,
  });
  return because(told, why);
}

/** ECS goes on: what was told stands no longer. */
export function withoutLongWait(record: TargetRecord, at: At<Followed>): TargetRecord {
  if (record.needsAttention?.waits !== true || whyLong(at) !== undefined) return record;
  return withoutAttention(record);
}
