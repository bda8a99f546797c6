/**
 * The answer to "what happened?": one value from the record and from what ECS and CloudWatch just said,
 * for every place where a person or a program looks. It claims nothing that was not observed: what the
 * record remembers is told as the past, and what runs only as ECS counts it.
 */
import type { CouldReturn } from '../explain/can-roll-back.ts';
import { percentOf } from '../model/balancer.ts';
import { defined } from '../model/defined.ts';
import type { ServiceNow } from '../model/observation.ts';
import { backOf } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Hold } from '../model/record/waiting.ts';
import { clockTime, withoutQuote } from '../release/evidence.ts';
import { shareAt } from '../traffic/course.ts';
import { actionsOf, type PersonAction } from './actions.ts';
import { describeLastRelease, type LastRelease, lastReleaseOf } from './last-release.ts';
import { type NextStep, nextStepOf } from './next-step.ts';
import { describeRunningNow, type RunningNow, runningNow, tasksRunning } from './running-now.ts';

/** The worst first: lists are sorted by it. */
export const STATES = [
  'needs-attention',
  'down',
  'rolling-back',
  'alarm',
  'held',
  'failed',
  'rolled-back',
  'short-of-tasks',
  'deploying',
  'baking',
  'watching',
  'waiting',
  'unknown',
  'well',
  'retired',
] as const;

export type IncidentState = (typeof STATES)[number];

export interface Incident {
  readonly state: IncidentState;
  /** Two sentences at most: what became of what was tried, and what runs. */
  readonly headline: string;
  readonly running: RunningNow;
  readonly last?: LastRelease;
  /** Of the alarms that the config names, those that are red. */
  readonly redAlarms: readonly string[];
  readonly next: NextStep;
  readonly actions: readonly PersonAction[];
}

export interface Observed {
  /** Absent: ECS has no such service. */
  readonly service?: ServiceNow | undefined;
  readonly redAlarms: readonly string[];
  readonly couldRollBack: CouldReturn;
  /** Somebody holds the whole account. */
  readonly stop?: Pick<Hold, 'by' | 'because'> | undefined;
}

export function incidentOf(
  record: TargetRecord | undefined,
  { service, redAlarms, couldRollBack, stop }: Observed,
): Incident {
  const running = runningNow(record, service);
  if (record === undefined) {
    return {
      state: 'unknown',
      headline: sentences('Slipway has not looked at it yet', describeRunningNow(running)),
      running,
      redAlarms,
      next: { by: 'Slipway', what: '`tick` introduces it within minutes' },
      actions: [],
    };
  }
  const last = lastReleaseOf(record);
  const state = stateOf(record, running, redAlarms, last, stop !== undefined);
  return defined({
    state,
    headline: headlineOf(record, state, running, redAlarms, last),
    running,
    last,
    redAlarms,
    next: nextStepOf(record, stop, { running, redAlarms }),
    actions: actionsOf(record, last, {
      back: couldRollBack,
      isRed: redAlarms.length > 0,
      lacksTasks: state === 'down' || state === 'short-of-tasks',
      stop,
    }),
  });
}

function stateOf(
  record: TargetRecord,
  running: RunningNow,
  redAlarms: readonly string[],
  last: LastRelease | undefined,
  isStopped: boolean,
): IncidentState {
  const { phase, waiting, hold, retired } = record;
  if (retired) return 'retired';
  if (record.needsAttention !== undefined) return 'needs-attention';
  const { desired } = running;
  const count = tasksRunning(running);
  if (desired === undefined || (desired > 0 && count === 0)) return 'down';
  if (backOf(phase) !== undefined) return 'rolling-back';
  if (redAlarms.length > 0) return 'alarm';
  if (phase.phase === 'deploying') return 'deploying';
  if (phase.phase === 'baking') return phase.of === 'release' ? 'baking' : 'watching';
  const some = Object.values(waiting);
  const isHeld = isStopped || hold !== undefined || some.some(({ held }) => held !== undefined);
  if (isHeld) return 'held';
  if (last?.became === 'rolled-back' || last?.became === 'failed') return last.became;
  if (count < desired) return 'short-of-tasks';
  return some.length > 0 ? 'waiting' : 'well';
}

function headlineOf(
  record: TargetRecord,
  state: IncidentState,
  running: RunningNow,
  redAlarms: readonly string[],
  last: LastRelease | undefined,
): string {
  const now = [...shiftSeen(record), describeRunningNow(running)].join('. ');
  const red =
    redAlarms.length === 0
      ? []
      : [`${redAlarms.join(', ')} ${redAlarms.length === 1 ? 'is' : 'are'} red`];
  if (state === 'needs-attention') {
    const { plain } = withoutQuote(record.needsAttention?.because ?? '');
    return sentences(`a person is needed: ${plain}`, ...red, now);
  }
  // What ended well long ago is no news.
  const isNews = last !== undefined && last.became !== 'proven' && last.became !== 'adopted';
  return sentences(...(isNews ? [describeLastRelease(last)] : []), ...red, now);
}

/** Told as of the look that saw it: the record's looks and this answer are not of one moment. */
function shiftSeen({ phase }: TargetRecord): readonly string[] {
  if (phase.phase !== 'deploying' || phase.goal !== 'forward') return [];
  const { course } = phase.attempt;
  if (course?.heardAt === undefined) return [];
  const share = shareAt(course, course.heardAt);
  const stage = course.stage === undefined ? '' : `, and ECS was at ${course.stage}`;
  const given = share === 0 ? 'none' : percentOf(share);
  return [
    `at ${clockTime(course.heardAt)} the load balancer gave the new release ${given} of the traffic${stage}`,
  ];
}

/** What was cut off ends in an ellipsis, and needs no full stop. */
function sentences(...parts: readonly string[]): string {
  return parts.map((part) => (/[.…]$/.test(part) ? part : `${part}.`)).join(' ');
}
