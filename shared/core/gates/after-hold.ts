/** What becomes of a hold that lasts too long, for a person: the config's own word says too little at night. */
import type { GateEnd } from './gate.ts';

const BECOMES: Readonly<Record<GateEnd['after'], string>> = {
  proceed: 'it starts all the same',
  refuse: 'it is refused',
  ask: 'a person is asked',
};

/** `after 10 minutes a person is asked` */
export function afterHoldInWords(minutes: number, after: GateEnd['after']): string {
  return `after ${minutes} minutes ${BECOMES[after]}`;
}

export function becomes(after: GateEnd['after']): string {
  return BECOMES[after];
}
