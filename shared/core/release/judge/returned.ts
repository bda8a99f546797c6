/**
 * After *alone*: the traffic was returned, and nobody was blamed, since an outage would have looked the same. What
 * ran before has all of it again, and tells within five minutes which of the two it was. Failed it as well, the
 * release is offered again when that is over; failed it not, the release is quarantined now.
 */

import { announce, because, type Decision, quarantineImages } from '../../model/decision.ts';
import { defined } from '../../model/defined.ts';
import {
  describeImages,
  digestsOf,
  type Moment,
  revisionName,
  type TaskDefinitionArn,
} from '../../model/image.ts';
import type { Observation, ObservedAftermath, Question } from '../../model/observation.ts';
import { orderOf } from '../../model/record/newest.ts';
import type { ReturnedAlone } from '../../model/record/returned.ts';
import type { Condemned } from '../../model/record/rollback.ts';
import type { TargetRecord } from '../../model/record/target-record.ts';
import { MINUTE } from '../../model/rules.ts';
import { ANNOUNCED_MAX, shorten } from '../../model/text.ts';
import { fixOrLift } from '../condemn.ts';
import { beforeQuote } from '../quote.ts';

/** Five minutes, each at most three late, and then some: who cannot tell by then never will. */
const TOLD_MS = 15 * MINUTE;
/** For so long it is waited until what ran before is well. */
const CALM_MS = 240 * MINUTE;

/** It is back: from now on what ran before is looked at. */
export function lookAfterReturn(
  record: TargetRecord,
  { counted: rollout, release, images, revision }: Condemned,
  to: TaskDefinitionArn,
  backAt: Moment,
): TargetRecord {
  const { returned: before, ...rest } = record;
  if (rollout === undefined || release === undefined) return rest;
  const again = before?.offered && isSame(before.images, images) ? (true as const) : undefined;
  const returned = { release, images, revision, rollout, backAt, to, again };
  return { ...rest, returned: defined(returned) };
}

function isSame(one: ReturnedAlone['images'], other: ReturnedAlone['images']): boolean {
  return digestsOf(one).toSorted().join() === digestsOf(other).toSorted().join();
}

/** Whether the next look is to tell something of it. */
export function isLookedAt({ phase, returned }: TargetRecord): boolean {
  return phase.phase === 'idle' && returned !== undefined && !returned.offered;
}

export function aftermathQuestion(record: TargetRecord): Pick<Question, 'aftermath'> {
  const { returned, rules } = record;
  if (returned === undefined || rules.mode === 'watch' || !isLookedAt(record)) return {};
  const { rollout, to, revision, backAt } = returned;
  const made = revision === undefined ? 'the release' : revisionName(revision);
  return { aftermath: { ...rollout, backAt, names: { old: revisionName(to), new: made } } };
}

/** Undefined: nothing is looked at, or this look did not ask. */
export function afterReturn(record: TargetRecord, observation: Observation): Decision | undefined {
  const { returned, runs } = record;
  const { at, aftermath } = observation;
  if (returned === undefined) return undefined;
  if (runs?.revision !== returned.to || runs.since > returned.backAt) {
    return because(forgotten(record), 'what ran before runs no longer, so it tells nothing more');
  }
  if (returned.offered || aftermath === undefined) return undefined;
  if (returned.clearedAt !== undefined) {
    return untilCalm(record, { ...returned, clearedAt: returned.clearedAt }, aftermath, at);
  }
  const isLate = at >= returned.backAt + TOLD_MS;
  switch (aftermath.state) {
    case 'worse':
      return confirm(record, returned, aftermath, at);
    case 'alike':
      return clear(record, returned, aftermath, at);
    case 'waiting':
    case 'untold':
      return isLate
        ? giveUp(record, returned, at, `nobody can tell what it was: ${aftermath.because}`)
        : because(record, `what ran before is looked at: ${aftermath.because}`);
  }
}

function forgotten({ returned: _, ...record }: TargetRecord): TargetRecord {
  return record;
}

function confirm(
  record: TargetRecord,
  returned: ReturnedAlone,
  { because: counted }: ObservedAftermath,
  at: Moment,
): Decision {
  const { images, revision } = returned;
  const sentence = `it was the release: ${counted}`;
  const next = fixOrLift(describeImages(images));
  const quarantined = quarantineImages(forgotten(record), images, revision, sentence, at);
  return tell(quarantined, returned, { at, because: sentence, next });
}

function clear(
  record: TargetRecord,
  returned: ReturnedAlone,
  { because: counted }: ObservedAftermath,
  at: Moment,
): Decision {
  const sentence = `it was not the release: ${counted}`;
  if (returned.again) return giveUp(record, returned, at, `${sentence}; that was so once before`);
  const cleared = { ...record, returned: { ...returned, clearedAt: at } };
  const next =
    'it starts again by itself when what runs has been well for two minutes; or deploy it by hand';
  return tell(cleared, returned, { at, because: sentence, next }, 'held');
}

function untilCalm(
  record: TargetRecord,
  returned: ReturnedAlone & { readonly clearedAt: Moment },
  { isCalm }: ObservedAftermath,
  at: Moment,
): Decision {
  if (isCalm) return offerAgain(record, returned, at);
  return at >= returned.clearedAt + CALM_MS
    ? giveUp(record, returned, at, 'what ran before has not been well for four hours')
    : because(record, 'what ran before is not well yet: the release is offered again when it is');
}

/** Where nothing newer came meanwhile. */
function offerAgain(record: TargetRecord, returned: ReturnedAlone, at: Moment): Decision {
  const offered = { ...record, returned: { ...returned, offered: true as const } };
  const waiting = Object.entries(returned.images).flatMap(([name, image]) => {
    const newest = record.newest[name];
    if (newest?.digest !== image.digest || record.waiting[name] !== undefined) return [];
    return [[name, { image, order: orderOf(newest), since: at }] as const];
  });
  if (waiting.length === 0) return because(offered, 'something newer was pushed meanwhile');
  return because(
    { ...offered, waiting: { ...record.waiting, ...Object.fromEntries(waiting) } },
    'what ran before is well again: the release is offered once more',
  );
}

function giveUp(
  record: TargetRecord,
  returned: ReturnedAlone,
  at: Moment,
  sentence: string,
): Decision {
  const next = `${describeImages(returned.images)} is not blamed: deploy it by hand, or push it again, when you know that nothing else fails`;
  return tell(forgotten(record), returned, { at, because: sentence, next });
}

/** It does not start now; and what a person asks first, how it ended, says so. */
function tell(
  record: TargetRecord,
  { release, images }: Pick<ReturnedAlone, 'release' | 'images'>,
  why: { readonly at: Moment; readonly because: string; readonly next: string },
  kind: 'refused' | 'held' = 'refused',
): Decision {
  const { lastEnded } = record;
  const told = announce(record, kind, { release, images, ...why });
  const ended =
    lastEnded?.release === release
      ? {
          ...lastEnded,
          because: shorten(beforeQuote(lastEnded.because, `; ${why.because}`), ANNOUNCED_MAX),
          next: why.next,
        }
      : undefined;
  return because(ended === undefined ? told : { ...told, lastEnded: ended }, why.because);
}
