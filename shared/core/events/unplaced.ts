/**
 * Images whose commit has no place yet: they might be older than what runs, so they are held until
 * GitHub has told, and not for ever.
 */
import { afterHoldInWords, heldFor } from '../gates/after-hold.ts';
import { announce, announced, because, type Decision, isNew } from '../model/decision.ts';
import { type ContainerName, imageLabel } from '../model/image.ts';
import type { Observation, ObservedPlace } from '../model/observation.ts';
import type { Order } from '../model/order.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { type Unplaced, unplacedOf } from '../model/record/waiting.ts';
import { MINUTE } from '../model/rules.ts';
import { REASON_MAX, shorten } from '../model/text.ts';
import { isUnderWay, type Offered, offer } from './offer.ts';

/** The newest ones; GitHub is asked about all of them at once. */
const UNPLACED_MAX = 20;

/**
 * Remembered once, however often it is offered. The sweep still offers one whose hold has ended: that
 * one is not held again.
 */
export function keepUnplaced(record: TargetRecord, image: Unplaced): Decision {
  const known = unplacedOf(record);
  const label = imageLabel(image.image);
  if (known.some((one) => one.image.digest === image.image.digest)) {
    return because(record, `${label} waits for its place already`);
  }
  const { holdMinutes } = record.rules;
  if (image.heardFrom === 'sweep' && image.since >= image.pushedAt + holdMinutes * MINUTE) {
    return because(
      record,
      `${label} had ${holdMinutes} minutes to find its place: ${image.because}`,
    );
  }
  const made = makeRoom(record, image.since);
  const unplaced = [...unplacedOf(made), shortened(image)];
  return because({ ...made, unplaced }, `${label} waits for its place: ${image.because}`);
}

/** The oldest one makes way for what is pushed after so many. */
function makeRoom(record: TargetRecord, at: number): TargetRecord {
  const [oldest, ...others] = unplacedOf(record);
  if (oldest === undefined || others.length + 1 < UNPLACED_MAX) return record;
  return leaveUnplaced(record, oldest, at, `${UNPLACED_MAX} newer images wait for their places`);
}

/** It was announced as held, so that it ends is announced, too. */
function leaveUnplaced(
  record: TargetRecord,
  image: Unplaced,
  at: number,
  sentence: string,
): TargetRecord {
  const left = drop(record, image);
  if (!image.announced) return left;
  return announce(left, 'superseded', {
    at,
    images: imagesOf(image),
    because: sentence,
    next: 'nothing: it is not started by itself any more',
  });
}

function shortened(image: Unplaced): Unplaced {
  return { ...image, because: shorten(image.because, REASON_MAX) };
}

/** Those whose place is known now are offered like any other image. */
export function placeImages(record: TargetRecord, observation: Observation): Decision {
  // Before the first look it is not known what runs.
  if (isNew(record)) return because(record, '');
  let next = record;
  const sentences: string[] = [];
  for (const image of unplacedOf(record)) {
    const place = observation.places?.[image.image.digest];
    if (place === undefined) continue;
    const decision = placeOne(next, image, place, observation.at);
    next = decision.record;
    sentences.push(decision.because);
  }
  return because(next, sentences.join('; '));
}

function placeOne(
  record: TargetRecord,
  image: Unplaced,
  place: ObservedPlace,
  at: number,
): Decision {
  switch (place.state) {
    case 'placed':
      return offerAll(record, image, { by: place.by, rank: place.rank }, at);
    case 'none':
      return offerAll(record, image, BY_PUSH_TIME, at);
    case 'waits':
      return stillWaits(record, shortened({ ...image, because: place.because }), at);
  }
}

const BY_PUSH_TIME = { by: 'push-time', rank: [] } as const satisfies Pick<Order, 'by' | 'rank'>;

function offerAll(
  record: TargetRecord,
  unplaced: Unplaced,
  place: Pick<Order, 'by' | 'rank'>,
  at: number,
): Decision {
  const { image, pushedAt } = unplaced;
  const heardFrom = unplaced.announced ? 'event' : unplaced.heardFrom;
  const offered: Offered = { at, image, heardFrom };
  const count = announced(record).length;
  let next = drop(record, unplaced);
  const sentences: string[] = [];
  for (const container of unplaced.containers) {
    const order: Order = { ...place, pushedAt, digest: image.digest };
    const decision = offer(next, container, order, offered);
    next = decision.record;
    sentences.push(decision.because);
  }
  const sentence = sentences.join('; ');
  const isTold = announced(next).length > count || isOnItsWay(next, unplaced);
  return because(isTold ? next : leaveUnplaced(next, unplaced, at, sentence), sentence);
}

function isOnItsWay(record: TargetRecord, { image, containers }: Unplaced): boolean {
  return containers.some((name) => isUnderWay(record, name, image.digest));
}

function stillWaits(record: TargetRecord, image: Unplaced, at: number): Decision {
  if (runsAlready(record, image)) {
    const sentence = `${imageLabel(image.image)} is what runs already`;
    return because(leaveUnplaced(record, image, at, sentence), sentence);
  }
  const sentence = `the place of ${imageLabel(image.image)} among the commits is not known: ${image.because}`;
  const over = at >= image.since + record.rules.holdMinutes * MINUTE;
  if (over && !image.escalated) return afterHold(record, image, sentence, at);
  const kept = replace(record, { ...image, announced: true });
  if (image.announced) return because(kept, `held: ${sentence}`);
  const told = announce(kept, 'held', {
    at,
    images: imagesOf(image),
    because: sentence,
    next: `it starts by itself when GitHub has told that it is not older than what runs; ${afterHoldInWords(record.rules.holdMinutes, record.rules.afterHold)}`,
  });
  return because(told, `held: ${sentence}`);
}

function afterHold(record: TargetRecord, image: Unplaced, why: string, at: number): Decision {
  const sentence = heldFor(record.rules, why);
  switch (record.rules.afterHold) {
    case 'proceed':
      return offerAll(record, image, BY_PUSH_TIME, at);
    case 'refuse': {
      const next = 'deploy it by hand if you mean it, or push a newer commit';
      const told = announce(drop(record, image), 'refused', {
        at,
        images: imagesOf(image),
        because: sentence,
        next,
      });
      return because(told, `refused: ${sentence}`);
    }
    case 'ask': {
      const told = announce(replace(record, { ...image, escalated: true }), 'needs-attention', {
        at,
        images: imagesOf(image),
        because: sentence,
        next: 'deploy it by hand if you mean it; it starts by itself when GitHub has told',
      });
      return because(told, `asking: ${sentence}`);
    }
  }
}

function runsAlready({ runs }: TargetRecord, { image, containers }: Unplaced): boolean {
  return containers.every((name) => runs?.images[name]?.digest === image.digest);
}

function imagesOf({ image, containers }: Unplaced) {
  return Object.fromEntries(containers.map((name: ContainerName) => [name, image]));
}

function replace(record: TargetRecord, image: Unplaced): TargetRecord {
  const unplaced = unplacedOf(record).map((one) =>
    one.image.digest === image.image.digest ? image : one,
  );
  return { ...record, unplaced };
}

function drop(record: TargetRecord, { image }: Unplaced): TargetRecord {
  const { unplaced: _, ...rest } = record;
  const unplaced = unplacedOf(record).filter((one) => one.image.digest !== image.digest);
  return unplaced.length === 0 ? rest : { ...rest, unplaced };
}
