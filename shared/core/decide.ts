/**
 * decide(record, event) -> record', because. Pure: the same record and event give the same record.
 * It never throws for what the world does, only for what our own rules exclude (`expected`); a record whose
 * format is not ours is caught on loading.
 */

import { alarmChanged } from './events/alarm-changed.ts';
import { callDeferred } from './events/call-deferred.ts';
import { callRefused } from './events/call-refused.ts';
import { commandReceived } from './events/command.ts';
import { configured, retired } from './events/configured.ts';
import { imagePushed } from './events/image-pushed.ts';
import { withoutIdleClocks } from './gates/holding.ts';
import { withoutForeignWord } from './gates/word-gate.ts';
import { announced, because, type Decision } from './model/decision.ts';
import type {
  Configured,
  Delivered,
  Event,
  MigrationStarted,
  RevisionRegistered,
} from './model/event.ts';
import type { TargetKey } from './model/image.ts';
import { sameJson } from './model/json.ts';
import type { HistoryEntry } from './model/record/outbox.ts';
import { RECORD_FORMAT, type TargetRecord } from './model/record/target-record.ts';
import { somethingWaits } from './model/record/waiting.ts';
import { standingOf } from './model/standing.ts';
import { observed } from './observed.ts';
import { attemptOf, withAttempt } from './release/attempt.ts';
import { withBoundary } from './release/boundary.ts';
import { announceStarted } from './release/release-ends.ts';
import { isAtRest, whenAccepted, whenDelivered, whileRetired } from './when-to-look.ts';

/** The first record of a target: what `Configured` says, and nothing known yet. */
export function introduce(key: TargetKey, event: Configured): Decision {
  const record: TargetRecord = {
    format: RECORD_FORMAT,
    key,
    id: event.id,
    knownSince: event.at,
    rules: event.rules,
    phase: { phase: 'idle' },
    rollbackCandidates: [],
    quarantine: [],
    newest: {},
    waiting: {},
    alarmsToClear: [],
    requests: [],
    condemnedRevisions: [],
    finishedRollouts: [],
    takeovers: [],
    handledCommands: [],
    releases: 0,
    observeAt: event.at,
    sequence: 0,
    outbox: { announcements: [], history: [], quarantine: [] },
  };
  const sentence = 'introduced by the config';
  return because(remember(record, record, event, sentence), sentence);
}

export function decide(record: TargetRecord, event: Event): Decision {
  if (event.type === 'Delivered') return delivered(record, event);
  const decision = decideOn(record, event);
  if (decision.record === record) return decision;
  const next = withBoundary(withoutForeignWord(withoutIdleClocks(decision.record)));
  if (foundNothingNew(record, next, event)) return because(next, decision.because);
  return because(remember(record, next, event, decision.because), decision.because);
}

function decideOn(record: TargetRecord, event: Exclude<Event, Delivered>): Decision {
  if (record.retired && event.type !== 'Configured' && event.type !== 'Retired') {
    // Whoever speaks is answered: nobody else would tell that nothing comes of it.
    if (event.type === 'CommandReceived') {
      return untilTold(commandReceived(record, event), record, event.at);
    }
    return because(record, 'the config names this target no longer: nothing else is heard');
  }
  switch (event.type) {
    case 'Configured':
      return configured(record, event);
    case 'Retired':
      return untilTold(retired(record, event), record, event.at);
    case 'ImagePushed':
      return soon(imagePushed(record, event), record, event.at);
    case 'AlarmChanged':
      return soon(alarmChanged(record, event), record, event.at);
    case 'Hinted':
      return because(record, `${event.cause}: a look follows`);
    case 'CommandReceived':
      return soon(commandReceived(record, event), record, event.at);
    case 'Observed':
      return observed(record, event.observation);
    case 'RevisionRegistered':
      return registered(record, event);
    case 'MigrationStarted':
      return migrationStarted(record, event);
    case 'RolloutAccepted': {
      const started = announceStarted(record, event.at);
      return because(whenAccepted(started, event.at), 'ECS took the request');
    }
    case 'StopAccepted':
      return because(record, 'ECS took the stop');
    case 'CallRefused':
      return soon(callRefused(record, event), record, event.at);
    case 'CallDeferred':
      // Looked at again when that is due: who is throttled asks no sooner.
      return callDeferred(record, event);
  }
}

/**
 * The hourly look of a target at rest that finds its ways back as they were: that it was looked stands in the
 * record, and an entry an hour for each of ten thousand targets would be most of what they cost.
 */
function foundNothingNew(before: TargetRecord, after: TargetRecord, event: Event): boolean {
  if (event.type !== 'Observed' || event.observation.waysBack === undefined) return false;
  if (before.waysBack === undefined) return false;
  return sameJson(withoutMoments(before), withoutMoments(after));
}

/** When it is looked at next is decided by what stands in no history, too: a replay must find the same. */
function withoutMoments(record: TargetRecord): object {
  const { waysBack, outbox } = record;
  const moments = { observedAt: undefined, observeAt: undefined, turnAt: undefined };
  return {
    ...{ ...record, ...moments, outbox: undefined },
    waysBack: { ...waysBack, checkedAt: undefined },
    told: outbox.announcements.map(({ id }) => id),
  };
}

/** The event stands in the history with the decision that it led to. */
function remember(
  before: TargetRecord,
  after: TargetRecord,
  event: Event,
  sentence: string,
): TargetRecord {
  const told = announced(after);
  const entry: HistoryEntry = {
    sequence: before.sequence + 1,
    event,
    because: sentence,
    phase: standingOf(after),
    ...(told.length === 0 ? {} : { announcements: told }),
  };
  return {
    ...after,
    sequence: entry.sequence,
    outbox: { ...after.outbox, history: [...after.outbox.history, entry] },
  };
}

/** Nothing brings a handler to a target that left the config, but what it could not tell. */
function untilTold(decision: Decision, before: TargetRecord, at: number): Decision {
  const { record } = decision;
  return record === before ? decision : because(whileRetired(record, at), decision.because);
}

/** If the handler dies before it looks, `tick` looks. */
function soon(decision: Decision, before: TargetRecord, at: number): Decision {
  const { record } = decision;
  if (record === before || (record.observeAt !== undefined && record.observeAt <= at))
    return decision;
  if (isAtRest(record) && !somethingWaits(record)) return decision;
  return because({ ...record, observeAt: at }, decision.because);
}

/** An answer is decided on the record that asked for it: who loses that write loses the answer, too. */
function registered(record: TargetRecord, { revision }: RevisionRegistered): Decision {
  const attempt = attemptOf(record.phase);
  const taken = attempt && withAttempt(record, { revision, ...attempt });
  return because(taken ?? record, `registered ${revision}`);
}

/** A release that is given up meanwhile has one task too many, which ends by itself. */
function migrationStarted(record: TargetRecord, { task }: MigrationStarted): Decision {
  const attempt = attemptOf(record.phase);
  const run = attempt?.migration;
  const taken = run && withAttempt(record, { ...attempt, migration: { task, ...run } });
  return because(taken ?? record, `ECS runs the migration: ${task}`);
}

/** What is out is forgotten. Not part of the history: it says nothing about the target. */
function delivered(record: TargetRecord, event: Delivered): Decision {
  const { announcements, history, quarantine } = record.outbox;
  const rest: TargetRecord = {
    ...record,
    outbox: {
      announcements: announcements.filter((one) => !event.announcements.includes(one.id)),
      history: history.filter((one) => !event.history.includes(one.sequence)),
      quarantine: quarantine.filter((one) => !event.quarantine.includes(one.digest)),
    },
  };
  return because(whenDelivered(rest), 'told');
}
