/**
 * What the judge says otherwise than at the look before: part of that look's sentence, so that it stands in the log,
 * in `history` and on the page when a release becomes suspicious, and not only where that ends it.
 */
import type { Judged } from '../../model/observation.ts';
import { ownRelease } from '../../model/record/phase.ts';
import type { TargetRecord } from '../../model/record/target-record.ts';

/** Undefined: it says the same as before of this release, or was not asked. */
export function judgeSaysNow(before: TargetRecord, after: TargetRecord): Judged | undefined {
  const own = ownRelease(after.phase)?.release;
  const was = ownRelease(before.phase)?.release;
  const now = own?.evidence.judged;
  const isSame = own?.id === was?.id && now?.state === was?.evidence.judged?.state;
  return isSame ? undefined : now;
}
