/**
 * What people are told of images that others built and that no target has been offered: those that wait for
 * GitHub's word, and those that were not taken. The one place of these words.
 */
import { defined } from '../model/defined.ts';
import type { CommitSha, ImageDigest, Moment } from '../model/image.ts';
import { ASKED_WHEN_HEARD, claimsOf } from '../source/claims/claim.ts';
import { refName, shortCommit } from '../source/decision.ts';
import type { Claim, RefusedImage, SourceRecord } from '../source/record.ts';
import type { ImageAddress, ImageName } from '../source/rules.ts';

export interface ClaimStanding {
  readonly state: 'waits' | 'not-taken';
  readonly image: ImageName;
  readonly digest: ImageDigest;
  readonly tag: string;
  /** Absent: it names none that GitHub knows. */
  readonly commit?: CommitSha;
  /** Since when it waits, or when it was not taken. */
  readonly at: Moment;
  readonly because: string;
  /** What comes of it without a person. */
  readonly outlook: string;
  /** What lets it be deployed without GitHub's word. */
  readonly command: string;
}

/** Whose images they are. */
export interface ClaimingTarget {
  readonly id: string;
  /** Whether it would take an image of this repository with this tag. */
  takes(address: ImageAddress, tag: string): boolean;
}

type Known = Pick<SourceRecord, 'ref' | 'rules' | 'claims' | 'refused'>;

/** Of this target: those that wait, then those that were not taken, newest first. */
export function claimStandings(
  record: Known,
  { id, takes }: ClaimingTarget,
): readonly ClaimStanding[] {
  const branch = refName(record.ref);
  const toldOf = (
    one: Claim | RefusedImage,
    state: ClaimStanding['state'],
    words: Pick<ClaimStanding, 'at' | 'because' | 'outlook'>,
  ): readonly ClaimStanding[] => {
    const { image, digest, tag, commit } = one;
    const address = record.rules.elsewhere?.[image];
    if (address === undefined || !takes(address, tag)) return [];
    const command = `slipway deploy ${id} --image ${address.repository}@${digest} --because "why"`;
    return [defined({ state, image, digest, tag, commit, command, ...words })];
  };
  return [
    ...claimsOf(record).flatMap((claim) => toldOf(claim, 'waits', waitingWords(claim, branch))),
    ...(record.refused ?? []).flatMap((one) =>
      toldOf(one, 'not-taken', {
        at: one.at,
        because: `${one.tag} is not taken: ${one.because}`,
        outlook: one.undecided ? ASKED_WHEN_HEARD : 'nothing is deployed by it',
      }),
    ),
  ];
}

function waitingWords({ tag, commit, since, waits }: Claim, branch: string) {
  const asked = `GitHub is asked whether ${branch} has ${shortCommit(commit)}`;
  return {
    at: since,
    because:
      waits === undefined
        ? `${tag} waits: ${asked}`
        : `${tag} waits: ${asked}, and was ${times(waits.failures)}: ${waits.because}`,
    outlook: 'Slipway asks GitHub again, for a day; until it says so the image is not deployed',
  };
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
