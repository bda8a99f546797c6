/** What is remembered of a target, as `explain` shows it. */

import { awaitedOf } from '../../shared/core/incident/awaited.ts';
import { revisionName, waitingImages } from '../../shared/core/model/image.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import { standingOf } from '../../shared/core/model/standing.ts';
import { when } from './times.ts';
import { imagesInWords, pendingInWords } from './words.ts';

/** Names and values. */
export function remembered(
  record: TargetRecord,
  now: number,
): readonly (readonly [string, string])[] {
  const { runs, rollbackCandidates, waiting, quarantine, hold, newest: offered } = record;
  const { observedAt: lookedAt, observeAt: lookAt, needsAttention: asked } = record;
  const proven = rollbackCandidates.map(
    ({ release, images, revision }) =>
      `${release}: ${imagesInWords(images)}, ${revisionName(revision)}`,
  );
  const newest = Object.entries(offered).map(
    ([name, { digest }]) => `${name} ${digest.slice(0, 19)}`,
  );
  return [
    ['phase', standingOf(record)],
    ...(asked === undefined
      ? []
      : [['needs attention', `since ${when(asked.since, now)}: ${asked.because}`] as const]),
    [
      'runs',
      runs === undefined
        ? 'not known'
        : `${imagesInWords(runs.images)}, ${revisionName(runs.revision)}, since ${when(runs.since, now)}`,
    ],
    ['proven', proven.join('\n') || 'nothing'],
    [
      'waiting',
      Object.keys(waiting).length === 0 ? 'nothing' : imagesInWords(waitingImages(waiting)),
    ],
    ['newest taken', newest.join('\n') || 'nothing'],
    ['quarantined', quarantine.map(({ digest }) => digest.slice(0, 19)).join(', ') || 'nothing'],
    ...(hold === undefined ? [] : [['held', `by ${hold.by}: ${hold.because}`] as const]),
    ...awaitedOf(record).map(
      (one) => [`waits for a person's word`, pendingInWords(one, now)] as const,
    ),
    ['last look', lookedAt === undefined ? 'never' : when(lookedAt, now)],
    ['next look', lookAt === undefined ? 'when the next event comes' : when(lookAt, now)],
  ];
}
