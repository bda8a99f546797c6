/** The commit that an image says it was built from: its OCI label. */
import type { ECRClient } from '@aws-sdk/client-ecr';
import type { ImageDigest } from '../../core/model/image.ts';
import type { CommitPlaces, Log } from '../../ports.ts';
import { says } from '../refusal.ts';
import { getManifests, type Manifest, readBlob } from './manifests.ts';

/** OCI image specification, annotations: the revision of the source. */
const LABEL = 'org.opencontainers.image.revision';

type Labelled = Parameters<CommitPlaces['revisionOf']>[0];

/** Of a multi-arch image: of its first platform, as all are built from one commit. */
export function readRevisions(
  client: ECRClient,
  log: Log,
  fetcher: typeof fetch = fetch,
): CommitPlaces['revisionOf'] {
  return async (image) => {
    try {
      const found = await manifestOf(client, image, image.digest);
      const platform = found?.manifests.find(({ platform }) => platform?.os === 'linux');
      const manifest =
        platform === undefined ? found : await manifestOf(client, image, platform.digest);
      if (manifest?.config === undefined) return undefined;
      const blob = await readBlob(client, image, manifest.config, fetcher);
      return labelIn(blob.toString());
    } catch (error) {
      log.warn('the labels of an image could not be read', {
        image: `${image.repository}@${image.digest}`,
        because: says(error),
      });
      return undefined;
    }
  };
}

async function manifestOf(
  client: ECRClient,
  image: Labelled,
  imageDigest: ImageDigest,
): Promise<Manifest | undefined> {
  return (await getManifests(client, image, [{ imageDigest }]))[0]?.manifest;
}

/** Whoever may push wrote it: only what looks like a commit is taken. */
function labelIn(json: string): string | undefined {
  const { config } = JSON.parse(json) as { config?: { Labels?: Record<string, unknown> } };
  const label = config?.Labels?.[LABEL];
  return typeof label === 'string' && /^[0-9a-f]{40}$/.test(label) ? label : undefined;
}
