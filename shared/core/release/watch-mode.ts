/** Watch mode: say what would have been done, and do nothing. */

import { announce, because, type Decision } from '../model/decision.ts';
import type { ImageSet, Moment } from '../model/image.ts';
import { revisionName } from '../model/image.ts';
import type { Condemned } from '../model/record/rollback.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { isBelow } from './boundary.ts';

const NEXT =
  "watch mode: nothing was changed; set mode: 'act' in pipeline.config.ts to let Slipway act";

/** `of`: the release that was begun before, and ends with that. */
export function wouldReturn(
  record: TargetRecord,
  sentence: string,
  at: Moment,
  of: Partial<Pick<Condemned, 'release' | 'revision' | 'images'>> = {},
): Decision {
  const candidate = record.rollbackCandidates.find(
    (one) => one.revision !== record.runs?.revision && !isBelow(record, one),
  );
  const goal =
    candidate === undefined
      ? 'would ask a person, since no proven release is known to return to'
      : `would roll back to ${revisionName(candidate.revision)} (${candidate.release})`;
  const { release, revision, images } = of;
  return because(
    announce(record, 'would-have', {
      release,
      revision,
      images,
      at,
      because: `${goal}: ${sentence}`,
      next: NEXT,
    }),
    `${goal}: ${sentence}`,
  );
}

export function wouldStart(
  record: TargetRecord,
  images: ImageSet,
  what: string,
  at: Moment,
): TargetRecord {
  return announce(record, 'would-have', { at, images, because: `would start ${what}`, next: NEXT });
}
