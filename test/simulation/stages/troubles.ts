/** Under what a scene happens: one of the faults, often, or trouble that lasts. */
import type { FaultName } from '../faults.ts';
import type { TroubleKind } from '../troubles.ts';

interface Ill {
  readonly faults?: Partial<Record<FaultName, number>>;
  readonly readLagMs?: number;
  readonly troubles?: readonly {
    readonly operation: string;
    readonly kind: TroubleKind;
    readonly minutes: number;
  }[];
}

export const ILLS = {
  none: {},
  'event-lost': { faults: { 'event-lost': 0.5 } },
  'event-doubled': { faults: { 'event-doubled': 0.7 } },
  'event-late': { faults: { 'event-late': 0.5 } },
  'message-doubled': { faults: { 'message-doubled': 0.7 } },
  killed: { faults: { killed: 0.05 } },
  paused: { faults: { paused: 0.05 } },
  'answer-lost': { faults: { 'answer-lost': 0.15 } },
  throttled: { faults: { throttled: 0.2 } },
  'stale-reads': { faults: { 'stale-reads': 1 }, readLagMs: 5_000 },
  'clocks-apart': { faults: { 'clocks-apart': 1 } },
  'bus-down': { faults: { 'bus-down': 0.6 } },
  'timed-out': { faults: { paused: 0.05, 'timed-out': 1 } },
  'budget-spent': { faults: { 'budget-spent': 0.7 } },
  'UpdateService throttled for an hour': {
    troubles: [{ operation: 'UpdateService', kind: 'throttled', minutes: 60 }],
  },
  'UpdateService throttled for ten minutes': {
    troubles: [{ operation: 'UpdateService', kind: 'throttled', minutes: 10 }],
  },
  'UpdateService refused for ten minutes': {
    troubles: [{ operation: 'UpdateService', kind: 'refused', minutes: 10 }],
  },
  'RegisterTaskDefinition throttled for ten minutes': {
    troubles: [{ operation: 'RegisterTaskDefinition', kind: 'throttled', minutes: 10 }],
  },
  'CloudWatch down for half an hour': {
    troubles: [
      { operation: 'DescribeAlarms', kind: 'down', minutes: 30 },
      { operation: 'DescribeAlarmHistory', kind: 'down', minutes: 30 },
    ],
  },
  'the state of alarms down for half an hour': {
    troubles: [{ operation: 'DescribeAlarms', kind: 'down', minutes: 30 }],
  },
  'the history of alarms down for half an hour': {
    troubles: [{ operation: 'DescribeAlarmHistory', kind: 'down', minutes: 30 }],
  },
} as const satisfies Record<string, Ill>;

export type IllName = keyof typeof ILLS;

export function illOf(name: IllName): Ill {
  return ILLS[name];
}
