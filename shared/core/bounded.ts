/** What is kept of a look's long answers: each look stands in the history, whole, for a while in the record. */
import type { AlarmRise, AlarmSeen, RisesSeen, RolloutSeen, Seen, StoppedTask } from './seen.ts';
import { shorten } from './text.ts';

const SENTENCE_MAX = 200;
/** Of one alarm. The oldest stay: the first one inside the window is the one that condemns. */
const RISES_MAX = 20;

export function bounded(seen: Seen): Seen {
  const { alarms, rises, stoppedTasks, rollouts } = seen;
  return {
    ...seen,
    ...(rollouts === undefined ? {} : { rollouts: rollouts.map(shortRollout) }),
    ...(alarms === undefined ? {} : { alarms: mapped(alarms, shortAlarm) }),
    ...(rises === undefined ? {} : { rises: mapped(rises, fewRises) }),
    ...(stoppedTasks === undefined ? {} : { stoppedTasks: stoppedTasks.map(shortTask) }),
  };
}

function mapped<T>(
  entries: Readonly<Record<string, T>>,
  change: (entry: T) => T,
): Readonly<Record<string, T>> {
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, change(entry)]));
}

function shortRollout(rollout: RolloutSeen): RolloutSeen {
  const { statusReason } = rollout;
  return statusReason === undefined
    ? rollout
    : { ...rollout, statusReason: shorten(statusReason, SENTENCE_MAX) };
}

function shortAlarm(alarm: AlarmSeen): AlarmSeen {
  return alarm.state === 'ALARM' ? shortRise(alarm) : alarm;
}

function fewRises(seen: RisesSeen): RisesSeen {
  if (seen.state === 'unknown') return seen;
  const oldest = seen.rises.toSorted((a, b) => a.at - b.at).slice(0, RISES_MAX);
  return { ...seen, rises: oldest.map((rise: AlarmRise) => shortRise(rise)) };
}

function shortRise<T extends { readonly reason: string }>(rise: T): T {
  return { ...rise, reason: shorten(rise.reason, SENTENCE_MAX) };
}

function shortTask(task: StoppedTask): StoppedTask {
  const { stoppedReason } = task;
  return {
    ...task,
    ...(stoppedReason === undefined ? {} : { stoppedReason: shorten(stoppedReason, SENTENCE_MAX) }),
    containers: task.containers.map((container) =>
      container.reason === undefined
        ? container
        : { ...container, reason: shorten(container.reason, SENTENCE_MAX) },
    ),
  };
}
