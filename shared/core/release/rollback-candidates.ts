/** Where a condemned release's target can go back to, and the steps of the way there. */
import { because, type Decision, inPhase } from '../model/decision.ts';
import type { Observation } from '../model/observation.ts';
import type { RollbackCandidate } from '../model/record/candidate.ts';
import { quarantinedIn } from '../model/record/known.ts';
import type { Back } from '../model/record/phase.ts';
import type { RollbackStep } from '../model/record/rollback.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { releaseTag } from '../model/release-tag.ts';
import { MINUTE } from '../model/rules.ts';
import { isBelow } from './boundary.ts';

export type Stopping = Extract<RollbackStep, { step: 'stopping' }>;
export type Restoring = Extract<RollbackStep, { step: 'redeploying' }>;

/** The candidate to return to: a person's choice, or the newest that was not skipped. */
export function nextCandidate(record: TargetRecord, phase: Back): RollbackCandidate | undefined {
  const open = openCandidates(record, phase);
  const { to } = phase.condemned;
  return to === undefined
    ? open.find((candidate) => !isBelow(record, candidate))
    : open.find((candidate) => candidate.release === to);
}

/** Those that were not skipped: of some of them the config may say that they are not safe. */
export function openCandidates(record: TargetRecord, phase: Back): readonly RollbackCandidate[] {
  return record.rollbackCandidates.filter(
    (candidate) =>
      candidate.revision !== phase.condemned.revision &&
      !phase.skipped.some((skipped) => skipped.revision === candidate.revision),
  );
}

/** An alarm that was heard late has condemned the candidate itself: no decision brings its digest back. */
export function isWithdrawn(record: TargetRecord, { images }: RollbackCandidate): boolean {
  return quarantinedIn(record, images) !== undefined;
}

/** Tags the pinned copy of a candidate, so that a lost answer to its registration is found again. */
export function restoreTag(record: TargetRecord, phase: Back): string {
  const { condemned } = phase;
  const name = `${condemned.release ?? record.key}/return-${phase.started}`;
  return releaseTag(record.rules, name);
}

export function onWay(record: TargetRecord, phase: Back, way: RollbackStep): TargetRecord {
  return inPhase(record, { ...phase, step: way });
}

/** The way back is ours: the newest usable candidate is sought. */
export function choose(record: TargetRecord, phase: Back, sentence: string): Decision {
  return because(onWay(record, phase, { step: 'selecting' }), sentence);
}

/** This candidate is given up for this return; the next one is tried, or a person is asked. */
export function skip(
  record: TargetRecord,
  phase: Back,
  candidate: RollbackCandidate,
  sentence: string,
  { gone = false } = {},
): Decision {
  const skipped = [
    ...phase.skipped,
    { revision: candidate.revision, because: sentence, ...(gone ? { gone: true as const } : {}) },
  ];
  return because(
    inPhase(record, { ...phase, step: { step: 'selecting' }, skipped }),
    `${candidate.release} cannot be returned to: ${sentence}`,
  );
}

/**
 * The trouble of AWS is waited out until `rollbackMinutes` are over; then attention is asked for. After
 * that one answer ends a try: what waits may start between two of them.
 */
export function isOutOfPatience(
  record: TargetRecord,
  phase: Back,
  observation: Observation,
): boolean {
  return record.needsAttention !== undefined || isOverdue(phase, phase.since, observation);
}

/** `since`: when this part of the way began, our clock. */
export function isOverdue({ condemned }: Back, since: number, observation: Observation): boolean {
  return observation.at > since + condemned.rollbackMinutes * MINUTE;
}
