/**
 * decide(record, event) -> record', because. Pure: the same record and event give the same record.
 * It never throws for what the world does; a record whose format is not ours is caught on loading.
 */

import { actRefused } from './events/act-refused.ts';
import { alarmChanged } from './events/alarm-changed.ts';
import { commandReceived } from './events/command.ts';
import { imagePushed } from './events/image-pushed.ts';
import { placeImages, unplacedOf } from './events/unplaced.ts';
import { announce, announced, because, type Decision, inPhase } from './model/decision.ts';
import type {
  Configured,
  Delivered,
  Event,
  Observed,
  Retired,
  RevisionRegistered,
} from './model/event.ts';
import type { TargetKey } from './model/image.ts';
import { waitingImages } from './model/image.ts';
import { type HistoryEntry, RECORD_FORMAT, type TargetRecord } from './model/record.ts';
import { whileBaking } from './phases/baking.ts';
import { whileRolling } from './phases/deploying.ts';
import { whileObserving } from './phases/external-bake.ts';
import { whileResting } from './phases/idle.ts';
import { whileReturning } from './phases/rolling-back.ts';
import { announceStarted } from './release/release-ends.ts';
import { nextCandidate } from './release/rollback-candidates.ts';
import { whenToLook } from './when-to-look.ts';

/** The first record of a target: what `Configured` says, and nothing known yet. */
export function introduce(key: TargetKey, event: Configured): TargetRecord {
  const record: TargetRecord = {
    format: RECORD_FORMAT,
    key,
    id: event.id,
    rules: event.rules,
    phase: { phase: 'introduced' },
    ladder: [],
    quarantine: [],
    accepted: {},
    waiting: {},
    clearing: [],
    asked: [],
    condemned: [],
    concluded: [],
    replaced: [],
    heard: [],
    releases: 0,
    lookAt: event.at,
    sequence: 0,
    owed: { announcements: [], history: [], quarantine: [] },
  };
  return remember(record, record, event, 'introduced by the config');
}

export function decide(record: TargetRecord, event: Event): Decision {
  if (event.type === 'Told') return delivered(record, event);
  const decision = decideOn(record, event);
  if (decision.record === record) return decision;
  return because(remember(record, decision.record, event, decision.because), decision.because);
}

function decideOn(record: TargetRecord, event: Exclude<Event, Delivered>): Decision {
  switch (event.type) {
    case 'Configured':
      return configured(record, event);
    case 'Retired':
      return retired(record, event);
    case 'ImagePushed':
      return soon(imagePushed(record, event), record, event.at);
    case 'AlarmChanged':
      return soon(alarmChanged(record, event), record, event.at);
    case 'Hinted':
      return because(record, `${event.cause}: a look follows`);
    case 'OperatorAsked':
      return soon(commandReceived(record, event), record, event.at);
    case 'Looked':
      return observed(record, event);
    case 'RevisionRegistered':
      return registered(record, event);
    case 'RolloutAsked': {
      const { phase } = record;
      if (phase.phase !== 'rolling') return because(record, 'ECS took the request');
      return because(announceStarted(record, phase, event.at), 'ECS took the rollout');
    }
    case 'StopAsked':
      return because(record, 'ECS took the stop');
    case 'ActRefused':
      return soon(actRefused(record, event), record, event.at);
  }
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
    phase: after.phase.phase,
    ...(told.length === 0 ? {} : { told }),
  };
  return {
    ...after,
    sequence: entry.sequence,
    owed: { ...after.owed, history: [...after.owed.history, entry] },
  };
}

/** If the handler dies before it looks, `tick` looks. */
function soon(decision: Decision, before: TargetRecord, at: number): Decision {
  const { record } = decision;
  if (record === before || (record.lookAt !== undefined && record.lookAt <= at)) return decision;
  const { phase } = record.phase;
  const atRest = phase === 'resting' || phase === 'asking' || phase === 'retired';
  const waits = Object.keys(record.waiting).length + unplacedOf(record).length;
  if (atRest && waits === 0) return decision;
  return because({ ...record, lookAt: at }, decision.because);
}

function configured(record: TargetRecord, event: Configured): Decision {
  if (record.phase.phase === 'retired') {
    const { runs: _, ...rest } = record;
    const back: TargetRecord = { ...rest, id: event.id, rules: event.rules, lookAt: event.at };
    return because(inPhase(back, { phase: 'introduced' }), 'the config names it again');
  }
  return because(
    { ...record, id: event.id, rules: event.rules },
    'the config changed: it counts from the next release',
  );
}

function retired(record: TargetRecord, event: Retired): Decision {
  if (record.phase.phase === 'retired') return because(record, 'retired before');
  const { lookAt: _, ...rest } = record;
  const sentence = 'the config names this target no longer';
  const { phase } = record;
  const release = phase.phase === 'rolling' || phase.phase === 'baking' ? phase.release : undefined;
  const { unplaced: __, ...known } = rest;
  const next = inPhase({ ...known, waiting: {} }, { phase: 'retired' });
  const told = announce(next, 'retired', {
    at: event.at,
    because: sentence,
    next: 'what runs goes on running; Slipway looks at it no more',
    images: { ...waitingImages(record.waiting), ...release?.images },
    release: release?.id,
  });
  return because(told, sentence);
}

function observed(record: TargetRecord, { seen: observation }: Observed): Decision {
  if (record.phase.phase === 'retired') return because(record, 'retired: not looked at');
  const placed = placeImages({ ...record, lookedAt: observation.at }, observation);
  const first = observedInPhase(placed.record, observation);
  // No rung is left, so another look would ask nothing: what follows from that is decided at once.
  const decision = hasNoCandidateLeft(first.record)
    ? observedInPhase(first.record, observation)
    : first;
  const sentence =
    placed.because === '' ? decision.because : `${placed.because}; ${decision.because}`;
  return because(whenToLook(decision.record, observation), sentence);
}

function hasNoCandidateLeft(record: TargetRecord): boolean {
  const { phase } = record;
  return (
    phase.phase === 'returning' &&
    phase.way.step === 'choosing' &&
    nextCandidate(record, phase) === undefined
  );
}

function observedInPhase(record: TargetRecord, observation: Observed['seen']): Decision {
  const { phase } = record;
  switch (phase.phase) {
    case 'introduced':
    case 'resting':
    case 'asking':
      return whileResting(record, observation);
    case 'rolling':
      return whileRolling(record, phase, observation);
    case 'baking':
      return whileBaking(record, phase, observation);
    case 'observing':
      return whileObserving(record, phase, observation);
    case 'returning':
      return whileReturning(record, phase, observation);
    case 'retired':
      return because(record, 'retired: not looked at');
  }
}

/** A loser of this write uses the winner's revision: only the first one is taken. */
function registered(record: TargetRecord, event: RevisionRegistered): Decision {
  const { phase } = record;
  if (phase.phase === 'rolling' && phase.attempt.revision === undefined) {
    const attempt = { ...phase.attempt, revision: event.revision };
    return because(inPhase(record, { ...phase, attempt }), `registered ${event.revision}`);
  }
  if (
    phase.phase === 'returning' &&
    phase.way.step === 'restoring' &&
    phase.way.attempt.revision === undefined
  ) {
    const way = { ...phase.way, attempt: { ...phase.way.attempt, revision: event.revision } };
    return because(inPhase(record, { ...phase, way }), `registered ${event.revision}`);
  }
  return because(record, `${event.revision} is an orphan: another one was taken`);
}

/** What is out is forgotten. Not part of the history: it says nothing about the target. */
function delivered(record: TargetRecord, event: Delivered): Decision {
  const { announcements, history, quarantine } = record.owed;
  return because(
    {
      ...record,
      owed: {
        announcements: announcements.filter((one) => !event.announcements.includes(one.id)),
        history: history.filter((one) => !event.history.includes(one.sequence)),
        quarantine: quarantine.filter((one) => !event.quarantine.includes(one.digest)),
      },
    },
    'told',
  );
}
