/**
 * Where the commit of an image stands among those of its ref when no push told of it: GitHub is asked how
 * it stands to what is known, the newest first, then halving the rest. The ref has it: that was asked.
 */

import type { CommitSha } from '../../model/image.ts';
import { because, refName, type SourceDecision, shortCommit } from '../decision.ts';
import { lead, placeOf, putBefore, putOnTop, rewritten } from '../line.ts';
import type { Comparison, OnRef, SourceQuestion } from '../observation.ts';
import type { Claim, PlacedCommit, RefMove, SourceRecord } from '../record.ts';
import { claimsOf, withClaims } from './claim.ts';

export type Ranked =
  | { readonly state: 'placed'; readonly record: SourceRecord; readonly because: string }
  /** Another question follows from the answer. */
  | { readonly state: 'asks'; readonly record: SourceRecord; readonly because: string }
  | { readonly state: 'unknown'; readonly because: string }
  | { readonly state: 'refused'; readonly because: string };

/** What GitHub is asked of it; undefined: it has a place, or one without asking. */
export function standingOf(record: SourceRecord, claim: Claim): SourceQuestion['standing'] {
  if (placeOf(record, claim.commit) !== undefined) return undefined;
  if (claim.parted !== undefined && claim.parted === record.commits[0]?.commit) return undefined;
  const base = neighbour(record, claim);
  return base === undefined ? undefined : { base: base.commit, head: claim.commit };
}

/** The newest that is known, until that is newer; then the middle of what it may stand between. */
function neighbour(record: SourceRecord, claim: Claim): PlacedCommit | undefined {
  const [head] = record.commits;
  const newer = placedNewer(record, claim);
  if (newer === undefined) return head;
  // What an earlier line has is older in any case.
  const line = record.commits.filter((one) => one.line === head?.line);
  const older = line.findIndex(({ commit }) => commit === claim.older);
  const between = line.slice(line.indexOf(newer) + 1, older === -1 ? line.length : older);
  return between[Math.floor(between.length / 2)];
}

/** A push may have begun a new line since it was asked: then what is known of the old one says nothing. */
function placedNewer(record: SourceRecord, { newer }: Claim): PlacedCommit | undefined {
  const placed = placeOf(record, newer);
  return placed?.line === record.commits[0]?.line ? placed : undefined;
}

interface Heard {
  /** The answer to `standingOf`; absent: it was not asked of this one. */
  readonly comparison?: Comparison | undefined;
  readonly onRef?: Readonly<Record<CommitSha, OnRef>> | undefined;
  readonly at: number;
}

/** GitHub said that the ref has the commit, which has no place yet. */
export function ranked(record: SourceRecord, claim: Claim, heard: Heard): Ranked {
  const { commit } = claim;
  const [head] = record.commits;
  if (head === undefined) {
    const first = putOnTop(record, commit, { line: 1, position: 1 });
    return placed(because(first, `${shortCommit(commit)} is the first that is heard of`));
  }
  if (claim.parted === head.commit) return beside(record, claim, head, heard);
  const base = neighbour(record, claim);
  const newer = placedNewer(record, claim);
  const { comparison } = heard;
  if (base === undefined || comparison === undefined) return asks(record, claim, {});
  if (comparison.state === 'unknown') return { state: 'unknown', because: comparison.because };
  return newer === undefined
    ? toNewest(record, claim, head, comparison.state, heard.at)
    : asks(
        record,
        claim,
        // Beside it, by a merge, neither is before the other: to stand below is the safe mistake.
        comparison.state === 'ahead' ? { older: base.commit } : { newer: base.commit },
      );
}

function toNewest(
  record: SourceRecord,
  claim: Claim,
  { commit: newest, line, position }: PlacedCommit,
  state: Exclude<Comparison['state'], 'unknown'>,
  at: number,
): Ranked {
  switch (state) {
    case 'ahead': {
      const next = putOnTop(record, claim.commit, { line, position: position + 1 });
      const sentence = `${shortCommit(claim.commit)} follows ${shortCommit(newest)}`;
      return placed(lead(because(next, sentence), { push: moveTo(claim) }, at));
    }
    case 'identical':
    case 'behind':
      return asks(record, claim, { newer: newest });
    case 'diverged':
    case 'unrelated':
      return asks(record, claim, { parted: newest });
  }
}

/** Neither follows the other: the ref was rewritten, or has both by a merge. */
function beside(
  record: SourceRecord,
  claim: Claim,
  { commit: newest }: PlacedCommit,
  { onRef, at }: Heard,
): Ranked {
  const answer = onRef?.[newest];
  const name = refName(record.ref);
  switch (answer?.state) {
    case undefined:
      return asks(record, claim, {});
    case 'unknown':
      return { state: 'unknown', because: answer.because };
    case 'on':
      return {
        state: 'refused',
        because: `${name} has ${shortCommit(claim.commit)} beside ${shortCommit(newest)}, by a merge: neither is newer than the other`,
      };
    case 'off': {
      const next = rewritten(record, moveTo(claim), `${name} was rewritten`, at);
      return placed(lead(next, { push: moveTo(claim) }, at));
    }
  }
}

/**
 * It has its place, and GitHub says that the ref points to it: the ref was put back to it, or a push came while
 * GitHub was asked. That tells whether the ref still has what is known to be the newest.
 */
export function putBack(
  record: SourceRecord,
  claim: Claim,
  { onRef, at }: Pick<Heard, 'onRef' | 'at'>,
): Ranked {
  const newest = record.commits[0]?.commit;
  const answer = newest === undefined ? undefined : onRef?.[newest];
  if (newest === undefined || claim.parted !== newest || answer === undefined) {
    const { waits: _, ...asked } = claim;
    const next = newest === undefined ? asked : { ...asked, parted: newest };
    const claims = claimsOf(record).map((one) => (one === claim ? next : one));
    const sentence = `GitHub is asked whether ${refName(record.ref)} still has ${shortCommit(newest ?? '')}`;
    return { state: 'asks', record: withClaims(record, claims), because: sentence };
  }
  switch (answer.state) {
    case 'unknown':
      return { state: 'unknown', because: answer.because };
    case 'on':
      return placed(because(record, `${refName(record.ref)} has ${shortCommit(newest)} as well`));
    case 'off': {
      const why = `${refName(record.ref)} was put back`;
      const next = rewritten(record, moveTo(claim), why, at);
      return placed(lead(next, { push: moveTo(claim) }, at));
    }
  }
}

/** Nothing is built of it. */
function moveTo({ commit, tag }: Claim): RefMove {
  return { after: commit, forced: false, by: 'somebody', images: [], tag, unheard: true };
}

function placed({ record, because: sentence }: SourceDecision): Ranked {
  return { state: 'placed', record, because: sentence };
}

/** Or nothing is left to ask: it has its place. */
function asks(
  record: SourceRecord,
  claim: Claim,
  learnt: Pick<Claim, 'newer' | 'older' | 'parted'>,
): Ranked {
  const { waits: _, ...asked } = claim;
  const next: Claim = { ...asked, ...learnt };
  const newer = placedNewer(record, next);
  if (newer !== undefined && neighbour(record, next) === undefined) {
    const sentence = `${shortCommit(claim.commit)} is right before ${shortCommit(newer.commit)}`;
    return placed(because(putBefore(record, claim.commit, newer), sentence));
  }
  const claims = claimsOf(record).map((one) => (one === claim ? next : one));
  const sentence = `GitHub is asked where ${shortCommit(claim.commit)} stands`;
  return { state: 'asks', record: withClaims(record, claims), because: sentence };
}
