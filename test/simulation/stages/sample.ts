/** A fixed part of all scenes: each phase with each event comes as often as each fault. */
import { EVENTS, type EventName } from './events.ts';
import { SHARED_EVENTS, SHIFT_EVENTS, type ShiftEventName } from './events-shift.ts';
import { EVENTS_BESIDE, JUDGED_EVENTS, type JudgedEventName } from './judged/events.ts';
import { JUDGED_PHASES, type JudgedPhaseName } from './judged/phases.ts';
import { PHASES, type PhaseName } from './phases.ts';
import { SHIFT_PHASES, type ShiftPhaseName } from './phases-shift.ts';
import type { Scene } from './play.ts';
import { ILLS, type IllName } from './troubles.ts';

/** Every `nth` scene; a stride that shares no factor with the tables walks through all three. */
export function sampleOf(nth: number): readonly Scene[] {
  return every(nth, Object.keys(PHASES) as PhaseName[], Object.keys(EVENTS) as EventName[]);
}

/** Of those in which traffic is shifted, with what happens there alone and with what matters there, too. */
export function sampleOfShifts(nth: number): readonly Scene[] {
  const events = [...(Object.keys(SHIFT_EVENTS) as ShiftEventName[]), ...SHARED_EVENTS];
  return every(nth, Object.keys(SHIFT_PHASES) as ShiftPhaseName[], events);
}

/** Of those in which a release is judged. */
export function sampleOfJudged(nth: number): readonly Scene[] {
  const events = [...(Object.keys(JUDGED_EVENTS) as JudgedEventName[]), ...EVENTS_BESIDE];
  return every(nth, Object.keys(JUDGED_PHASES) as JudgedPhaseName[], events);
}

function every(
  nth: number,
  phases: readonly Scene['phase'][],
  events: readonly Scene['event'][],
): readonly Scene[] {
  const ills = Object.keys(ILLS) as IllName[];
  const scenes: Scene[] = [];
  const all = phases.length * events.length * ills.length;
  for (let at = 0; at < all; at += nth) {
    const phase = phases[at % phases.length];
    const event = events[Math.floor(at / phases.length) % events.length];
    // Half of them without a fault: those tell most.
    const ill = scenes.length % 2 === 0 ? 'none' : ills[Math.floor(at / 7) % ills.length];
    if (phase !== undefined && event !== undefined && ill !== undefined) {
      scenes.push({ phase, event, ill });
    }
  }
  return scenes;
}

/** Every phase with every event, and nothing that is ill beside. */
export function faultless(): readonly Scene[] {
  return (Object.keys(PHASES) as PhaseName[]).flatMap((phase) =>
    (Object.keys(EVENTS) as EventName[]).map((event) => ({ phase, event, ill: 'none' as const })),
  );
}
