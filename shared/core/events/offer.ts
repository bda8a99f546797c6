/** An image is offered to a container: it waits its turn, or is refused with the reason. Order, never arrival, decides. */
import type { Refusal } from '../gates/gate.ts';
import { keepsItsPlace } from '../gates/promotion-gate.ts';
import { whyForeign, whyOtherBranch } from '../gates/repository-gate.ts';
import { announce, because, type Decision, leave } from '../model/decision.ts';
import type { ImagePushed } from '../model/event.ts';
import { type ContainerName, imageLabel, shortDigest, sourceOf } from '../model/image.ts';
import { compareOrder, isHigher, type Order } from '../model/order.ts';
import { isQuarantined } from '../model/record/known.ts';
import type { NewestImage } from '../model/record/newest.ts';
import { ownRelease } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Waiting } from '../model/record/waiting.ts';

/** A build ends within minutes of its push. */
const TOLD_AGAIN_AFTER_MS = 15 * 60_000;

/** From a push whose event was lost to the tick that introduces its target. */
const INTRODUCED_WITHIN_MS = 2 * 60_000;

/** What an offer needs to know of the push. */
export type Offered = Pick<ImagePushed, 'at' | 'image' | 'heardFrom' | 'quarantined'>;

export function offer(
  record: TargetRecord,
  container: ContainerName,
  order: Order,
  event: Offered,
): Decision {
  const { image } = event;
  const label = imageLabel(image);
  const foreign = whyForeign(record.rules, container, image);
  if (foreign !== undefined) {
    return refuse(record, container, event, foreign, 'push it to the configured repository');
  }
  const other = whyOtherBranch(record.rules, container, image, order);
  if (other !== undefined) {
    const next = `merge it; or deploy it by hand: slipway deploy ${record.id} --image ${image.repository}@${image.digest}`;
    return refuse(record, container, event, other, next);
  }
  if (event.quarantined !== undefined || isQuarantined(record, image.digest)) {
    const why = event.quarantined === undefined ? '' : `: ${event.quarantined}`;
    return refuse(
      record,
      container,
      event,
      `${label} is quarantined${why}`,
      'push a fix, or lift the quarantine by hand',
    );
  }
  const source = sourceOf(image);
  const condemned = source && record.quarantine.find((entry) => entry.source === source);
  if (condemned) {
    return refuse(
      record,
      container,
      event,
      `${label} is built from the commit of ${shortDigest(condemned.digest)}, which is quarantined`,
      `push a fix; or deploy it by hand, if it was not the commit: slipway deploy ${record.id} --image ${image.repository}@${image.digest}`,
    );
  }
  const highest = record.newest[container];
  if (isUnderWay(record, container, image.digest)) {
    return onItsWayAlready(record, container, order, event);
  }
  const runs = record.runs?.images[container]?.digest === image.digest;
  const raised = raise(record, container, order);
  if (runs && (raised === record || staysAsItIs(record, container))) {
    return because(raised, `${label} is what runs already`);
  }
  const comparison = highest === undefined ? 1 : compareOrder(order, highest);
  if (highest !== undefined && comparison < 0) {
    const { because: sentence, next } = whyOlder(record, container, order, event, highest);
    return refuse(record, container, event, sentence, next);
  }
  if (comparison === 0 && !mayComeAgain(highest, event)) {
    return because(raised, `${label} was offered before and has had its turn`);
  }
  if (comparison > 0 && isFromBefore(record, order, event)) {
    return because(
      record,
      `${label} was pushed before Slipway knew this target: a push starts it, or a deploy by hand`,
    );
  }
  return accept(record, container, order, event);
}

/**
 * What only a sweep tells of, and was there before us, may be what somebody sent back: nobody remembers, at
 * a first install, or after the table was lost.
 */
function isFromBefore(
  { knownSince }: TargetRecord,
  { pushedAt }: Order,
  { heardFrom }: Offered,
): boolean {
  return (
    heardFrom === 'sweep' &&
    knownSince !== undefined &&
    pushedAt < knownSince - INTRODUCED_WITHIN_MS
  );
}

/** It names what it is older than, which need not be what runs, and how it starts all the same. */
function whyOlder(
  record: TargetRecord,
  container: ContainerName,
  order: Order,
  { image }: Offered,
  highest: NewestImage,
): Pick<Refusal, 'because' | 'next'> {
  const name = highest.label ?? shortDigest(highest.digest);
  const isBad = isQuarantined(record, highest.digest);
  const runs = record.runs?.images[container]?.digest === highest.digest;
  const what = isBad ? ' and which is quarantined' : runs ? ' and which runs' : '';
  const why = order.by.startsWith('commit ') ? ', by the order of the commits' : '';
  const byHand = `slipway deploy ${record.id} --image ${image.repository}@${image.digest}`;
  return {
    because: `${imageLabel(image)} is older than ${name}, which container "${container}" was offered before${what}${why}`,
    next: isBad
      ? `a newer image never makes way for an older push; if this one is the fix: ${byHand}`
      : `nothing: a newer image never makes way for an older push; if you mean it: ${byHand}`,
  };
}

/** After its turn: since a person lifted its quarantine, or what was wrong was not the image. */
export function mayComeAgain(place: NewestImage | undefined, { heardFrom }: Offered): boolean {
  return place?.again === true || (place?.again === 'push' && heardFrom === 'event');
}

export function isUnderWay(
  record: TargetRecord,
  container: ContainerName,
  digest: string,
): boolean {
  return [onItsWay(record, container), record.waiting[container]?.image.digest].includes(digest);
}

/** Nothing is about to take the place of what the container runs. */
function staysAsItIs(record: TargetRecord, container: ContainerName): boolean {
  return onItsWay(record, container) === undefined && record.waiting[container] === undefined;
}

function onItsWay({ phase }: TargetRecord, container: ContainerName): string | undefined {
  return ownRelease(phase)?.release.images[container]?.digest;
}

/** Its place counts even though nothing has to be done for it. */
function raise(record: TargetRecord, container: ContainerName, order: Order): TargetRecord {
  const highest = record.newest[container];
  if (highest !== undefined && !isHigher(order, highest)) return record;
  return { ...record, newest: { ...record.newest, [container]: order } };
}

/** Its place may be another one now, as where its branch was put back to it: what waits behind it is older then. */
function onItsWayAlready(
  record: TargetRecord,
  container: ContainerName,
  order: Order,
  { image, at }: Offered,
): Decision {
  const sentence = `${imageLabel(image)} is on its way already`;
  const raised = raise(record, container, order);
  const waits = record.waiting[container];
  const isPassed =
    waits?.order !== undefined && raised !== record && compareOrder(waits.order, order) < 0;
  if (!isPassed) return because(raised, sentence);
  const why = `${sentence} and is newer`;
  const next = 'nothing: it was never started';
  const left = leave(raised, [container], 'superseded', { at, because: why, next });
  return because(left, `${imageLabel(waits.image)} makes way: ${why}`);
}

/** One slot a container: the newest stays, and the one that makes way is told. */
function accept(
  record: TargetRecord,
  container: ContainerName,
  order: Order,
  event: Offered,
): Decision {
  const { image } = event;
  const before = record.waiting[container];
  if (before !== undefined && keepsItsPlace(record, before)) {
    const sentence = `${imageLabel(before.image)} is on trial elsewhere and keeps its place`;
    return because(record, `${sentence}: ${imageLabel(image)} is offered again by the next sweep`);
  }
  const waiting: Waiting = { image, order, since: event.at };
  const accepted: TargetRecord = {
    ...record,
    newest: { ...record.newest, [container]: { ...order, label: imageLabel(image) } },
    waiting: { ...record.waiting, [container]: waiting },
  };
  if (before === undefined) return because(accepted, `${imageLabel(image)} waits its turn`);
  const sentence = `${imageLabel(image)} is newer and takes its place`;
  const why = { at: event.at, because: sentence, next: 'nothing: it was never started' };
  const made = leave(record, [container], 'superseded', why);
  const told = { ...made, newest: accepted.newest, waiting: accepted.waiting };
  return because(told, `${imageLabel(before.image)} makes way: ${sentence}`);
}

/**
 * Told once: the sweep offers the newest image again and again, and of a new one both ECR and the
 * build that pushed it tell.
 */
function refuse(
  record: TargetRecord,
  container: ContainerName,
  event: Offered,
  sentence: string,
  next: string,
): Decision {
  if (event.heardFrom === 'sweep' || wasToldOf(record, event, sentence)) {
    return because(record, sentence);
  }
  const { digest } = event.image;
  const refused = { ...record, lastRefusal: { digest, because: sentence, at: event.at } };
  const told = announce(refused, 'refused', {
    at: event.at,
    images: { [container]: event.image },
    because: sentence,
    next,
  });
  return because(told, `refused: ${sentence}`);
}

function wasToldOf(
  { lastRefusal: refused }: TargetRecord,
  { at, image }: Offered,
  sentence: string,
): boolean {
  return (
    refused?.digest === image.digest &&
    refused.because === sentence &&
    at < refused.at + TOLD_AGAIN_AFTER_MS
  );
}
