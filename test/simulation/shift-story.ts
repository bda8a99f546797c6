/**
 * Worlds in which `web` shifts its traffic: by which strategy, how ECS does what AWS leaves open, what befalls
 * the function that ECS asks, and who touches the rule. By a stream of its own, as the other extras.
 */
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import type { Unknowns } from '@slipway/local-cloud/ecs/shift/state.ts';
import type { Strategy } from '../../shared/core/model/rules.ts';
import { type Chance, chanceOf } from './chance.ts';
import type { Faults } from './faults.ts';
import { drawJudged } from './judged-story.ts';
import type { ShiftSettings } from './stage.ts';
import type { Deed, Step } from './story.ts';

const MINUTE = 60_000;
const SALT = 0x5417f;
const OTHERS_SALT = 0x07e25;
/** Of the worlds that have no builds: a shift asks, waits and looks for long, and rolling updates are the rule. */
const SHARE = 0.2;

export interface ShiftExtras {
  readonly shift?: ShiftSettings;
  readonly faults: Faults;
  readonly steps: readonly Step[];
}

export const NO_SHIFT: ShiftExtras = { faults: {}, steps: [] };

export function drawShift(seed: number, minutes: number): ShiftExtras {
  const chance = chanceOf(seed ^ SALT);
  if (!chance.hits(SHARE)) return NO_SHIFT;
  const { answers, ...others } = drawOthers(chanceOf(seed ^ OTHERS_SALT), minutes);
  const shift = { strategy: drawStrategy(chance), unknowns: drawUnknowns(chance) };
  const faults: Faults = {
    ...(chance.hits(0.3) && { 'hook-slow': 0.05 }),
    ...(chance.hits(0.3) && { 'hook-doubled': 0.2 }),
    ...(chance.hits(0.3) && { 'hook-late': 0.1 }),
  };
  const steps: Step[] = drawPushes(chance, minutes);
  // By a stream of its own, so that the others stay what they are.
  const judged = drawJudged(seed, minutes);
  if (judged !== undefined) {
    const { steps: more, ...settings } = judged;
    return { shift: { ...shift, ...settings }, faults, steps: [...steps, ...more] };
  }
  steps.push(...answers);
  for (let left = chance.whole(0, 2); left > 0; left--) {
    const at = chance.whole(3, minutes - 5) * MINUTE + chance.whole(0, 59) * 1_000;
    steps.push(...drawTrouble(chance, at, minutes * MINUTE));
  }
  return { shift: { ...shift, ...others }, faults, steps };
}

/** By a stream of its own: whose traffic it is, and whether a person lets it go on. */
function drawOthers(
  chance: Chance,
  minutes: number,
): Pick<ShiftSettings, 'by' | 'word'> & { readonly answers: readonly Step[] } {
  const by = chance.pick([
    'application',
    'application',
    'application',
    'network',
    'connect',
  ] as const);
  const kind = { by };
  if (by === 'connect' || !chance.hits(0.3)) return { ...kind, answers: [] };
  const word = {
    before: chance.pick(['traffic', 'full'] as const),
    minutes: chance.pick([10, 30]),
    otherwise: chance.pick(['rollback', 'proceed'] as const),
  };
  const answers: Step[] = [];
  // Somebody looks now and then, and says a word to whatever waits for one.
  for (let at = chance.whole(4, 12); at < minutes; at += chance.whole(4, 12)) {
    const said = chance.hits(0.85) ? 'approve' : 'reject';
    answers.push({ at: at * MINUTE, do: 'answer', target: 'web', word: said });
  }
  return { ...kind, word, answers };
}

/** A shift takes a quarter of an hour: between two of them some room, and most are good. */
function drawPushes(chance: Chance, minutes: number): Step[] {
  const steps: Step[] = [];
  for (let at = chance.whole(1, 10); at < minutes; at += chance.whole(25, 60)) {
    const push = { do: 'push', repository: 'shop/web', behaviour: drawBehaviour(chance) } as const;
    steps.push({ at: at * MINUTE + chance.whole(0, 59) * 1_000, ...push });
  }
  return steps;
}

function drawBehaviour(chance: Chance): Behaviour {
  switch (chance.whole(0, 7)) {
    case 0:
      return { errorRate: 1 };
    case 1:
      return { errorRate: 0.5, faultyAfterSeconds: chance.whole(60, 900) };
    case 2:
      return { crashAfterSeconds: chance.whole(60, 400) };
    default:
      return {};
  }
}

function drawStrategy(chance: Chance): Strategy {
  const bakeMinutes = chance.pick([0, 1, 3]);
  switch (chance.whole(0, 2)) {
    case 0:
      return { kind: 'blueGreen', bakeMinutes };
    case 1: {
      const percent = chance.pick([5, 20]);
      return { kind: 'canary', percent, canaryBakeMinutes: chance.pick([0, 1, 5]), bakeMinutes };
    }
    default: {
      const stepPercent = chance.pick([25, 34, 50]);
      return { kind: 'linear', stepPercent, stepBakeMinutes: chance.pick([0, 1, 2]), bakeMinutes };
    }
  }
}

function drawUnknowns(chance: Chance): Unknowns {
  return {
    weightScale: chance.pick([1000, 100] as const),
    stepBake: chance.pick(['after-hooks', 'before-hooks'] as const),
    throttledHook: chance.pick(['fails', 'retried'] as const),
    rollbackOrder: chance.pick(['production-first', 'test-first'] as const),
    weightKeys: chance.pick(['arn', 'short'] as const),
  };
}

function drawTrouble(chance: Chance, at: number, end: number): readonly Step[] {
  const minutes = chance.pick([3, 10, 60]);
  const then = (first: Deed, second: Deed): readonly Step[] => [
    { at, ...first },
    { at: Math.min(end, at + chance.whole(1, 20) * MINUTE), ...second },
  ];
  switch (chance.whole(0, 6)) {
    case 0:
      return [{ at, do: 'hook-ill', how: 'throttled', minutes }];
    case 1:
      return [{ at, do: 'hook-ill', how: 'throws', minutes }];
    case 2:
      return [{ at, do: 'trouble', operation: 'DescribeAlarms', kind: 'down', minutes }];
    case 3:
      return then(
        { do: 'ask', target: 'web', word: 'hold', nth: 0 },
        { do: 'ask', target: 'web', word: 'resume', nth: 0 },
      );
    case 4:
      return then({ do: 'edit-rule', percents: chance.pick(EDITS) }, { do: 'mend-rule' });
    case 5:
      return [{ at, do: 'trouble', operation: 'DescribeRules', kind: 'down', minutes }];
    default: {
      const kind = chance.pick(['throttled', 'refused'] as const);
      return [{ at, do: 'trouble', operation: 'StopServiceDeployment', kind, minutes }];
    }
  }
}

/** Of the two groups in the order in which the rule names them: split, or swapped. */
const EDITS = [
  [50, 50],
  [0, 100],
  [100, 0],
  [70, 30],
] as const;
