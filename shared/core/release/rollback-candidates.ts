/** Where a condemned release's target can go back to, and the steps of the way there. */
import { because, type Decision, inPhase } from '../model/decision.ts';
import type { Observation } from '../model/observation.ts';
import type { Returning, RollbackCandidate, TargetRecord, Way } from '../model/record.ts';
import { MINUTE } from '../model/rules.ts';

export type Stopping = Extract<Way, { step: 'stopping' }>;
export type Restoring = Extract<Way, { step: 'restoring' }>;

/** The rung to return to: a person's choice, or the newest that was not skipped. */
export function nextCandidate(
  record: TargetRecord,
  phase: Returning,
): RollbackCandidate | undefined {
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

export function onWay(record: TargetRecord, phase: Returning, way: Way): TargetRecord {
  return inPhase(record, { ...phase, way });
}

/** The way back is ours: the newest usable rung is sought. */
export function choose(record: TargetRecord, phase: Returning, sentence: string): Decision {
  return because(onWay(record, phase, { step: 'choosing' }), sentence);
}

/** This rung is given up for this return; the next one is tried, or a person is asked. */
export function skip(
  record: TargetRecord,
  phase: Returning,
  rung: RollbackCandidate,
  sentence: string,
  { gone = false } = {},
): Decision {
  const skipped = [
    ...phase.skipped,
    { revision: rung.revision, because: sentence, ...(gone ? { gone: true as const } : {}) },
  ];
  return because(
    inPhase(record, { ...phase, way: { step: 'choosing' }, skipped }),
    `${rung.release} cannot be returned to: ${sentence}`,
  );
}

/** `since`: when this part of the way began, our clock. */
export function isOverdue(
  { condemned }: Returning,
  since: number,
  observation: Observation,
): boolean {
  return observation.at > since + condemned.rollbackMinutes * MINUTE;
}
