/**
 * Blobs of the local ECR, and what refers to an image: signatures, attestations. Images have no layers
 * here; only what somebody reads is there.
 */
import { createHash } from 'node:crypto';
import type {
  GetDownloadUrlForLayerCommandInput,
  GetDownloadUrlForLayerCommandOutput,
  ImageReferrer,
  ListImageReferrersCommandInput,
  ListImageReferrersCommandOutput,
} from '@aws-sdk/client-ecr';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { paginate } from './pages.ts';
import { type EcrRepository, repositoryNamed } from './state.ts';

type Answer<T> = Omit<T, '$metadata'>;

/** Nobody outside has this host: only `layersFetch` answers for it. */
const HOST = 'https://layers.ecr.local.invalid';
/** API reference, ListImageReferrers: at most 50 a page. */
const REFERRERS_MOST = 50;

/** Stores a text and returns its digest. */
export function putBlob(repository: EcrRepository, text: string): string {
  const digest = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  repository.blobs[digest] = text;
  return digest;
}

function GetDownloadUrlForLayer(
  world: World,
  input: GetDownloadUrlForLayerCommandInput,
): Answer<GetDownloadUrlForLayerCommandOutput> {
  const repository = repositoryNamed(world, input.repositoryName);
  const layerDigest = input.layerDigest ?? '';
  if (repository.blobs[layerDigest] === undefined) {
    // Code: API reference; text unverified.
    throw new AwsError(
      'LayersNotFoundException',
      `The layer with digest '${layerDigest}' does not exist in the repository with name '${repository.name}' in the registry with id '${world.account}'`,
    );
  }
  return { layerDigest, downloadUrl: `${HOST}/${repository.name}/${layerDigest}` };
}

function ListImageReferrers(
  world: World,
  input: ListImageReferrersCommandInput,
): Answer<ListImageReferrersCommandOutput> {
  const repository = repositoryNamed(world, input.repositoryName);
  const subject = input.subjectId?.imageDigest;
  const types = input.filter?.artifactTypes;
  const referrers = Object.values(repository.images).flatMap((image): ImageReferrer[] => {
    const manifest = JSON.parse(image.manifest) as ReferringManifest;
    if (manifest.subject?.digest !== subject) return [];
    const { artifactType, annotations } = manifest;
    if (types !== undefined && !types.includes(artifactType ?? '')) return [];
    return [
      {
        digest: image.digest,
        mediaType: image.mediaType,
        artifactType,
        size: image.manifest.length,
        ...(annotations && { annotations }),
        artifactStatus: 'ACTIVE',
      },
    ];
  });
  const { page, nextToken } = paginate(referrers, {
    nextToken: input.nextToken,
    maxResults: input.maxResults ?? REFERRERS_MOST,
  });
  return { referrers: page, ...(nextToken === undefined ? {} : { nextToken }) };
}

/** OCI image specification, "Guidelines for artifact usage". */
interface ReferringManifest {
  readonly artifactType?: string;
  readonly subject?: { readonly digest: string };
  readonly annotations?: Record<string, string>;
}

export const ecrBlobOperations = {
  GetDownloadUrlForLayer,
  ListImageReferrers,
} satisfies Record<string, (world: World, input: never) => unknown>;

/** `fetch` for the addresses that `GetDownloadUrlForLayer` gives; every other one is out of reach. */
export function layersFetch(world: World): typeof fetch {
  return async (input) => {
    const url = String(input);
    const [, name = '', digest = ''] = /^(.+)\/(sha256:[a-f0-9]{64})$/.exec(url) ?? [];
    const repository = world.ecr.repositories[name.slice(HOST.length + 1)];
    if (!url.startsWith(`${HOST}/`)) throw new TypeError('fetch failed');
    const blob = repository?.blobs[digest];
    return blob === undefined ? new Response('', { status: 404 }) : new Response(blob);
  };
}
