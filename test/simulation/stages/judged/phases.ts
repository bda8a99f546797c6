/** The phases of a release that is compared with the one before it, by its share of the traffic. */
import { defined } from '../../../../shared/core/model/defined.ts';
import type { Strategy } from '../../../../shared/core/model/rules.ts';
import { OutsideDeeds } from '../../outside-deeds.ts';
import type { Settings, ShiftSettings } from '../../stage.ts';
import { at } from '../phases-shift.ts';
import type { Stage } from '../scene.ts';

type Reach = (stage: Stage) => Promise<boolean>;

/** As `judged({ stepPercent: 25 })` makes it: a first share, one in the middle, a last one. */
const HELD: Strategy = {
  kind: 'linear',
  stepPercent: 25,
  stepBakeMinutes: 0,
  bakeMinutes: 1,
  heldByJudge: true,
};
const CANARY: Strategy = { kind: 'canary', percent: 20, canaryBakeMinutes: 0, bakeMinutes: 3 };
const BLUE_GREEN: Strategy = { kind: 'blueGreen', bakeMinutes: 30 };

/** No alarm beside it, so that it alone speaks. */
const ALONE: ShiftSettings = { strategy: HELD, judge: 'act', isUnguarded: true };

interface JudgedPhase {
  readonly shift: ShiftSettings;
  readonly whileAlarmRed?: Settings['whileAlarmRed'];
  readonly reach: Reach;
}

const asked = (percent: number) => (stage: Stage) =>
  at(stage, 'PRE_PRODUCTION_TRAFFIC_SHIFT', percent);

/** It has lasted for so long that it is history when the push comes. */
async function inOutage(stage: Stage): Promise<boolean> {
  const outage = { at: 0, do: 'outage', errorRate: 0.3, minutes: 150 } as const;
  new OutsideDeeds(stage.engine, stage.truth.trail).perform(outage);
  await stage.pass(40 * 60);
  return asked(20)(stage);
}

const hasAll = (stage: Stage) => at(stage, 'BAKE_TIME', 100);

const ALL = {
  'a judged first share': { shift: ALONE, reach: asked(25) },
  'a judged first share, guarded by an alarm': {
    shift: { ...ALONE, isUnguarded: false },
    reach: asked(25),
  },
  'a judged first share that is held until it is known': {
    shift: { ...ALONE, afterInconclusive: 'hold' },
    reach: asked(25),
  },
  'a judged first share that goes on unmeasured': {
    shift: { ...ALONE, afterInconclusive: 'proceed' },
    reach: asked(25),
  },
  'a judged first share of hardly any requests': {
    shift: { ...ALONE, requestsPerSecond: 0.1 },
    reach: asked(25),
  },
  'a judged share in the middle': { shift: ALONE, reach: asked(50) },
  'a judged last share': { shift: ALONE, reach: asked(75) },
  'a judged canary': { shift: { ...ALONE, strategy: CANARY }, reach: asked(20) },
  'a judged canary, guarded by an alarm': {
    shift: { ...ALONE, strategy: CANARY, isUnguarded: false },
    reach: asked(20),
  },
  'a watched canary': {
    shift: { ...ALONE, strategy: CANARY, judge: 'watch' },
    reach: asked(20),
  },
  'a fix in an outage of both': {
    shift: {
      strategy: CANARY,
      judge: 'act',
      afterInconclusive: 'hold',
      requestsPerSecond: 50,
    },
    whileAlarmRed: 'proceed',
    reach: inOutage,
  },
  'judged, with all of the traffic': {
    shift: { ...ALONE, strategy: BLUE_GREEN },
    reach: hasAll,
  },
} as const satisfies Record<string, JudgedPhase>;

export type JudgedPhaseName = keyof typeof ALL;

export const JUDGED_PHASES = Object.fromEntries(
  Object.entries(ALL).map(([name, { reach }]) => [name, reach]),
) as Readonly<Record<JudgedPhaseName, Reach>>;

export function judgedSettingsOf(phase: JudgedPhaseName): Partial<Settings> {
  const { shift, whileAlarmRed }: JudgedPhase = ALL[phase];
  return defined({ shift, whileAlarmRed });
}
