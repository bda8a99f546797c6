/** What was tried last, and what became of it: on its way, or ended as it was announced. */
import { defined } from '../model/defined.ts';
import type { ImageSet, Moment } from '../model/image.ts';
import { revisionName } from '../model/image.ts';
import { type Back, backOf, ownRelease } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { withoutQuote } from '../release/quote.ts';
import { shortNames } from './running-now.ts';

export interface LastRelease {
  /** `ecs/production/web/3`; absent of what is not ours. */
  readonly release?: string;
  readonly images?: ImageSet;
  readonly revision?: string;
  readonly became:
    | 'deploying'
    | 'baking'
    | 'rolling-back'
    | 'proven'
    | 'adopted'
    | 'rolled-back'
    | 'failed'
    | 'superseded'
    | 'needs-attention';
  /** Since when, or when. */
  readonly at: Moment;
  /** In words for people; absent while nothing speaks for or against it. */
  readonly because?: string;
  /** AWS's own words to it. */
  readonly aws?: string;
  /** Who asked for it; absent: a push. */
  readonly by?: string;
}

/** Undefined: nothing was ever tried. */
export function lastReleaseOf(record: TargetRecord): LastRelease | undefined {
  const { phase, lastEnded } = record;
  const own = ownRelease(phase);
  if (own !== undefined) {
    const { release, attempt } = own;
    return defined({
      release: release.id,
      images: release.images,
      revision: named(attempt.revision),
      became: own.phase,
      at: own.phase === 'baking' ? own.succeededAt : release.startedAt,
      by: release.by,
    });
  }
  const back = backOf(phase);
  if (back !== undefined) return goingBack(back);
  if (lastEnded === undefined) return undefined;
  const { kind, at, release, images, revision, because } = lastEnded;
  return defined({
    ...{ release, images, revision: named(revision), became: kind, at },
    ...why(because),
  });
}

function goingBack({ condemned, since }: Back): LastRelease {
  const { release, images, revision, because } = condemned;
  return defined({
    ...{ release, images, revision: named(revision), became: 'rolling-back', at: since },
    ...why(because),
  });
}

function named(revision: string | undefined): string | undefined {
  return revision && revisionName(revision);
}

function why(sentence: string) {
  const { plain, aws } = withoutQuote(sentence);
  return { because: plain, aws };
}

/** The record keeps the sentence alone, as `describeRise` writes it. */
export function isByAlarm(because: string | undefined): because is string {
  return because !== undefined && /\balarm \S+ rose at /.test(because);
}

const BECAME: Readonly<Record<LastRelease['became'], string>> = {
  deploying: 'is being rolled out',
  baking: 'was rolled out and is watched',
  'rolling-back': 'is being rolled back',
  proven: 'is proven',
  adopted: 'was adopted',
  'rolled-back': 'was rolled back',
  failed: 'failed',
  superseded: 'was superseded',
  'needs-attention': 'could not be rolled back',
};

/** `main-2 was rolled back: 25 % of answers were errors …` */
export function describeLastRelease(last: LastRelease): string {
  const name = last.images === undefined ? (last.revision ?? 'a release') : shortNames(last.images);
  const isGood = last.became === 'proven' || last.became === 'adopted';
  const because = last.because === undefined || isGood ? '' : `: ${last.because}`;
  return `${name} ${BECAME[last.became]}${because}`;
}
