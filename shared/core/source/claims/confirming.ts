/**
 * GitHub's word about the commits that images claim. Only what the ref has is taken: then its place and its
 * commit are written down, and its targets are offered the image, as if a build of ours had made it.
 */
import type { CommitSha, Moment } from '../../model/image.ts';
import { REASON_MAX, shorten } from '../../model/text.ts';
import {
  announce,
  because,
  notOnRef,
  oweOffer,
  owePlaces,
  refName,
  type SourceDecision,
  shortCommit,
  waitsAgain,
} from '../decision.ts';
import { isNewerPlace, placeOf } from '../line.ts';
import {
  ASKED_FOR_MS,
  type OnRef,
  SHOWN_AFTER_MS,
  type SourceObservation,
  type SourceQuestion,
} from '../observation.ts';
import type { Claim, SourceRecord } from '../record.ts';
import {
  ASKED_WHEN_HEARD,
  claimsOf,
  giveUp,
  refuse,
  withClaims,
  withoutRefused,
  withTaken,
} from './claim.ts';
import { putBack, type Ranked, ranked, standingOf } from './ranking.ts';

/** Two calls each. */
const CLAIMS_ASKED_MAX = 5;

/** What GitHub is asked of: those that waited longest for their turn. */
function claimsAsked(record: SourceRecord): readonly Claim[] {
  return claimsOf(record).slice(0, CLAIMS_ASKED_MAX);
}

/** One place is sought at a time: where the next one stands may depend on it. */
function seeksPlace(record: SourceRecord): Claim | undefined {
  return claimsAsked(record).find((claim) => placeOf(record, claim.commit) === undefined);
}

export function claimsQuestion(
  record: SourceRecord,
): Required<Pick<SourceQuestion, 'onRef'>> & Pick<SourceQuestion, 'standing'> {
  const sought = seeksPlace(record);
  const standing = sought === undefined ? undefined : standingOf(record, sought);
  const onRef = claimsAsked(record).map(({ commit }) => commit);
  const parted = claimsAsked(record).flatMap((claim) => claim.parted ?? []);
  return {
    onRef: [...onRef, ...parted],
    ...(standing === undefined ? {} : { standing }),
  };
}

/** GitHub's answer leads to another question, or nobody asked it yet. */
export function asksOfClaims(record: SourceRecord): boolean {
  return claimsOf(record).some(({ waits }) => waits === undefined);
}

/** What GitHub said of each. `because` is empty when nothing came of it. */
export function claimsHeard(record: SourceRecord, observation: SourceObservation): SourceDecision {
  let next = record;
  const sentences: string[] = [];
  for (const claim of claimsAsked(record)) {
    const answer = observation.onRef?.[claim.commit];
    if (answer === undefined) continue;
    const decision = heardOf(next, claim, answer, observation);
    sentences.push(decision.because);
    next = decision.record;
  }
  return because(next, sentences.join('; '));
}

function heardOf(
  record: SourceRecord,
  claim: Claim,
  answer: OnRef,
  observation: SourceObservation,
): SourceDecision {
  const { at } = observation;
  switch (answer.state) {
    case 'unknown':
      return unanswered(record, claim, notOnRef(record, claim.commit, answer), at);
    case 'off': {
      const why = notOnRef(record, claim.commit, answer);
      return at < claim.since + SHOWN_AFTER_MS
        ? waits(record, claim, why, at, false)
        : refused(record, claim, why, at);
    }
    case 'on':
      if (placeOf(record, claim.commit) === undefined) return ranks(record, claim, observation);
      return mayBePutBack(record, claim, answer)
        ? follow(record, claim, putBack(record, claim, observation), at)
        : taken(record, claim, at);
  }
}

/** The ref points to it, and something else is the newest that is known. */
function mayBePutBack(
  { commits }: SourceRecord,
  { commit }: Claim,
  { head }: Extract<OnRef, { state: 'on' }>,
): boolean {
  return head === commit && commits[0]?.commit !== commit;
}

function ranks(record: SourceRecord, claim: Claim, observation: SourceObservation): SourceDecision {
  const { at, question, onRef } = observation;
  const asked = question.standing;
  const now = standingOf(record, claim);
  const isOfThis = asked !== undefined && asked.head === now?.head && asked.base === now.base;
  const comparison = isOfThis ? observation.standing : undefined;
  return follow(record, claim, ranked(record, claim, { comparison, onRef, at }), at);
}

function follow(record: SourceRecord, claim: Claim, result: Ranked, at: Moment): SourceDecision {
  switch (result.state) {
    case 'placed': {
      const { record: next, because: sentence } = taken(result.record, claim, at);
      return because(next, `${result.because}; ${sentence}`);
    }
    case 'asks':
      return because(result.record, result.because);
    case 'refused':
      return refused(record, claim, result.because, at);
    case 'unknown': {
      const name = shortCommit(claim.commit);
      const why = `GitHub could not be asked where ${name} stands: ${result.because}`;
      return unanswered(record, claim, why, at);
    }
  }
}

/** Its targets find the commit of the digest, and the place of the commit, before they hear of it. */
function taken(record: SourceRecord, claim: Claim, at: Moment): SourceDecision {
  const { image, digest, tag, commit } = claim;
  const rules = record.rules.elsewhere?.[image];
  const place = placeOf(record, commit);
  if (rules === undefined) {
    const why = `the config names no image "${image}" any more`;
    const next = giveUp(without(record, claim), claim, why, at, WHEN_NAMED);
    return because(next, `${tag} is not taken: ${why}`);
  }
  const rest = withoutRefused(without(record, claim), digest);
  const sentence = `${tag} is of ${shortCommit(commit)}, which ${refName(record.ref)} has`;
  const newer = newerOf(record, claim);
  if (newer !== undefined) {
    const next = `nothing: it is the image of ${shortCommit(newer)} as well, which is newer`;
    const told = announce(rest, 'taken', {
      ...{ at, commit, image, tag, digest, because: sentence, next },
    });
    return because(told, sentence);
  }
  // One that is older than all that is remembered had its place written down when it was found.
  const placed = place === undefined ? rest : owePlaces(rest, { of: 'commit', ...place });
  const owed = owePlaces(placed, { of: 'digest', digest, commit });
  const { registry, repository } = rules;
  const kept = withTaken(owed, claim);
  const offered = oweOffer(kept, { registry, repository, digest, tag, at });
  const told = announce(offered, 'taken', {
    ...{ at, commit, image, tag, digest },
    because: sentence,
    next: `its targets are offered the image${sameBits(claim)}`,
  });
  return because(told, sentence);
}

/** The commit that it was taken of before, where that is the newer one. */
function newerOf(record: SourceRecord, { commit, madeFrom }: Claim): CommitSha | undefined {
  const [here, there] = [placeOf(record, commit), placeOf(record, madeFrom)];
  const isNewer = there !== undefined && (here === undefined || isNewerPlace(there, here));
  return isNewer ? madeFrom : undefined;
}

/** A release is known by its digest. */
function sameBits({ madeFrom }: Claim): string {
  return madeFrom === undefined
    ? ''
    : `; it is bit for bit that of ${shortCommit(madeFrom)}: where that runs nothing starts, also if the commit changed a task definition; a build that sets the label org.opencontainers.image.revision makes each commit an image of its own`;
}

function refused(record: SourceRecord, claim: Claim, why: string, at: Moment): SourceDecision {
  return refuse(without(record, claim), claim, why, at);
}

function unanswered(record: SourceRecord, claim: Claim, why: string, at: Moment): SourceDecision {
  if (at < claim.since + ASKED_FOR_MS) return waits(record, claim, why, at, true);
  const given = `${why}; it has been asked for a day`;
  return because(giveUp(without(record, claim), claim, given, at, ASKED_WHEN_HEARD), given);
}

const WHEN_NAMED = 'it is asked of again when the config names its image';

/** The others have their turn first. */
function waits(
  record: SourceRecord,
  claim: Claim,
  why: string,
  at: Moment,
  isUnanswered: boolean,
): SourceDecision {
  const { image, digest, tag, commit, waits: before } = claim;
  const reason = shorten(why, REASON_MAX);
  const others = claimsOf(record).filter((one) => one !== claim);
  const waiting = { ...claim, waits: waitsAgain(before, reason, at, isUnanswered) };
  const next = withClaims(record, [...others, waiting]);
  const sentence = `${reason}; ${tag} waits until it says so`;
  if (!isUnanswered || before?.told === true) return because(next, sentence);
  const told = announce(next, 'unconfirmed', {
    ...{ at, commit, image, tag, digest, because: reason },
    next: 'it is asked again, for a day; until it says so the image is not deployed',
  });
  return because(told, sentence);
}

function without(record: SourceRecord, claim: Claim): SourceRecord {
  return withClaims(
    record,
    claimsOf(record).filter((one) => one.digest !== claim.digest || one.image !== claim.image),
  );
}

/** Commits that GitHub must still be asked of, as moments; `again`: how long after so many failures. */
export function claimsDue(
  record: SourceRecord,
  now: Moment,
  again: (failures: number) => number,
): readonly Moment[] {
  return claimsOf(record).map(({ waits }) =>
    waits === undefined ? now : waits.at + again(waits.failures),
  );
}
