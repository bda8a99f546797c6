/** Where in ECR the signatures of an image lie; what they are worth is not judged here. */
import { type ECRClient, ListImageReferrersCommand } from '@aws-sdk/client-ecr';
import type { Image, ImageDigest } from '../../core/model/image.ts';
import { named } from './address.ts';
import { type Descriptor, getManifests, type Manifest } from './manifests.ts';

/** cosign, specs/SIGNATURE_SPEC.md. */
const PAYLOAD = 'application/vnd.dev.cosign.simplesigning.v1+json';
/** cosign, specs/BUNDLE_SPEC.md: the media type of the bundle, and of what refers to the image. */
const BUNDLE = 'application/vnd.dev.sigstore.bundle';
/** In the annotations of a manifest with a bundle: what is stated. Whether it is true shows when it is read. */
export const PREDICATE = 'dev.sigstore.bundle.predicateType';
/** What `cosign sign` states; other predicates are attestations, and may be large. */
export const SIGNED = 'https://sigstore.dev/cosign/sign/v1';
/** Beside an image lie at most so many that are looked into: the newest, which come last. */
const SIGNATURES_MAX = 20;
const REFERRER_PAGES_MAX = 3;

/**
 * The layers that hold signatures: under cosign's tag, then those that refer to the image, by ECR's
 * own list or by the tag of registries without one (OCI distribution specification, "Referrers tag
 * schema"). A digest is signed, so of a multi-arch image it is the index.
 */
export async function* signaturesOf(client: ECRClient, image: Image): AsyncGenerator<Descriptor> {
  const tag = image.digest.replace(':', '-');
  const tagged = await getManifests(client, image, [{ imageTag: `${tag}.sig` }, { imageTag: tag }]);
  for (const { manifest } of tagged) yield* layersIn(manifest, PAYLOAD);
  const listed = tagged.flatMap(({ manifest }) => manifest.manifests.filter(isSignature));
  const referring = await referrersOf(client, image);
  const digests = [...new Set([...listed.map(({ digest }) => digest), ...referring])];
  const imageIds = digests.slice(-SIGNATURES_MAX).map((imageDigest) => ({ imageDigest }));
  for (const { manifest } of await getManifests(client, image, imageIds)) {
    const { annotations } = manifest;
    for (const layer of layersIn(manifest, BUNDLE)) yield { ...layer, annotations };
  }
}

function layersIn({ layers }: Manifest, mediaType: string): readonly Descriptor[] {
  return layers.filter((layer) => layer.mediaType.startsWith(mediaType)).slice(-SIGNATURES_MAX);
}

function isSignature({ artifactType = '' }: Descriptor): boolean {
  return isBundle(artifactType);
}

export function isBundle(mediaType: string): boolean {
  return mediaType.startsWith(BUNDLE);
}

async function referrersOf(client: ECRClient, image: Image): Promise<readonly ImageDigest[]> {
  const digests: ImageDigest[] = [];
  let nextToken: string | undefined;
  for (let page = 0; page < REFERRER_PAGES_MAX; page++) {
    const answer = await client.send(
      new ListImageReferrersCommand({
        ...named(image),
        subjectId: { imageDigest: image.digest },
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    for (const { digest, artifactType = '' } of answer.referrers ?? []) {
      if (digest !== undefined && isBundle(artifactType)) digests.push(digest as ImageDigest);
    }
    nextToken = answer.nextToken;
    if (nextToken === undefined) break;
  }
  return digests;
}
