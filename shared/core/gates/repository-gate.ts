/**
 * Is this an image that the container may run? Whoever says so, only the configured repository is
 * believed, and of that only what ECR itself says: asked at every way in.
 */

import {
  type ContainerName,
  type Image,
  type ImageSet,
  imageLabel,
  shortDigest,
} from '../model/image.ts';
import type { Observation } from '../model/observation.ts';
import type { Order } from '../model/order.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import type { ContainerSource, Rules } from '../model/rules.ts';
import { afterHoldInWords, afterUnknown, unknownEnd } from './after-hold.ts';
import type { Gate } from './gate.ts';

type Containers = Pick<Rules, 'containers'>;

/** What the config says of this container. Its name may come from outside: `constructor` is none. */
export function sourceFor(
  { containers }: Containers,
  container: ContainerName,
): ContainerSource | undefined {
  return Object.hasOwn(containers, container) ? containers[container] : undefined;
}

/** Why the container may not run the image; undefined: it is of the configured repository. */
export function whyForeign(
  rules: Containers,
  container: ContainerName,
  { registry, repository, digest }: Image,
): string | undefined {
  const source = sourceFor(rules, container);
  if (source === undefined) return `the config names no container "${container}"`;
  if (source.registry === registry && source.repository === repository) return undefined;
  return `${registry}/${repository}@${shortDigest(digest)} is not of the repository that container "${container}" takes its images from: ${source.registry}/${source.repository}`;
}

/**
 * Why what is offered is not of a branch that the container takes: the place that its commit has counts,
 * and not the tag. A person may deploy it all the same.
 */
export function whyOtherBranch(
  rules: Containers,
  container: ContainerName,
  image: Image,
  { by }: Pick<Order, 'by'>,
): string | undefined {
  const branches = sourceFor(rules, container)?.branches;
  if (branches === undefined) return undefined;
  const ref = by.startsWith('commit ') ? by.slice('commit '.length) : undefined;
  const branch = ref?.startsWith(HEADS) ? ref.slice(HEADS.length) : undefined;
  if (branch !== undefined && branches.some((one) => new RegExp(one).test(branch)))
    return undefined;
  const of = ref === undefined ? 'of no commit whose branch is known' : `of ${ref}`;
  return `${imageLabel(image)} is ${of}, and container "${container}" takes what its \`from\` names only`;
}

const HEADS = 'refs/heads/';

/** The first of a set that may not run. */
export function whyAnyForeign(rules: Containers, images: ImageSet): string | undefined {
  for (const [container, image] of Object.entries(images)) {
    const why = whyForeign(rules, container, image);
    if (why !== undefined) return why;
  }
  return undefined;
}

/** ECR did not say that the image is there: that is no yes. */
export function notConfirmed(record: TargetRecord, observation: Observation): Gate | undefined {
  const { rules } = record;
  for (const [container, { image }] of Object.entries(record.waiting)) {
    if (observation.waiting?.[image.digest] !== 'unknown') continue;
    const sentence = `whether ${imageLabel(image)} is in ECR could not be found out`;
    return {
      reason: 'registry',
      because: sentence,
      next: `it starts by itself when ECR says that the image is there; ${afterHoldInWords(rules.holdMinutes, afterUnknown(rules))}`,
      ends: unknownEnd(rules, container, {
        because: sentence,
        refused: 'when ECR answers again, deploy it by hand or push it again',
        asked: 'mend what keeps ECR from answering; it then starts by itself',
      }),
    };
  }
  return undefined;
}
