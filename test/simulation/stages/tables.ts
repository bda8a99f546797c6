/** Everything that a scene may name: where traffic is shifted, and where it is not. */
import type { Settings } from '../stage.ts';
import { EVENTS, type EventName } from './events.ts';
import { SHIFT_EVENTS, type ShiftEventName } from './events-shift.ts';
import { JUDGED_EVENTS, type JudgedEventName } from './judged/events.ts';
import { JUDGED_PHASES, type JudgedPhaseName, judgedSettingsOf } from './judged/phases.ts';
import { PHASES, type PhaseName, SETTINGS } from './phases.ts';
import { SHIFT_PHASES, type ShiftPhaseName, shiftSettingsOf } from './phases-shift.ts';

export type AnyPhase = PhaseName | ShiftPhaseName | JudgedPhaseName;
export type AnyEvent = EventName | ShiftEventName | JudgedEventName;

export const ALL_PHASES = { ...PHASES, ...SHIFT_PHASES, ...JUDGED_PHASES };
export const ALL_EVENTS = { ...EVENTS, ...SHIFT_EVENTS, ...JUDGED_EVENTS };

/** Of which other config a phase is about. */
export function settingsOf(phase: AnyPhase): Partial<Settings> {
  if (isJudged(phase)) return judgedSettingsOf(phase);
  return isOfShift(phase) ? shiftSettingsOf(phase) : (SETTINGS[phase] ?? {});
}

function isJudged(phase: AnyPhase): phase is JudgedPhaseName {
  return Object.hasOwn(JUDGED_PHASES, phase);
}

function isOfShift(phase: AnyPhase): phase is ShiftPhaseName {
  return Object.hasOwn(SHIFT_PHASES, phase);
}
