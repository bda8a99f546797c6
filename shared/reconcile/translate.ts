/** A message of the queue becomes an event of the core: what only ECR knows is asked of ECR. */
import type { Target } from '../config/config.ts';
import type { Event, ImagePushed } from '../core/model/event.ts';
import type { Image, ImageSet } from '../core/model/image.ts';
import type { CommandMessage, Envelope, ImagePushedMessage } from '../edge/message.ts';
import { type Ports, TransientError } from '../ports.ts';
import { containersFor, ordersFor } from '../route/find-targets.ts';
import type { Origin } from '../runtime/queue-batch.ts';
import { isBuiltFrom, placeOf } from './commit-positions.ts';
import { senderOf } from './origin.ts';

/** ECR's reads may lag behind its events; after this an image that it does not know is gone. */
const ECR_CATCHES_UP_MS = 5 * 60_000;
/** Tags are labels; an image may have a thousand. */
const TAGS_MAX = 5;
export const SWEEP_SOURCE = 'slipway.sweep';

export type Translated = { readonly event: Event; readonly urgent: boolean } | Ignored;

export interface Ignored {
  readonly ignored: string;
  /** None of our functions says such a thing: whoever sent it is told of in the log, by SQS's word. */
  readonly refused?: true;
}

export async function translate(
  target: Target,
  { message, cause }: Envelope,
  ports: Ports,
  origin: Origin,
): Promise<Translated> {
  const at = ports.clock.now();
  switch (message.type) {
    case 'ImagePushed':
      return await imagePushed(target, message, cause.source === SWEEP_SOURCE, ports);
    case 'AlarmChanged':
      return { event: { ...message, at }, urgent: true };
    case 'Hinted':
      return {
        event: {
          type: 'Hinted',
          at,
          cause: message.cause,
          ...(message.happenedAt === undefined ? {} : { happenedAt: message.happenedAt }),
          ...(message.about === undefined ? {} : { about: message.about }),
        },
        urgent: message.urgent === true,
      };
    case 'CommandReceived':
      return {
        event: await commandReceived(target, message, { id: cause.id, origin }, ports),
        urgent: true,
      };
  }
}

/** What a person wants to deploy may be quarantined for longer than the record remembers. */
export async function commandReceived(
  target: Pick<Target, 'key'>,
  message: CommandMessage,
  { id, origin }: { readonly id: string; readonly origin: Origin },
  ports: Ports,
): Promise<Event> {
  // Of a version that did not write it: it may have lain anywhere for days.
  const { saidAt = 'unknown' } = message;
  const event = {
    ...message,
    ...senderOf(message, origin),
    saidAt,
    at: ports.clock.now(),
    id,
  } as const;
  const { command: ask } = message;
  if (ask.do !== 'deploy') return event;
  const digests = Object.values(ask.images).map(({ digest }) => digest);
  const reasons = await Promise.all(
    digests.map((digest) => ports.records.quarantined(target.key, digest)),
  );
  const bad = digests.find((_, i) => reasons[i] !== undefined);
  return {
    ...event,
    command: { ...ask, images: withFewTags(ask.images) },
    ...(bad === undefined ? {} : { quarantined: bad }),
  };
}

async function imagePushed(
  target: Target,
  heard: ImagePushedMessage,
  fromSweep: boolean,
  ports: Ports,
): Promise<Translated> {
  const at = ports.clock.now();
  const { registry, repository } = heard;
  const isOurs = Object.values(target.rules.containers).some(
    (one) => one.registry === registry && one.repository === repository,
  );
  if (!isOurs) {
    // ECR is not even asked: of a repository that is none of ours it says nothing, however often.
    const image = `${registry}/${repository}@${heard.digest}`;
    return {
      ignored: `no container of ${target.id} takes images of ${registry}/${repository}: ${image} is not offered`,
      refused: true,
    };
  }
  const [found, quarantined] = await Promise.all([
    ports.images.describe(heard),
    ports.records.quarantined(target.key, heard.digest),
  ]);
  if (found === undefined) {
    const sentence = `ECR has no image ${heard.repository}@${heard.digest} (pushed as ${heard.tag})`;
    if (at - heard.at < ECR_CATCHES_UP_MS) {
      throw new TransientError(`${sentence} yet: the queue tries again`);
    }
    return { ignored: `${sentence} any more: it was deleted` };
  }
  // Of the tags on this digest, those that deploy are its labels, the one that was heard first.
  const deploys = (tag: string) =>
    containersFor(target, heard.repository, [tag]).length > 0 && tag !== heard.tag;
  const tags = [heard.tag, ...found.tags.filter(deploys)].slice(0, TAGS_MAX);
  const { digest } = heard;
  const image = { registry, repository, digest, tags };
  const offered = ordersFor(target, image, found.pushedAt);
  const orders = await onlyBuilt(target, image, offered, ports);
  if (Object.keys(orders).length === 0 && Object.keys(offered).length > 0) {
    // Its source tells of it, when the build has ended or GitHub has confirmed it: ECR's event comes before.
    return { ignored: `no source vouches for ${heard.repository}@${heard.digest} until now` };
  }
  const placed = await placeIn(target, image, orders, found.pushedAt, ports);
  return {
    event: {
      type: 'ImagePushed',
      at,
      heardFrom: fromSweep ? 'sweep' : 'event',
      ...placed,
      ...(quarantined === undefined ? {} : { quarantined }),
    },
    urgent: false,
  };
}

/** Without the containers that take only what builds of ours made, where none made this one. */
async function onlyBuilt(
  { rules }: Target,
  image: Image,
  orders: ImagePushed['containers'],
  { commits }: Ports,
): Promise<ImagePushed['containers']> {
  const taken = await Promise.all(
    Object.entries(orders).map(async ([name, order]) => {
      const from = rules.containers[name]?.onlyBuiltFrom;
      const takes = from === undefined || (await isBuiltFrom(image, from, commits));
      return takes ? [[name, order] as const] : [];
    }),
  );
  return Object.fromEntries(taken.flat());
}

/** For containers whose images are ordered by commits, the place of this one's commit. */
async function placeIn(
  target: Target,
  image: Image,
  orders: ImagePushed['containers'],
  pushedAt: number,
  { commits }: Ports,
): Promise<Pick<ImagePushed, 'image' | 'containers' | 'unplaced'>> {
  const isByCommit = (container: string) =>
    target.rules.containers[container]?.builtFrom !== undefined;
  const byCommit = Object.keys(orders).filter(isByCommit);
  const builtFrom = byCommit.flatMap((name) => target.rules.containers[name]?.builtFrom ?? []);
  if (builtFrom.length === 0) return { image, containers: orders };
  const byBuild = byCommit.some(
    (name) => target.rules.containers[name]?.onlyBuiltFrom !== undefined,
  );
  const place = await placeOf(image, [...new Set(builtFrom)], commits, { byBuild });
  if (place.state === 'none') return { image, containers: orders };
  const known = place.commit === undefined ? image : { ...image, commit: place.commit };
  const all = Object.entries(orders);
  if (place.state === 'waits') {
    const unplaced = { containers: byCommit, pushedAt, because: place.because };
    const others = all.filter(([name]) => !isByCommit(name));
    return { image: known, containers: Object.fromEntries(others), unplaced };
  }
  const { by, rank } = place;
  const containers = all.map(
    ([name, order]) => [name, isByCommit(name) ? { ...order, by, rank } : order] as const,
  );
  return { image: known, containers: Object.fromEntries(containers) };
}

function withFewTags(images: ImageSet): ImageSet {
  return Object.fromEntries(
    Object.entries(images).map(([name, image]) => [
      name,
      { ...image, tags: image.tags.slice(0, TAGS_MAX) },
    ]),
  );
}
