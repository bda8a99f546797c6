/** The phases of a release whose traffic is shifted, recognised by ECS's stage and by the weights of the rule. */
import type { Settings, ShiftSettings } from '../stage.ts';
import type { Stage } from './scene.ts';

type Reach = (stage: Stage) => Promise<boolean>;

const CANARY: ShiftSettings = {
  strategy: { kind: 'canary', percent: 20, canaryBakeMinutes: 1, bakeMinutes: 3 },
};
const LINEAR: ShiftSettings = {
  strategy: { kind: 'linear', stepPercent: 34, stepBakeMinutes: 1, bakeMinutes: 1 },
};
const BLUE_GREEN: ShiftSettings = { strategy: { kind: 'blueGreen', bakeMinutes: 3 } };

/** A release is pushed, and ECS says that it is there. */
export async function at(stage: Stage, wanted: string, percent = 0): Promise<boolean> {
  const before = stage.deployment()?.id;
  stage.push();
  return stage.until(
    () => {
      const { id, shift, status } = stage.deployment() ?? {};
      const isThere = shift?.stage === wanted && shift.production === percent;
      return id !== before && status === 'IN_PROGRESS' && isThere;
    },
    40,
    0.2,
  );
}

async function provenShift(stage: Stage): Promise<boolean> {
  const before = stage.told('proven');
  stage.push();
  return stage.until(() => stage.told('proven') > before, 60, 5);
}

/** From here on everything is at this share, and ECS waits for the answer of our hook. */
const asked = (percent: number) => (stage: Stage) =>
  at(stage, 'PRE_PRODUCTION_TRAFFIC_SHIFT', percent);

async function turnsBack(stage: Stage): Promise<boolean> {
  if (!(await asked(20)(stage))) return false;
  stage.alarm('ALARM');
  return stage.until(() => stage.deployment()?.status === 'ROLLBACK_IN_PROGRESS', 5, 0.2);
}

export const SHIFT_PHASES = {
  'a shift before its tasks come up': (stage) => at(stage, 'PRE_SCALE_UP'),
  'a shift whose tasks come up': (stage) => at(stage, 'SCALE_UP'),
  'a shift before its first step': asked(0),
  'a shift in its first step': (stage) => at(stage, 'PRODUCTION_TRAFFIC_SHIFT', 20),
  'a shift before its last step': asked(20),
  'a linear shift before its second step': asked(34),
  'a linear shift in its second step': (stage) => at(stage, 'PRODUCTION_TRAFFIC_SHIFT', 68),
  'a linear shift before its last step': asked(68),
  'a shift with all of the traffic': (stage) => at(stage, 'POST_PRODUCTION_TRAFFIC_SHIFT', 100),
  'blue/green with all of the traffic': (stage) => at(stage, 'POST_PRODUCTION_TRAFFIC_SHIFT', 100),
  'a shift in its bake': (stage) => at(stage, 'BAKE_TIME', 100),
  'a shift after its bake': async (stage) => {
    if (!(await at(stage, 'BAKE_TIME', 100))) return false;
    return stage.until(() => stage.deployment()?.status === 'SUCCESSFUL', 10);
  },
  'a shift that turns back': turnsBack,
  'idle after a shift': provenShift,
} as const satisfies Record<string, Reach>;

export type ShiftPhaseName = keyof typeof SHIFT_PHASES;

/** A canary, where the name does not say otherwise. */
export function shiftSettingsOf(phase: ShiftPhaseName): Partial<Settings> {
  if (phase.startsWith('blue/green')) return { shift: BLUE_GREEN };
  return { shift: phase.startsWith('a linear') ? LINEAR : CANARY };
}
