/** Lists of targets are sorted: the worst first, and what is well by its name. */
import { type IncidentState, STATES } from '../../../shared/core/incident/incident.ts';

interface Listed {
  readonly target: string;
  readonly state: IncidentState;
}

export function byTrouble<T extends Listed>(targets: readonly T[]): readonly T[] {
  return targets.toSorted(
    (a, b) =>
      STATES.indexOf(a.state) - STATES.indexOf(b.state) ||
      a.target.localeCompare(b.target, 'en', { numeric: true }),
  );
}
