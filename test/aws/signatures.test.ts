/** Real keys, real certificates and real signatures: which of them let an image through. */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { ECRClient } from '@aws-sdk/client-ecr';
import { layersFetch, putBlob } from '@slipway/local-cloud/ecr/blobs.ts';
import { LOCAL_KEY, LOCAL_PUBLIC_KEY, signImage } from '@slipway/local-cloud/ecr/cosign.ts';
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { MANIFEST, repositoryNamed } from '@slipway/local-cloud/ecr/state.ts';
import { moveTag, storeImage } from '@slipway/local-cloud/ecr/store.ts';
import type { Call, Fault } from '@slipway/local-cloud/kernel/call.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { emptyWorld } from '@slipway/local-cloud/services.ts';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { createSignatures } from '../../shared/aws/ecr/signatures.ts';
import type { MakeVerifier } from '../../shared/aws/ecr/sigstore.ts';
import type { Image, ImageDigest } from '../../shared/core/model/image.ts';
import type { SignatureRules } from '../../shared/core/model/rules.ts';
import { ownSigstore } from './own-sigstore.ts';
import { listeningLog } from './wire.ts';

const T0 = Date.parse('2026-11-20T10:00:00Z');
const issuer = 'https://token.actions.githubusercontent.com';
const identity = 'https://github.com/acme/shop/.github/workflows/build.yml@refs/heads/main';
const byKey: SignatureRules = { publicKey: LOCAL_PUBLIC_KEY, waitMinutes: 10 };
const byIdentity: SignatureRules = { issuer, identity, waitMinutes: 10 };
const someKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject) => String(key.export({ type: 'spki', format: 'pem' }));
const sigstore = await ownSigstore(new Date(T0));

let world: World;
let image: Image;

beforeEach(() => {
  world = emptyWorld({ now: T0, seed: 9, account: '123456789012', region: 'eu-central-1' });
  const digest = pushImage(world, { repository: 'shop/web', tag: 'main-1' }) as ImageDigest;
  const registry = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';
  image = { registry, repository: 'shop/web', digest, tags: ['main-1'] };
});

/** The port over the local ECR, and what it was asked. */
function port({
  fault = () => 'none' as Fault,
  fetch = layersFetch(world),
  makeVerifier = sigstore.makeVerifier,
  now = () => T0,
}: {
  fault?: (call: Call) => Fault;
  fetch?: typeof globalThis.fetch;
  makeVerifier?: MakeVerifier;
  now?: () => number;
} = {}) {
  const calls: string[] = [];
  const transport = createTransport({
    world,
    fault,
    onCall: ({ operation }) => calls.push(operation),
  });
  const log = listeningLog();
  const client = new ECRClient(clientSettings({ world, transport }));
  return { calls, log, ...createSignatures(client, log, { now, fetch, makeVerifier }) };
}

const payloadOf = (digest: string, type = 'cosign container image signature') =>
  Buffer.from(
    JSON.stringify({
      critical: { image: { 'docker-manifest-digest': digest }, type },
      optional: {},
    }),
  );

/** Under cosign's tag: a payload, with whatever annotations. */
function layBeside(payload: Buffer, annotations: object, tag = '.sig'): void {
  const repository = repositoryNamed(world, 'shop/web');
  const layer = {
    mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
    size: payload.length,
    digest: putBlob(repository, payload.toString()),
    annotations,
  };
  const manifest = JSON.stringify({ schemaVersion: 2, layers: [layer] });
  put(manifest, `${image.digest.replace(':', '-')}${tag}`);
}

function put(manifest: string, tag?: string): string {
  const repository = repositoryNamed(world, 'shop/web');
  const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
  storeImage(world, repository, { digest, mediaType: MANIFEST, manifest });
  if (tag !== undefined) moveTag(repository, tag, digest);
  return digest;
}

async function layKeyless(
  payload: Buffer,
  by = { issuer, identity },
  signer = sigstore,
  at?: Date,
): Promise<void> {
  const { certificate, signature, logEntry } = await signer.signs(payload, by, at);
  layBeside(payload, {
    'dev.cosignproject.cosign/signature': signature,
    'dev.sigstore.cosign/certificate': certificate,
    'dev.sigstore.cosign/bundle': logEntry,
  });
}

const BUNDLE = 'application/vnd.dev.sigstore.bundle.v0.3+json';
const SIGNED = 'https://sigstore.dev/cosign/sign/v1';

/** As cosign 3 signs with a key: a statement in an envelope in a bundle that refers to the image. */
function layBundle({
  key = LOCAL_KEY,
  digest = image.digest as string,
  predicateType = SIGNED,
  told = predicateType,
  size,
}: {
  key?: KeyObject;
  digest?: string;
  predicateType?: string;
  told?: string;
  size?: number;
} = {}): string {
  const statement = JSON.stringify({
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ digest: { sha256: digest.slice('sha256:'.length) } }],
    predicateType,
    predicate: {},
  });
  const type = 'application/vnd.in-toto+json';
  const signed = `DSSEv1 ${type.length} ${type} ${statement.length} ${statement}`;
  const json = JSON.stringify({
    mediaType: BUNDLE,
    verificationMaterial: { publicKey: { hint: 'any' }, tlogEntries: [] },
    dsseEnvelope: {
      payload: Buffer.from(statement).toString('base64'),
      payloadType: type,
      signatures: [{ sig: sign('sha256', Buffer.from(signed), key).toString('base64') }],
    },
  });
  const layer = putBlob(repositoryNamed(world, 'shop/web'), json);
  return put(
    JSON.stringify({
      schemaVersion: 2,
      artifactType: BUNDLE,
      layers: [{ mediaType: BUNDLE, size: size ?? json.length, digest: layer }],
      subject: { mediaType: MANIFEST, digest: image.digest },
      annotations: { 'dev.sigstore.bundle.predicateType': told },
    }),
  );
}

const wrong = (because: string) => ({ state: 'wrong', because: expect.stringContaining(because) });

describe('signed with the configured key', () => {
  test('an image is verified; two calls and one blob', async () => {
    signImage(world, image);
    const signatures = port();
    expect(await signatures.verify(image, byKey)).toEqual({ state: 'verified' });
    expect(signatures.calls).toEqual(['BatchGetImage', 'GetDownloadUrlForLayer']);
  });

  test('once verified it stays so: it is not asked again', async () => {
    signImage(world, image);
    const signatures = port();
    await signatures.verify(image, byKey);
    await signatures.verify(image, byKey);
    expect(signatures.calls).toHaveLength(2);
  });

  test.each([
    ['P-384', generateKeyPairSync('ec', { namedCurve: 'P-384' })],
    ['RSA', generateKeyPairSync('rsa', { modulusLength: 2048 })],
  ])('%s too', async (_, { privateKey, publicKey }) => {
    signImage(world, image, { key: privateKey });
    const rules = { publicKey: pem(publicKey), waitMinutes: 10 };
    expect(await port().verify(image, rules)).toEqual({ state: 'verified' });
  });

  test('a bad signature beside a good one takes nothing away', async () => {
    const payload = payloadOf(image.digest);
    layBeside(payload, { 'dev.cosignproject.cosign/signature': 'AAAA' });
    layBundle();
    expect(await port().verify(image, byKey)).toEqual({ state: 'verified' });
  });

  test('by somebody else it is wrong', async () => {
    signImage(world, image, { key: someKey().privateKey });
    expect(await port().verify(image, byKey)).toEqual(wrong('signature verification failed'));
  });

  test('another image is wrong, however good the signature', async () => {
    signImage(world, image, { signs: `sha256:${'b'.repeat(64)}` });
    expect(await port().verify(image, byKey)).toEqual(wrong('its signature is for another image'));
  });

  test.each([
    ['a payload that says it is something else', payloadOf('x', 'a bill')],
    ['a payload that is no JSON', Buffer.from('hello')],
    ['an empty payload', Buffer.from('{}')],
    ['null', Buffer.from('null')],
  ])('%s is wrong, and nothing breaks', async (_, payload) => {
    const signature = sign('sha256', payload, LOCAL_KEY).toString('base64');
    layBeside(payload, { 'dev.cosignproject.cosign/signature': signature });
    expect((await port().verify(image, byKey)).state).toBe('wrong');
  });

  test.each([[{}], [{ 'dev.cosignproject.cosign/signature': '%%%' }]])(
    'annotations %j are wrong',
    async (annotations) => {
      layBeside(payloadOf(image.digest), annotations);
      expect((await port().verify(image, byKey)).state).toBe('wrong');
    },
  );

  test('a keyless signature is not one of the key', async () => {
    await layKeyless(payloadOf(image.digest));
    expect((await port().verify(image, byKey)).state).toBe('wrong');
  });
});

describe('signed by the configured identity', () => {
  test('an image is verified, and by whom is told', async () => {
    await layKeyless(payloadOf(image.digest));
    expect(await port().verify(image, byIdentity)).toEqual({ state: 'verified', by: identity });
  });

  test.each([
    ['another branch', { issuer, identity: identity.replace('main', 'pr-7') }],
    ['an identity that only begins so', { issuer, identity: `${identity}-evil` }],
    ['an identity that only ends so', { issuer, identity: `https://evil.example/${identity}` }],
    ['a dot is no wildcard', { issuer, identity: identity.replace('github.com', 'githubxcom') }],
    ['another issuer', { issuer: 'https://accounts.example', identity }],
  ])('%s is wrong', async (_, by) => {
    await layKeyless(payloadOf(image.digest), by);
    expect((await port().verify(image, byIdentity)).state).toBe('wrong');
  });

  test('an expression must match the whole of it', async () => {
    await layKeyless(payloadOf(image.digest));
    const rules = (regex: string): SignatureRules => ({ ...byIdentity, identity: { regex } });
    const verify = async (regex: string) => (await port().verify(image, rules(regex))).state;
    expect(await verify('https://github\\.com/acme/.*')).toBe('verified');
    expect(await verify('https://github\\.com/acme/')).toBe('wrong');
    expect(await verify('acme')).toBe('wrong');
    expect(await verify('x|https://github\\.com/.*')).toBe('verified');
  });

  test('a certificate of another authority is wrong', async () => {
    await layKeyless(
      payloadOf(image.digest),
      { issuer, identity },
      await ownSigstore(new Date(T0)),
    );
    expect((await port().verify(image, byIdentity)).state).toBe('wrong');
  });

  test('a signature from after the certificate ended is wrong', async () => {
    const late = new Date('2026-11-20T10:11:00Z');
    await layKeyless(payloadOf(image.digest), { issuer, identity }, sigstore, late);
    expect((await port().verify(image, byIdentity)).state).toBe('wrong');
  });

  test('for another image it is wrong', async () => {
    await layKeyless(payloadOf(`sha256:${'b'.repeat(64)}`));
    expect(await port().verify(image, byIdentity)).toEqual(wrong('for another image'));
  });

  test.each([
    ['without its entry in the log', 'dev.sigstore.cosign/bundle', undefined],
    ['with the entry of another', 'dev.sigstore.cosign/bundle', 'other'],
    ['with an entry that is no JSON', 'dev.sigstore.cosign/bundle', '{'],
    ['without its certificate', 'dev.sigstore.cosign/certificate', undefined],
    ['with a certificate that is none', 'dev.sigstore.cosign/certificate', 'MIIB'],
    ['with a time that is none', 'dev.sigstore.cosign/rfc3161timestamp', '{'],
    [
      'with a time that nobody vouches for',
      'dev.sigstore.cosign/rfc3161timestamp',
      '{"SignedRFC3161Timestamp":"MAA="}',
    ],
  ])('%s it is wrong', async (_, annotation, value) => {
    const payload = payloadOf(image.digest);
    const { certificate, signature, logEntry } = await sigstore.signs(payload, {
      issuer,
      identity,
    });
    const other = (await sigstore.signs(Buffer.from('x'), { issuer, identity })).logEntry;
    const annotations: Record<string, string> = {
      'dev.cosignproject.cosign/signature': signature,
      'dev.sigstore.cosign/certificate': certificate,
      'dev.sigstore.cosign/bundle': logEntry,
    };
    if (value === undefined) delete annotations[annotation];
    else annotations[annotation] = value === 'other' ? other : value;
    layBeside(payload, annotations);
    expect((await port().verify(image, byIdentity)).state).toBe('wrong');
  });

  test('signed with a key it is wrong', async () => {
    signImage(world, image);
    expect(await port().verify(image, byIdentity)).toEqual(wrong('without a certificate'));
  });

  test('roots that do not come make it unknown, and are asked for again', async () => {
    await layKeyless(payloadOf(image.digest));
    let asked = 0;
    const signatures = port({
      makeVerifier: async (options) => {
        asked++;
        if (asked === 1) throw new Error('error refreshing TUF metadata');
        return await sigstore.makeVerifier(options);
      },
    });
    expect(await signatures.verify(image, byIdentity)).toEqual({
      state: 'unknown',
      because: 'Error: error refreshing TUF metadata',
    });
    expect((await signatures.verify(image, byIdentity)).state).toBe('verified');
    expect(asked).toBe(2);
  });

  test('roots are asked for once an hour', async () => {
    await layKeyless(payloadOf(`sha256:${'b'.repeat(64)}`));
    let asked = 0;
    let now = T0;
    const signatures = port({
      now: () => now,
      makeVerifier: (options) => {
        asked++;
        return sigstore.makeVerifier(options);
      },
    });
    for (const minutes of [0, 30, 59, 61]) {
      now = T0 + minutes * 60_000;
      await signatures.verify(image, byIdentity);
    }
    expect(asked).toBe(2);
  });
});

describe('in a bundle that refers to the image', () => {
  test('a signature is found in the list of ECR', async () => {
    layBundle();
    expect(await port().verify(image, byKey)).toEqual({ state: 'verified' });
  });

  test('and by the tag of registries without such a list', async () => {
    const digest = layBundle();
    const repository = repositoryNamed(world, 'shop/web');
    const bundle = repository.images[digest];
    // Nothing refers to the image any more but the index under the tag.
    if (bundle !== undefined) {
      const { subject: _, ...rest } = JSON.parse(bundle.manifest);
      repository.images[digest] = { ...bundle, manifest: JSON.stringify(rest) };
    }
    put(
      JSON.stringify({ manifests: [{ digest, mediaType: MANIFEST, artifactType: BUNDLE }] }),
      image.digest.replace(':', '-'),
    );
    expect(await port().verify(image, byKey)).toEqual({ state: 'verified' });
  });

  test('by somebody else it is wrong', async () => {
    layBundle({ key: someKey().privateKey });
    expect(await port().verify(image, byKey)).toEqual(wrong('signature verification failed'));
  });

  test('for another image it is wrong', async () => {
    layBundle({ digest: `sha256:${'b'.repeat(64)}` });
    expect(await port().verify(image, byKey)).toEqual(wrong('its signature is for another image'));
  });

  const SLSA = 'https://slsa.dev/provenance/v1';

  test('a provenance is no signature, and is not even read', async () => {
    layBundle({ predicateType: SLSA, size: 50_000_000 });
    const signatures = port();
    expect(await signatures.verify(image, byKey)).toEqual({
      state: 'unsigned',
      because: `no signature of Sigstore lies beside it in ECR, only statements (${SLSA})`,
    });
    expect(signatures.calls).not.toContain('GetDownloadUrlForLayer');
  });

  test('what only calls itself a signature is none', async () => {
    layBundle({ predicateType: SLSA, told: SIGNED });
    expect((await port().verify(image, byKey)).state).toBe('unsigned');
  });

  test('one that is too large is not read', async () => {
    layBundle({ size: 1_048_577 });
    const signatures = port();
    expect(await signatures.verify(image, byKey)).toEqual(wrong('it has 1048577 bytes'));
    expect(signatures.calls).not.toContain('GetDownloadUrlForLayer');
  });

  test.each(['{}', 'null', '[]', 'hello', '{"mediaType":"x"}'])('%s is wrong', async (json) => {
    const layer = putBlob(repositoryNamed(world, 'shop/web'), json);
    put(
      JSON.stringify({
        artifactType: BUNDLE,
        layers: [{ mediaType: BUNDLE, size: 2, digest: layer }],
        subject: { digest: image.digest },
      }),
    );
    expect((await port().verify(image, byKey)).state).toBe('wrong');
  });
});

describe('an image beside which nothing lies', () => {
  test('is unsigned', async () => {
    const signatures = port();
    expect(await signatures.verify(image, byKey)).toEqual({
      state: 'unsigned',
      because: 'no signature of Sigstore lies beside it in ECR',
    });
    expect(signatures.calls).toEqual(['BatchGetImage', 'ListImageReferrers']);
  });

  test('is asked for again: it may be signed by then', async () => {
    const signatures = port();
    await signatures.verify(image, byKey);
    signImage(world, image);
    expect(await signatures.verify(image, byKey)).toEqual({ state: 'verified' });
  });

  test('is not signed by what was signed under another tag', async () => {
    layBeside(payloadOf(image.digest), {}, '.att');
    expect((await port().verify(image, byKey)).state).toBe('unsigned');
  });
});

describe('whatever could not be asked is unknown, and never unsigned', () => {
  test.each(['BatchGetImage', 'GetDownloadUrlForLayer'])('%s is throttled', async (operation) => {
    signImage(world, image);
    const signatures = port({
      fault: (call) => (call.operation === operation ? 'throttle' : 'none'),
    });
    expect(await signatures.verify(image, byKey)).toEqual({
      state: 'unknown',
      because: 'ThrottlingException: Rate exceeded',
    });
    expect(signatures.log.lines).toMatchObject([{ level: 'warn' }]);
  });

  test('the list of what refers to it is out of reach', async () => {
    const fault = (call: Call) => (call.operation === 'ListImageReferrers' ? 'timeout' : 'none');
    expect((await port({ fault }).verify(image, byKey)).state).toBe('unknown');
  });

  test.each<[string, typeof fetch]>([
    ['is out of reach', () => Promise.reject(new TypeError('fetch failed'))],
    ['is forbidden', async () => new Response('', { status: 403 })],
    ['comes as something else', async () => new Response('x')],
    ['does not end', async () => new Response('x'.repeat(2_000_000))],
  ])('the blob %s', async (_, fetch) => {
    signImage(world, image);
    const { state, ...rest } = await port({ fetch }).verify(image, byKey);
    expect(state).toBe('unknown');
    // The address is signed: who has it can read.
    expect(JSON.stringify(rest)).not.toContain('https://');
  });

  test('a wrong signature beside one that could not be read decides nothing', async () => {
    signImage(world, image, { key: someKey().privateKey });
    layBundle();
    const fault = (call: Call) => (call.operation === 'ListImageReferrers' ? 'throttle' : 'none');
    expect((await port({ fault }).verify(image, byKey)).state).toBe('unknown');
  });
});

describe('whoever may push may lay down thousands of signatures', () => {
  const junk = (from: number, count: number) =>
    Array.from({ length: count }, (_, i) => payloadOf(`sha256:${from + i}`));

  function layMany(count: number): void {
    const repository = repositoryNamed(world, 'shop/web');
    const layers = junk(0, count).map((payload) => ({
      mediaType: 'application/vnd.dev.cosign.simplesigning.v1+json',
      size: payload.length,
      digest: putBlob(repository, payload.toString()),
      annotations: { 'dev.cosignproject.cosign/signature': 'AAAA' },
    }));
    put(JSON.stringify({ schemaVersion: 2, layers }), `${image.digest.replace(':', '-')}.sig`);
    for (let i = 0; i < count; i++) layBundle({ digest: `sha256:${String(i).padStart(64, '0')}` });
  }

  test('twenty are looked into, of all kinds together', async () => {
    layMany(20);
    const { calls, verify } = port();
    expect(await verify(image, byKey)).toEqual({
      state: 'wrong',
      because: 'more than 20 signatures lie beside it, and of so many none is good',
    });
    expect(calls.filter((call) => call === 'GetDownloadUrlForLayer')).toHaveLength(20);
  });

  test('for ten seconds: then it is not known, and that never lets it through', async () => {
    layMany(5);
    let now = T0;
    const slow: typeof fetch = async (...args) => {
      now += 4_000;
      return await layersFetch(world)(...args);
    };
    const { verify } = port({ now: () => now, fetch: slow });
    expect(await verify(image, byKey)).toEqual({
      state: 'unknown',
      because: 'Error: 3 signatures beside it took more than 10 s',
    });
  });

  test('and targets that wait for one image ask together', async () => {
    layBundle();
    const { calls, verify } = port();
    const all = await Promise.all([1, 2, 3].map(() => verify(image, byKey)));
    expect(all.map(({ state }) => state)).toEqual(['verified', 'verified', 'verified']);
    expect(calls.filter((call) => call === 'GetDownloadUrlForLayer')).toHaveLength(1);
  });
});
