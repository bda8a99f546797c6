/**
 * The local `cosign sign --key`: a signature beside an image, with a key that is made from a name, so
 * that everybody has it and nobody trusts it. Its public half is `LOCAL_PUBLIC_KEY`.
 */
import {
  createECDH,
  createHash,
  createPrivateKey,
  createPublicKey,
  type KeyObject,
  sign,
} from 'node:crypto';
import { randomHex } from '../kernel/random.ts';
import { schedule } from '../kernel/timers.ts';
import type { World } from '../kernel/world.ts';
import { putBlob } from './blobs.ts';
import { emitImageAction } from './events.ts';
import { MANIFEST, repositoryNamed } from './state.ts';
import { moveTag, storeImage } from './store.ts';

/** A build signs what it has pushed. */
const SIGNS_MS = 5_000;

/** P-256, the private number being the hash of a name: anybody may sign with it, so trust it nowhere. */
export const LOCAL_KEY = keyNamed('the local key of Slipway, for trying it out');

export const LOCAL_PUBLIC_KEY = String(
  createPublicKey(LOCAL_KEY).export({ type: 'spki', format: 'pem' }),
);

interface Signed {
  readonly repository: string;
  readonly digest: string;
}

export function signLater(world: World, { repository, digest }: Signed): void {
  schedule(world, world.now + SIGNS_MS, 'ecr.sign', { repository, digest });
}

export const cosignTimers = {
  'ecr.sign': (world: World, { repository, digest }: Record<string, unknown>): void => {
    signImage(world, { repository: String(repository), digest: String(digest) });
  },
};

/**
 * cosign, specs/SIGNATURE_SPEC.md: the payload is a blob, its signature an annotation of the layer,
 * and the manifest has the tag `sha256-<hex>.sig`.
 */
export function signImage(
  world: World,
  { repository: name, digest }: Signed,
  { key = LOCAL_KEY, signs = digest }: { readonly key?: KeyObject; readonly signs?: string } = {},
): void {
  const repository = repositoryNamed(world, name);
  const payload = JSON.stringify({
    critical: {
      identity: {
        'docker-reference': `${world.account}.dkr.ecr.${world.region}.amazonaws.com/${name}`,
      },
      image: { 'docker-manifest-digest': signs },
      type: 'cosign container image signature',
    },
    optional: null,
  });
  const layer = {
    mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
    size: payload.length,
    digest: putBlob(repository, payload),
    annotations: {
      'dev.cosignproject.cosign/signature': sign('sha256', Buffer.from(payload), key).toString(
        'base64',
      ),
    },
  };
  putSigned(world, name, `${digest.replace(':', '-')}.sig`, {
    schemaVersion: 2,
    mediaType: MANIFEST,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json' },
    layers: [layer],
  });
}

/** Its digest is drawn: ECDSA signs the same twice as two, and the same seed must give the same log. */
function putSigned(world: World, name: string, tag: string, manifest: object): void {
  const repository = repositoryNamed(world, name);
  const digest = `sha256:${randomHex(world, 64)}`;
  storeImage(world, repository, {
    digest,
    mediaType: MANIFEST,
    manifest: JSON.stringify(manifest),
  });
  moveTag(repository, tag, digest);
  emitImageAction(world, name, { digest, tag, action: 'PUSH' });
}

function keyNamed(name: string): KeyObject {
  const d = createHash('sha256').update(name).digest();
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(d);
  // 04, x, y.
  const point = curve.getPublicKey();
  const part = (bytes: Buffer) => bytes.toString('base64url');
  return createPrivateKey({
    key: {
      kty: 'EC',
      crv: 'P-256',
      d: part(d),
      x: part(point.subarray(1, 33)),
      y: part(point.subarray(33)),
    },
    format: 'jwk',
  });
}
