/** A gate is closed: what waits is held, told once, and not for ever. */

import { announce, because, type Decision } from '../model/decision.ts';
import { waitingImages } from '../model/image.ts';
import type { Observation } from '../model/observation.ts';
import type { Held, TargetRecord } from '../model/record.ts';
import { MINUTE } from '../model/rules.ts';
import { REASON_MAX, shorten } from '../model/text.ts';
import type { Gate, GateEnd } from './gate.ts';
import { refuse } from './impossible.ts';

/** Told once for each reason and image; some holds have an end. Undefined: it goes on now. */
export function hold(
  record: TargetRecord,
  gate: Gate,
  observation: Observation,
): Decision | undefined {
  const waiting = Object.entries(record.waiting);
  const since = Math.min(
    ...waiting.map(([, { held }]) => (isSameHold(held, gate) ? held.since : observation.at)),
  );
  const untold = waiting.filter(([, { held }]) => held?.reason !== gate.reason);
  const asked = waiting.some(([, { held }]) => isSameHold(held, gate) && held.escalated);
  const held: Held = {
    reason: gate.reason,
    because: shorten(gate.because, REASON_MAX),
    since,
    ...(asked ? { escalated: true } : {}),
  };
  if (untold.length > 0) {
    const told = announce(withHeld(record, held), 'held', {
      at: observation.at,
      images: Object.fromEntries(untold.map(([name, { image }]) => [name, image])),
      because: gate.because,
      next: gate.next,
    });
    return because(told, `held: ${gate.because}`);
  }
  const { ends } = gate;
  const over =
    ends !== undefined && observation.at >= (ends.since ?? since) + ends.minutes * MINUTE;
  return over && !asked
    ? end(record, ends, held, observation)
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

function end(
  record: TargetRecord,
  ends: GateEnd,
  held: Held,
  observation: Observation,
): Decision | undefined {
  const { sentence } = ends;
  switch (ends.after) {
    case 'proceed':
      return undefined;
    case 'refuse': {
      const { again, only } = ends;
      const refusal = { because: sentence, next: ends.refused, ...(again && { again }) };
      let refused = record;
      for (const [container, waiting] of Object.entries(record.waiting)) {
        if (only !== undefined && only !== container) continue;
        refused = refuse(refused, container, waiting, refusal, observation);
      }
      return because(refused, sentence);
    }
    case 'ask': {
      const asked = announce(withHeld(record, { ...held, escalated: true }), 'needs-attention', {
        at: observation.at,
        images: waitingImages(record.waiting),
        because: sentence,
        next: ends.asked,
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
