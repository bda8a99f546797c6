/** A condemned release must go: ECS is asked to return, or a proven release is rolled out. */
import {
  ask,
  findRollout,
  isLateCall,
  missing,
  noteFound,
  noteMissing,
  prepare,
} from './attempt.ts';
import {
  announce,
  because,
  climb,
  conclude,
  type Decision,
  describeImages,
  inPhase,
  revisionName,
} from './decision.ts';
import type { Moment, TaskDefinitionArn } from './image.ts';
import { watchDeployment } from './observing.ts';
import type { Attempt, Returning, Rung, TargetRecord, Way } from './record.ts';
import { MINUTE } from './rules.ts';
import type { FoundService, RolloutSeen, Seen } from './seen.ts';

/** Our own rollbacks for one condemned release: the newest usable rung, and one further down. */
const TRIES_MAX = 2;

type Stopping = Extract<Way, { step: 'stopping' }>;
type Restoring = Extract<Way, { step: 'restoring' }>;

export function whileReturning(record: TargetRecord, phase: Returning, seen: Seen): Decision {
  if (seen.service.state === 'missing') {
    return askPerson(record, phase, seen, seen.service.because);
  }
  switch (phase.way.step) {
    case 'stopping':
      return stopping(record, phase, phase.way, seen);
    case 'choosing':
      return choosing(record, phase, seen.service, seen);
    case 'restoring':
      return restoring(record, phase, phase.way, seen);
  }
}

/** The rung to return to: a person's choice, or the newest that was not skipped. */
export function nextRung(record: TargetRecord, phase: Returning): Rung | undefined {
  const open = record.ladder.filter(
    (rung) =>
      rung.revision !== phase.condemned.revision &&
      !phase.skipped.some((skipped) => skipped.revision === rung.revision),
  );
  return open.find((rung) => rung.release === phase.condemned.to) ?? open[0];
}

/** Tags the pinned copy of a rung, so that a lost answer to its registration is found again. */
export function restoreTag(record: TargetRecord, phase: Returning): string {
  const { condemned } = phase;
  return `${condemned.release ?? record.key}/return-${phase.tried}`;
}

// --- ECS is asked to stop and return --------------------------------------------------------------

function stopping(record: TargetRecord, phase: Returning, way: Stopping, seen: Seen): Decision {
  if (seen.rollouts === undefined) return because(record, 'the next look asks for the rollout');
  const found = findRollout(record, way.attempt, seen);
  if (found.found === 'none') {
    if (missing(way.attempt, seen) !== 'wait') {
      return choose(record, phase, 'ECS never started it');
    }
    const noted = noteMissing(way.attempt, seen);
    const next = noted === way.attempt ? record : onWay(record, phase, { ...way, attempt: noted });
    return because(next, 'ECS shows no rollout of it yet');
  }
  if (found.newer !== undefined) {
    return isLateCall(record, found.newer)
      ? choose(record, phase, 'a late call of ours replaced it')
      : replaced(record, phase, found.newer, seen);
  }
  if (found.found === 'other') return because(record, 'no rollout of it');
  return stop(
    record,
    phase,
    { ...way, attempt: noteFound(way.attempt, found.rollout) },
    found.rollout,
    seen,
  );
}

function stop(
  record: TargetRecord,
  phase: Returning,
  way: Stopping,
  rollout: RolloutSeen,
  seen: Seen,
): Decision {
  const current = onWay(record, phase, way);
  switch (rollout.status) {
    case 'PENDING':
    case 'IN_PROGRESS':
      if (isOverdue(phase, seen)) return giveUpWaiting(record, phase, rollout);
      if (way.stop !== undefined && seen.at < way.stop.at + MINUTE) {
        return because(current, 'ECS was asked to stop and return');
      }
      return because(
        onWay({ ...record, actedAt: seen.at }, phase, {
          ...way,
          stop: { at: seen.at, look: seen.id, rollout: rollout.arn },
        }),
        'asks ECS to stop and return',
      );
    case 'STOP_REQUESTED':
    case 'ROLLBACK_REQUESTED':
    case 'ROLLBACK_IN_PROGRESS':
      return isOverdue(phase, seen)
        ? giveUpWaiting(record, phase, rollout)
        : because(current, `ECS says ${rollout.status}`);
    case 'SUCCESSFUL':
    case 'STOPPED':
    case 'ROLLBACK_FAILED':
      return choose(
        conclude(record, rollout.arn),
        phase,
        `ECS says ${rollout.status}: the way back is ours`,
      );
    case 'ROLLBACK_SUCCESSFUL':
      return ecsReturned(conclude(record, rollout.arn), phase, rollout, seen);
  }
}

/** It counts only when ECS returned to a proven release. */
function ecsReturned(
  record: TargetRecord,
  phase: Returning,
  rollout: RolloutSeen,
  seen: Seen,
): Decision {
  const rung = record.ladder.find((one) => one.revision === rollout.rolledBackTo);
  if (rung === undefined) {
    const to = rollout.rolledBackTo;
    return choose(
      record,
      phase,
      `ECS returned to ${to === undefined ? 'an unknown revision' : revisionName(to)}, which is not a proven one`,
    );
  }
  return returned(record, phase, rung, rung.revision, rollout.createdAt, seen);
}

function isOverdue(phase: Returning, seen: Seen): boolean {
  return seen.at > phase.since + phase.condemned.rollbackMinutes * MINUTE;
}

function giveUpWaiting(record: TargetRecord, phase: Returning, rollout: RolloutSeen): Decision {
  return choose(
    conclude(record, rollout.arn),
    phase,
    `ECS has said ${rollout.status} for ${phase.condemned.rollbackMinutes} minutes: the way back is ours`,
  );
}

// --- the newest usable rung -----------------------------------------------------------------------

function choose(record: TargetRecord, phase: Returning, sentence: string): Decision {
  return because(onWay(record, phase, { step: 'choosing' }), sentence);
}

function choosing(
  record: TargetRecord,
  phase: Returning,
  service: FoundService,
  seen: Seen,
): Decision {
  const rung = nextRung(record, phase);
  if (rung === undefined || phase.tried >= TRIES_MAX) {
    return askPerson(record, phase, seen, whyNoRung(phase, rung));
  }
  if (seen.rung?.revision !== rung.revision) return because(record, `is ${rung.release} usable?`);
  if (seen.rung.state === 'gone') return skip(record, phase, rung, seen.rung.because);
  const { primary } = service;
  if (
    primary.revision === rung.revision &&
    primary.rolloutState === 'COMPLETED' &&
    service.deployments === 1
  ) {
    return returned(record, phase, rung, rung.revision, primary.createdAt, seen);
  }
  return restore(record, phase, rung, service, seen);
}

function whyNoRung(phase: Returning, rung: Rung | undefined): string {
  const skipped = phase.skipped.map((one) => `${revisionName(one.revision)}: ${one.because}`);
  const why =
    rung !== undefined
      ? 'two rollbacks failed'
      : skipped.length === 0
        ? 'there is no proven release to return to'
        : 'no proven release can be returned to';
  return skipped.length === 0 ? why : `${why} (${skipped.join('; ')})`;
}

function skip(record: TargetRecord, phase: Returning, rung: Rung, sentence: string): Decision {
  const skipped = [...phase.skipped, { revision: rung.revision, because: sentence }];
  return because(
    inPhase(record, { ...phase, way: { step: 'choosing' }, skipped }),
    `${rung.release} cannot be returned to: ${sentence}`,
  );
}

function restore(
  record: TargetRecord,
  phase: Returning,
  rung: Rung,
  service: FoundService,
  seen: Seen,
): Decision {
  const bare: Attempt = { images: rung.images, base: rung.revision };
  const tried = { ...phase, tried: phase.tried + 1 };
  const under =
    service.primary.revision === rung.revision && service.primary.rolloutState === 'IN_PROGRESS';
  if (under) {
    // Somebody, or a late call of ours, already brings it back: it is followed, not asked for again.
    const { createdAt } = service.primary;
    const asked = { at: createdAt, look: '', lastAt: createdAt, count: 1, ecsReturns: false };
    return because(
      onWay(record, tried, {
        step: 'restoring',
        rung,
        attempt: { ...bare, revision: rung.revision, ask: asked },
        since: seen.at,
      }),
      `${revisionName(rung.revision)} is already on its way back`,
    );
  }
  if (!rung.pinned) {
    const attempt = prepare(bare, seen);
    return because(
      onWay(record, tried, { step: 'restoring', rung, attempt, since: seen.at }),
      `${revisionName(rung.revision)} names a tag: a copy with its digests is registered`,
    );
  }
  return askFor(
    record,
    tried,
    { step: 'restoring', rung, attempt: { ...bare, revision: rung.revision }, since: seen.at },
    seen,
  );
}

// --- our own rollout of a rung --------------------------------------------------------------------

function askFor(record: TargetRecord, phase: Returning, way: Restoring, seen: Seen): Decision {
  const { revision } = way.attempt;
  if (revision === undefined) return because(record, 'the copy is being registered');
  const asked = ask(record, way.attempt, revision, seen, false);
  return because(
    onWay(asked.record, phase, { ...way, attempt: asked.attempt }),
    `asks ECS to return to ${revisionName(revision)}`,
  );
}

function restoring(record: TargetRecord, phase: Returning, way: Restoring, seen: Seen): Decision {
  if (way.attempt.ask === undefined) {
    const attempt = prepare(way.attempt, seen);
    if (attempt.revision === undefined) {
      return because(
        attempt === way.attempt ? record : onWay(record, phase, { ...way, attempt }),
        'the copy is being registered',
      );
    }
    return askFor(record, phase, { ...way, attempt }, seen);
  }
  if (seen.rollouts === undefined) return because(record, 'the next look asks for the rollout');
  const found = findRollout(record, way.attempt, seen);
  if (found.found === 'none') return notFound(record, phase, way, seen);
  if (found.newer !== undefined) {
    if (!isLateCall(record, found.newer)) return replaced(record, phase, found.newer, seen);
    const cleared = conclude(
      record,
      found.newer.arn,
      ...(way.attempt.rollout === undefined ? [] : [way.attempt.rollout.arn]),
    );
    return way.attempt.ask.count < 3
      ? askAgain(cleared, phase, way, seen)
      : giveUp(cleared, phase, way, 'late calls of ours replaced it again and again');
  }
  if (found.found === 'other') return because(record, 'no rollout of ours');
  return follow(
    record,
    phase,
    { ...way, attempt: noteFound(way.attempt, found.rollout) },
    found.rollout,
    seen,
  );
}

function notFound(record: TargetRecord, phase: Returning, way: Restoring, seen: Seen): Decision {
  switch (missing(way.attempt, seen)) {
    case 'wait': {
      const noted = noteMissing(way.attempt, seen);
      const next =
        noted === way.attempt ? record : onWay(record, phase, { ...way, attempt: noted });
      return because(next, 'ECS shows no rollback of ours yet');
    }
    case 'ask-again':
      return askAgain(record, phase, way, seen);
    case 'give-up':
      return giveUp(record, phase, way, 'ECS was asked three times and started nothing');
  }
}

function askAgain(record: TargetRecord, phase: Returning, way: Restoring, seen: Seen): Decision {
  const { rollout: _, ...attempt } = way.attempt;
  if (attempt.ask === undefined) return because(record, 'not asked yet');
  const { missedAt: __, ...before } = attempt.ask;
  return askFor(record, phase, { ...way, attempt: { ...attempt, ask: before } }, seen);
}

function follow(
  record: TargetRecord,
  phase: Returning,
  way: Restoring,
  rollout: RolloutSeen,
  seen: Seen,
): Decision {
  switch (rollout.status) {
    case 'SUCCESSFUL':
      return returned(
        conclude(record, rollout.arn),
        phase,
        way.rung,
        rollout.revision,
        rollout.createdAt,
        seen,
      );
    case 'STOPPED':
    case 'ROLLBACK_SUCCESSFUL':
    case 'ROLLBACK_FAILED':
      return giveUp(
        conclude(record, rollout.arn),
        phase,
        way,
        `the rollback ended ${rollout.status}${rollout.statusReason === undefined ? '' : ` (${rollout.statusReason})`}`,
      );
    case 'PENDING':
    case 'IN_PROGRESS':
    case 'STOP_REQUESTED':
    case 'ROLLBACK_REQUESTED':
    case 'ROLLBACK_IN_PROGRESS':
      return seen.at > way.since + phase.condemned.rollbackMinutes * MINUTE
        ? giveUp(
            record,
            phase,
            way,
            `the rollback did not finish within ${phase.condemned.rollbackMinutes} minutes`,
          )
        : because(
            onWay(record, phase, way),
            `the rollback is on its way: ECS says ${rollout.status}`,
          );
  }
}

/** This rung is given up for this return; the next one is tried, or a person is asked. */
export function giveUp(
  record: TargetRecord,
  phase: Returning,
  way: Restoring,
  sentence: string,
): Decision {
  return skip(record, phase, way.rung, sentence);
}

// --- how it ends ----------------------------------------------------------------------------------

function returned(
  record: TargetRecord,
  phase: Returning,
  rung: Rung,
  revision: TaskDefinitionArn,
  since: Moment,
  seen: Seen,
): Decision {
  const { condemned } = phase;
  const { service } = seen;
  // ECS gives its rollback a deployment of its own, newer than the service deployment.
  const newest =
    service.state === 'found' && service.primary.revision === revision
      ? Math.max(since, service.primary.createdAt)
      : since;
  const running = { revision, images: rung.images, since: newest };
  const top: Rung = { ...rung, revision, pinned: rung.pinned || revision !== rung.revision };
  const others = record.ladder.filter((one) => one.revision !== rung.revision);
  const resting = inPhase(
    climb({ ...record, runs: running, ladder: others, clearing: condemned.alarms }, top),
    { phase: 'resting' },
  );
  const told = announce(resting, 'rolled-back', {
    at: seen.at,
    images: condemned.images,
    because: condemned.because,
    next:
      Object.keys(condemned.images).length === 0
        ? 'nothing to do'
        : 'its digest is quarantined: push a fix, or lift the quarantine by hand',
    ...(condemned.release === undefined ? {} : { release: condemned.release }),
    ...(condemned.revision === undefined ? {} : { revision: condemned.revision }),
  });
  return because(told, `rolled back to ${describeImages(rung.images)}, ${revisionName(revision)}`);
}

function replaced(
  record: TargetRecord,
  phase: Returning,
  newer: RolloutSeen,
  seen: Seen,
): Decision {
  const { condemned } = phase;
  const sentence = `${condemned.because}; somebody else deployed ${revisionName(newer.revision)} before the rollback ended`;
  const told = announce(watchDeployment(record, newer, record.rules.bakeMinutes), 'superseded', {
    at: seen.at,
    images: condemned.images,
    because: sentence,
    next: 'theirs is left alone and watched',
    ...(condemned.release === undefined ? {} : { release: condemned.release }),
    ...(condemned.revision === undefined ? {} : { revision: condemned.revision }),
  });
  return because(told, sentence);
}

/** Nothing proven is left: a person decides, or a newer push does. */
export function askPerson(
  record: TargetRecord,
  phase: Returning,
  seen: { readonly at: Moment; readonly service?: Seen['service'] },
  why: string,
): Decision {
  const { condemned } = phase;
  const sentence = `${condemned.because}; ${why}`;
  const { service } = seen;
  const running =
    service?.state === 'found' && service.primary.revision !== record.runs?.revision
      ? {
          ...record,
          runs: {
            revision: service.primary.revision,
            images:
              condemned.revision === service.primary.revision
                ? { ...record.runs?.images, ...condemned.images }
                : {},
            since: service.primary.createdAt,
          },
        }
      : record;
  const asking = announce(
    inPhase({ ...running, clearing: [] }, { phase: 'asking', because: sentence, since: seen.at }),
    'asking',
    {
      at: seen.at,
      images: condemned.images,
      because: sentence,
      next: 'push a fix, or deploy or roll back by hand',
      ...(condemned.release === undefined ? {} : { release: condemned.release }),
      ...(condemned.revision === undefined ? {} : { revision: condemned.revision }),
    },
  );
  return because(asking, `asking: ${sentence}`);
}

function onWay(record: TargetRecord, phase: Returning, way: Way): TargetRecord {
  return inPhase(record, { ...phase, way });
}
