/** A person wants to go back: from what they saw, to what they chose or to the newest proven release. */
import { because, type Decision, describeRunning, isNew } from '../model/decision.ts';
import { defined } from '../model/defined.ts';
import type { CommandReceived } from '../model/event.ts';
import { describeImages, revisionName } from '../model/image.ts';
import { isQuarantined, provenAs, wasCondemned } from '../model/record/known.ts';
import { backOf, ownRelease } from '../model/record/phase.ts';
import type { Release } from '../model/record/release.ts';
import type { Condemned } from '../model/record/rollback.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { leavable } from '../model/would-leave.ts';
import { type Barred, isBelow, whyBarred } from '../release/boundary.ts';
import { beginReturn, condemn, leaveByWord } from '../release/condemn.ts';
import { wouldReturn } from '../release/watch-mode.ts';
import { differing } from '../release/ways-back.ts';
import { refuseCommand, said } from './command-said.ts';

type RollbackWord = Extract<CommandReceived['command'], { readonly do: 'rollback' }>;

export function rollback(
  record: TargetRecord,
  event: CommandReceived,
  { to, leaves }: RollbackWord,
): Decision {
  const { phase } = record;
  if (leaves !== undefined && !leavable(record).includes(leaves)) {
    return refuseOutrun(record, event, leaves);
  }
  const own = ownRelease(phase);
  if (leaves === undefined && own !== undefined && wasSaidBefore(own.release, event)) {
    return refuseEarlier(record, event, own.release);
  }
  const back = backOf(phase);
  if (back !== undefined) return isOnItsWay(record, event, to, back.condemned.to);
  if (to !== undefined && !record.rollbackCandidates.some(({ release }) => release === to)) {
    return refuseUnknown(record, event, to);
  }
  const barred = to === undefined ? barredHere(record) : undefined;
  if (barred !== undefined) {
    return refuseCommand(record, event, {}, barred.because, barred.next);
  }
  if (record.rules.mode === 'watch') return wouldReturn(record, said(event), event.at);
  if (own !== undefined) {
    const verdict = defined({ because: said(event), alarms: [], to });
    return because(condemn(record, own, verdict, event.at), `condemned: ${said(event)}`);
  }
  return isNew(record)
    ? refuseCommand(record, event, {}, 'the target is new', 'wait for its first look')
    : leaveWhatRuns(record, event, to);
}

/** From what is on its way, or from what runs. */
function barredHere(record: TargetRecord): Barred | undefined {
  const left = ownRelease(record.phase)?.attempt.revision ?? record.runs?.revision;
  return whyBarred(
    record,
    record.rollbackCandidates.filter(({ revision }) => revision !== left),
  );
}

const CLOCKS_APART_MS = 5_000;

/** It may have waited in its queue while AWS did not answer: nobody meant a release that they could not see. */
function wasSaidBefore({ startedAt }: Release, { saidAt }: CommandReceived): boolean {
  return typeof saidAt === 'number' && saidAt < startedAt - CLOCKS_APART_MS;
}

function refuseEarlier(
  record: TargetRecord,
  event: CommandReceived,
  { id, images }: Release,
): Decision {
  return refuseCommand(
    record,
    event,
    {},
    `release ${id} of ${describeImages(images)} began after it was said`,
    'if that release is to go, say `rollback` again',
  );
}

/** Said twice it leaves one release, not two: what the person wanted to leave is left already. */
function refuseOutrun(record: TargetRecord, event: CommandReceived, leaves: string): Decision {
  const name = revisionName(leaves);
  const isLeft = wasCondemned(record, leaves);
  const own = ownRelease(record.phase);
  const now =
    own === undefined
      ? `${describeRunning(record.runs)} runs now`
      : `release ${own.release.id} is on its way now`;
  return refuseCommand(
    record,
    event,
    {},
    isLeft
      ? `${name} is rolled back already: ${now}`
      : `it was to leave ${name}, and something else has come since: ${now}`,
    'nothing, if that is what should run; otherwise say `rollback` again: it leaves what runs then',
  );
}

function isOnItsWay(
  record: TargetRecord,
  event: CommandReceived,
  to: string | undefined,
  goal: string | undefined,
): Decision {
  if (to === undefined || to === goal) {
    return because(record, `a rollback is on its way already (${said(event)})`);
  }
  return refuseCommand(
    record,
    event,
    {},
    `a rollback is on its way already, and not to ${to} alone`,
    'when it has ended and something else runs, say it again',
  );
}

/** A release that was proven once is no place to return to when its image is quarantined. */
function refuseUnknown(record: TargetRecord, event: CommandReceived, to: string): Decision {
  const known = record.rollbackCandidates.map(({ release }) => release).join(', ') || 'none';
  const condemned = record.condemnedRevisions.find(
    ({ revision, digests }) =>
      revision === to ||
      revisionName(revision) === to ||
      digests.some((digest) => digest.startsWith(to) && to.length > 'sha256:'.length),
  );
  const isBad = condemned?.digests.some((digest) => isQuarantined(record, digest)) === true;
  return isBad
    ? refuseCommand(
        record,
        event,
        {},
        `"${to}" is quarantined, so it is no release to return to`,
        `lift its quarantine and deploy its image by hand, if you mean it; proven: ${known}`,
      )
    : refuseCommand(
        record,
        event,
        {},
        `no proven release "${to}" is known`,
        `name one of the proven ones: ${known}`,
      );
}

/** What runs is no place to return to, be it the only one that is proven. */
function whyNoneOpen(record: TargetRecord): string {
  const { runs, needsAttention } = record;
  if (runs === undefined) {
    // Where the service is gone the proven ones are known all the same: what lacks is what could run them.
    return needsAttention?.gone
      ? 'the service is gone: nothing runs that could be rolled back'
      : 'there is no proven release to return to';
  }
  return provenAs(record, runs.revision)
    ? `the only proven release runs already: ${describeRunning(runs)}`
    : `there is no proven release to return to (${describeRunning(runs)} runs)`;
}

/** Back from what runs; to a release that was named only if that can be had. */
function leaveWhatRuns(
  record: TargetRecord,
  event: CommandReceived,
  to: string | undefined,
): Decision {
  const { runs } = record;
  const open = record.rollbackCandidates.filter(
    (candidate) => candidate.revision !== runs?.revision,
  );
  const goal =
    to === undefined
      ? open.find((candidate) => !isBelow(record, candidate))
      : open.find((candidate) => candidate.release === to);
  if (runs === undefined || goal === undefined) {
    return refuseCommand(
      record,
      event,
      {},
      whyNoneOpen(record),
      'deploy an image by hand instead: that is not held for alarms',
    );
  }
  const left = differing(runs.images, goal);
  const candidate = provenAs(record, runs.revision);
  const condemned: Condemned = defined({
    images: left,
    revision: runs.revision,
    because: said(event),
    alarms: [],
    rollbackMinutes: record.rules.rollbackMinutes,
    release: candidate?.release,
    to,
    ifThere: to === undefined ? undefined : (true as const),
  });
  if (to !== undefined) {
    const sentence = `is ${to} there? ${said(event)}`;
    return because(beginReturn(record, condemned, event.at), sentence);
  }
  const kept = leaveByWord(record, condemned, event.at);
  return because(beginReturn(kept, condemned, event.at), `condemned: ${said(event)}`);
}
