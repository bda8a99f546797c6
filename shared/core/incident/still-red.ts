/** An alarm is red for some minutes after the release is gone that it condemned: what that holds, and until when. */
import { clearsUntil } from '../gates/alarm-gates.ts';
import type { Moment } from '../model/image.ts';
import { clockTime } from '../model/moment.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { shortNames } from './running-now.ts';

export interface StillRed {
  readonly names: readonly string[];
  /** One sentence without its full stop. */
  readonly says: string;
}

/** Undefined: none is, or it is red for so long that what was condemned does not explain it. */
export function stillRedOf(
  record: TargetRecord,
  redAlarms: readonly string[],
  at: Moment,
): StillRed | undefined {
  const { alarmsToClear, lastEnded, rules } = record;
  const names = redAlarms.filter((name) => alarmsToClear.includes(name));
  const until = clearsUntil(record);
  const isOver = until === undefined || at >= until;
  if (names.length === 0 || isOver || lastEnded?.kind !== 'rolled-back') return undefined;
  const isOne = names.length === 1;
  const latest = rules.whileAlarmRed === 'hold' ? '' : `, at most until ${clockTime(until)}`;
  const condemned = lastEnded.images === undefined ? 'it' : shortNames(lastEnded.images);
  return {
    names,
    says:
      `${names.join(', ')}, which condemned ${condemned}, ${isOne ? 'is' : 'are'} still red: ` +
      `a fix that is pushed now waits until ${isOne ? 'it is' : 'they are'} OK${latest}, ` +
      'and one that is deployed by hand does not',
  };
}
