/** One line a target: its name, never cut, its state, since when, and as much of the headline as fits. */
import { isQuiet } from '../../../local/page/fleet-list.ts';
import type { TargetStatus } from '../../connect/target-status.ts';
import { colors } from '../print.ts';
import { duration } from '../times.ts';

export interface Place {
  /** Absent: as wide as it likes. */
  readonly columns?: number;
  /** Absent: as long as it likes. */
  readonly rows?: number;
  /** Many quiet targets are one line. */
  readonly folds: boolean;
}

/** With no more targets than this, the quiet ones are named as well. */
const FEW = 10;
/** Less of a headline says nothing. */
const HEADLINE_MIN = 20;

/** `targets` are sorted already. */
export function statusLines(
  targets: readonly TargetStatus[],
  now: number,
  place: Place,
): readonly string[] {
  const loud = targets.filter((one) => !isQuiet(one));
  const folded = place.folds && targets.length > FEW && loud.length < targets.length;
  const listed = folded ? loud : targets;
  const shown = place.rows === undefined ? listed : listed.slice(0, Math.max(1, place.rows));
  const widths = {
    name: Math.max(0, ...shown.map(({ target }) => target.length)),
    state: Math.max(0, ...shown.map((one) => wordFor(one).length)),
    age: Math.max(0, ...shown.map((one) => ageOf(one, now).length)),
  };
  const more = listed.length - shown.length;
  const quiet = targets.length - loud.length;
  return [
    ...shown.map((one) => lineOf(one, now, widths, place.columns)),
    ...(more > 0 ? [colors.dim(`and ${more} more that are not well`)] : []),
    ...(folded
      ? [colors.dim(`${quiet} ${quiet === 1 ? 'is' : 'are'} well (--all names them)`)]
      : []),
  ];
}

function lineOf(
  one: TargetStatus,
  now: number,
  widths: { readonly name: number; readonly state: number; readonly age: number },
  columns = Number.POSITIVE_INFINITY,
): string {
  // One long name does not push the others to the right.
  const name = one.target.padEnd(Math.min(widths.name, Math.floor(columns / 2)));
  const state = wordFor(one).padEnd(widths.state);
  const age = ageOf(one, now).padStart(widths.age);
  const room = columns - 1 - [name, state, age].join('  ').length - 2;
  const start = `${colors.bold(name)}  ${paintOf(one)(state)}`;
  // The name and the state stay whole, on the narrowest terminal too.
  if (room < HEADLINE_MIN) return room + 2 < 0 ? start.trimEnd() : `${start}  ${age}`;
  return `${start}  ${colors.dim(age)}  ${cut(one.headline, room)}`.trimEnd();
}

function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 1)}…`;
}

function wordFor({ state, mode }: TargetStatus): string {
  return mode === 'watch' ? `${state} (watch)` : state;
}

function ageOf({ since }: TargetStatus, now: number): string {
  return since === null ? '–' : (duration(now - Date.parse(since)).match(/^\S+ \S+/)?.[0] ?? '–');
}

export function paintOf({ state }: Pick<TargetStatus, 'state'>) {
  switch (state) {
    case 'needs-attention':
    case 'down':
    case 'rolling-back':
    case 'alarm':
    case 'unreadable':
    case 'failed':
    case 'rolled-back':
      return colors.red;
    case 'held':
    case 'short-of-tasks':
    case 'deploying':
    case 'baking':
    case 'watching':
    case 'waiting':
      return colors.yellow;
    case 'well':
      return colors.green;
    case 'unknown':
    case 'retired':
      return colors.dim;
  }
}
