/** All scenes of one kind, or so many of them that any two of phase, event and fault meet. */
import { EVENTS } from './events.ts';
import { SHIFT_EVENTS } from './events-shift.ts';
import { JUDGED_EVENTS } from './judged/events.ts';
import { JUDGED_PHASES } from './judged/phases.ts';
import { PHASES } from './phases.ts';
import { SHIFT_PHASES } from './phases-shift.ts';
import type { Scene } from './play.ts';
import { ILLS, type IllName } from './troubles.ts';

interface Tables {
  readonly phases: readonly Scene['phase'][];
  readonly events: readonly Scene['event'][];
}

/** The keys of a table, which TypeScript takes for any text. */
function namesOf<T extends object>(table: T): readonly (keyof T)[] {
  return Object.keys(table) as (keyof T)[];
}

/** What happens anywhere may happen where traffic is shifted, and that again where a release is judged. */
export const KINDS = {
  plain: { phases: namesOf(PHASES), events: namesOf(EVENTS) },
  shifts: {
    phases: namesOf(SHIFT_PHASES),
    events: [...namesOf(SHIFT_EVENTS), ...namesOf(EVENTS)],
  },
  judged: {
    phases: namesOf(JUDGED_PHASES),
    events: [...namesOf(JUDGED_EVENTS), ...namesOf(SHIFT_EVENTS), ...namesOf(EVENTS)],
  },
} as const satisfies Record<string, Tables>;

const FAULTS = namesOf(ILLS).filter((name) => name !== 'none');

/** What `--each` takes: without a fault; with one, so that any two meet; with every fault and with none. */
export const EACH = {
  healthy: (of: Tables) => productOf(of, ['none']),
  pair: pairsOf,
  scene: (of: Tables) => productOf(of, namesOf(ILLS)),
} as const;

function productOf({ phases, events }: Tables, ills: readonly IllName[]): readonly Scene[] {
  return phases.flatMap((phase) =>
    events.flatMap((event) => ills.map((ill) => ({ phase, event, ill }))),
  );
}

/**
 * The two longest tables in full, while the third one turns: of that, a row meets all as the columns
 * pass, which are no fewer, and a column meets all as the rows pass.
 */
function pairsOf({ phases, events }: Tables): readonly Scene[] {
  const [rows, columns, turning] = [
    { part: 'phase', names: phases },
    { part: 'event', names: events },
    { part: 'ill', names: FAULTS },
  ].toSorted((one, other) => other.names.length - one.names.length);
  if (rows === undefined || columns === undefined || turning === undefined) return [];
  return rows.names.flatMap((row, i) =>
    columns.names.map((column, j) => {
      const turned = turning.names[(i + j) % turning.names.length];
      return { [rows.part]: row, [columns.part]: column, [turning.part]: turned };
    }),
  ) as unknown as readonly Scene[];
}
