/** How a way back ends: a proven release runs again, somebody else took over, or a person is asked. */

import {
  addCandidate,
  announce,
  because,
  type Decision,
  enter,
  restAsking,
} from '../model/decision.ts';
import {
  describeImages,
  type ImageSet,
  type Moment,
  revisionName,
  type TaskDefinitionArn,
} from '../model/image.ts';
import type { FoundService, Observation, StandingObservation } from '../model/observation.ts';
import type { RollbackCandidate } from '../model/record/candidate.ts';
import type { Back, NeedsAttention } from '../model/record/phase.ts';
import type { Condemned, Skipped } from '../model/record/rollback.ts';
import type { Running, TargetRecord } from '../model/record/target-record.ts';
import { MINUTE } from '../model/rules.ts';
import { noteCrossed } from '../release/boundary.ts';
import { nextAfterRollback } from '../release/condemn.ts';
import { lookAfterReturn } from '../release/judge/returned.ts';
import { asking, beforeQuote } from '../release/quote.ts';
import { nextCandidate } from '../release/rollback-candidates.ts';
import { wouldReturn } from '../release/watch-mode.ts';
import { amissNow } from '../traffic/at-rest.ts';

export function returned(
  record: TargetRecord,
  phase: Back,
  candidate: RollbackCandidate,
  revision: TaskDefinitionArn,
  since: Moment,
  observation: StandingObservation,
): Decision {
  const { condemned } = phase;
  const { service } = observation;
  // Whether ECS's own rollback keeps the old deployment or makes one: what is older is an echo.
  const { primary } = service;
  const newest = primary.revision === revision ? Math.max(since, primary.createdAt) : since;
  const running = { revision, images: candidate.images, since: newest };
  const top: RollbackCandidate = {
    ...candidate,
    revision,
    pinned: candidate.pinned || revision !== candidate.revision,
  };
  const others = record.rollbackCandidates.filter((one) => one.revision !== candidate.revision);
  const resting = enter(
    addCandidate(
      {
        ...noteCrossed(record, candidate, observation.at),
        runs: running,
        rollbackCandidates: others,
        alarmsToClear: condemned.alarms,
      },
      top,
    ),
    { phase: 'idle' },
  );
  const unheard = amissNow(record, observation);
  const looked = lookAfterReturn(resting, condemned, revision, observation.at);
  const told = announce(looked, 'rolled-back', {
    ...factsOf(condemned),
    ...(unheard && { because: beforeQuote(condemned.because, `; ${unheard.because}`) }),
    at: observation.at,
    next: nextAfterRollback(condemned),
  });
  const sentence = `rolled back to ${describeImages(candidate.images)}, ${revisionName(revision)}`;
  const given = phase.skipped.find((one) => one.gone === undefined);
  if (given === undefined) return because(told, sentence);
  return because(askAbout(told, given, revision, observation), sentence);
}

/** A newer proven release is there and does not run, since it could not be started: a person decides. */
function askAbout(
  record: TargetRecord,
  given: Skipped,
  revision: TaskDefinitionArn,
  { at }: Observation,
): TargetRecord {
  const sentence = `${revisionName(revision)} runs, one rung further down than wanted: ${revisionName(given.revision)} could not be returned to (${given.because})`;
  return announce(restAsking(record, { because: sentence, since: at }), 'needs-attention', {
    at,
    revision: given.revision,
    because: sentence,
    next: 'deploy the newer one by hand if it is good, or push a newer image',
  });
}

/** A try costs a handful of calls, and ends a minute later when it is in vain. */
const TRY_AGAIN_MS = 2 * MINUTE;

/**
 * A person decides, or a newer push does. It is told once, and while there is a place to return to it
 * is still tried: trouble of the world never ends a rollback.
 */
export function askForAttention(
  record: TargetRecord,
  phase: Back,
  seen: StandingObservation,
  why: string,
  toDo?: string,
): Decision {
  const { condemned } = phase;
  const before = record.needsAttention;
  // What a person must know comes first: a long sentence is cut at its end.
  const amiss = amissNow(record, seen);
  const doing = amiss === undefined ? why : `${why}; ${amiss.because}`;
  const sentence = asking(doing, condemned.because);
  const runs = whatRuns(record, condemned, seen.service);
  const asked: NeedsAttention = {
    because: sentence,
    since: before?.since ?? seen.at,
    ...(hasPlace(record, phase)
      ? { stillTried: { condemned, nextAt: seen.at + TRY_AGAIN_MS } }
      : {}),
  };
  const next = restAsking(
    { ...record, alarmsToClear: [], ...(runs === undefined ? {} : { runs }) },
    asked,
  );
  if (before !== undefined) return because(next, `tried again in vain: ${sentence}`);
  const told = announce(next, 'needs-attention', {
    ...factsOf(condemned),
    at: seen.at,
    because: sentence,
    next:
      asked.stillTried === undefined
        ? (toDo ?? 'push a fix, or deploy an image by hand')
        : amiss === undefined || amiss.isUnknown
          ? 'it is tried again every few minutes; push a fix, or deploy by hand'
          : `${amiss.next}; it is tried again every few minutes`,
  });
  return because(told, `asking: ${sentence}`);
}

/** Whatever was skipped for a reason that may pass counts: only what is gone does not. */
function hasPlace(record: TargetRecord, phase: Back): boolean {
  const gone = phase.skipped.filter((one) => one.gone === true);
  return nextCandidate(record, { ...phase, skipped: gone }) !== undefined;
}

/** Watch mode: what would be returned from goes on running, and is known. */
export function stayInWatchMode(
  record: TargetRecord,
  { condemned }: Back,
  { at, service }: StandingObservation,
): Decision {
  const isThere = service.primary.revision === condemned.revision;
  const runs = isThere ? whatRuns(record, condemned, service) : undefined;
  const resting = enter({ ...record, ...(runs && { runs }) }, { phase: 'idle' });
  return wouldReturn(resting, condemned.because, at, condemned);
}

function whatRuns(
  { runs }: TargetRecord,
  condemned: Condemned,
  { primary: { revision, createdAt } }: FoundService,
): Running | undefined {
  if (revision === runs?.revision) return runs;
  // Of a late call no image is known.
  const isKnown = condemned.revision === revision && Object.keys(condemned.images).length > 0;
  const images: ImageSet = isKnown ? { ...runs?.images, ...condemned.images } : {};
  return { revision, images, since: createdAt };
}

function factsOf({ release, images, revision, because: sentence }: Condemned) {
  return { images, because: sentence, release, revision };
}
