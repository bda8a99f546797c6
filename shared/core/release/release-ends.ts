/** How a release of ours is told: that it started, that it failed before it replaced anything. */
import type { AnnouncementKind } from '../model/announcement.ts';
import { announce, because, type Decision, restAsking } from '../model/decision.ts';
import { describeVersion } from '../model/definition/file.ts';
import { describeImages, type Moment } from '../model/image.ts';
import { offeredAgain } from '../model/record/newest.ts';
import { type Baking, type Forward, ownRelease } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { withAttempt } from './attempt.ts';

/** The one place that tells how a release of ours ended: whoever pushed its images hears it. */
export function tellEnd(
  record: TargetRecord,
  own: Forward | Baking,
  kind: Extract<AnnouncementKind, 'proven' | 'superseded' | 'failed'>,
  why: { readonly at: Moment; readonly because: string; readonly next: string },
): TargetRecord {
  return announce(record, kind, { ...why, ...ofRelease(own) });
}

/** What an announcement of a release of ours says of it. */
export function ofRelease({ release, attempt }: Pick<Forward | Baking, 'release' | 'attempt'>) {
  return { release: release.id, images: release.images, revision: attempt.revision };
}

/** Once: when ECS answered, or when its rollout was found after a lost answer. */
export function announceStarted(record: TargetRecord, at: Moment): TargetRecord {
  const own = ownRelease(record.phase);
  if (own?.attempt.request === undefined || own.attempt.request.announced) return record;
  const { release, attempt } = own;
  const told = withAttempt(record, {
    ...attempt,
    request: { ...own.attempt.request, announced: true },
  });
  const who = release.by === undefined ? '' : `${release.by} asked for `;
  const { given } = release.word ?? {};
  const approved = given === undefined ? '' : `; ${given.by ?? 'unanswered'}: ${given.because}`;
  const withIt = release.definition ? `, with ${describeVersion(release.definition)}` : '';
  const red = release.redAtStart ?? [];
  const although = red.length === 0 ? '' : `; ${describeRed(red)}, and cannot speak against it`;
  return announce(told, 'started', {
    at,
    ...ofRelease(own),
    because: `${who}${describeImages(release.images)}${withIt}${approved}${although}`,
    next: `it is proven when ECS says SUCCESSFUL and ${release.rules.bakeMinutes} minutes of bake pass without an alarm and without a failed task`,
  });
}

/** The world was ill, and not the image: what is still the newest is offered once more by the sweep. */
export function failForNow(
  record: TargetRecord,
  phase: Forward,
  seen: { readonly at: Moment },
  sentence: string,
): Decision {
  const { images } = phase.release;
  const comesAgain = Object.entries(images).every(
    ([container, { digest }]) => record.newest[container]?.digest === digest,
  );
  const newest = offeredAgain(
    record.newest,
    ({ digest }, container) => digest === images[container]?.digest,
  );
  const next = comesAgain
    ? 'it was not its fault: it is tried again by itself within the hour, or at once when you deploy it by hand'
    : undefined;
  return fail({ ...record, newest }, phase, seen, sentence, next);
}

/** `alarm web-5xx is red since before its start` */
export function describeRed(names: readonly string[]): string {
  const [alarms, are] = names.length === 1 ? ['alarm', 'is'] : ['alarms', 'are'];
  return `${alarms} ${names.join(', ')} ${are} red since before its start`;
}

/** It ends without having replaced anything: not condemned, not proven; a person mends the cause. */
export function fail(
  record: TargetRecord,
  phase: Forward,
  { at }: { readonly at: Moment },
  sentence: string,
  next = 'mend the cause, then deploy it by hand or push a newer image',
): Decision {
  const asking = restAsking(record, { because: sentence, since: at });
  return because(tellEnd(asking, phase, 'failed', { at, because: sentence, next }), sentence);
}
