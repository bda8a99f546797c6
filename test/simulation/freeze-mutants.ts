/** Semantic mutants of a freeze: chosen from what docs/configuration.md promises of it. */
import type { RuleMutant, SemanticMutant } from './semantic-mutants.ts';

const GATE = 'shared/core/gates/freeze-gate.ts';
const FREEZE = 'shared/core/model/freeze/freeze.ts';

export const FREEZE_MUTANTS: readonly SemanticMutant[] = [
  {
    name: 'a freeze is not minded',
    breaks: 10,
    file: 'shared/core/gates/gates.ts',
    find: 'closed: frozen }',
    replace: 'closed: (record) => frozen(record, { at: 0 }) }',
  },
  {
    name: 'a freeze is of the clock in Greenwich',
    breaks: 10,
    file: FREEZE,
    find: 'const wall = shows(at);',
    replace: "const wall = wallClock('UTC')(at); shows = wallClock('UTC');",
  },
  {
    name: 'a freeze holds what a person deploys',
    breaks: 8,
    file: 'shared/core/gates/alarm-gates.ts',
    find: "'freeze',",
    replace: '',
  },
  {
    name: 'a freeze does not end',
    breaks: 6,
    file: GATE,
    find: 'const now = freeze && frozenAt(freeze, at);',
    replace: 'const now = freeze && frozenAt(freeze, Math.min(at, Date.UTC(2026, 10, 21, 0, 20)));',
  },
];

export const FREEZE_RULE_MUTANTS: readonly RuleMutant[] = [
  {
    name: 'a freeze is not minded',
    scene: 'idle / frozen for an hour, and a good push / none',
    rule: '10. nothing starts in a freeze',
  },
];
