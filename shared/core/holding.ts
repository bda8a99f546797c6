/** A gate is closed: what waits is held, told once, and not for ever. */
import { announce, because, type Decision } from './decision.ts';
import type { Gate } from './gates.ts';
import type { ImageSet } from './image.ts';
import { refuse } from './impossible.ts';
import type { Held, TargetRecord } from './record.ts';
import { MINUTE } from './rules.ts';
import type { Seen } from './seen.ts';
import { shorten } from './text.ts';

const BECAUSE_MAX = 300;

/** Told once for each reason and image; a hold for alarms has an end. Undefined: it goes on now. */
export function hold(record: TargetRecord, gate: Gate, seen: Seen): Decision | undefined {
  const waiting = Object.entries(record.waiting);
  const since = Math.min(
    ...waiting.map(([, { held }]) => (isSameHold(held, gate) ? held.since : seen.at)),
  );
  const untold = waiting.filter(([, { held }]) => held?.reason !== gate.reason);
  const asked = waiting.some(([, { held }]) => isSameHold(held, gate) && held.asked);
  const held: Held = {
    reason: gate.reason,
    because: shorten(gate.because, BECAUSE_MAX),
    since,
    ...(asked ? { asked: true } : {}),
  };
  if (untold.length > 0) {
    const told = announce(withHeld(record, held), 'held', {
      at: seen.at,
      images: Object.fromEntries(untold.map(([name, { image }]) => [name, image])),
      because: gate.because,
      next: gate.next,
    });
    return because(told, `held: ${gate.because}`);
  }
  const over = isForAlarms(gate) && seen.at >= since + record.rules.holdMinutes * MINUTE;
  return over && !asked
    ? afterHold(record, gate, held, seen)
    : because(record, `held: ${gate.because}`);
}

/** Two alarms that are red in turns are one hold, or it would never end. */
function isSameHold(held: Held | undefined, gate: Gate): held is Held {
  return (
    held !== undefined && (held.reason === gate.reason || (isForAlarms(held) && isForAlarms(gate)))
  );
}

function isForAlarms({ reason }: Pick<Gate, 'reason'>): boolean {
  return reason === 'alarm' || reason === 'clearing';
}

function afterHold(record: TargetRecord, gate: Gate, held: Held, seen: Seen): Decision | undefined {
  const sentence = `held for ${record.rules.holdMinutes} minutes: ${gate.because}`;
  switch (record.rules.afterHold) {
    case 'proceed':
      return undefined;
    case 'refuse': {
      const next = 'when it is OK, deploy it by hand or push a newer one';
      let refused = record;
      for (const [container, waiting] of Object.entries(record.waiting)) {
        refused = refuse(refused, container, waiting, { because: sentence, next }, seen);
      }
      return because(refused, sentence);
    }
    case 'ask': {
      const asked = announce(withHeld(record, { ...held, asked: true }), 'asking', {
        at: seen.at,
        images: waitingImages(record),
        because: sentence,
        next: 'mend what the alarm tells of; it then starts by itself',
      });
      return because(asked, `asking: ${sentence}`);
    }
  }
}

function withHeld(record: TargetRecord, held: Held): TargetRecord {
  const waiting = Object.fromEntries(
    Object.entries(record.waiting).map(([name, one]) => [name, { ...one, held }]),
  );
  return { ...record, waiting };
}

export function waitingImages(record: TargetRecord): ImageSet {
  return Object.fromEntries(
    Object.entries(record.waiting).map(([name, { image }]) => [name, image]),
  );
}
