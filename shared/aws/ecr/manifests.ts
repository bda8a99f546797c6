/**
 * What lies in ECR beside and below an image: manifests by digest or tag, and small blobs. Whoever may
 * push wrote them, so nothing of them is believed before it was looked at.
 */
import { createHash } from 'node:crypto';
import {
  BatchGetImageCommand,
  type ECRClient,
  GetDownloadUrlForLayerCommand,
  type ImageIdentifier,
} from '@aws-sdk/client-ecr';
import { defined } from '../../core/model/defined.ts';
import type { ImageDigest } from '../../core/model/image.ts';
import { type Address, named } from './address.ts';

/** Left out, BatchGetImage may answer with an older kind of manifest. (API_BatchGetImage) */
const MEDIA_TYPES = [
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.docker.distribution.manifest.v2+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
];
const DIGEST = /^sha256:[a-f0-9]{64}$/;
export const BLOB_BYTES_MAX = 1_048_576;
const BLOB_TIMEOUT_MS = 4_000;

/** The parts of a manifest or an index that are read. OCI image specification. */
export interface Manifest {
  readonly annotations: Readonly<Record<string, string>>;
  /** Of a manifest: the blob with the labels. */
  readonly config?: ImageDigest;
  /** Of an index. */
  readonly manifests: readonly Descriptor[];
  readonly layers: readonly Descriptor[];
}

export interface Descriptor {
  readonly digest: ImageDigest;
  readonly mediaType: string;
  /** In bytes, as whoever pushed it says. */
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly platform?: { readonly os?: string; readonly architecture?: string };
}

export interface FoundManifest {
  readonly digest: string;
  readonly tag?: string;
  readonly manifest: Manifest;
}

/** BatchGetImage: those that are there. Throws what the SDK throws, and for any other failure. */
export async function getManifests(
  client: ECRClient,
  address: Address,
  imageIds: readonly ImageIdentifier[],
): Promise<readonly FoundManifest[]> {
  if (imageIds.length === 0) return [];
  const { images = [], failures = [] } = await client.send(
    new BatchGetImageCommand({
      ...named(address),
      imageIds: [...imageIds],
      acceptedMediaTypes: MEDIA_TYPES,
    }),
  );
  const failed = failures.find(({ failureCode }) => failureCode !== 'ImageNotFound');
  if (failed !== undefined) {
    throw new Error(`ECR says ${failed.failureCode}: ${failed.failureReason ?? ''}`);
  }
  return images.map(({ imageId = {}, imageManifest = '' }) =>
    defined({
      digest: imageId.imageDigest ?? '',
      tag: imageId.imageTag,
      manifest: manifestOf(imageManifest),
    }),
  );
}

/** It came, and is not what it should be: it would be the same again. */
export class UnreadableBlob extends Error {
  override readonly name = 'UnreadableBlob';
}

/** A blob of at most a megabyte, held against its digest. Throws when it does not come, or is another. */
export async function readBlob(
  client: ECRClient,
  address: Address,
  layerDigest: ImageDigest,
  fetcher: typeof fetch,
): Promise<Buffer<ArrayBuffer>> {
  const { downloadUrl } = await client.send(
    new GetDownloadUrlForLayerCommand({ ...named(address), layerDigest }),
  );
  if (downloadUrl === undefined) throw new Error('ECR gave no address for the blob');
  const response = await fetcher(downloadUrl, { signal: AbortSignal.timeout(BLOB_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`the blob's address answered ${response.status}`);
  const bytes = await atMost(BLOB_BYTES_MAX, response);
  const digest = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  if (digest !== layerDigest) throw new UnreadableBlob(`the blob ${layerDigest} came as ${digest}`);
  return bytes;
}

async function atMost(bytesMax: number, response: Response): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > bytesMax) throw new UnreadableBlob(`the blob has more than ${bytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What cannot be read is empty: an image without platforms, without signatures. */
function manifestOf(json: string): Manifest {
  const value = parsed(json);
  const config = textIn(recordIn(value, 'config'), 'digest');
  return {
    ...(config !== undefined && DIGEST.test(config) ? { config: config as ImageDigest } : {}),
    annotations: textsIn(recordIn(value, 'annotations')),
    manifests: descriptorsIn(value, 'manifests'),
    layers: descriptorsIn(value, 'layers'),
  };
}

function descriptorsIn(value: unknown, key: string): readonly Descriptor[] {
  const list = recordIn(value, key);
  if (!Array.isArray(list)) return [];
  return list.flatMap((one: unknown): Descriptor[] => {
    const digest = textIn(one, 'digest');
    if (digest === undefined || !DIGEST.test(digest)) return [];
    const platform = recordIn(one, 'platform');
    const os = textIn(platform, 'os');
    const architecture = textIn(platform, 'architecture');
    const artifactType = textIn(one, 'artifactType');
    return [
      {
        digest: digest as ImageDigest,
        mediaType: textIn(one, 'mediaType') ?? '',
        size: Number(memberOf(one, 'size') ?? 0),
        annotations: textsIn(recordIn(one, 'annotations')),
        ...(artifactType === undefined ? {} : { artifactType }),
        ...(platform === undefined
          ? {}
          : { platform: { ...(os && { os }), ...(architecture && { architecture }) } }),
      },
    ];
  });
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function recordIn(value: unknown, key: string): object | undefined {
  const part = memberOf(value, key);
  return typeof part === 'object' && part !== null ? part : undefined;
}

function textIn(value: unknown, key: string): string | undefined {
  const part = memberOf(value, key);
  return typeof part === 'string' ? part : undefined;
}

function textsIn(value: object | undefined): Readonly<Record<string, string>> {
  const texts = Object.entries(value ?? {}).filter(([, text]) => typeof text === 'string');
  return Object.fromEntries(texts);
}

function memberOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}
