/** A person's word: recorded with who and why, and bound by the same safety as everything else. */

import { endInWords, withoutHold } from '../gates/person-hold.ts';
import { sourceFor, whyAnyForeign } from '../gates/repository-gate.ts';
import { announce, because, type Decision, leave } from '../model/decision.ts';
import { defined } from '../model/defined.ts';
import { mapValues } from '../model/entries.ts';
import type { CommandReceived } from '../model/event.ts';
import { describeImages, type ImageSet, imageLabel, shortDigest } from '../model/image.ts';
import { isQuarantined } from '../model/record/known.ts';
import { offeredAgain } from '../model/record/newest.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { Hold, Waiting } from '../model/record/waiting.ts';
import { MINUTE } from '../model/rules.ts';
import { QUOTE_MAX, shorten } from '../model/text.ts';
import { withoutQuote } from '../release/quote.ts';
import { approve, askApproval, reject } from './approval.ts';
import { refuseCommand, said, whyTooLate } from './command-said.ts';
import { sayToRelease } from './release-word.ts';
import { rollback } from './rollback-command.ts';

const HEARD_MAX = 10;
const TAGS_MAX = 5;

export function commandReceived(record: TargetRecord, event: CommandReceived): Decision {
  if (record.handledCommands.includes(event.id))
    return because(record, `heard before (${said(event)})`);
  const heard = [event.id, ...record.handledCommands].slice(0, HEARD_MAX);
  const known: TargetRecord = { ...record, handledCommands: heard };
  if (event.refused !== undefined) {
    const next = 'find out who speaks there in the name of a person, and take its rights away';
    return refuseCommand(known, event, imagesOf(event), event.refused, next);
  }
  if (record.retired) {
    const sentence = 'the config that is deployed names this target no longer';
    const next =
      'name it in pipeline.config.ts, deploy that (slipway infra deploy), and say it again';
    return refuseCommand(known, event, imagesOf(event), sentence, next);
  }
  const late = whyTooLate(event);
  if (late === undefined) return act(known, event);
  return refuseCommand(known, event, imagesOf(event), late, 'say it again, if it is still meant');
}

/** `approved`: a second person has said yes. */
function act(record: TargetRecord, event: CommandReceived, approved = false): Decision {
  switch (event.command.do) {
    case 'deploy':
      return deploy(record, event, event.command.images, approved);
    case 'rollback':
      return rollback(record, event, event.command);
    case 'unquarantine':
      return (
        (approved ? undefined : askApproval(record, event, event.command)) ??
        unquarantine(record, event, event.command.digest)
      );
    case 'hold':
      return hold(record, event, event.command.minutes);
    case 'resume':
      return resume(record, event);
    case 'approve':
    case 'reject': {
      const released = sayToRelease(record, event, event.command.of, event.command.do);
      if (released !== undefined) return released;
      return event.command.do === 'reject'
        ? reject(record, event, event.command.of)
        : approve(record, event, event.command.of, (next, command) => act(next, command, true));
    }
  }
}

function imagesOf({ command }: CommandReceived): ImageSet {
  return command.do === 'deploy' ? command.images : {};
}

/** Exactly these images, whatever their order; not a quarantined one. */
function deploy(
  record: TargetRecord,
  event: CommandReceived,
  images: ImageSet,
  approved: boolean,
): Decision {
  const unknown = Object.keys(images).find((name) => sourceFor(record.rules, name) === undefined);
  if (unknown !== undefined) {
    const has = Object.keys(record.rules.containers).map((name) => `"${name}"`);
    return refuseCommand(
      record,
      event,
      images,
      `the config names no container "${unknown}"; it names ${has.join(', ')}`,
      'name one of these',
    );
  }
  const foreign = whyAnyForeign(record.rules, images);
  if (foreign !== undefined) {
    const next = 'push the image to the configured repository, or name that in pipeline.config.ts';
    return refuseCommand(record, event, images, foreign, next);
  }
  const bad = Object.values(images).find(
    ({ digest }) => isQuarantined(record, digest) || digest === event.quarantined,
  );
  if (bad !== undefined) {
    return refuseCommand(
      record,
      event,
      images,
      `${imageLabel(bad)} is quarantined${whyQuarantined(record, bad.digest)}`,
      `lift its quarantine first, if you mean it: slipway unquarantine ${record.id} ${shortDigest(bad.digest)} --because "why"`,
    );
  }
  const fewTags = mapValues(images, (image) => ({
    ...image,
    tags: image.tags.slice(0, TAGS_MAX),
  }));
  const asked = approved
    ? undefined
    : askApproval(record, event, { do: 'deploy', images: fewTags });
  if (asked !== undefined) return asked;
  const waiting = mapValues(
    fewTags,
    (image): Waiting => defined({ image, since: event.at, by: event.by, sender: event.sender }),
  );
  const made = makeWay(record, event, images);
  return because(
    { ...made, waiting: { ...made.waiting, ...waiting } },
    `${describeImages(images)} waits its turn: ${said(event)}`,
  );
}

/** What waited in the same place leaves, as for a newer push. */
function makeWay(record: TargetRecord, event: CommandReceived, images: ImageSet): TargetRecord {
  const replaced = Object.entries(record.waiting).filter(
    ([name, { image }]) => images[name] !== undefined && images[name].digest !== image.digest,
  );
  const names = replaced.map(([name]) => name);
  return leave(record, names, 'superseded', {
    at: event.at,
    because: `${describeImages(images)} takes its place: ${said(event)}`,
    next: 'nothing: it was never started',
  });
}

/** The digest may be pushed or deployed again; nothing starts by this alone, by no sweep either. */
function unquarantine(record: TargetRecord, event: CommandReceived, digest: string): Decision {
  if (!isQuarantined(record, digest)) {
    const lifted = { ...record, outbox: liftOwed(record, digest) };
    return because(
      lifted,
      `${shortDigest(digest)} is not among the newest quarantined digests; its item is lifted (${said(event)})`,
    );
  }
  return because(
    {
      ...record,
      newest: offeredAgain(record.newest, (place) => place.digest === digest, 'push'),
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
function hold(record: TargetRecord, event: CommandReceived, minutes: number | undefined): Decision {
  const words = shorten(event.because, QUOTE_MAX);
  const until = minutes === undefined ? undefined : event.at + minutes * MINUTE;
  const own: Hold = defined({ by: event.by, because: words, since: event.at, until });
  // A look ends it; an earlier one stays.
  const observeAt =
    until === undefined ? record.observeAt : Math.min(record.observeAt ?? until, until);
  const held: TargetRecord = { ...record, hold: own, ...defined({ observeAt }) };
  const told = announce(held, 'held', {
    at: event.at,
    because: said(event),
    next: `nothing new starts ${endInWords(own)}; automatic rollbacks still go through`,
  });
  return because(told, `held: ${said(event)}`);
}

function resume(record: TargetRecord, event: CommandReceived): Decision {
  if (record.hold === undefined)
    return because(record, `nobody holds this target (${said(event)})`);
  return because(withoutHold(record), `resumed: ${said(event)}`);
}

/** Of the newest release that ended it is remembered here; of older ones in an item of their own. */
function whyQuarantined({ lastEnded }: TargetRecord, digest: string): string {
  const isIt = Object.values(lastEnded?.images ?? {}).some((image) => image.digest === digest);
  return isIt && lastEnded !== undefined ? `: ${withoutQuote(lastEnded.because).plain}` : '';
}
