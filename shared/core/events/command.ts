/** A person's word: recorded with who and why, and bound by the same safety as everything else. */

import {
  announce,
  because,
  type Decision,
  describeImages,
  describeRunning,
  isQuarantined,
  quarantineImages,
} from '../model/decision.ts';
import { defined } from '../model/defined.ts';
import type { CommandReceived } from '../model/event.ts';
import { type ImageSet, imageLabel, shortDigest } from '../model/image.ts';
import type { NewestImage, RollbackCandidate, TargetRecord, Waiting } from '../model/record.ts';
import { QUOTE_MAX, shorten } from '../model/text.ts';
import { beginReturn, condemn } from '../release/condemn.ts';
import { wouldReturn } from '../release/watch-mode.ts';

const HEARD_MAX = 10;
const TAGS_MAX = 5;

export function commandReceived(record: TargetRecord, event: CommandReceived): Decision {
  if (record.handledCommands.includes(event.id))
    return because(record, `heard before (${said(event)})`);
  if (record.phase.phase === 'retired') {
    return refuse(record, event, {}, 'the config names this target no longer', 'put it back first');
  }
  const heard = [event.id, ...record.handledCommands].slice(0, HEARD_MAX);
  return act({ ...record, handledCommands: heard }, event);
}

function act(record: TargetRecord, event: CommandReceived): Decision {
  switch (event.command.do) {
    case 'deploy':
      return deploy(record, event, event.command.images);
    case 'rollback':
      return rollback(record, event, event.command.to);
    case 'unquarantine':
      return unquarantine(record, event, event.command.digest);
    case 'hold':
      return hold(record, event);
    case 'resume':
      return resume(record, event);
  }
}

function said(event: CommandReceived): string {
  return `${event.by} asked: ${shorten(event.because, QUOTE_MAX)}`;
}

/** Exactly these images, whatever their order; not a quarantined one. */
function deploy(record: TargetRecord, event: CommandReceived, images: ImageSet): Decision {
  const unknown = Object.keys(images).find((name) => record.rules.containers[name] === undefined);
  if (unknown !== undefined) {
    const has = Object.keys(record.rules.containers).map((name) => `"${name}"`);
    return refuse(
      record,
      event,
      images,
      `the config names no container "${unknown}"; it names ${has.join(', ')}`,
      'name one of these',
    );
  }
  const bad = Object.values(images).find(
    ({ digest }) => isQuarantined(record, digest) || digest === event.quarantined,
  );
  if (bad !== undefined) {
    return refuse(
      record,
      event,
      images,
      `${imageLabel(bad)} is quarantined`,
      'lift its quarantine first, if you mean it',
    );
  }
  const waiting = Object.fromEntries(
    Object.entries(images).map(([container, image]): [string, Waiting] => [
      container,
      { image: { ...image, tags: image.tags.slice(0, TAGS_MAX) }, since: event.at, by: event.by },
    ]),
  );
  const taken: TargetRecord = { ...record, waiting: { ...record.waiting, ...waiting } };
  return because(
    announceReplaced(taken, record, event, images),
    `${describeImages(images)} waits its turn: ${said(event)}`,
  );
}

/** What waited in the same place makes way, as for a newer push. */
function announceReplaced(
  taken: TargetRecord,
  before: TargetRecord,
  event: CommandReceived,
  images: ImageSet,
): TargetRecord {
  const replaced = Object.entries(before.waiting).filter(
    ([name, { image }]) => images[name] !== undefined && images[name].digest !== image.digest,
  );
  if (replaced.length === 0) return taken;
  return announce(taken, 'superseded', {
    at: event.at,
    images: Object.fromEntries(replaced.map(([name, { image }]) => [name, image])),
    because: `${describeImages(images)} takes its place: ${said(event)}`,
    next: 'nothing: it was never started',
  });
}

function rollback(record: TargetRecord, event: CommandReceived, to: string | undefined): Decision {
  const { phase } = record;
  if (
    to !== undefined &&
    !record.rollbackCandidates.some((candidate) => candidate.release === to)
  ) {
    const known =
      record.rollbackCandidates.map((candidate) => candidate.release).join(', ') || 'none';
    return refuse(record, event, {}, `no proven release "${to}" is known`, `known: ${known}`);
  }
  if (record.rules.mode === 'watch') return wouldReturn(record, said(event), event.at);
  switch (phase.phase) {
    case 'deploying':
    case 'baking': {
      const verdict = defined({ because: said(event), alarms: [], to });
      return because(condemn(record, phase, verdict, event.at), `condemned: ${said(event)}`);
    }
    case 'idle':
    case 'watching':
    case 'needs-attention':
      return leaveWhatRuns(record, event, to);
    case 'rolling-back':
      return because(record, `a rollback is on its way already (${said(event)})`);
    case 'new':
    case 'retired':
      return refuse(record, event, {}, `the target is ${phase.phase}`, 'wait for its first look');
  }
}

/** What it leaves is quarantined: no event may bring back what a person removed. */
function leaveWhatRuns(
  record: TargetRecord,
  event: CommandReceived,
  to: string | undefined,
): Decision {
  const { runs } = record;
  const open = record.rollbackCandidates.filter(
    (candidate) => candidate.revision !== runs?.revision,
  );
  const goal =
    open.find((candidate) => candidate.release === to) ?? (to === undefined ? open[0] : undefined);
  if (runs === undefined || goal === undefined) {
    return refuse(
      record,
      event,
      {},
      `there is no proven release to return to (${describeRunning(runs)} runs)`,
      'deploy an image by hand instead',
    );
  }
  const left = differing(runs.images, goal);
  const candidate = record.rollbackCandidates.find((one) => one.revision === runs.revision);
  const quarantined = quarantineImages(record, left, runs.revision, said(event), event.at);
  const kept = {
    ...quarantined,
    rollbackCandidates: quarantined.rollbackCandidates.filter((one) => one !== candidate),
  };
  const condemned = defined({
    images: left,
    revision: runs.revision,
    because: said(event),
    alarms: [],
    rollbackMinutes: record.rules.rollbackMinutes,
    release: candidate?.release,
    to,
  });
  return because(beginReturn(kept, condemned, event.at), `condemned: ${said(event)}`);
}

function differing(images: ImageSet, goal: RollbackCandidate): ImageSet {
  return Object.fromEntries(
    Object.entries(images).filter(([name, image]) => goal.images[name]?.digest !== image.digest),
  );
}

/** The digest may be offered again; nothing starts by this alone. */
function unquarantine(record: TargetRecord, event: CommandReceived, digest: string): Decision {
  if (!isQuarantined(record, digest)) {
    const lifted = { ...record, outbox: liftOwed(record, digest) };
    return because(
      lifted,
      `${shortDigest(digest)} is not among the newest quarantined digests; its item is lifted (${said(event)})`,
    );
  }
  const accepted = Object.fromEntries(
    Object.entries(record.newest).map(([name, order]): [string, NewestImage] => [
      name,
      order.digest === digest ? { ...order, again: true } : order,
    ]),
  );
  return because(
    {
      ...record,
      newest: accepted,
      quarantine: record.quarantine.filter((entry) => entry.digest !== digest),
      condemnedRevisions: record.condemnedRevisions.filter(
        (entry) => !entry.digests.includes(digest),
      ),
      outbox: liftOwed(record, digest),
    },
    `${shortDigest(digest)} may be deployed again: ${said(event)}`,
  );
}

function liftOwed(record: TargetRecord, digest: string): TargetRecord['outbox'] {
  return {
    ...record.outbox,
    quarantine: [...record.outbox.quarantine, { change: 'lifted', digest }],
  };
}

/** Nothing new starts; what runs goes on to its end; rollbacks still go through. */
function hold(record: TargetRecord, event: CommandReceived): Decision {
  const words = shorten(event.because, QUOTE_MAX);
  const held = { ...record, hold: { by: event.by, because: words, since: event.at } };
  const told = announce(held, 'held', {
    at: event.at,
    because: said(event),
    next: 'nothing new starts until `resume`; automatic rollbacks still go through',
  });
  return because(told, `held: ${said(event)}`);
}

function resume(record: TargetRecord, event: CommandReceived): Decision {
  if (record.hold === undefined)
    return because(record, `nobody holds this target (${said(event)})`);
  const { hold: _, ...resumed } = record;
  // The next hold is told again.
  const waiting = Object.fromEntries(
    Object.entries(record.waiting).map(([name, { held: __, ...one }]) => [name, one]),
  );
  return because({ ...resumed, waiting }, `resumed: ${said(event)}`);
}

function refuse(
  record: TargetRecord,
  event: CommandReceived,
  images: ImageSet,
  sentence: string,
  next: string,
): Decision {
  const told = announce(record, 'refused', {
    at: event.at,
    images,
    because: `${sentence} (${said(event)})`,
    next,
  });
  return because(told, `refused: ${sentence}`);
}
