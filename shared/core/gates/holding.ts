/** A gate is closed: what waits is held, told once, and not for ever. */

import { announce, because, type Decision } from '../model/decision.ts';
import { mapValues } from '../model/entries.ts';
import { type Moment, waitingImages } from '../model/image.ts';
import { sameJson } from '../model/json.ts';
import type { Observation } from '../model/observation.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { type Held, type HoldClock, imageWaits } from '../model/record/waiting.ts';
import { MINUTE } from '../model/rules.ts';
import { REASON_MAX, shorten } from '../model/text.ts';
import type { Gate, GateEnd } from './gate.ts';
import { refuse } from './impossible.ts';

/**
 * A hold has one clock, and that is the gate's: it runs while the gate is closed, behind another gate
 * too, however many newer images come meanwhile.
 */
export function withClocks(
  record: TargetRecord,
  closed: readonly Gate[],
  at: Moment,
): TargetRecord {
  const { holds: before = [], ...rest } = record;
  const gates = [...new Set(closed.map(clockName))];
  const holds = gates.map(
    (gate): HoldClock => before.find((clock) => clock.gate === gate) ?? { gate, since: at },
  );
  if (sameJson(before, holds)) return record;
  return holds.length === 0 ? rest : { ...rest, holds };
}

/** Where nothing waits, nothing is held: the next image is held anew. */
export function withoutIdleClocks(record: TargetRecord): TargetRecord {
  if (record.holds === undefined || imageWaits(record)) return record;
  const { holds: _, ...rest } = record;
  return rest;
}

function clockName(gate: Pick<Gate, 'reason'>): HoldClock['gate'] {
  return gate.reason === 'clearing' ? 'alarm' : gate.reason;
}

/** Told once for each reason and image; some holds have an end. Undefined: it goes on now. */
export function hold(
  record: TargetRecord,
  gate: Gate,
  observation: Observation,
): Decision | undefined {
  const { ends } = gate;
  const clock = record.holds?.find((one) => one.gate === clockName(gate));
  const since = clock?.since ?? observation.at;
  const waiting = Object.entries(record.waiting);
  const untold = waiting.filter(([, { held }]) => held?.reason !== gate.reason);
  const asked = isOfOneImage(ends)
    ? waiting.some(([, { held }]) => held?.reason === gate.reason && held.escalated)
    : clock?.escalated === true;
  const held: Held = {
    reason: gate.reason,
    because: shorten(gate.because, REASON_MAX),
    next: shorten(asked && ends !== undefined ? ends.asked : gate.next, REASON_MAX),
    since,
    ...(asked && isOfOneImage(ends) ? { escalated: true } : {}),
  };
  if (untold.length > 0) {
    const told = announce(withHeld(record, held), 'held', {
      at: observation.at,
      images: waitingImages(Object.fromEntries(untold)),
      because: gate.because,
      next: gate.next,
    });
    return because(told, `held: ${gate.because}`);
  }
  const over =
    ends !== undefined && observation.at >= (ends.since ?? since) + ends.minutes * MINUTE;
  return over && !asked
    ? end(record, gate, ends, held, observation)
    : because(record, `held: ${gate.because}`);
}

function isOfOneImage(ends: GateEnd | undefined): boolean {
  return ends?.since !== undefined;
}

function end(
  record: TargetRecord,
  gate: Gate,
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
      const told = { ...held, next: shorten(ends.asked, REASON_MAX) };
      const asked = announce(withEscalated(record, gate, told), 'needs-attention', {
        at: observation.at,
        images: waitingImages(record.waiting),
        because: sentence,
        next: ends.asked,
      });
      return because(asked, `asking: ${sentence}`);
    }
  }
}

/** A person is asked once: of an image, or of a hold. */
function withEscalated(record: TargetRecord, gate: Gate, held: Held): TargetRecord {
  if (isOfOneImage(gate.ends)) return withHeld(record, { ...held, escalated: true });
  const holds = record.holds?.map(
    (clock): HoldClock => (clock.gate === clockName(gate) ? { ...clock, escalated: true } : clock),
  );
  return withHeld({ ...record, ...(holds && { holds }) }, held);
}

function withHeld(record: TargetRecord, held: Held): TargetRecord {
  return { ...record, waiting: mapValues(record.waiting, (one) => ({ ...one, held })) };
}
