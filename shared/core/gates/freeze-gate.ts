/** In a window of the config nothing new starts: a person's deploy does, and a rollback asks no gate. */
import { type Freeze, frozenAt } from '../model/freeze/freeze.ts';
import { wallInWords } from '../model/freeze/wall-clock.ts';
import type { Moment } from '../model/image.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Gate } from './gate.ts';

export function frozen(
  { rules: { freeze } }: Pick<TargetRecord, 'rules'>,
  { at }: { readonly at: Moment },
): Gate | undefined {
  const now = freeze && frozenAt(freeze, at);
  if (freeze === undefined || now === undefined) return undefined;
  const until = untilInWords(freeze, now.until);
  return {
    reason: 'freeze',
    because: `releases are frozen until ${until}: ${now.because}`,
    next: `it starts by itself at ${until}; if it cannot wait, deploy it by hand: that is not held`,
  };
}

/** What a person deploys while others are held says so. */
export function startsFrozen(record: TargetRecord, at: Moment): string {
  const gate = frozen(record, { at });
  return gate === undefined ? '' : `, though ${gate.because}`;
}

/** Undefined: nothing is frozen now, or something else holds what waits as well. */
export function thawsAt({ rules: { freeze }, waiting }: TargetRecord, now: Moment) {
  const waitsForIt = Object.values(waiting).every(({ held }) => held?.reason === 'freeze');
  return freeze && waitsForIt ? frozenAt(freeze, now)?.until : undefined;
}

/** `Mon 2026-11-23 08:00 (Europe/Berlin)` */
function untilInWords({ timeZone }: Freeze, until: Moment): string {
  return `${wallInWords(until, timeZone)} (${timeZone})`;
}
