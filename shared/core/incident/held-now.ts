/** What keeps a target at rest from starting what was pushed, for the headline: who looks must not search for it. */
import { waitingImages } from '../model/image.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Hold } from '../model/record/waiting.ts';
import { withoutQuote } from '../release/quote.ts';
import { shortNames } from './running-now.ts';

/** One sentence without its full stop. Undefined: something else is told first, or nothing is held. */
export function heldInWords(
  { phase, needsAttention, waiting, hold, retired }: TargetRecord,
  stop: Pick<Hold, 'by' | 'because'> | undefined,
): string | undefined {
  if (phase.phase !== 'idle' || needsAttention !== undefined || retired) return undefined;
  const some = Object.values(waiting);
  const held = some.find((one) => one.held !== undefined)?.held;
  const person =
    stop === undefined
      ? hold && `${hold.by} holds this target (${hold.because})`
      : `${stop.by} holds all targets (${stop.because})`;
  const why = person ?? (held && withoutQuote(held.because).plain);
  if (why === undefined || some.length === 0) return why;
  const name = shortNames(waitingImages(waiting));
  return `${name} ${name.includes(' + ') ? 'wait' : 'waits'}: ${why}`;
}
