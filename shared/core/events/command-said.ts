/** What a person said, and when: in words, in time, or refused. */
import { announce, because, type Decision } from '../model/decision.ts';
import type { CommandReceived } from '../model/event.ts';
import type { ImageSet } from '../model/image.ts';
import { clockTime } from '../model/moment.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE } from '../model/rules.ts';
import { QUOTE_MAX, shorten } from '../model/text.ts';

/** For so long it is taken that what the person saw is still so. */
const COMMAND_WORTH_MINUTES = 15;

export function said(event: CommandReceived): string {
  return `${event.by} asked: ${shorten(event.because, QUOTE_MAX)}`;
}

/**
 * A command may lie in a queue for days, and be sent anew from the dead-letter queue: then it speaks
 * of a world that is gone. Undefined: it is fresh.
 */
export function whyTooLate({ saidAt, at }: CommandReceived): string | undefined {
  if (saidAt === undefined) return undefined;
  const worth = `a command counts for ${COMMAND_WORTH_MINUTES} minutes`;
  if (saidAt === 'unknown') return `it does not tell when it was said, and ${worth}`;
  const minutes = Math.floor((at - saidAt) / MINUTE);
  if (Math.abs(at - saidAt) <= COMMAND_WORTH_MINUTES * MINUTE) return undefined;
  return minutes > 0
    ? `it was said ${minutes} minutes ago, and ${worth}`
    : `it is dated ${clockTime(saidAt)}, which is still to come: the clock where it was said is wrong`;
}

export function refuseCommand(
  record: TargetRecord,
  event: CommandReceived,
  images: ImageSet,
  sentence: string,
  next: string,
): Decision {
  const told = announce(record, 'refused', {
    at: event.at,
    images,
    because: `${sentence} (${said(event)})`,
    next,
  });
  return because(told, `refused: ${sentence}`);
}
