/** What is to be built of the pushes, and what makes way for it. */

import type { CommitSha } from '../model/image.ts';
import { announce, because, type SourceDecision, shortCommit } from './decision.ts';
import { buildsOf, withBuilds } from './image-builds.ts';
import type { Head, Placed } from './line.ts';
import { type RefMove, type SourceRecord, WANTED_MAX, type WantedBuild } from './record.ts';
import type { ImageName } from './rules.ts';

/**
 * Of each image the newest push that concerns it is to be built. Those below it stay wanted until GitHub
 * has that one: if it was forged, the next of them is built.
 */
export function buildHeads(placed: Placed, at: number): SourceDecision {
  const { record, heads, because: sentence } = placed;
  const last = heads.at(-1);
  if (last === undefined) return because(record, sentence);
  // All of its images are built elsewhere.
  if (Object.keys(record.rules.images).length === 0) return because(record, sentence);
  let next = record;
  const built: string[] = [];
  for (const image of Object.keys(record.rules.images)) {
    let newest: string | undefined;
    for (const head of heads.filter((one) => concerns(one, image))) {
      const { after: commit, tag } = head.push;
      if (isUnderWay(next, image, commit)) continue;
      next = wantBuild(next, image, { commit, tag, since: at });
      newest = tag;
    }
    if (newest !== undefined) built.push(`${image} as ${newest}`);
  }
  if (built.length > 0) return because(next, `${sentence}; builds ${built.join(', ')}`);
  const images = Object.keys(record.rules.images);
  const isConcerned = heads.some((head) => images.some((image) => concerns(head, image)));
  if (isConcerned) return because(next, `${sentence}; it is being built already`);
  const none = nothingToBuild(next, last.push, at);
  return because(none.record, `${sentence}; ${none.because}`);
}

/** Told, since a person may look for the build of a fix. */
function nothingToBuild(
  record: SourceRecord,
  { after: commit, skip }: RefMove,
  at: number,
): SourceDecision {
  const name = shortCommit(commit);
  const why =
    skip === undefined
      ? `${name} changes no path of an image`
      : `${name} says ${skip}: nothing is built`;
  const next =
    skip === undefined
      ? 'nothing; if it should have been built, name the path in `paths` of its image'
      : 'nothing; if it should be built, push a commit whose message does not say so';
  return because(announce(record, 'nothing-to-build', { at, commit, because: why, next }), why);
}

/** What a push in a gap changed is not known: in doubt all, as whenever the paths are not known. */
function concerns({ push, gap }: Head, image: ImageName): boolean {
  return push.skip === undefined && (gap === true || push.images.includes(image));
}

/** Or waits for GitHub's word, and nothing newer does. */
function isUnderWay(record: SourceRecord, image: ImageName, commit: CommitSha): boolean {
  const { wanted, running } = buildsOf(record, image);
  const [newest] = wanted;
  return newest === undefined
    ? running.some((build) => build.commit === commit && build.stop === undefined)
    : newest.commit === commit;
}

/** What is not started makes way; what runs is stopped, or let finish, as configured. */
export function supersede(
  record: SourceRecord,
  image: ImageName,
  at: number,
  why: string,
  except?: CommitSha,
): SourceRecord {
  const next = dropWanted(record, image, at, why, except);
  if (record.rules.whileBuilding === 'finish') return next;
  const stop = { because: why };
  return withBuilds(next, image, (builds) => ({
    ...builds,
    running: builds.running.map((build) =>
      build.stop === undefined && build.commit !== except ? { ...build, stop } : build,
    ),
  }));
}

/** What was never started; told, so that no status of its commit stays pending. */
export function dropWanted(
  record: SourceRecord,
  image: ImageName,
  at: number,
  why: string,
  except?: CommitSha,
): SourceRecord {
  const { wanted } = buildsOf(record, image);
  const dropped = wanted.filter(({ commit }) => commit !== except);
  if (dropped.length === 0) return record;
  const kept = wanted.filter(({ commit }) => commit === except);
  return dropped.reduce(
    (given, one) => superseded(given, image, one, at, why),
    withWanted(record, image, kept),
  );
}

function superseded(
  record: SourceRecord,
  image: ImageName,
  { commit, tag }: WantedBuild,
  at: number,
  why: string,
): SourceRecord {
  return announce(record, 'superseded', {
    ...{ at, commit, image, tag },
    because: `${why} before ${shortCommit(commit)} was built`,
    next: 'nothing: it was never started',
  });
}

/** On top; the oldest make way where there are too many. */
function wantBuild(record: SourceRecord, image: ImageName, newest: WantedBuild): SourceRecord {
  const others = buildsOf(record, image).wanted.filter(({ commit }) => commit !== newest.commit);
  const all = [newest, ...others];
  const why = `${shortCommit(newest.commit)} was pushed`;
  return all
    .slice(WANTED_MAX)
    .reduce(
      (given, one) => superseded(given, image, one, newest.since, why),
      withWanted(record, image, all.slice(0, WANTED_MAX)),
    );
}

function withWanted(
  record: SourceRecord,
  image: ImageName,
  wanted: readonly WantedBuild[],
): SourceRecord {
  return withBuilds(record, image, (builds) => ({ ...builds, wanted }));
}
