/** A scene from its name: `PHASE / EVENT / FAULT`. */
import { COURSES } from './courses.ts';
import type { Scene } from './play.ts';
import { ALL_EVENTS, ALL_PHASES, type AnyPhase } from './tables.ts';
import { ILLS, type IllName } from './troubles.ts';

/** Throws a sentence that names what is not there. */
export function parseScene(text: string): Scene {
  const [phase = '', event = '', ill = 'none'] = text.split(' / ');
  return {
    phase: named<AnyPhase>(ALL_PHASES, phase, 'phase'),
    event: named<Scene['event']>({ ...ALL_EVENTS, ...COURSES }, event, 'event'),
    ill: named<IllName>(ILLS, ill, 'fault'),
  };
}

function named<T extends string>(table: object, name: string, what: string): T {
  if (!Object.hasOwn(table, name)) throw new Error(`no ${what} is called "${name}"`);
  return name as T;
}
