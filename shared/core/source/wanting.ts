/** What is to be built of the pushes, and what makes way for it. */
import { announce, because, type SourceDecision, shortCommit } from './decision.ts';
import { buildsOf, withBuilds } from './image-builds.ts';
import type { Head, Placed } from './line.ts';
import type { CommitSha, ImageBuilds, SourceRecord } from './record.ts';
import type { ImageName } from './rules.ts';

/** Of each image the newest push that concerns it is built; older ones make way. */
export function buildHeads(placed: Placed, at: number): SourceDecision {
  const { record, heads, because: sentence } = placed;
  const last = heads.at(-1);
  if (last === undefined) return because(record, sentence);
  let next = record;
  const built: string[] = [];
  for (const image of Object.keys(record.rules.images)) {
    const head = heads.findLast((one) => concerns(one, image));
    if (head === undefined) continue;
    const { after: commit, tag } = head.push;
    next = supersede(next, image, at, `${shortCommit(commit)} was pushed`, commit);
    if (isBuilt(next, image, head)) continue;
    next = wantBuild(next, image, { commit, tag, since: at });
    built.push(`${image} as ${tag}`);
  }
  return because(
    next,
    `${sentence}; ${built.length === 0 ? whyNothing(record, heads, last) : `builds ${built.join(', ')}`}`,
  );
}

/** What a push in a gap changed is not known: in doubt all, as whenever the paths are not known. */
function concerns({ push, gap }: Head, image: ImageName): boolean {
  return push.skip === undefined && (gap === true || push.images.includes(image));
}

function whyNothing(record: SourceRecord, heads: readonly Head[], { push }: Head): string {
  const name = shortCommit(push.after);
  if (push.skip !== undefined) return `${name} says ${push.skip}: nothing is built`;
  const images = Object.keys(record.rules.images);
  return heads.some((head) => images.some((image) => concerns(head, image)))
    ? 'it is being built already'
    : `${name} changes no path of an image`;
}

/** One that waited for its place may have been built meanwhile, and is not built again for it. */
function isBuilt(record: SourceRecord, image: ImageName, { push, waited }: Head): boolean {
  if (isUnderWay(record, image, push.after)) return true;
  const { last } = buildsOf(record, image);
  return waited === true && last?.commit === push.after && last.outcome !== 'STOPPED';
}

function isUnderWay(record: SourceRecord, image: ImageName, commit: CommitSha): boolean {
  const { wanted, running } = buildsOf(record, image);
  return (
    wanted?.commit === commit ||
    running.some((build) => build.commit === commit && build.stop === undefined)
  );
}

/**
 * GitHub does not tell where these stand: they are built beside what is being built, which may be
 * newer. Their images are held by the targets.
 */
export function buildMeanwhile(record: SourceRecord, at: number): SourceDecision {
  if (!record.unplaced.some(({ failures }) => failures > 0)) return because(record, '');
  let next = record;
  const built: string[] = [];
  for (const image of Object.keys(record.rules.images)) {
    const push = record.unplaced.findLast((one) => concerns({ push: one }, image));
    const { wanted, last } = buildsOf(record, image);
    if (push === undefined || wanted !== undefined || last?.commit === push.after) continue;
    if (isUnderWay(record, image, push.after)) continue;
    next = wantBuild(next, image, { commit: push.after, tag: push.tag, since: at });
    built.push(`${image} as ${push.tag}`);
  }
  return because(next, built.length === 0 ? '' : `builds ${built.join(', ')} meanwhile`);
}

/** What is not started makes way; what runs is stopped, or let finish, as configured. */
export function supersede(
  record: SourceRecord,
  image: ImageName,
  at: number,
  why: string,
  except?: CommitSha,
): SourceRecord {
  const { wanted } = buildsOf(record, image);
  const makesWay = (one: { readonly commit: CommitSha }) => one.commit !== except;
  let next = record;
  if (wanted !== undefined && makesWay(wanted)) {
    next = withBuilds(record, image, ({ wanted: _, ...builds }) => builds);
    next = announce(next, 'superseded', {
      at,
      commit: wanted.commit,
      image,
      tag: wanted.tag,
      because: `${why} before ${shortCommit(wanted.commit)} was built`,
      next: 'nothing: it was never started',
    });
  }
  if (record.rules.whileBuilding === 'finish') return next;
  const stop = { because: why };
  return withBuilds(next, image, (builds) => ({
    ...builds,
    running: builds.running.map((build) =>
      build.stop === undefined && makesWay(build) ? { ...build, stop } : build,
    ),
  }));
}

function wantBuild(
  record: SourceRecord,
  image: ImageName,
  wanted: NonNullable<ImageBuilds['wanted']>,
): SourceRecord {
  return withBuilds(record, image, (builds) => ({ ...builds, wanted }));
}
