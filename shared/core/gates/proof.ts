/** What another target's record says of an image: whether it is proven there, on trial, or gone by. */
import { defined } from '../model/defined.ts';
import type { Image } from '../model/image.ts';
import type { Proof } from '../model/observation.ts';
import { compareOrder, type Order } from '../model/order.ts';
import { isQuarantined } from '../model/record/known.ts';
import { ownRelease } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';

/** `record`: absent where Slipway has not looked at that target yet. */
export function proofOf(
  record: TargetRecord | undefined,
  { repository, digest }: Pick<Image, 'repository' | 'digest'>,
): Proof {
  if (record === undefined) return { state: 'absent' };
  if (isQuarantined(record, digest)) return { state: 'condemned' };
  const isIt = (images: TargetRecord['rollbackCandidates'][number]['images']) =>
    Object.values(images).some((image) => image.digest === digest);
  const proven = record.rollbackCandidates.find(({ images }) => isIt(images));
  if (proven !== undefined) return { state: 'proven', at: proven.provenAt };
  const tried = ownRelease(record.phase)?.release.images;
  if (tried !== undefined && isIt(tried)) return { state: 'trial' };
  return defined({ state: 'absent' as const, newest: newestOf(record, repository) });
}

/** The newest image of that repository that it was offered. */
function newestOf(
  { rules, newest }: Pick<TargetRecord, 'rules' | 'newest'>,
  repository: string,
): Order | undefined {
  return Object.entries(rules.containers)
    .flatMap(([container, source]) =>
      source.repository === repository ? (newest[container] ?? []) : [],
    )
    .toSorted(compareOrder)
    .at(-1);
}
