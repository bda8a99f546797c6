/**
 * What an image that others built says of its commit: a claim, since whoever may push wrote it. It waits
 * here until GitHub has confirmed it, and what GitHub denies is remembered, so that no sweep asks again.
 */
import { defined } from '../../model/defined.ts';
import type { CommitSha, ImageDigest, Moment } from '../../model/image.ts';
import { REASON_MAX, shorten } from '../../model/text.ts';
import { announce, because, type SourceDecision, shortCommit } from '../decision.ts';
import type { ImageFound } from '../event.ts';
import { placeOf } from '../line.ts';
import type { Claim, RefusedImage, SourceRecord, TakenImage } from '../record.ts';

/** Images that wait for GitHub's word; the newest are the ones that count. */
const CLAIMS_MAX = 20;
/** Images that were not taken, and those that were, newest first. */
const KEPT_MAX = 20;

export function claimsOf({ claims = [] }: Pick<SourceRecord, 'claims'>): readonly Claim[] {
  return claims;
}

export function withClaims(record: SourceRecord, claims: readonly Claim[]): SourceRecord {
  const { claims: _, ...rest } = record;
  return claims.length === 0 ? rest : { ...rest, claims };
}

/** An image was pushed that others built, and this is what it says of its commit. */
export function imageFound(record: SourceRecord, event: ImageFound): SourceDecision {
  const { image, digest, tag, says, at, madeFrom } = event;
  if (record.rules.elsewhere?.[image] === undefined) {
    return because(record, `the config names no image "${image}" that is built elsewhere`);
  }
  if (claimsOf(record).some((one) => one.digest === digest && one.image === image)) {
    return because(record, `${tag} waits for GitHub's word already`);
  }
  if ('because' in says) return refuse(record, { image, digest, tag }, says.because, at);
  const claim: Claim = defined({ image, digest, tag, commit: says.commit, since: at, madeFrom });
  const next = waiting(withoutRefused(record, digest), [claim], at);
  return because(next, `${tag} says that it is of ${shortCommit(says.commit)}: GitHub is asked`);
}

type Refused = Omit<RefusedImage, 'because' | 'at' | 'undecided'>;

/** It is remembered and, where its commit is one of the repository, told on that. */
export function refuse(
  record: SourceRecord,
  { image, digest, tag, commit }: Refused,
  why: string,
  at: Moment,
): SourceDecision {
  const next = remembered(record, defined({ image, digest, tag, commit }), why, at);
  const sentence = `${tag} is not taken: ${why}`;
  if (commit === undefined) return because(next, sentence);
  const told = tellNotTaken(next, { image, digest, tag, commit }, why, at, ALONE);
  return because(told, sentence);
}

const BY_HAND = 'a person may deploy it by hand';
const ALONE = `nothing is deployed by it; what runs stays as it is; ${BY_HAND}`;

/** Nothing was found out of it, and nobody asks any more: `next` says what brings it back. */
export function giveUp(
  record: SourceRecord,
  { image, digest, tag, commit }: Refused & { readonly commit: CommitSha },
  why: string,
  at: Moment,
  next: string,
): SourceRecord {
  const undecided = { ...{ image, digest, tag, commit }, undecided: true } as const;
  const kept = remembered(record, undecided, why, at);
  return tellNotTaken(kept, { image, digest, tag, commit }, why, at, `${next}; ${BY_HAND}`);
}

function remembered(
  record: SourceRecord,
  { image, digest, tag, commit, undecided }: Refused & Pick<RefusedImage, 'undecided'>,
  why: string,
  at: Moment,
): SourceRecord {
  const refused: RefusedImage = defined({
    ...{ image, digest, tag, commit, at, undecided },
    because: shorten(why, REASON_MAX),
  });
  const { refused: others = [], ...rest } = withoutRefused(record, digest);
  return { ...rest, refused: [refused, ...others].slice(0, KEPT_MAX) };
}

function tellNotTaken(
  record: SourceRecord,
  { image, digest, tag, commit }: TakenImage,
  why: string,
  at: Moment,
  next: string,
): SourceRecord {
  return announce(record, 'not-taken', {
    ...{ at, commit, image, tag, digest },
    because: `${tag} is not taken: ${why}`,
    next,
  });
}

export function withTaken(
  record: SourceRecord,
  { image, digest, tag, commit }: TakenImage,
): SourceRecord {
  const others = (record.taken ?? []).filter((one) => one.digest !== digest);
  return { ...record, taken: [{ image, digest, tag, commit }, ...others].slice(0, KEPT_MAX) };
}

export function withoutRefused(record: SourceRecord, digest: ImageDigest): SourceRecord {
  const { refused = [], ...rest } = record;
  const kept = refused.filter((one) => one.digest !== digest);
  if (kept.length === refused.length) return record;
  return kept.length === 0 ? rest : { ...rest, refused: kept };
}

/**
 * Asked of once more: what was built before its commit came to the ref, as by a fast-forward merge; what was taken
 * of a commit that the ref is put back to; and what nothing was found out of, when `isHeard` says that it can be.
 */
export function revived(
  before: SourceRecord,
  after: SourceRecord,
  at: Moment,
  isHeard: boolean,
): SourceRecord {
  const { refused = [], rules, commits } = after;
  const waits = new Set(claimsOf(after).map(({ digest }) => digest));
  const isNew = ({ commit }: RefusedImage) => isPlacedAnew(before, after, commit);
  const placed = [
    ...refused.filter(isNew),
    ...(before.taken ?? []).filter(
      ({ commit }) => commits[0]?.commit === commit && isPlacedAnew(before, after, commit),
    ),
  ];
  // None makes way for what GitHub was asked of for a day.
  const room = Math.max(0, CLAIMS_MAX - waits.size - placed.length);
  const heard = refused.filter((one) => isHeard && one.undecided === true && !isNew(one));
  const back = [...placed, ...heard.slice(0, room)].flatMap(
    ({ image, digest, tag, commit }): Claim[] =>
      commit === undefined || waits.has(digest) || rules.elsewhere?.[image] === undefined
        ? []
        : [{ image, digest, tag, commit, since: at }],
  );
  if (back.length === 0) return after;
  const rest = back.reduce((given, { digest }) => withoutRefused(given, digest), after);
  return waiting(rest, back, at);
}

/** It has a place, and another one than before. */
function isPlacedAnew(
  before: SourceRecord,
  after: SourceRecord,
  commit: CommitSha | undefined,
): boolean {
  const [was, is] = [placeOf(before, commit), placeOf(after, commit)];
  return is !== undefined && (was?.line !== is.line || was.position !== is.position);
}

/** Behind those that wait; the oldest make way where there are too many. */
function waiting(record: SourceRecord, claims: readonly Claim[], at: Moment): SourceRecord {
  const all = [...claimsOf(record), ...claims];
  const why = `${CLAIMS_MAX} newer images wait for GitHub's word`;
  return all
    .slice(0, -CLAIMS_MAX)
    .reduce(
      (given, one) => giveUp(given, one, why, at, ASKED_WHEN_HEARD),
      withClaims(record, all.slice(-CLAIMS_MAX)),
    );
}

export const ASKED_WHEN_HEARD =
  'it is asked of again when GitHub answers for another image of the branch; until then nothing is deployed by it';
