/** Containers that Slipway does not deploy may come from another account, which has to let this one pull. */
import type { Doorway, ForeignImage } from '../../shared/aws/ecr/foreign-images.ts';
import type { Examiner, Found } from '../../shared/aws/examine.ts';
import { type Check, failed, judged, ok, skipped } from './check.ts';
import type { DefinitionFacts } from './definition-facts.ts';

const ECR_IMAGE =
  /^(?<account>\d{12})\.dkr[.-]ecr\.(?<region>[a-z0-9-]+)\.[a-z.]+\/(?<repository>[^:@]+)(?::(?<tag>[^@]+))?(?:@(?<digest>sha256:[a-f0-9]{64}))?$/;

/** Of a task definition's `image`; undefined: it lies in this account, or in no ECR. */
export function foreignImageIn(reference: string, account: string): ForeignImage | undefined {
  const parts = ECR_IMAGE.exec(reference)?.groups;
  if (parts === undefined || parts.account === account) return undefined;
  const { account: owner = '', region = '', repository = '', tag = 'latest', digest = tag } = parts;
  return { account: owner, region, repository, version: digest };
}

export async function foreignImageChecks(
  { containers }: Pick<DefinitionFacts, 'containers'>,
  home: { readonly account: string; readonly region: string },
  examiner: Pick<Examiner, 'doorway'>,
): Promise<readonly Check[]> {
  const foreign = containers.flatMap(({ name, image }) => {
    const found = foreignImageIn(image, home.account);
    return found === undefined ? [] : [{ name: `image of ${name}`, image: found }];
  });
  return await Promise.all(
    foreign.map(async ({ name, image }) => {
      if (image.region !== home.region) {
        return skipped(name, `it lies in ${image.region}, and only ${home.region} is asked`);
      }
      return doorwayCheck(name, image, home.account, await examiner.doorway(image));
    }),
  );
}

function doorwayCheck(
  name: string,
  { account, repository, version }: ForeignImage,
  own: string,
  seen: Found<Doorway>,
): Check {
  const label = `${repository}${version.startsWith('sha256:') ? '@' : ':'}${version}`;
  const missing = {
    says: `account ${account} has no image ${label}: no task can start`,
    fix: `have it pushed there again, or name another one in the task definition`,
  };
  return judged(name, seen, missing, (doorway) =>
    doorway === 'open'
      ? ok(name, `account ${account} lets this one pull ${label}`)
      : failed(
          name,
          `account ${account} does not let this one pull ${label}: no task can start`,
          `in account ${account}: aws ecr set-repository-policy --repository-name ${repository} …, which allows arn:aws:iam::${own}:root ecr:BatchGetImage, ecr:GetDownloadUrlForLayer and ecr:BatchCheckLayerAvailability`,
        ),
  );
}
