/**
 * What a sweep makes of what it saw: messages for the targets that missed something. Pure. A sweep
 * only gives hints and repeats pushes; whether they change anything, `reconcile` decides as always.
 */
import type { Pipeline, Target } from '../config/config.ts';
import type { Image, Moment, TargetKey } from '../core/model/image.ts';
import { isHigher, type Order } from '../core/model/order.ts';
import { plain } from '../core/model/text.ts';
import type { SourceKey } from '../core/source/record.ts';
import type { Cause, Envelope, HintedMessage, SourceEnvelope } from '../edge/message.ts';
import type { Later } from '../route/enqueue.ts';
import { commitByPattern, findElsewhere, sourceKey, sourceOfKey } from '../route/find-sources.ts';
import { containersFor, ordersFor } from '../route/find-targets.ts';
import type { DueLook, KnownTarget, SweptImage, SweptService } from '../upkeep-ports.ts';
import { SWEEP_SOURCE } from './translate.ts';

type Address = Pick<Image, 'registry' | 'repository'>;

/** Each at its moment; those on their way back go to the urgent queue. */
export function dueEnvelopes(due: readonly DueLook[], id: string, now: Moment): readonly Later[] {
  const cause = { id, source: 'slipway.tick', detailType: 'look is due' };
  return due
    .filter(({ key }) => !isSource(key))
    .map(({ key, phase, lookAt }) => {
      const { message, ...to } = hint(key, 'tick: look is due', cause, phase === 'rolling-back');
      const delaySeconds = Math.max(0, Math.ceil((lookAt - now) / 1000));
      return { ...to, message: { ...message, about: 'look-due' }, delaySeconds };
    });
}

/** The same for sources: a build that is silent, a push whose place is not known. */
export function dueSourceEnvelopes(due: readonly DueLook[], id: string): readonly SourceEnvelope[] {
  const cause = { id, source: 'slipway.tick', detailType: 'look is due' };
  const message = { type: 'BuildHeard', cause: 'tick: look is due' } as const;
  return due.filter(({ key }) => isSource(key)).map(({ key }) => ({ source: key, message, cause }));
}

/** A branch whose push is lost is found by asking; of more than so many the rest waits for its next push. */
const HEADS_MAX = 200;
const BRANCHES = 'refs/heads/';

/**
 * Each branch that the config names, and each that a push was heard of: GitHub is asked what it points to.
 * Of globs no new branch is found, since GitHub would have to list all of them.
 */
export function headEnvelopes(
  pipeline: Pick<Pipeline, 'sources'>,
  known: readonly SourceKey[],
  id: string,
): { readonly envelopes: readonly SourceEnvelope[]; readonly left: number } {
  const named = Object.values(pipeline.sources).flatMap(({ repository, heads }) =>
    heads.map((ref) => sourceKey(repository, ref)),
  );
  const built = known.filter((key) => sourceOfKey(pipeline, key)?.ref.startsWith(BRANCHES));
  const keys = [...new Set([...named, ...built])];
  const cause = { id, source: SWEEP_SOURCE, detailType: 'heads' };
  const message = { type: 'HeadSought' } as const;
  return {
    envelopes: keys.slice(0, HEADS_MAX).map((source) => ({ source, message, cause })),
    left: Math.max(0, keys.length - HEADS_MAX),
  };
}

function isSource(key: string): boolean {
  return key.startsWith('git/');
}

/**
 * `services` by target key, as DescribeServices found them. At rest nobody else looks, so there it
 * is that a missed event would go unnoticed; targets that wait for something have looks of their own.
 */
export function serviceEnvelopes(
  targets: readonly Target[],
  known: readonly KnownTarget[],
  services: ReadonlyMap<TargetKey, SweptService>,
  id: string,
): readonly Envelope[] {
  const cause = { id, source: SWEEP_SOURCE, detailType: 'services' };
  const records = new Map(known.map((record) => [record.key, record]));
  const hints = targets.flatMap(({ key, rules }) => {
    const because = reasonToLook(rules.mode === 'act', records.get(key), services.get(key));
    return because === undefined ? [] : [hint(key, `sweep: ${because}`, cause)];
  });
  const configured = new Set(targets.map(({ key }) => key));
  const left = known
    .filter(({ key, phase }) => !configured.has(key) && phase !== 'retired')
    .map(({ key }) => hint(key, 'sweep: it left the config', cause));
  return [...hints, ...left];
}

function reasonToLook(
  acts: boolean,
  record: KnownTarget | undefined,
  service: SweptService | undefined,
): string | undefined {
  if (record === undefined) return 'not introduced yet';
  if (record.phase === 'retired') return 'it is in the config again';
  if (record.phase !== 'idle' && record.phase !== 'needs-attention') return undefined;
  if (service === undefined) return 'ECS has no such service';
  if (service.revision !== record.revision) {
    return `drift: it runs ${service.revision}, and ${record.revision ?? 'nothing'} is remembered`;
  }
  if (service.deployments > 1) return 'a deployment is in flight';
  if (service.running < service.desired) {
    return `it runs ${service.running} of ${service.desired} tasks`;
  }
  // Once an hour, before somebody needs it.
  return acts ? 'could it roll back now?' : undefined;
}

/** Each repository once, however many containers take from it. */
export function repositoriesOf(targets: readonly Target[]): readonly Address[] {
  const addresses = targets.flatMap(({ rules }) => Object.values(rules.containers));
  const unique = new Map(addresses.map((a) => [`${a.registry}/${a.repository}`, a]));
  return [...unique.values()];
}

/** Builds of one branch end in any order: so many may have pushed after that of its newest commit. */
const OUT_OF_ORDER_MAX = 5;

/**
 * For each target the newest image that one of its containers may take, by the container's own tags
 * and order, if it was pushed since then; two containers of a target with one image are one message.
 * Which commit is the newest ECR does not tell: there it is each image pushed since `recentSince`, too.
 */
export function imageEnvelopes(
  targets: readonly Target[],
  { registry, repository }: Address,
  images: readonly SweptImage[],
  pushedSince: number,
  id: string,
  recentSince = pushedSince,
): readonly Envelope[] {
  const cause = { id, source: SWEEP_SOURCE, detailType: 'images' };
  const present = images.filter(({ state }) => state === 'present');
  return targets.flatMap((target) => {
    const address = { registry, repository };
    const newest = newestImages(target, address, present);
    return [...newest, ...byCommit(target, address, present, recentSince)]
      .filter((one, i, all) => all.findIndex(({ image }) => image === one.image) === i)
      .filter(({ image }) => image.pushedAt >= pushedSince)
      .map(({ image, tag }) => ({
        target: target.key,
        message: {
          type: 'ImagePushed' as const,
          registry,
          repository,
          digest: image.digest,
          tag,
          at: image.pushedAt,
        },
        cause,
      }));
  });
}

/** Of more than so many in one window the newest are asked of. */
const CLAIMS_SWEPT_MAX = 20;

/**
 * Images that others built and some target would take, whose event may be lost: of each a claim, the oldest first.
 * `pushedSince` 0: the newest alone, whenever it was pushed.
 */
export function claimEnvelopes(
  pipeline: Pick<Pipeline, 'sources' | 'targets'>,
  address: Address,
  images: readonly SweptImage[],
  pushedSince: number,
  id: string,
): readonly SourceEnvelope[] {
  const sources = findElsewhere(pipeline, address);
  if (sources.length === 0) return [];
  const targets = Object.values(pipeline.targets);
  const cause = { id, source: SWEEP_SOURCE, detailType: 'images' };
  const taken = (tag: string) =>
    targets.some((target) => containersFor(target, address.repository, [tag]).length > 0);
  return images
    .filter(({ state, pushedAt }) => state === 'present' && pushedAt >= pushedSince)
    .toSorted((a, b) => a.pushedAt - b.pushedAt)
    .map(({ digest, tags, pushedAt: at }) => ({ digest, at, tags: tags.filter(taken) }))
    .filter(({ tags }) => tags.length > 0)
    .slice(pushedSince === 0 ? -1 : -CLAIMS_SWEPT_MAX)
    .flatMap(({ digest, at, tags }) =>
      sources.map(({ key, image, ref, commitIn }) => {
        const named = tags.find((tag) =>
          commitIn.some((place) => commitByPattern(place, tag, ref)),
        );
        const tag = named ?? tags[0] ?? '';
        const type = 'ImageHeard' as const;
        return {
          source: key,
          message: { type, image, digest, tag, at, swept: true as const },
          cause,
        };
      }),
    );
}

/** What a container that goes by commits takes, pushed since then: the newest pushes first. */
function byCommit(
  target: Target,
  address: Address,
  images: readonly SweptImage[],
  recentSince: number,
): readonly { image: SweptImage; tag: string }[] {
  const { tagRules } = target;
  if (Object.values(tagRules).every(({ newer }) => newer !== 'commit')) return [];
  return images
    .filter(({ pushedAt }) => pushedAt >= recentSince)
    .toSorted((a, b) => b.pushedAt - a.pushedAt)
    .flatMap((image) => {
      const tag = image.tags.find((one) => {
        const tagged = { ...address, digest: image.digest, tags: [one] };
        const containers = Object.keys(ordersFor(target, tagged, image.pushedAt));
        return containers.some((container) => tagRules[container]?.newer === 'commit');
      });
      return tag === undefined ? [] : [{ image, tag }];
    })
    .slice(0, OUT_OF_ORDER_MAX);
}

/** At most one for each container of the target, each digest once, with the tag that ranks it. */
function newestImages(
  target: Target,
  address: Address,
  images: readonly SweptImage[],
): readonly { image: SweptImage; tag: string }[] {
  const newest = new Map<string, { order: Order; image: SweptImage; tag: string }>();
  for (const image of images) {
    for (const tag of image.tags) {
      const tagged = { ...address, digest: image.digest, tags: [tag] };
      for (const [container, order] of Object.entries(ordersFor(target, tagged, image.pushedAt))) {
        const best = newest.get(container);
        if (best !== undefined && !isHigher(order, best.order)) continue;
        newest.set(container, { order, image, tag });
      }
    }
  }
  return [...new Map([...newest.values()].map((best) => [best.image.digest, best])).values()];
}

function hint(
  target: TargetKey,
  text: string,
  cause: Cause,
  urgent = false,
): Envelope & { readonly message: HintedMessage } {
  return {
    target,
    // The envelope allows 300 characters.
    message: {
      type: 'Hinted',
      cause: plain(text).slice(0, 300),
      ...(urgent ? { urgent: true } : {}),
    },
    cause,
  };
}
