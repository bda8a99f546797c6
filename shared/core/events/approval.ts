/** A command that waits for a second person: asked, approved, rejected, or out of time. Each is told. */
import {
  type Approvable,
  inWords,
  mayApprove,
  type PendingApproval,
  pendingOf,
  personOf,
} from '../model/approval.ts';
import { announce, because, type Decision } from '../model/decision.ts';
import type { CommandReceived } from '../model/event.ts';
import type { ImageSet, Moment } from '../model/image.ts';
import { clockTime } from '../model/moment.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { MINUTE } from '../model/rules.ts';
import { QUOTE_MAX, shorten } from '../model/text.ts';
import { awaitedInWords, awaitedRelease } from '../release/word.ts';
import { refuseCommand, said } from './command-said.ts';

/** What waits at once; a new one of the same kind takes the place of the one before. */
const PENDING_MAX = 5;
/** Enough to tell two commands apart, and short enough to be typed. */
const ID_LENGTH = 8;

/** Is this one that another person must approve? Undefined: it is done at once. */
export function askApproval(
  record: TargetRecord,
  event: CommandReceived,
  command: Approvable,
): Decision | undefined {
  const { approvals } = record.rules;
  if (approvals === undefined || !approvals.commands.includes(command.do)) return undefined;
  if (event.sender === undefined) {
    const sentence = 'a second person must approve it, and SQS does not say who asked';
    return refuseCommand(record, event, imagesOf(command), sentence, 'say it by the queue');
  }
  const asked: PendingApproval = {
    id: event.id.slice(0, ID_LENGTH),
    of: { what: 'command', command },
    by: event.by,
    sender: event.sender,
    because: shorten(event.because, QUOTE_MAX),
    since: event.at,
    until: event.at + approvals.minutes * MINUTE,
  };
  const replaced = pendingOf(record).filter((one) => takesPlaceOf(command, one));
  const left = replaced.reduce(
    (so, one) => end(so, one, 'superseded', event.at, `${said(event)}`),
    record,
  );
  const before = pendingOf(left);
  if (before.length >= PENDING_MAX) {
    const sentence = `${before.length} commands wait for a second person already`;
    return refuseCommand(
      record,
      event,
      imagesOf(command),
      sentence,
      'approve or reject them first',
    );
  }
  const waits = {
    ...left,
    pending: [...before, asked],
    // Told when nobody approved it; an earlier look stays.
    observeAt: Math.min(left.observeAt ?? asked.until, asked.until),
  };
  const sentence = `${inWords(asked)} waits for a second person: ${said(event)}`;
  const told = announce(waits, 'held', {
    at: event.at,
    images: imagesOf(command),
    because: sentence,
    next: `another person says \`slipway approve ${record.id}\` or \`slipway reject ${record.id}\` until ${clockTime(asked.until)}`,
  });
  return because(told, sentence);
}

/** `perform`: does what was asked, as if it were said now. */
export function approve(
  record: TargetRecord,
  event: CommandReceived,
  of: string,
  perform: (record: TargetRecord, command: CommandReceived) => Decision,
): Decision {
  const asked = pendingOf(record).find(({ id }) => id === of);
  if (asked === undefined) return refuseUnknown(record, event, of);
  const why = whyNotApproved(record, event, asked);
  if (why !== undefined)
    return refuseCommand(record, event, imagesIn(asked), why.because, why.next);
  return perform(without(record, asked), {
    ...event,
    by: `${asked.by}, approved by ${event.by}`,
    sender: asked.sender,
    because: asked.because,
    command: asked.of.command,
  });
}

/** Whoever may command may reject; who asked takes it back with that. */
export function reject(record: TargetRecord, event: CommandReceived, of: string): Decision {
  const asked = pendingOf(record).find(({ id }) => id === of);
  if (asked === undefined) return refuseUnknown(record, event, of);
  const words = shorten(event.because, QUOTE_MAX);
  const sentence = `${event.by} rejected it: ${words}`;
  return because(end(record, asked, 'refused', event.at, sentence), sentence);
}

/** Those whose time is over are refused, and told. */
export function expireApprovals(record: TargetRecord, at: Moment): TargetRecord {
  const over = pendingOf(record).filter(({ until }) => at > until);
  return over.reduce(
    (so, one) => end(so, one, 'refused', at, `nobody approved it until ${clockTime(one.until)}`),
    record,
  );
}

/** When the first of them is over. */
export function approvalEndsAt(record: TargetRecord): Moment | undefined {
  const ends = pendingOf(record).map(({ until }) => until + 1);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

function whyNotApproved(
  { rules: { approvals } }: TargetRecord,
  { at, by, sender }: CommandReceived,
  asked: PendingApproval,
): { readonly because: string; readonly next: string } | undefined {
  if (at > asked.until) {
    const sentence = `it waited until ${clockTime(asked.until)}, and that is over`;
    return { because: sentence, next: 'say the command again, if it is still meant' };
  }
  if (sender === undefined || personOf(sender) === personOf(asked.sender)) {
    const sentence = `${asked.by} asked for it, and another person must approve it`;
    return { because: sentence, next: 'let another person approve it' };
  }
  if (approvals !== undefined && !mayApprove(approvals, sender)) {
    const sentence = `${by} is not among those who may approve (approvals.by)`;
    return { because: sentence, next: 'let one of those approve it' };
  }
  return undefined;
}

function refuseUnknown(record: TargetRecord, event: CommandReceived, of: string): Decision {
  const released = awaitedRelease(record);
  const waits = [
    ...pendingOf(record).map((one) => `${one.id} (${inWords(one)})`),
    ...(released === undefined ? [] : [`${released.id} (${awaitedInWords(released)})`]),
  ];
  return refuseCommand(
    record,
    event,
    {},
    `nothing called ${of} waits for a person's word`,
    waits.length === 0 ? 'nothing: nothing waits' : `name what waits: ${waits.join(', ')}`,
  );
}

/** What ends is told, with who asked for it. */
function end(
  record: TargetRecord,
  asked: PendingApproval,
  kind: 'refused' | 'superseded',
  at: Moment,
  sentence: string,
): TargetRecord {
  const images = imagesIn(asked);
  return announce(without(record, asked), kind, {
    at,
    images: Object.keys(images).length === 0 ? undefined : images,
    because: `${sentence} (${inWords(asked)}; ${asked.by} asked: ${asked.because})`,
    next:
      kind === 'refused'
        ? 'say the command again, if it is still meant'
        : 'nothing: the newer one waits',
  });
}

function without(record: TargetRecord, asked: PendingApproval): TargetRecord {
  const { pending: _, ...rest } = record;
  const others = pendingOf(record).filter(({ id }) => id !== asked.id);
  return others.length === 0 ? rest : { ...rest, pending: others };
}

/** As for what waits its turn: the newer one of a container, the same digest. */
function takesPlaceOf(command: Approvable, { of }: PendingApproval): boolean {
  const before = of.command;
  if (command.do === 'deploy' && before.do === 'deploy') {
    return Object.keys(command.images).some((name) => before.images[name] !== undefined);
  }
  return (
    command.do === 'unquarantine' &&
    before.do === 'unquarantine' &&
    command.digest === before.digest
  );
}

function imagesIn({ of }: PendingApproval): ImageSet {
  return imagesOf(of.command);
}

function imagesOf(command: Approvable): ImageSet {
  return command.do === 'deploy' ? command.images : {};
}
