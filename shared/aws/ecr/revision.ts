/** What an image says of where it comes from: the OCI labels of its configuration. */
import type { ECRClient } from '@aws-sdk/client-ecr';
import { defined } from '../../core/model/defined.ts';
import type { ImageDigest } from '../../core/model/image.ts';
import type { CommitPlaces, Log } from '../../ports.ts';
import type { ImageLabels, Labels } from '../../source-ports.ts';
import { refusalOf, says, transient } from '../refusal.ts';
import { getManifests, type Manifest, readBlob, UnreadableBlob } from './manifests.ts';

/** OCI image specification, annotations: the revision of the source, and its address. */
const REVISION = 'org.opencontainers.image.revision';
const SOURCE = 'org.opencontainers.image.source';
const WORDS_MAX = 200;

type Labelled = Parameters<Labels['read']>[0];

/** Of a multi-arch image: of its first platform, as all are built from one commit. */
export function createLabels(client: ECRClient, fetcher: typeof fetch = fetch): Labels {
  return {
    read: async (image) => {
      try {
        return await labelsOf(client, image, fetcher);
      } catch (error) {
        if (isFinal(error)) return { state: 'unreadable', because: says(error) };
        throw transient(`the labels of ${image.repository}@${image.digest} in ECR`, error);
      }
    },
  };
}

/** It would be the same again: a blob that is another one, or that ECR does not have. */
function isFinal(error: unknown): boolean {
  return error instanceof UnreadableBlob || refusalOf(error)?.code === 'LayersNotFoundException';
}

export function readRevisions(
  client: ECRClient,
  log: Log,
  fetcher: typeof fetch = fetch,
): CommitPlaces['revisionOf'] {
  const labels = createLabels(client, fetcher);
  return async (image) => {
    const unread = (because: string) =>
      log.warn('the labels of an image could not be read', {
        image: `${image.repository}@${image.digest}`,
        because,
      });
    try {
      const found = await labels.read(image);
      if (found.state === 'unreadable') unread(found.because);
      const revision = found.state === 'read' ? found.revision : undefined;
      // Whoever may push wrote it: only what looks like a commit is taken.
      return revision !== undefined && /^[0-9a-f]{40}$/.test(revision) ? revision : undefined;
    } catch (error) {
      unread(says(error));
      return undefined;
    }
  };
}

async function labelsOf(
  client: ECRClient,
  image: Labelled,
  fetcher: typeof fetch,
): Promise<ImageLabels> {
  const found = await manifestOf(client, image, image.digest);
  const platform = found?.manifests.find(({ platform }) => platform?.os === 'linux');
  const manifest =
    platform === undefined ? found : await manifestOf(client, image, platform.digest);
  if (manifest === undefined) return { state: 'missing' };
  if (manifest.config === undefined) {
    return { state: 'unreadable', because: 'its manifest names no configuration' };
  }
  const blob = await readBlob(client, image, manifest.config, fetcher);
  return labelsIn(blob.toString());
}

async function manifestOf(
  client: ECRClient,
  image: Labelled,
  imageDigest: ImageDigest,
): Promise<Manifest | undefined> {
  return (await getManifests(client, image, [{ imageDigest }]))[0]?.manifest;
}

function labelsIn(json: string): ImageLabels {
  let read: unknown;
  try {
    read = JSON.parse(json);
  } catch {
    return { state: 'unreadable', because: 'its configuration is no JSON' };
  }
  const { config } = (read ?? {}) as { config?: { Labels?: Record<string, unknown> } };
  const label = (name: string) => {
    const value = config?.Labels?.[name];
    return typeof value === 'string' ? value.slice(0, WORDS_MAX) : undefined;
  };
  return defined({ state: 'read', revision: label(REVISION), source: label(SOURCE) });
}
