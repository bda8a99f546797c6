/** For which machines an image was built: what its index says, or its own configuration. */
import type { ECRClient } from '@aws-sdk/client-ecr';
import type { Image } from '../../core/model/image.ts';
import { getManifests, readBlob } from './manifests.ts';

/** `linux/amd64`; undefined: ECR has no such image. Throws what the SDK throws. */
export async function platformsOf(
  client: ECRClient,
  image: Pick<Image, 'registry' | 'repository' | 'digest'>,
  fetcher: typeof fetch,
): Promise<readonly string[] | undefined> {
  const [found] = await getManifests(client, image, [{ imageDigest: image.digest }]);
  if (found === undefined) return undefined;
  const { manifests, config } = found.manifest;
  const named = manifests.flatMap(({ platform }) =>
    // Attestations stand in the index as a platform that nothing runs on.
    platform?.os === undefined || platform.os === 'unknown'
      ? []
      : [`${platform.os}/${platform.architecture}`],
  );
  if (named.length > 0) return named;
  if (config === undefined) throw new Error('the image does not say for which machine it is');
  const blob = await readBlob(client, image, config, fetcher);
  const { os, architecture } = JSON.parse(blob.toString()) as Readonly<Record<string, unknown>>;
  if (typeof os !== 'string' || typeof architecture !== 'string') {
    throw new Error('the image does not say for which machine it is');
  }
  return [`${os}/${architecture}`];
}
