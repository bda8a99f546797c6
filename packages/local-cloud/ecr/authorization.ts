/** What each operation of ECR asks of IAM. */
import { ANY, arnOf, type Need, type NeedsOf, need } from '../kernel/authorization.ts';
import type { World } from '../kernel/world.ts';
import type { ecrOperations } from './operations.ts';

function onRepository(action: string) {
  return (world: World, input: { readonly repositoryName?: string }): readonly Need[] => [
    need(`ecr:${action}`, repositoryArn(world, input.repositoryName)),
  ];
}

function repositoryArn(world: World, name = ''): string {
  return arnOf(world, 'ecr', `repository/${name}`);
}

export const ecrNeeds: NeedsOf<typeof ecrOperations> = {
  CreateRepository: onRepository('CreateRepository'),
  DescribeRepositories: (
    world,
    { repositoryNames = [ANY] }: { readonly repositoryNames?: readonly string[] },
  ) => repositoryNames.map((name) => need('ecr:DescribeRepositories', repositoryArn(world, name))),
  DescribeImages: onRepository('DescribeImages'),
  ListImages: onRepository('ListImages'),
  BatchGetImage: onRepository('BatchGetImage'),
  BatchDeleteImage: onRepository('BatchDeleteImage'),
  PutImage: onRepository('PutImage'),
  DescribeImageScanFindings: onRepository('DescribeImageScanFindings'),
  StartImageScan: onRepository('StartImageScan'),
  PutImageScanningConfiguration: onRepository('PutImageScanningConfiguration'),
  GetDownloadUrlForLayer: onRepository('GetDownloadUrlForLayer'),
  // The reference has no such action: it is allowed by the one that reads manifests. (API_ListImageReferrers)
  ListImageReferrers: onRepository('BatchGetImage'),
};
