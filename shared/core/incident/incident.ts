/**
 * The answer to "what happened?": one value from the record and from what ECS and CloudWatch just said,
 * for every place where a person or a program looks. It claims nothing that was not observed: what the
 * record remembers is told as the past, and what runs only as ECS counts it.
 */
import type { CouldReturn } from '../explain/can-roll-back.ts';
import { percentOf } from '../model/balancer.ts';
import { defined } from '../model/defined.ts';
import type { Moment } from '../model/image.ts';
import { clockTime } from '../model/moment.ts';
import type { ServiceNow } from '../model/observation.ts';
import { backOf, forwardOf } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Hold } from '../model/record/waiting.ts';
import { withoutQuote } from '../release/quote.ts';
import { shareAt } from '../traffic/course.ts';
import { actionsOf, type PersonAction } from './actions.ts';
import { heldInWords } from './held-now.ts';
import { describeLastRelease, type LastRelease, lastReleaseOf } from './last-release.ts';
import { type NextStep, nextStepOf } from './next-step.ts';
import {
  describeRunningNow,
  isGone,
  type RunningNow,
  runningNow,
  shortNames,
  tasksRunning,
} from './running-now.ts';
import { sentences } from './sentences.ts';
import { type StillBad, stillBadOf } from './still-bad.ts';
import { type StillRed, stillRedOf } from './still-red.ts';

/** The worst first: lists are sorted by it. */
export const STATES = [
  'needs-attention',
  'down',
  'rolling-back',
  'alarm',
  'unreadable',
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
  /** Some of them are red from what was rolled back. */
  readonly stillRed?: StillRed;
  /** What was condemned and could not be left serves. */
  readonly stillBad?: StillBad;
  readonly next: NextStep;
  readonly actions: readonly PersonAction[];
}

export interface Observed {
  readonly at: Moment;
  /** Absent: ECS has no such service. */
  readonly service?: ServiceNow | undefined;
  /** ECS did not answer, so that `service` says nothing. */
  readonly unasked?: boolean;
  readonly redAlarms: readonly string[];
  /** Of those that the config names: CloudWatch did not answer. */
  readonly unseenAlarms?: readonly string[];
  readonly couldRollBack: CouldReturn;
  /** Somebody holds the whole account. */
  readonly stop?: Pick<Hold, 'by' | 'because'> | undefined;
}

export function incidentOf(
  record: TargetRecord | undefined,
  { at, service, unasked, redAlarms, unseenAlarms = [], couldRollBack, stop }: Observed,
): Incident {
  const running = runningNow(record, service, unasked);
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
  const stillRed = stillRedOf(record, redAlarms, at);
  const asked = record.needsAttention?.because;
  const stillBad = asked === undefined ? undefined : stillBadOf(asked, last, running);
  // A rollback that is over is called so while its alarm gets quiet.
  const news = redAlarms.filter((name) => stillRed?.names.includes(name) !== true);
  const seen = stateOf(record, running, news, last, stop !== undefined);
  // What nobody saw is not called well.
  const state = seen === 'well' && (unasked || unseenAlarms.length > 0) ? 'unknown' : seen;
  return defined({
    state,
    headline: headlineOf(record, state, last, {
      running,
      redAlarms,
      unseenAlarms,
      stillRed,
      stillBad,
      stop,
    }),
    running,
    last,
    redAlarms,
    stillRed,
    stillBad,
    next: nextStepOf(record, stop, {
      running,
      redAlarms,
      couldRollBack: couldRollBack.possible,
    }),
    actions: actionsOf(record, last, {
      back: couldRollBack,
      isRed: redAlarms.length > 0,
      lacksTasks: state === 'down' || state === 'short-of-tasks',
      stop,
      stillBad: stillBad !== undefined,
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
  if (isGone(running) || (desired !== undefined && desired > 0 && count === 0)) return 'down';
  if (backOf(phase) !== undefined) return 'rolling-back';
  if (redAlarms.length > 0) return 'alarm';
  if (phase.phase === 'deploying') return 'deploying';
  if (phase.phase === 'baking') return phase.of === 'release' ? 'baking' : 'watching';
  const some = Object.values(waiting);
  const isHeld = isStopped || hold !== undefined || some.some(({ held }) => held !== undefined);
  if (isHeld) return 'held';
  if (last?.became === 'rolled-back' || last?.became === 'failed') return last.became;
  if (desired !== undefined && count < desired) return 'short-of-tasks';
  return some.length > 0 ? 'waiting' : 'well';
}

function headlineOf(
  record: TargetRecord,
  state: IncidentState,
  last: LastRelease | undefined,
  {
    running,
    redAlarms,
    unseenAlarms,
    stillRed,
    stillBad,
    stop,
  }: Pick<Incident, 'running' | 'redAlarms'> &
    Pick<Observed, 'stop'> &
    Required<Pick<Observed, 'unseenAlarms'>> & {
      readonly stillRed: StillRed | undefined;
      readonly stillBad: StillBad | undefined;
    },
): string {
  const now = [...shiftSeen(record), describeRunningNow(running)].join('. ');
  const held = heldInWords(record, stop);
  const news = redAlarms.filter(
    (name) => stillRed?.names.includes(name) !== true && !held?.includes(`alarm ${name} is red`),
  );
  const red = [
    ...(stillRed === undefined ? [] : [stillRed.says]),
    ...alarmsInWords(news, unseenAlarms),
  ];
  if (state === 'needs-attention') {
    if (stillBad !== undefined) {
      const { what, against, notBack } = stillBad;
      return sentences(`${what}: ${against}`, notBack, ...red, now);
    }
    const { because = '', gone } = record.needsAttention ?? {};
    const { plain } = withoutQuote(because);
    const rest = [...notToBlame(record, last), ...red];
    return gone && isGone(running)
      ? sentences(`nothing serves: ${plain}`, ...rest)
      : sentences(`a person is needed: ${plain}`, ...rest, now);
  }
  // What ended well long ago is no news.
  const isNews = last !== undefined && last.became !== 'proven' && last.became !== 'adopted';
  return sentences(
    ...(isNews ? [describeLastRelease(last)] : []),
    ...(held === undefined ? [] : [held]),
    ...red,
    now,
  );
}

/** What was on its way when the service went is told as failed, and had no part in it. */
function notToBlame(
  { needsAttention }: TargetRecord,
  last: LastRelease | undefined,
): readonly string[] {
  const { gone, since } = needsAttention ?? {};
  const went = gone && last?.became === 'failed' && last.at === since;
  return went && last.images ? [`${shortNames(last.images)} was not to blame`] : [];
}

/** What is red, and what might be. */
export function alarmsInWords(
  red: readonly string[],
  unseen: readonly string[] = [],
): readonly string[] {
  return [
    ...(red.length === 0 ? [] : [`${red.join(', ')} ${red.length === 1 ? 'is' : 'are'} red`]),
    ...(unseen.length === 0
      ? []
      : [
          `whether ${unseen.join(', ')} ${unseen.length === 1 ? 'is' : 'are'} red could not be asked`,
        ]),
  ];
}

/** Told as of the look that saw it: the record's looks and this answer are not of one moment. */
function shiftSeen({ phase }: TargetRecord): readonly string[] {
  const course = forwardOf(phase)?.attempt.course;
  if (course?.heardAt === undefined) return [];
  const share = shareAt(course, course.heardAt);
  const stage = course.stage === undefined ? '' : `, and ECS was at ${course.stage}`;
  const given = share === 0 ? 'none' : percentOf(share);
  return [
    `at ${clockTime(course.heardAt)} the load balancer gave the new release ${given} of the traffic${stage}`,
  ];
}
