/** An image was offered: it waits its turn, or is refused with the reason. Order, never arrival, decides. */
import { announce, because, type Decision, isQuarantined } from './decision.ts';
import type { ImagePushed } from './event.ts';
import { type ContainerName, imageLabel } from './image.ts';
import { compareOrder, isHigher, type Order } from './order.ts';
import type { TargetRecord, Waiting } from './record.ts';

export function imagePushed(record: TargetRecord, event: ImagePushed): Decision {
  if (record.phase.phase === 'retired') {
    return because(record, 'the target is no longer in the config');
  }
  let decision = because(record, 'no container of this target takes the image');
  for (const [container, order] of Object.entries(event.containers)) {
    if (record.rules.containers[container] === undefined) continue;
    const next = offer(decision.record, container, order, event);
    const sentences =
      decision.record === record && decision.because.startsWith('no container')
        ? next.because
        : `${decision.because}; ${next.because}`;
    decision = because(next.record, sentences);
  }
  return decision;
}

function offer(
  record: TargetRecord,
  container: ContainerName,
  order: Order,
  event: ImagePushed,
): Decision {
  const { image } = event;
  const label = imageLabel(image);
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
  const highest = record.accepted[container];
  if (isUnderWay(record, container, image.digest)) {
    return because(raise(record, container, order), `${label} is on its way already`);
  }
  const runs = record.runs?.images[container]?.digest === image.digest;
  const raised = raise(record, container, order);
  if (runs && (raised === record || staysAsItIs(record, container))) {
    return because(raised, `${label} is what runs already`);
  }
  const comparison = highest === undefined ? 1 : compareOrder(order, highest);
  if (comparison < 0) {
    return refuse(
      record,
      container,
      event,
      `${label} is older than what container "${container}" was offered before`,
      'nothing: a newer image never makes way for an older push; deploy it by hand if you mean it',
    );
  }
  if (comparison === 0 && !highest?.again) {
    return because(raised, `${label} was offered before and has had its turn`);
  }
  return accept(record, container, order, event);
}

function isUnderWay(record: TargetRecord, container: ContainerName, digest: string): boolean {
  return [onItsWay(record, container), record.waiting[container]?.image.digest].includes(digest);
}

/** Nothing is about to take the place of what the container runs. */
function staysAsItIs(record: TargetRecord, container: ContainerName): boolean {
  return onItsWay(record, container) === undefined && record.waiting[container] === undefined;
}

function onItsWay({ phase }: TargetRecord, container: ContainerName): string | undefined {
  const release = phase.phase === 'rolling' || phase.phase === 'baking' ? phase.release : undefined;
  return release?.images[container]?.digest;
}

/** Its place counts even though nothing has to be done for it. */
function raise(record: TargetRecord, container: ContainerName, order: Order): TargetRecord {
  const highest = record.accepted[container];
  if (highest !== undefined && !isHigher(order, highest)) return record;
  return { ...record, accepted: { ...record.accepted, [container]: order } };
}

/** One slot a container: the newest stays, and the one that makes way is told. */
function accept(
  record: TargetRecord,
  container: ContainerName,
  order: Order,
  event: ImagePushed,
): Decision {
  const { image } = event;
  const before = record.waiting[container];
  const waiting: Waiting = { image, order, since: event.at };
  const accepted: TargetRecord = {
    ...record,
    accepted: { ...record.accepted, [container]: order },
    waiting: { ...record.waiting, [container]: waiting },
  };
  if (before === undefined) return because(accepted, `${imageLabel(image)} waits its turn`);
  const sentence = `${imageLabel(image)} is newer and takes its place`;
  const told = announce(accepted, 'superseded', {
    at: event.at,
    images: { [container]: before.image },
    because: sentence,
    next: 'nothing: it was never started',
  });
  return because(told, `${imageLabel(before.image)} makes way: ${sentence}`);
}

/** The sweep offers the newest image again and again: told once, by the event. */
function refuse(
  record: TargetRecord,
  container: ContainerName,
  event: ImagePushed,
  sentence: string,
  next: string,
): Decision {
  if (event.heardFrom === 'sweep') return because(record, sentence);
  const told = announce(record, 'refused', {
    at: event.at,
    images: { [container]: event.image },
    because: sentence,
    next,
  });
  return because(told, `refused: ${sentence}`);
}
