/** What is kept of a look's long answers: each look stands in the history, whole, for a while in the record. */
import { defined } from './defined.ts';
import { mapValues } from './entries.ts';
import type {
  AlarmRise,
  Observation,
  ObservedAlarm,
  ObservedRises,
  ObservedRollout,
  ObservedScan,
  ObservedSignature,
  ObservedTask,
  StoppedTask,
} from './observation.ts';
import { ANNOUNCED_MAX, QUOTE_MAX, REASON_MAX, shorten } from './text.ts';

/** Of one alarm. The oldest stay: the first one inside the window is the one that condemns. */
const RISES_MAX = 20;
/** Of one scan. Those with an exception are as many as the config names, at the most. */
const FINDINGS_MAX = 10;

export function bounded(observation: Observation): Observation {
  const { alarms, rises, stoppedTasks, rollouts, scans, signatures, balancer } = observation;
  const { migration, judged, ownRequests, aftermath, definitionFile: file } = observation;
  return defined({
    ...observation,
    rollouts: rollouts?.map(shortRollout),
    alarms: alarms && mapValues(alarms, shortAlarm),
    rises: rises && mapValues(rises, fewRises),
    stoppedTasks: stoppedTasks?.map(shortTask),
    scans: scans && mapValues(scans, shortScan),
    signatures: signatures && mapValues(signatures, shortSignature),
    migration: migration && shortMigration(migration),
    definitionFile:
      file === undefined || file.state === 'read' ? file : shortBecause(file, REASON_MAX),
    judged: judged && shortBecause(judged, ANNOUNCED_MAX),
    ownRequests: ownRequests && shortBecause(ownRequests, ANNOUNCED_MAX),
    aftermath: aftermath && shortBecause(aftermath, ANNOUNCED_MAX),
    balancer:
      balancer &&
      mapValues(balancer, (rule) => (rule.state === 'known' ? rule : shortBecause(rule))),
  });
}

function shortRollout(rollout: ObservedRollout): ObservedRollout {
  const { statusReason } = rollout;
  return statusReason === undefined
    ? rollout
    : { ...rollout, statusReason: shorten(statusReason, QUOTE_MAX) };
}

function shortMigration(seen: ObservedTask): ObservedTask {
  if (seen.state !== 'stopped') return seen;
  const { because, lines } = seen;
  return defined({
    ...seen,
    because: because === undefined ? undefined : shorten(because, QUOTE_MAX),
    lines: lines?.map((line) => shorten(line, QUOTE_MAX)),
  });
}

function shortAlarm(alarm: ObservedAlarm): ObservedAlarm {
  return alarm.state === 'ALARM' ? shortRise(alarm) : alarm;
}

function fewRises(seen: ObservedRises): ObservedRises {
  if (seen.state === 'unknown') return seen;
  const oldest = seen.rises.toSorted((a, b) => a.at - b.at).slice(0, RISES_MAX);
  return { ...seen, rises: oldest.map((rise: AlarmRise) => shortRise(rise)) };
}

function shortRise<T extends { readonly reason: string }>(rise: T): T {
  return { ...rise, reason: shorten(rise.reason, QUOTE_MAX) };
}

/** How many there are is told beside them. */
function shortScan(scan: ObservedScan): ObservedScan {
  if (scan.state !== 'complete') return shortBecause(scan);
  return { ...scan, findings: scan.findings.slice(0, FINDINGS_MAX) };
}

function shortSignature(seen: ObservedSignature): ObservedSignature {
  if (seen.state !== 'verified') return shortBecause(seen);
  return seen.by === undefined ? seen : { ...seen, by: shorten(seen.by, QUOTE_MAX) };
}

function shortBecause<T extends { readonly because: string }>(seen: T, max = QUOTE_MAX): T {
  return { ...seen, because: shorten(seen.because, max) };
}

function shortTask(task: StoppedTask): StoppedTask {
  const { stoppedReason } = task;
  return {
    ...task,
    ...(stoppedReason === undefined ? {} : { stoppedReason: shorten(stoppedReason, QUOTE_MAX) }),
    containers: task.containers.map((container) =>
      container.reason === undefined
        ? container
        : { ...container, reason: shorten(container.reason, QUOTE_MAX) },
    ),
  };
}
