/** What the records of other targets say of the images that wait here. */

import { proofOf } from '../../core/gates/proof.ts';
import type { Image, ImageDigest } from '../../core/model/image.ts';
import type { Observation, Proof, Question } from '../../core/model/observation.ts';
import type { TargetRecord } from '../../core/model/record/target-record.ts';
import { REASON_MAX, shorten } from '../../core/model/text.ts';
import type { ObservationPorts, ReadElsewhere } from '../../ports.ts';

type Upstream = NonNullable<Question['proofs']>['targets'][number];

export async function observeProofs(
  { targets, images }: NonNullable<Question['proofs']>,
  ports: Pick<ObservationPorts, 'records' | 'recordsElsewhere'>,
): Promise<NonNullable<Observation['proofs']>> {
  const all = targets.map(async (target) => {
    const read = await readRecord(target, ports);
    const proofs = images.map((image): [ImageDigest, Proof] => [
      image.digest,
      'because' in read
        ? { state: 'unknown', because: read.because }
        : proofIn(read.record, image, target),
    ]);
    return [target.id, Object.fromEntries(proofs)] as const;
  });
  return Object.fromEntries(await Promise.all(all));
}

/** What another account keeps under that name may be anything: of that nothing is proven, and nothing else is held. */
function proofIn(record: TargetRecord | undefined, image: Image, target: Upstream): Proof {
  if (target.elsewhere === undefined) return proofOf(record, image);
  try {
    return comparable(proofOf(record, image), target);
  } catch (error) {
    const because = `the record of ${target.key} in ${target.elsewhere.table} is not of its shape: ${error instanceof Error ? error.message : String(error)}`;
    return { state: 'unknown', because: shorten(because, REASON_MAX) };
  }
}

/**
 * A registry dates an image when it gets it, so what is newer there is not by that newer here: an image that
 * another account passed over waits for the next one, and is not refused.
 */
function comparable(proof: Proof, { elsewhere }: Upstream): Proof {
  return elsewhere !== undefined && proof.state === 'absent' ? { state: 'absent' } : proof;
}

async function readRecord(
  { key, elsewhere }: Upstream,
  { records, recordsElsewhere }: Pick<ObservationPorts, 'records' | 'recordsElsewhere'>,
): ReturnType<ReadElsewhere> {
  if (elsewhere === undefined) return { record: (await records.load(key))?.record };
  return recordsElsewhere === undefined
    ? { because: `only the function reconcile may take on ${elsewhere.role}` }
    : await recordsElsewhere(elsewhere, key);
}
