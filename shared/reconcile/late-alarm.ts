/**
 * An alarm that is told after the window of a proven release may withdraw it: CloudWatch's own history
 * is asked whether it rose then, and what that says counts in the place of the message.
 */
import { asksHistory } from '../core/events/alarm-changed.ts';
import { defined } from '../core/model/defined.ts';
import type { AlarmChanged, Event } from '../core/model/event.ts';
import type { TargetRecord } from '../core/model/record/target-record.ts';
import { type Alarms, type Clock, TransientError } from '../ports.ts';

/** CloudWatch's reads cut the thousandths off. */
const SAME_RISE_MS = 1_000;
/** The history may lag behind the event; what it does not show after this did not happen. (unverified) */
const HISTORY_CATCHES_UP_MS = 2 * 60_000;

/** Throws `TransientError` when the history does not answer, or may not show it yet. */
export async function heldAgainstHistory(
  event: Event,
  record: TargetRecord | undefined,
  { alarms, clock }: { readonly alarms: Pick<Alarms, 'rises'>; readonly clock: Pick<Clock, 'now'> },
): Promise<Event> {
  if (event.type !== 'AlarmChanged' || record === undefined) return event;
  if (!asksHistory(record, event)) return event;
  const { alarm, changedAt } = event;
  const history = (await alarms.rises([alarm], changedAt - SAME_RISE_MS))[alarm];
  if (history?.state !== 'known') {
    const why = history?.because ?? 'it did not answer';
    throw new TransientError(`alarm ${alarm} is told late, and its history is unknown: ${why}`);
  }
  const rise = history.rises.find(({ at }) => Math.abs(at - changedAt) <= SAME_RISE_MS);
  if (rise !== undefined) {
    const { breachStartsAt: _, breachEndsAt: __, ...told } = event;
    const { at: roseAt, ...shown } = rise;
    return defined({ ...told, ...shown, changedAt: roseAt, inHistory: 'yes' }) as AlarmChanged;
  }
  if (clock.now() - changedAt < HISTORY_CATCHES_UP_MS) {
    throw new TransientError(`the history of alarm ${alarm} does not show its rise yet`);
  }
  return { ...event, inHistory: 'no' };
}
