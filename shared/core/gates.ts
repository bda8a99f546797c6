/** What may keep a release from starting for now, in the order in which it is asked. */
import { isQuarantined } from './decision.ts';
import { type ContainerName, type Moment, shortDigest } from './image.ts';
import type { HoldReason, TargetRecord } from './record.ts';
import type { Rules } from './rules.ts';
import { waitsForScan } from './scan-gate.ts';
import type { FoundService, Seen } from './seen.ts';
import { waitsForSignature } from './signature-gate.ts';

/** With this much untold, nothing new begins: who would hear how it ended? */
const UNTOLD_MAX = 15;

export interface Gate {
  readonly reason: HoldReason;
  readonly because: string;
  readonly next: string;
  /** Absent: it is closed until what closes it is gone. */
  readonly ends?: GateEnd;
}

/** What becomes of a hold that lasts too long. */
export interface GateEnd {
  readonly minutes: number;
  /** Counted from here; absent: from when the hold began. */
  readonly since?: Moment;
  readonly after: 'proceed' | 'refuse' | 'ask';
  /** What is refused; absent: everything that waits. */
  readonly only?: ContainerName;
  /** What is told then, and what the person can do about it. */
  readonly sentence: string;
  readonly refused: string;
  readonly asked: string;
  /** See `Accepted.again`. */
  readonly again?: 'push';
}

type Closed = (record: TargetRecord, service: FoundService, seen: Seen) => Gate | undefined;

/** What each gate stands for, in words, in the order in which they are asked. */
export const GATES: readonly { readonly rule: string; readonly closed: Closed }[] = [
  { rule: 'nobody has stopped the account', closed: (_, __, seen) => stopped(seen) },
  { rule: 'nobody holds this target', closed: held },
  { rule: 'announcements are delivered', closed: (_, __, seen) => untold(seen) },
  { rule: 'no other container runs a quarantined image', closed: quarantinedBeside },
  // Before the alarms: when their hold is over, a release may proceed, past nothing but them.
  { rule: 'the scan lets it through', closed: (record, _, seen) => waitsForScan(record, seen) },
  { rule: 'its signature is good', closed: (record, _, seen) => waitsForSignature(record, seen) },
  {
    rule: 'the alarms of the last release are OK',
    closed: (record, _, seen) => clearing(record, seen),
  },
  {
    rule: 'no red alarm keeps it from being guarded',
    closed: (record, _, seen) => redAlarm(record, seen),
  },
];

export function closedGate(
  record: TargetRecord,
  service: FoundService,
  seen: Seen,
): Gate | undefined {
  for (const { closed } of GATES) {
    const gate = closed(record, service, seen);
    if (gate !== undefined) return gate;
  }
  return undefined;
}

/** The account's one stop switch. Rollbacks ask no gate, so they go through. */
function stopped({ stop }: Seen): Gate | undefined {
  return stop === undefined
    ? undefined
    : {
        reason: 'person',
        because: `${stop.by} holds all targets of this account: ${stop.because}`,
        next: 'it starts after `resume --all`',
      };
}

function held({ hold }: TargetRecord): Gate | undefined {
  return hold === undefined
    ? undefined
    : {
        reason: 'person',
        because: `${hold.by} holds this target: ${hold.because}`,
        next: 'it starts after `resume`',
      };
}

function untold({ untold: count }: Seen): Gate | undefined {
  return count <= UNTOLD_MAX
    ? undefined
    : {
        reason: 'untold',
        because: `${count} announcements could not be delivered`,
        next: 'it starts when the announcement bus answers again',
      };
}

function clearing(record: TargetRecord, seen: Seen): Gate | undefined {
  const red = record.clearing.find((name) => seen.alarms?.[name]?.state === 'ALARM');
  if (red === undefined) return undefined;
  const sentence = `alarm ${red}, which condemned the last release, is not OK yet`;
  return {
    reason: 'clearing',
    because: sentence,
    next: 'it starts by itself when the alarm is OK',
    ends: alarmEnd(record.rules, sentence),
  };
}

/** Whether every gate that closes by what a look finds was asked about. */
export function asksGates({ rules, waiting }: TargetRecord, seen: Seen): boolean {
  return Object.values(waiting).every(
    ({ image: { digest } }) =>
      (rules.scan === undefined || seen.scans?.[digest] !== undefined) &&
      (rules.signature === undefined || seen.signatures?.[digest] !== undefined),
  );
}

function alarmEnd({ holdMinutes, afterHold }: Rules, because: string): GateEnd {
  return {
    minutes: holdMinutes,
    after: afterHold,
    sentence: `held for ${holdMinutes} minutes: ${because}`,
    refused: 'when it is OK, deploy it by hand or push a newer one',
    asked: 'mend what the alarm tells of; it then starts by itself',
  };
}

export function alarmsToAsk(record: TargetRecord): readonly string[] {
  return [...new Set([...record.rules.alarms, ...record.clearing])];
}

/** A release is a copy of what runs: a quarantined image in another container would start with it. */
function quarantinedBeside(
  record: TargetRecord,
  { primary }: FoundService,
  seen: Seen,
): Gate | undefined {
  const runs = record.runs?.revision === primary.revision ? record.runs.images : {};
  for (const [container, reference] of Object.entries(seen.definition?.containers ?? {})) {
    if (record.waiting[container] !== undefined) continue;
    const digest = reference.split('@')[1] ?? runs[container]?.digest;
    if (digest === undefined || !isQuarantined(record, digest)) continue;
    return {
      reason: 'quarantine',
      because: `container "${container}" runs the quarantined ${shortDigest(digest)}, which would start again with it`,
      next: `it starts together with a fix for "${container}"; or roll back, or lift that quarantine`,
    };
  }
  return undefined;
}

/** ECS ignores an alarm that is red when a rollout starts, for the whole of that rollout. */
function redAlarm(record: TargetRecord, seen: Seen): Gate | undefined {
  if (record.rules.whileAlarmRed === 'proceed') return undefined;
  for (const name of record.rules.alarms) {
    const alarm = seen.alarms?.[name];
    const next = `it starts by itself when the alarm is OK; after ${record.rules.holdMinutes} minutes: ${record.rules.afterHold}`;
    const closed = (because: string, what = next): Gate => ({
      reason: 'alarm',
      because,
      next: what,
      ends: alarmEnd(record.rules, because),
    });
    if (alarm?.state === 'ALARM') {
      return closed(`alarm ${name} is red, so it could not guard this release: ${alarm.reason}`);
    }
    if (alarm?.state === 'missing') {
      return closed(
        `alarm ${name} does not exist, so it cannot guard this release`,
        `create it, or take it out of pipeline.config.ts; ${next}`,
      );
    }
    if (alarm?.state === 'unknown') {
      return closed(`the state of alarm ${name} is unknown: ${alarm.because}`);
    }
  }
  return undefined;
}
