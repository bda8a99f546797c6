/** An image was pushed: it is offered to each container that takes it, or waits until its place is known. */

import { sourceFor } from '../gates/repository-gate.ts';
import { because, type Decision } from '../model/decision.ts';
import type { ImagePushed } from '../model/event.ts';
import { type ContainerName, imageLabel } from '../model/image.ts';
import type { Order } from '../model/order.ts';
import { isQuarantined } from '../model/record/known.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { isUnderWay, mayComeAgain, type Offered, offer } from './offer.ts';
import { keepUnplaced } from './unplaced.ts';

export function imagePushed(record: TargetRecord, event: ImagePushed): Decision {
  let decision = whileUnplaced(record, event);
  for (const [container, order] of Object.entries(ordersOf(record, event))) {
    if (sourceFor(record.rules, container) === undefined) continue;
    const next = offer(decision.record, container, order, event);
    const sentences =
      decision.because === NOBODY ? next.because : `${decision.because}; ${next.because}`;
    decision = because(next.record, sentences);
  }
  return decision;
}

const NOBODY = 'no container of this target takes the image';

/** For some containers its place may be unknown; the others take it at once. */
function whileUnplaced(record: TargetRecord, event: ImagePushed): Decision {
  const { image, unplaced, at, heardFrom } = event;
  if (unplaced === undefined || isBad(record, event)) return because(record, NOBODY);
  const containers = unplaced.containers.filter((name) => !hadItsTurn(record, name, event));
  return containers.length === 0
    ? because(record, `${imageLabel(image)} was offered before and has had its turn`)
    : keepUnplaced(record, { image, ...unplaced, containers, since: at, heardFrom });
}

/** The sweep offers the same again and again. */
function hadItsTurn(record: TargetRecord, container: ContainerName, event: Offered): boolean {
  const { digest } = event.image;
  const highest = record.newest[container];
  return (
    isUnderWay(record, container, digest) ||
    (highest?.digest === digest && !mayComeAgain(highest, event))
  );
}

function isBad(record: TargetRecord, { image, quarantined }: ImagePushed): boolean {
  return quarantined !== undefined || isQuarantined(record, image.digest);
}

/** A quarantined one is refused wherever its commit stands. */
function ordersOf(record: TargetRecord, event: ImagePushed): ImagePushed['containers'] {
  const { containers, unplaced, image } = event;
  if (unplaced === undefined || !isBad(record, event)) return containers;
  const { pushedAt } = unplaced;
  const order: Order = { by: 'push-time', rank: [], pushedAt, digest: image.digest };
  const others = unplaced.containers.map((name) => [name, order] as const);
  return { ...containers, ...Object.fromEntries(others) };
}
