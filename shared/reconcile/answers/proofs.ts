/** What the records of other targets say of the images that wait here. */

import { proofOf } from '../../core/gates/proof.ts';
import type { ImageDigest } from '../../core/model/image.ts';
import type { Observation, Proof, Question } from '../../core/model/observation.ts';
import type { Records } from '../../ports.ts';

export async function observeProofs(
  { targets, images }: NonNullable<Question['proofs']>,
  records: Pick<Records, 'load'>,
): Promise<NonNullable<Observation['proofs']>> {
  const all = targets.map(async ({ id, key }) => {
    const stored = await records.load(key);
    const proofs = images.map((image): [ImageDigest, Proof] => [
      image.digest,
      proofOf(stored?.record, image),
    ]);
    return [id, Object.fromEntries(proofs)] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}
