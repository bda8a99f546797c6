/**
 * What worlds draw beside their story: other configs, trouble that lasts, services that are deleted
 * and made again, commands that come late. By a stream of its own, so that a seed's story stays the same.
 */
import { type Chance, chanceOf } from './chance.ts';
import type { Faults } from './faults.ts';
import type { Gate, Order } from './stage.ts';
import type { Deed, Plan, Step } from './story.ts';
import type { TroubleKind } from './troubles.ts';

const MINUTE = 60_000;
const SALT = 0xe47a5;
const SERVICES = ['web', 'worker', 'api'] as const;

export interface Extras {
  readonly order: Order;
  readonly gate?: Gate;
  /** So long some handlers still go by the config before, each time that it changes. */
  readonly overlapMinutes?: number;
  readonly faults: Faults;
  readonly steps: readonly Step[];
}

export const NO_EXTRAS: Extras = { order: 'push-time', faults: {}, steps: [] };

const GATE_SALT = 0x6a7e5;

/** By a stream of its own, too: what ECR knows of each image that is pushed, where the config asks. */
export function drawGate(
  seed: number,
  story: readonly Step[],
): { readonly gate?: Gate; readonly story: readonly Step[] } {
  const chance = chanceOf(seed ^ GATE_SALT);
  if (!chance.hits(0.3)) return { story };
  const gate = chance.pick(['scan', 'signature'] as const);
  return {
    gate,
    story: story.map((step) =>
      step.do === 'push' ? { ...step, plan: drawPlan(chance, gate) } : step,
    ),
  };
}

function drawPlan(chance: Chance, gate: Gate): Plan {
  if (gate === 'signature') return { signed: chance.hits(0.8) };
  const scanSeconds = chance.pick([5, 20, 200, 900]);
  switch (chance.whole(0, 9)) {
    case 0:
      return { scanSeconds, findings: { CRITICAL: 1 } };
    case 1:
      return { scanSeconds, findings: { HIGH: 2, LOW: 3 } };
    case 2:
      return { scan: chance.pick(['never', 'fails', 'unsupported'] as const) };
    default:
      return { scanSeconds, findings: { MEDIUM: 1 } };
  }
}

/** Half of the worlds have some, and seldom more than two at once: a rare mix says more. */
export function drawExtras(seed: number, minutes: number): Extras {
  const chance = chanceOf(seed ^ SALT);
  if (chance.hits(0.5)) return NO_EXTRAS;
  const order = chance.pick<Order>(['push-time', 'push-time', 'number', 'semver']);
  const faults: Faults = {
    ...(chance.hits(0.2) ? { 'timed-out': 1 } : {}),
    ...(chance.hits(0.2) ? { 'budget-spent': 0.4 } : {}),
  };
  const steps: Step[] = [];
  for (let left = chance.whole(1, 2); left > 0; left--) {
    const at = chance.whole(5, minutes - 1) * MINUTE + chance.whole(0, 59) * 1000;
    steps.push(...drawExtra(chance, at, minutes * MINUTE));
  }
  const overlapMinutes = chance.pick([0, 0, 3, 10]);
  return { order, faults, steps, overlapMinutes };
}

function drawExtra(chance: Chance, at: number, end: number): readonly Step[] {
  const target = chance.pick(SERVICES);
  const later = Math.min(end, at + chance.whole(2, 30) * MINUTE);
  const then = (first: Deed, second: Deed): readonly Step[] => [
    { at, ...first },
    { at: later, ...second },
  ];
  switch (chance.whole(0, 10)) {
    case 0:
      return then(
        { do: 'delete-service', service: target },
        { do: 'create-service', service: target },
      );
    case 1:
      return [{ at, do: 'mute', alarm: chance.pick(['web-5xx', 'api-5xx']), minutes: 30 }];
    case 2:
      return [{ at, do: 'no-data', alarm: chance.pick(['web-5xx', 'api-5xx']) }];
    case 3:
      return then({ do: 'stop-all' }, { do: 'resume-all' });
    case 4:
      return [{ at, do: 'redrive', target, minutes: chance.whole(20, 120) }];
    case 5:
      return then({ do: 'retire', target }, { do: 'unretire', target });
    case 6:
      return then(
        { do: 'change-config', target, change: { mode: 'watch' } },
        { do: 'change-config', target, change: { mode: 'act' } },
      );
    case 7:
      return [
        {
          at,
          do: 'change-config',
          target,
          change: chance.pick([
            { alarms: [] },
            { whileAlarmRed: 'proceed' },
            { maxTaskFailures: 2 },
          ]),
        },
      ];
    case 8:
      return [{ at, do: 'unpinned-by-hand', service: target }];
    case 9:
      return [{ at, do: 'rollback-to', target, release: `adopted ${target}:1` }];
    default:
      return [{ at, do: 'trouble', ...drawTrouble(chance), minutes: chance.pick([10, 60]) }];
  }
}

function drawTrouble(chance: Chance): { readonly operation: string; readonly kind: TroubleKind } {
  return chance.pick([
    { operation: 'UpdateService', kind: 'throttled' },
    { operation: 'UpdateService', kind: 'refused' },
    { operation: 'RegisterTaskDefinition', kind: 'throttled' },
    { operation: 'RegisterTaskDefinition', kind: 'refused' },
    { operation: 'StopServiceDeployment', kind: 'refused' },
    { operation: 'DescribeAlarms', kind: 'down' },
    { operation: 'DescribeAlarmHistory', kind: 'throttled' },
    { operation: 'DescribeImages', kind: 'down' },
    { operation: 'PutEvents', kind: 'down' },
  ]);
}
