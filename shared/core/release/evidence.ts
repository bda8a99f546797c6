/** What speaks against a release: alarms that rose inside its window, tasks that failed. */

import { defined } from '../model/defined.ts';
import type { Moment, TaskDefinitionArn } from '../model/image.ts';
import { clockTime } from '../model/moment.ts';
import type {
  AlarmRise,
  Observation,
  ObservedAlarm,
  ObservedService,
} from '../model/observation.ts';
import type { Evidence, TaskFailure } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE, type Rules } from '../model/rules.ts';
import { FAILURE_MAX, QUOTE_MAX, shorten } from '../model/text.ts';
import { failureOf } from './cause/diagnosis.ts';
import { quoting } from './quote.ts';
import type { Verdict } from './verdict.ts';

export const NOTHING_AGAINST: Evidence = { rises: [], failures: [], failed: 0 };

/** The first one that counts condemns; more are kept only until the rollout is found. */
const RISES_MAX = 3;
/** Sentences are kept of these; ids of as many as an observation lists, and as many before. */
const FAILURES_MAX = 5;
const COUNTED_MAX = 20;

/** Both ends are AWS's clock; `to` absent: still open. */
export interface Window {
  readonly from: Moment;
  readonly to?: Moment;
  /** Until then an alarm may rise for data that lie before `to`; absent: at `to`. */
  readonly judgedAt?: Moment;
  readonly alarms: readonly string[];
  /** Of a bake: since when all of its tasks serve. */
  readonly rolledOutAt?: Moment;
}

/**
 * The data decide, not the day on which the alarm tells of them: metrics come minutes late, and
 * several points are needed. A breach that began before the window's end counts; one whose newest
 * period ended before the window began tells of something older.
 */
export function countsAgainst(rise: AlarmRise, window: Window): boolean {
  if (!window.alarms.includes(rise.alarm) || rise.at < window.from) return false;
  if (rise.breachEndsAt !== undefined && rise.breachEndsAt <= window.from) return false;
  if (window.to === undefined || rise.at <= window.to) return true;
  return rise.breachStartsAt === undefined
    ? rise.at <= (window.judgedAt ?? window.to)
    : rise.breachStartsAt < window.to;
}

/** CloudWatch's reads cut the thousandths off. */
export const SAME_RISE_MS = 1_000;

/** Was this alarm muted when it rose, or are its actions suppressed? Then it says nothing. */
function isSilenced(
  { mutedRises }: Pick<TargetRecord, 'mutedRises'>,
  { alarm, at }: { readonly alarm: string; readonly at: Moment },
): boolean {
  return mutedRises?.[alarm]?.some((muted) => Math.abs(muted - at) < SAME_RISE_MS) === true;
}

/** Why this alarm is red and condemns nobody; undefined: it is not red, or it counts. */
export function silencedBecause(
  record: TargetRecord,
  name: string,
  alarm: ObservedAlarm | undefined,
): string | undefined {
  if (alarm?.state !== 'ALARM') return undefined;
  if (alarm.suppressedBy !== undefined) return `alarm ${name} is red with its actions suppressed`;
  return isSilenced(record, { alarm: name, at: alarm.since })
    ? `alarm ${name} is red and was muted when it rose`
    : undefined;
}

function firstRise(watch: Evidence, window: Window): AlarmRise | undefined {
  return watch.rises.find((rise) => countsAgainst(rise, window) && !isHeld(watch, rise));
}

/** It rose while the revision before suffered as well. */
function isHeld({ heldRises = [] }: Evidence, { alarm, at }: AlarmRise): boolean {
  return heldRises.some((held) => held.alarm === alarm && held.at === at);
}

/** Only rises that count are kept, or ten that do not would leave no room for the one that does. */
export function withRises(watch: Evidence, rises: readonly AlarmRise[], window: Window): Evidence {
  const kept = watch.rises.filter((rise) => countsAgainst(rise, window));
  const fresh = rises.filter(
    (rise) =>
      countsAgainst(rise, window) &&
      !kept.some((known) => known.alarm === rise.alarm && known.at === rise.at),
  );
  if (fresh.length === 0 && kept.length === watch.rises.length) return watch;
  const short = fresh.map((rise) => ({ ...rise, reason: shorten(rise.reason, QUOTE_MAX) }));
  const all = [...kept, ...short];
  // One that is held must not take the place of one that condemns.
  const first = [...all.filter((rise) => !isHeld(watch, rise)), ...all];
  return { ...watch, rises: [...new Set(first)].slice(0, RISES_MAX) };
}

/** Rises that a look found: alarms that are red now, and the history when it was asked. */
export function risesSeen(
  record: Pick<TargetRecord, 'mutedRises'>,
  observation: Pick<Observation, 'alarms' | 'rises'>,
): readonly AlarmRise[] {
  const now = Object.entries(observation.alarms ?? {}).flatMap(([alarm, state]): AlarmRise[] =>
    state.state === 'ALARM' && state.suppressedBy === undefined
      ? [
          defined({
            alarm,
            at: state.since,
            reason: state.reason,
            inWords: state.inWords,
            breachEndsAt: state.breachEndsAt,
            breachStartsAt: state.breachStartsAt,
          }),
        ]
      : [],
  );
  const before = Object.values(observation.rises ?? {}).flatMap((entry) =>
    entry.state === 'known' ? entry.rises : [],
  );
  return [...before, ...now]
    .filter((rise) => !isSilenced(record, rise))
    .sort((a, b) => a.at - b.at);
}

/** Adds the failed tasks of this revision; ECS forgets them after an hour, the record does not. */
export function withFailures(
  watch: Evidence,
  observation: Observation,
  revision: TaskDefinitionArn,
): Evidence {
  const counted = watch.counted ?? watch.failures.map(({ task }) => task);
  let lastFailedAt = watch.lastFailedAt ?? 0;
  const fresh = (observation.stoppedTasks ?? []).flatMap((task): TaskFailure[] => {
    if (task.revision !== revision || counted.includes(task.id)) return [];
    const failure = failureOf(task);
    if (failure === undefined) return [];
    lastFailedAt = Math.max(lastFailedAt, task.stoppedAt ?? observation.at);
    return [{ task: task.id, ...failure, because: shorten(failure.because, FAILURE_MAX) }];
  });
  // Of a crash of many at once the newest are told, and all are counted.
  const failed = Math.max(watch.failed + fresh.length, observation.failedTasks ?? 0);
  if (fresh.length === 0 && failed === watch.failed) return watch;
  return {
    ...watch,
    failures: [...watch.failures, ...fresh].slice(-FAILURES_MAX),
    counted: [...counted, ...fresh.map(({ task }) => task)].slice(-COUNTED_MAX),
    lastFailedAt,
    failed,
  };
}

/** Of a service of two tasks the second failure is as much as all of it. */
function taskFailureLimit({ maxTaskFailures }: Rules, service: ObservedService): number {
  if (maxTaskFailures !== undefined) return maxTaskFailures;
  const desired = service.state === 'found' ? service.desired : 0;
  return Math.max(2, Math.ceil(desired / 2));
}

/** The containers that failed, if every failure names one for certain; and whether they never ran at all. */
export function blamedContainers({
  failures,
}: Evidence): Pick<Verdict, 'containers' | 'wereNotPulled'> {
  const names = failures.flatMap(({ container }) => container ?? []);
  if (names.length === 0 || names.length < failures.length) return {};
  const wereNotPulled = failures.every(({ because }) => NOT_PULLED.test(because));
  return { containers: [...new Set(names)], ...(wereNotPulled ? { wereNotPulled } : {}) };
}

/** The word of ECS's own error: the registry did not give the image. */
const NOT_PULLED = /CannotPullContainerError/;

/** Why the release is condemned by what was seen of it; undefined: nothing yet. */
export function whyCondemned(
  watch: Evidence,
  window: Window,
  rules: Rules,
  service: ObservedService,
): Verdict | undefined {
  const rise = firstRise(watch, window);
  if (rise !== undefined) {
    return verdictOfRise(rise, rules, window);
  }
  if (watch.failed >= taskFailureLimit(rules, service)) {
    return { because: describeFailures(watch), alarms: [], ...blamedContainers(watch) };
  }
  return undefined;
}

export function verdictOfRise(rise: AlarmRise, rules: Rules, window: Window): Verdict {
  const roseAt = rise.breachStartsAt ?? rise.at;
  const dataEndAt = rise.breachEndsAt ?? rise.at;
  const because = describeRise(rise, rules, window.rolledOutAt);
  return { because, alarms: [rise.alarm], roseAt, dataEndAt };
}

/** How long it went well tells where to look: what comes late is no crash at its start. */
export function describeRise(rise: AlarmRise, rules: Rules, rolledOutAt = rise.at): string {
  const minutes = Math.floor((rise.at - rolledOutAt) / MINUTE);
  const later =
    minutes < 1
      ? ''
      : `, ${minutes} ${minutes === 1 ? 'minute' : 'minutes'} after it was rolled out`;
  const others = rules.alarmsSharedWith[rise.alarm] ?? [];
  const sharing =
    others.length === 0
      ? ''
      : ` (the alarm is shared with ${others.join(', ')}, and counts for each)`;
  const said = shorten(rise.reason, QUOTE_MAX);
  const why = rise.inWords === undefined ? said : quoting(rise.inWords, 'CloudWatch', said);
  return `alarm ${rise.alarm} rose at ${clockTime(rise.at)}${later}${sharing}: ${why}`;
}

export function describeFailures({ failed, failures }: Evidence): string {
  const last = failures.at(-1)?.because ?? 'no reason known';
  return failed === 1
    ? `one of its tasks failed: ${last}`
    : `${failed} of its tasks failed, the last one: ${last}`;
}
