/** A build has ended: it is told once, and what it built is offered. */
import { defined } from '../model/defined.ts';
import { ANNOUNCED_MAX, shorten } from '../model/text.ts';
import {
  announce,
  because,
  oweOffer,
  owePlaces,
  type SourceDecision,
  shortCommit,
} from './decision.ts';
import { buildsOf, withBuilds, withoutBuild } from './image-builds.ts';
import type { ObservedBuild } from './observation.ts';
import type { Build, EndedBuild, SourceRecord, WantedBuild } from './record.ts';
import type { ImageName } from './rules.ts';
import { tagAgain } from './tag-again.ts';

export type Ended = Extract<ObservedBuild, { state: 'ended' }>;

/** `build` is one of the record's own. */
export function endBuild(
  record: SourceRecord,
  image: ImageName,
  build: Build,
  ended: Ended,
): SourceDecision {
  const stands = isForeign(build, ended);
  const seen = stands ? foreign(ended) : ended;
  const again = stands ? builtAgain(record, image, build, ended) : undefined;
  const end = stands ? foreignEnd(build, ended, again) : endOf(build, seen);
  const last: EndedBuild = defined({
    commit: build.commit,
    outcome: seen.outcome,
    because: shorten(end.because, ANNOUNCED_MAX),
    at: seen.endedAt,
    id: build.id,
    digest: seen.digest,
  });
  const closed = withBuilds(withoutBuild(record, image, build), image, (builds) => ({
    ...builds,
    last,
    ...(again && { wanted: [again] }),
  }));
  const told = announce(closed, end.kind, {
    at: seen.endedAt,
    commit: build.commit,
    image,
    tag: build.tag,
    because: end.because,
    next: end.next,
    build: build.id,
    logs: seen.logs,
    digest: seen.digest,
  });
  return because(offer(told, image, build, seen), end.because);
}

/** The tag stood already, and no build of ours made that image of this commit: whoever may push did. */
function isForeign(build: Build, { outcome, stood, madeFrom }: Ended): boolean {
  return outcome === 'SUCCEEDED' && stood === true && madeFrom !== build.commit;
}

function foreign({ digest: _, ...ended }: Ended): Ended {
  return { ...ended, outcome: 'FAILED' };
}

/** Undefined: something newer is to be built, or there is no other tag for it. */
function builtAgain(
  record: SourceRecord,
  image: ImageName,
  build: Build,
  { endedAt: since }: Ended,
): WantedBuild | undefined {
  const { wanted, running } = buildsOf(record, image);
  const isNewest = wanted.length === 0 && running[0] === build && build.stop === undefined;
  const tag = tagAgain(record, build);
  return isNewest && tag !== undefined ? { commit: build.commit, tag, since } : undefined;
}

function foreignEnd({ tag }: Build, { digest }: Ended, again: WantedBuild | undefined): End {
  const name = digest ?? 'an image';
  return {
    kind: 'build-failed',
    because: `${tag} stood already as ${name}, and no build of Slipway reported that image: it is not taken`,
    next:
      again === undefined
        ? 'see who pushed it; push a newer commit, whose tag is free; what runs stays as it is'
        : `it is built once more, as ${again.tag}; if no build of ${tag} was stopped, see who pushed it`,
  };
}

function offer(
  record: SourceRecord,
  image: ImageName,
  build: Build,
  { outcome, digest, endedAt }: Ended,
): SourceRecord {
  if (outcome !== 'SUCCEEDED' || digest === undefined) return record;
  const placed = owePlaces(record, { of: 'digest', digest, commit: build.commit });
  const rules = record.rules.images[image];
  if (rules === undefined) return placed;
  const { registry, repository } = rules;
  return oweOffer(placed, { registry, repository, digest, tag: build.tag, at: endedAt });
}

interface End {
  readonly kind: 'built' | 'build-failed' | 'build-stopped';
  readonly because: string;
  readonly next: string;
}

function endOf(build: Build, { outcome, because: why, digest }: Ended): End {
  const name = build.tag;
  switch (outcome) {
    case 'SUCCEEDED':
      return digest === undefined
        ? {
            kind: 'built',
            because: `${name} is built; the build exported no IMAGE_DIGEST`,
            next: 'ECR tells the targets of the image',
          }
        : { kind: 'built', because: `${name} is built`, next: 'its targets are offered the image' };
    case 'STOPPED':
      return {
        kind: 'build-stopped',
        because: `the build of ${name} was stopped: ${build.stop?.because ?? 'not by Slipway'}`,
        next:
          build.stop === undefined
            ? 'start it again in CodeBuild, or push a newer commit'
            : 'nothing: it is not needed any more',
      };
    case 'FAILED':
    case 'FAULT':
    case 'TIMED_OUT':
      return {
        kind: 'build-failed',
        because: `the build of ${name} ended with ${outcome}${why === undefined ? '' : `: ${why}`}`,
        next: `read its log, mend ${shortCommit(build.commit)}, and push; what runs stays as it is`,
      };
  }
}
