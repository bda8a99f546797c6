/** A person says yes or no to a release that waits for that; a word for any other one does nothing, and is told. */
import { mayApprove, personOf, type ReleaseWord } from '../model/approval.ts';
import { because, type Decision, leave, withRelease } from '../model/decision.ts';
import type { CommandReceived } from '../model/event.ts';
import { describeImages, type ImageSet, waitingImages } from '../model/image.ts';
import { clockTime } from '../model/moment.ts';
import { ownRelease } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { QUOTE_MAX, shorten } from '../model/text.ts';
import { condemn } from '../release/condemn.ts';
import {
  type AwaitedRelease,
  awaitedInWords,
  awaitedRelease,
  isIdOf,
  startWordOf,
} from '../release/word.ts';
import { refuseCommand, said } from './command-said.ts';

/** Undefined: `of` names no release. */
export function sayToRelease(
  record: TargetRecord,
  event: CommandReceived,
  of: string,
  word: 'approve' | 'reject',
): Decision | undefined {
  const awaited = awaitedRelease(record);
  if (awaited?.id !== of) return refuseOther(record, event, of);
  if (word === 'reject') return reject(record, event, awaited);
  const why = whyNot(record, event, awaited);
  if (why !== undefined) {
    return refuseCommand(record, event, awaited.images, why.because, why.next);
  }
  const words = shorten(event.because, QUOTE_MAX);
  const given: ReleaseWord = {
    ...awaited.word,
    given: { by: event.by, because: words, at: event.at },
  };
  return because(withWord(record, given), `${awaitedInWords(awaited)}: ${said(event)}`);
}

/** Of the release that is on its way, or of what waits. */
function withWord(record: TargetRecord, word: ReleaseWord): TargetRecord {
  return ownRelease(record.phase)?.release.word === undefined
    ? { ...record, startWord: word }
    : withRelease(record, { word });
}

/** What has started goes as by a rollback of that person, and is quarantined; what has not is refused. */
function reject(
  record: TargetRecord,
  event: CommandReceived,
  { release }: AwaitedRelease,
): Decision {
  const sentence = `${event.by} rejected it: ${shorten(event.because, QUOTE_MAX)}`;
  const own = ownRelease(record.phase);
  if (release !== undefined && own !== undefined) {
    const gone = condemn(record, own, { because: sentence, alarms: [] }, event.at);
    return because(gone, `condemned: ${sentence}`);
  }
  const left = leave(record, Object.keys(record.waiting), 'refused', {
    at: event.at,
    because: sentence,
    next: 'push a newer one; or deploy it by hand: then a word is asked for again',
  });
  return because(left, sentence);
}

function whyNot(
  { rules: { approvals } }: TargetRecord,
  { at, by, sender }: CommandReceived,
  { word, senders, by: asker }: AwaitedRelease,
): { readonly because: string; readonly next: string } | undefined {
  const { until } = word.asked;
  if (at > until) {
    const next = 'wait for the next look, which ends the wait; then deploy it anew, if it is meant';
    return { because: `the word was awaited until ${clockTime(until)}, and that is over`, next };
  }
  if (sender === undefined) {
    const sentence = 'who says yes must be known, and SQS does not say who did';
    return { because: sentence, next: 'say it by the queue' };
  }
  if (senders.some((one) => personOf(one) === personOf(sender))) {
    const sentence = `${asker} asked for it, and another person must approve it`;
    return { because: sentence, next: 'let another person approve it' };
  }
  const allowed = approvals?.release?.by ?? approvals?.by;
  if (allowed !== undefined && !mayApprove({ by: allowed }, sender)) {
    const sentence = `${by} is not among those who may approve (approvals.release.by, or approvals.by)`;
    return { because: sentence, next: 'let one of those approve it' };
  }
  return undefined;
}

/** Too early, too late, or said before: of a release that is known. */
function refuseOther(
  record: TargetRecord,
  event: CommandReceived,
  of: string,
): Decision | undefined {
  const own = ownRelease(record.phase)?.release;
  const waits = waitingImages(record.waiting);
  const { lastEnded } = record;
  const refuse = (images: ImageSet, sentence: string, next: string) =>
    refuseCommand(record, event, images, `${describeImages(images)}: ${sentence}`, next);
  if (own !== undefined && isIdOf(of, own.images)) {
    return refuse(own.images, whyNotAwaited(own.word), 'nothing, or `slipway rollback`');
  }
  if (isIdOf(of, waits)) {
    const sentence = whyNotAwaited(startWordOf(record));
    return refuse(waits, sentence, 'see `slipway status` for what waits, and its id');
  }
  if (lastEnded?.images !== undefined && isIdOf(of, lastEnded.images)) {
    const sentence = `it has ended already (${lastEnded.kind}): ${lastEnded.because}`;
    return refuse(lastEnded.images, sentence, 'nothing: see `slipway status` for what waits now');
  }
  return undefined;
}

function whyNotAwaited(word: ReleaseWord | undefined): string {
  if (word?.given !== undefined) {
    const { by = 'nobody, as the config says,', at } = word.given;
    return `${by} let it go on already, at ${clockTime(at)}`;
  }
  if (word === undefined) return 'no word is awaited for it';
  return word.asked === undefined
    ? 'it has not come to the step before which a word is awaited'
    : 'nobody has said yes to it yet, and this was another asking';
}
