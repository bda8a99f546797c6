/** An alarm is a dated fact: it counts for the release in whose window it rose, however late it is heard. */

import { announce, because, type Decision, quarantineImages } from '../model/decision.ts';
import { defined } from '../model/defined.ts';
import { pick } from '../model/entries.ts';
import type { AlarmChanged } from '../model/event.ts';
import { digestsOf, holdsAny, type ImageDigest, type ImageSet } from '../model/image.ts';
import type { AlarmRise } from '../model/observation.ts';
import type { RollbackCandidate } from '../model/record/candidate.ts';
import { offeredAgain } from '../model/record/newest.ts';
import { type Baking, externalOf, type Forward, ownRelease } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { beginReturn, condemn } from '../release/condemn.ts';
import { countsAgainst, describeRise, verdictOfRise, withRises } from '../release/evidence.ts';
import { withMutedRises } from '../release/muting.ts';
import { beforeQuote } from '../release/quote.ts';
import { wouldReturn } from '../release/watch-mode.ts';
import { watchedNow, withEvidence } from '../release/watched.ts';

export function alarmChanged(record: TargetRecord, event: AlarmChanged): Decision {
  if (event.to !== 'ALARM')
    return because(record, `alarm ${event.alarm} is ${event.to}: a look follows`);
  if (event.muted) {
    const sentence = `alarm ${event.alarm} is muted, so it condemns nothing`;
    if (event.from === 'ALARM') return because(record, sentence);
    const muted = { alarm: event.alarm, at: event.changedAt };
    return because(withMutedRises(record, [muted]), sentence);
  }
  if (event.suppressed) {
    return because(
      record,
      `the actions of alarm ${event.alarm} are suppressed: it condemns nothing`,
    );
  }
  if (event.from === 'ALARM') {
    return because(record, `alarm ${event.alarm} was red before: this is no rise`);
  }
  const rise = riseOf(event);
  const withdrawn = withdraw(record, rise, event);
  const now = whatItMeansNow(withdrawn.record, rise, event);
  if (now === undefined) return withdrawn;
  return withdrawn.record === record
    ? now
    : because(now.record, `${withdrawn.because}; ${now.because}`);
}

function riseOf(event: AlarmChanged): AlarmRise {
  return defined({
    alarm: event.alarm,
    at: event.changedAt,
    reason: event.reason,
    inWords: event.inWords,
    breachEndsAt: event.breachEndsAt,
    breachStartsAt: event.breachStartsAt,
  });
}

/** For what is watched; undefined: nothing is. */
function whatItMeansNow(
  record: TargetRecord,
  rise: AlarmRise,
  event: AlarmChanged,
): Decision | undefined {
  const watched = watchedNow(record);
  if (watched === undefined) return undefined;
  const { window, evidence, rules } = watched;
  if (!window.alarms.includes(rise.alarm))
    return because(record, `alarm ${rise.alarm} guards nothing that is watched`);
  if (!countsAgainst(rise, window))
    return because(record, `alarm ${rise.alarm} rose outside the window of what is watched`);
  const noted = withEvidence(record, withRises(evidence, [rise], window));
  const own = ownRelease(noted.phase);
  if (own === undefined) return because(noted, `alarm ${rise.alarm} rose: the next look judges`);
  if (own.attempt.rollout === undefined) {
    return because(
      noted,
      `alarm ${rise.alarm} rose; when the rollout is found, it is known whether that was inside its window`,
    );
  }
  if (rules.judge === 'act') {
    return because(
      noted,
      `alarm ${rise.alarm} rose: the next look asks the judge whether what ran before suffers as well`,
    );
  }
  const verdict = verdictOfRise(rise, rules, window);
  return because(condemn(noted, own, verdict, event.at), `condemned: ${verdict.because}`);
}

function withdrawnBy(record: TargetRecord, rise: AlarmRise): RollbackCandidate | undefined {
  return record.rollbackCandidates.find(
    ({ window }) => window !== undefined && countsAgainst(rise, window),
  );
}

/**
 * A message may name any moment of the past, and every proven release could be condemned by one: what
 * would withdraw one is asked of CloudWatch's history first.
 */
export function asksHistory(record: TargetRecord, event: AlarmChanged): boolean {
  if (record.retired || event.to !== 'ALARM' || event.from === 'ALARM') return false;
  return !event.muted && withdrawnBy(record, riseOf(event)) !== undefined;
}

/** A rise inside a window that closed already: that release is proven no longer. */
function withdraw(record: TargetRecord, rise: AlarmRise, event: AlarmChanged): Decision {
  const hit = withdrawnBy(record, rise);
  if (hit === undefined) return because(record, `alarm ${rise.alarm} rose in no window of ours`);
  if (event.inHistory !== 'yes') {
    return because(
      record,
      `a message says that alarm ${rise.alarm} rose inside the window of ${hit.release}; its history in CloudWatch does not: nothing is condemned`,
    );
  }
  const late = ` (heard late: inside the window of ${hit.release})`;
  const sentence = beforeQuote(describeRise(rise, record.rules), late);
  if (record.rules.mode === 'watch') return wouldReturn(record, sentence, event.at);
  const images = pick(hit.images, hit.changed);
  const quarantined = quarantineImages(record, images, hit.revision, sentence, event.at);
  const tainted = taintedPhase(quarantined, hit);
  if (tainted !== undefined) {
    // The data are older than it: what it brings itself may come again.
    const verdict = { because: sentence, alarms: [rise.alarm], innocent: 'before-it' } as const;
    return because(condemn(quarantined, tainted, verdict, event.at), `condemned: ${sentence}`);
  }
  const { runs } = record;
  const digests = digestsOf(images);
  const isRunning = runs !== undefined && holdsAny(runs.images, digests);
  if (isRunning && isQuiet(record) && isOurs(record, runs.revision)) {
    const condemned = {
      release: hit.release,
      images,
      revision: runs.revision,
      because: sentence,
      alarms: [rise.alarm],
      rollbackMinutes: record.rules.rollbackMinutes,
    };
    const offered = offerCarriedAgain(quarantined, runs.images, digests);
    return because(beginReturn(offered, condemned, event.at), `condemned: ${sentence}`);
  }
  const told = announce(quarantined, 'failed', {
    at: event.at,
    release: hit.release,
    images,
    revision: hit.revision,
    because: sentence,
    next: nextOfWithdrawn(record, isRunning),
  });
  return because(told, sentence);
}

/** An image that came later, and goes back only since it runs beside the bad one, may come again. */
function offerCarriedAgain(
  record: TargetRecord,
  runs: ImageSet,
  bad: readonly ImageDigest[],
): TargetRecord {
  const newest = offeredAgain(
    record.newest,
    ({ digest }, name) => runs[name]?.digest === digest && !bad.includes(digest),
  );
  return { ...record, newest };
}

/** A release of ours, or what we put back: somebody else's deployment is told, and left alone. */
function isOurs(record: TargetRecord, revision: string): boolean {
  return [...record.rollbackCandidates, ...record.requests].some(
    (known) => known.revision === revision,
  );
}

function nextOfWithdrawn(record: TargetRecord, isRunning: boolean): string {
  if (!isRunning) return 'it is proven no longer; it does not run, so nothing is rolled back';
  const { phase } = record;
  return isQuiet(record) || externalOf(phase) !== undefined
    ? 'it is proven no longer, and runs in a deployment that is not ours, which is left alone: deploy something else, or roll back by hand'
    : 'it is proven no longer; what is taking its place goes on';
}

function isQuiet(record: TargetRecord): boolean {
  return record.phase.phase === 'idle';
}

/** A newer release on its way that still carries an image of the withdrawn one goes with it. */
function taintedPhase(record: TargetRecord, hit: RollbackCandidate): Forward | Baking | undefined {
  const phase = ownRelease(record.phase);
  if (phase === undefined) return undefined;
  const carried = { ...hit.images, ...record.runs?.images, ...phase.release.images };
  return holdsAny(carried, digestsOf(pick(hit.images, hit.changed))) ? phase : undefined;
}
