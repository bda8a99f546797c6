/** A person's hold, and its end: by `resume`, or by itself where the person said until when. */

import { mapValues } from '../model/entries.ts';
import { dayTime as dayTimeIn } from '../model/freeze/wall-clock.ts';
import type { Moment } from '../model/image.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Hold } from '../model/record/waiting.ts';

/** Whoever waited for it is told anew by the next hold. */
export function withoutHold(record: TargetRecord): TargetRecord {
  const { hold: _, ...resumed } = record;
  return { ...resumed, waiting: mapValues(record.waiting, ({ held: __, ...one }) => one) };
}

/** Undefined: it goes on, or there is none. */
export function endHold(
  record: TargetRecord,
  at: Moment,
): { readonly record: TargetRecord; readonly because: string } | undefined {
  const { hold } = record;
  if (hold?.until === undefined || at < hold.until) return undefined;
  const sentence = `the hold of ${hold.by} (${hold.because}) is over: it was until ${dayTime(hold.until)}`;
  return { record: withoutHold(record), because: sentence };
}

/** How it ends, for a person: `until 2026-11-22 14:05 UTC, or until \`resume\``. */
export function endInWords({ until }: Pick<Hold, 'until'>): string {
  return until === undefined ? 'until `resume`' : `until ${dayTime(until)}, or until \`resume\``;
}

/** `2026-11-22 14:05 UTC`, whole minutes. */
function dayTime(moment: Moment): string {
  return `${dayTimeIn(moment, 'UTC')} UTC`;
}
