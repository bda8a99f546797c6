/** The newest usable candidate is sought, and its rollout begins. */

import { announce, because, type Decision, enter, inPhase } from '../model/decision.ts';
import { revisionName } from '../model/image.ts';
import type { StandingObservation } from '../model/observation.ts';
import type { RollbackCandidate } from '../model/record/candidate.ts';
import { provenAs } from '../model/record/known.ts';
import type { Back } from '../model/record/phase.ts';
import type { Attempt } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { prepare } from '../release/attempt.ts';
import { type Barred, whyBarred } from '../release/boundary.ts';
import { leaveByWord } from '../release/condemn.ts';
import {
  isOverdue,
  nextCandidate,
  onWay,
  openCandidates,
  skip,
} from '../release/rollback-candidates.ts';
import { watchExternal } from './external.ts';
import { askFor } from './redeploying.ts';
import { notBackYet } from './traffic.ts';
import { askForAttention, returned } from './way-back-ends.ts';

/** Our own rollbacks for one condemned release: the newest usable candidate, and one further down. */
export const TRIES_MAX = 2;

export function choosing(
  record: TargetRecord,
  phase: Back,
  observation: StandingObservation,
): Decision {
  const candidate = nextCandidate(record, phase);
  if (candidate === undefined || phase.started >= TRIES_MAX) {
    const barred = candidate === undefined ? barredIn(record, phase) : undefined;
    const why = whyNoCandidate(record, phase, candidate);
    return askForAttention(record, phase, observation, why, barred?.next);
  }
  if (observation.rollbackTo?.revision !== candidate.revision)
    return because(record, `is ${candidate.release} usable?`);
  if (phase.condemned.ifThere) {
    return observation.rollbackTo.state === 'gone'
      ? stayInstead(record, phase, observation.rollbackTo.because, observation)
      : choosing(leaveForChoice(record, phase), chosen(phase), observation);
  }
  if (observation.rollbackTo.state === 'gone') {
    return skip(record, phase, candidate, observation.rollbackTo.because, { gone: true });
  }
  if (observation.service.primary.revision === candidate.revision)
    return alreadyThere(record, phase, candidate, observation);
  const { state } = observation.rollbackTo;
  return restore(record, phase, candidate, observation, state === 'usable' && candidate.pinned);
}

/** A person named a release, and it can be had: now what runs is left. */
function leaveForChoice(record: TargetRecord, phase: Back): TargetRecord {
  const { condemned, since } = phase;
  return inPhase(leaveByWord(record, condemned, since), chosen(phase));
}

function chosen(phase: Back): Back {
  const { ifThere: _, ...condemned } = phase.condemned;
  return { ...phase, condemned };
}

/** A person named a release, and it is gone: nothing was quarantined yet, and what runs stays. */
function stayInstead(
  record: TargetRecord,
  { condemned }: Back,
  gone: string,
  { service: { primary }, at }: StandingObservation,
): Decision {
  const { bakeMinutes } = record.rules;
  const stays = provenAs(record, primary.revision)
    ? enter(record, { phase: 'idle' })
    : watchExternal(record, primary, bakeMinutes, at);
  const sentence = `${condemned.to} cannot be returned to: ${gone} (${condemned.because})`;
  const told = announce(stays, 'refused', {
    at,
    because: sentence,
    next: 'nothing was changed or quarantined: name another proven release, or none, which takes the newest',
  });
  return because(told, sentence);
}

/** What is left to return to lies below what the config calls safe. */
function barredIn(record: TargetRecord, phase: Back): Barred | undefined {
  const { to } = phase.condemned;
  return to === undefined ? whyBarred(record, openCandidates(record, phase)) : undefined;
}

export function whyNoCandidate(
  record: TargetRecord,
  phase: Back,
  candidate: RollbackCandidate | undefined,
): string {
  const skipped = phase.skipped.map((one) => `${revisionName(one.revision)}: ${one.because}`);
  const { to } = phase.condemned;
  const why =
    to !== undefined && skipped.length > 0
      ? `${to}, which a person chose, cannot be returned to, and nothing else was asked for`
      : candidate !== undefined
        ? 'two rollbacks failed'
        : skipped.length === 0
          ? 'there is no proven release to return to'
          : 'no proven release can be returned to';
  const barred = candidate === undefined ? barredIn(record, phase) : undefined;
  if (barred !== undefined) return barred.because;
  return skipped.length === 0 ? why : `${why} (${skipped.join('; ')})`;
}

/**
 * Somebody, ECS or a late call of ours brings it back, or it never went. UpdateService to what is
 * PRIMARY already starts nothing, so there is nothing to ask for: it is waited for.
 */
function alreadyThere(
  record: TargetRecord,
  phase: Back,
  candidate: RollbackCandidate,
  observation: StandingObservation,
): Decision {
  const { primary, deployments } = observation.service;
  const name = revisionName(candidate.revision);
  if (primary.rolloutState === 'FAILED') {
    return skip(record, phase, candidate, `ECS says that its deployment of ${name} failed`);
  }
  if (primary.rolloutState === 'COMPLETED' && deployments === 1) {
    return (
      notBackYet(record, phase, observation, {}) ??
      returned(record, phase, candidate, candidate.revision, primary.createdAt, observation)
    );
  }
  return isOverdue(phase, Math.max(phase.since, primary.createdAt), observation)
    ? skip(record, phase, candidate, 'it did not become steady in time')
    : because(record, `${name} is already on its way back`);
}

function restore(
  record: TargetRecord,
  phase: Back,
  candidate: RollbackCandidate,
  observation: StandingObservation,
  asItIs: boolean,
): Decision {
  const bare: Attempt = { images: candidate.images, base: candidate.revision };
  const started: Back = { ...phase, started: phase.started + 1 };
  const way = { step: 'redeploying', candidate, since: observation.at } as const;
  if (asItIs) {
    return askFor(
      record,
      started,
      { ...way, attempt: { ...bare, revision: candidate.revision } },
      observation,
    );
  }
  return because(
    onWay(record, started, { ...way, attempt: prepare(bare, observation) }),
    candidate.pinned
      ? `${revisionName(candidate.revision)} was deregistered: its content is registered anew`
      : `${revisionName(candidate.revision)} names a tag: a copy with its digests is registered`,
  );
}
