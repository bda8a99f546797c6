/** A scene from its name: `PHASE / EVENT / FAULT`. */
import { COURSES } from './courses.ts';
import { EVENTS } from './events.ts';
import { PHASES, type PhaseName } from './phases.ts';
import type { Scene } from './play.ts';
import { ILLS, type IllName } from './troubles.ts';

/** Throws a sentence that names what is not there. */
export function parseScene(text: string): Scene {
  const [phase = '', event = '', ill = 'none'] = text.split(' / ');
  return {
    phase: named<PhaseName>(PHASES, phase, 'phase'),
    event: named<Scene['event']>({ ...EVENTS, ...COURSES }, event, 'event'),
    ill: named<IllName>(ILLS, ill, 'fault'),
  };
}

function named<T extends string>(table: object, name: string, what: string): T {
  if (!Object.hasOwn(table, name)) throw new Error(`no ${what} is called "${name}"`);
  return name as T;
}
