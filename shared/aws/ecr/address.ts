/** Which repository a call to ECR is about. */
import { defined } from '../../core/model/defined.ts';
import type { Image } from '../../core/model/image.ts';

export type Address = Pick<Image, 'registry' | 'repository'>;

/** `111122223333.dkr.ecr.eu-west-1.amazonaws.com`; without an account ECR takes the caller's. */
export function named({ registry, repository }: Address) {
  const registryId = /^(\d{12})\./.exec(registry)?.[1];
  return defined({ repositoryName: repository, registryId });
}
