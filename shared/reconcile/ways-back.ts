/** Could we start what runs, and the places to return to? Asked before one of them is needed. */
import { type ImageDigest, type ImageSet, shortDigest } from '../core/model/image.ts';
import type { ImageState, ObservedWay } from '../core/model/observation.ts';
import type { RollbackCandidate } from '../core/model/record/candidate.ts';
import type { TargetRecord } from '../core/model/record/target-record.ts';
import type { TaskRights } from '../core/model/rules.ts';
import { waysFromHere, whyForbidden } from '../core/release/ways-back.ts';
import type { ObservationPorts } from '../ports.ts';

/** Of the places below what runs: a rollback tries two. */
const USABLE_WANTED = 2;

type States = Readonly<Record<ImageDigest, ImageState>>;

interface Known {
  readonly states: States;
  readonly rights: TaskRights | undefined;
  readonly isCopied: boolean;
}

/**
 * What runs, if a later release could return to it, and the ladder from the top until two can be had. In
 * the ordinary case three DescribeTaskDefinition and, by repository, one DescribeImages for all of them.
 */
export async function observeWays(
  record: TargetRecord,
  rights: TaskRights | undefined,
  ports: ObservationPorts,
): Promise<readonly ObservedWay[]> {
  const { runs, rollbackCandidates } = record;
  const here = rollbackCandidates.filter(({ revision }) => revision === runs?.revision);
  const below = waysFromHere(record);
  const first = [...here, ...below.slice(0, USABLE_WANTED)];
  const states = await ports.images.states(first.flatMap(({ images }) => Object.values(images)));
  const ways = await Promise.all(
    // A release is registered as a copy of what runs.
    first.map((candidate) =>
      observeWay(candidate, { states, rights, isCopied: here.includes(candidate) }, ports),
    ),
  );
  const rest = below.slice(USABLE_WANTED);
  for (const candidate of rest) {
    const usable = ways.slice(here.length).filter(({ state }) => state !== 'gone');
    if (usable.length >= USABLE_WANTED) break;
    const own = await ports.images.states(Object.values(candidate.images));
    ways.push(await observeWay(candidate, { states: own, rights, isCopied: false }, ports));
  }
  return ways;
}

/** An answer that fails says nothing: the next hour asks again. */
async function observeWay(
  { revision, images, pinned }: RollbackCandidate,
  { states, rights, isCopied }: Known,
  { services }: ObservationPorts,
): Promise<ObservedWay> {
  try {
    const { containers, active, family, roles } = await services.definition(revision);
    if (Object.keys(containers).length === 0) {
      return { state: 'gone', revision, because: DELETED };
    }
    const lost = lostImage(images, states);
    if (lost !== undefined) return { state: 'gone', revision, because: lost };
    const asItIs = active && pinned && !isCopied;
    const refused = rights && whyForbidden({ family, roles }, asItIs, rights);
    if (refused !== undefined) return { state: 'forbidden', revision, because: refused };
    if (Object.values(images).some(({ digest }) => states[digest] === 'unknown')) {
      return { state: 'unknown', revision, because: 'ECR did not answer for its images' };
    }
    return { state: active ? 'usable' : 'deregistered', revision };
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return { state: 'unknown', revision, because };
  }
}

export const DELETED = 'its task definition was deleted';

export function lostImage(images: ImageSet, states: States): string | undefined {
  for (const { repository, digest } of Object.values(images)) {
    if (states[digest] === 'missing')
      return `${repository} (${shortDigest(digest)}) is no longer in ECR`;
    if (states[digest] === 'archived')
      return `${repository} (${shortDigest(digest)}) is archived in ECR`;
  }
  return undefined;
}
