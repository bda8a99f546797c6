/**
 * Whether one signature holds, by Sigstore's own libraries. They are heavy: only `signatures.ts` loads
 * this file, and only when a target asks for signatures. What is signed is read here too, since a good
 * signature over another image is none.
 */
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleFromJSON, toMessageSignatureBundle } from '@sigstore/bundle';
import { crypto } from '@sigstore/core';
import { type SignedEntity, toSignedEntity, Verifier } from '@sigstore/verify';
import type { Bundle, BundleVerifier, VerifyOptions } from 'sigstore';
import { defined } from '../../core/model/defined.ts';
import type { ImageDigest } from '../../core/model/image.ts';
import type { SignatureRules } from '../../core/model/rules.ts';
import { says } from '../refusal.ts';
import { SIGNED } from './signature-layers.ts';

/** As it lies in the registry. */
export type FoundSignature =
  /** cosign's "simple signing": a payload, and the rest in annotations of its layer. */
  | {
      readonly kind: 'payload';
      readonly payload: Buffer;
      readonly annotations: Readonly<Record<string, string>>;
    }
  /** A bundle of Sigstore, which cosign writes by default from version 3 on. */
  | { readonly kind: 'bundle'; readonly json: Buffer };

export type Verdict =
  | { readonly is: 'good'; readonly by?: string }
  | { readonly is: 'wrong'; readonly because: string }
  /** It states something about the image, and is not a signature of it. */
  | { readonly is: 'statement'; readonly about: string };

/** Whether `found` is a signature of this image, by whom the rules name. Does not throw. */
export type Check = (found: FoundSignature, digest: ImageDigest) => Verdict;

/** Sigstore's own, or that of a test. */
export type MakeVerifier = (options: VerifyOptions) => Promise<BundleVerifier>;

/** cosign, specs/SIGNATURE_SPEC.md and pkg/oci/static. */
const SIGNATURE = 'dev.cosignproject.cosign/signature';
const CERTIFICATE = 'dev.sigstore.cosign/certificate';
const LOG_ENTRY = 'dev.sigstore.cosign/bundle';
const TIMESTAMP = 'dev.sigstore.cosign/rfc3161timestamp';
const PAYLOAD_TYPE = 'cosign container image signature';
const STATEMENT_TYPE = 'application/vnd.in-toto+json';

/** A key is the whole trust: no certificate, no log and no timestamp is asked. */
export function checkByKey(publicKey: string): Check {
  const key = crypto.createPublicKey(publicKey);
  const nobody = {
    certificateAuthorities: [],
    timestampAuthorities: [],
    tlogs: [],
    ctlogs: [],
    publicKey: () => ({ publicKey: key, validFor: () => true }),
  };
  const none = { tlogThreshold: 0, ctlogThreshold: 0, timestampThreshold: 0 };
  const verifier = new Verifier(nobody, none);
  const verify = (entity: SignedEntity) => {
    const key = { $case: 'public-key', hint: '' } as const;
    verifier.verify({ ...entity, key, tlogEntries: [], timestamps: [] });
    return undefined;
  };
  return (found, digest) =>
    judged(found, digest, () => {
      if (found.kind === 'bundle') return verify(toSignedEntity(bundleFromJSON(jsonIn(found))));
      const { payload, annotations } = found;
      const signature = Buffer.from(annotations[SIGNATURE] ?? '', 'base64');
      const bundle = toMessageSignatureBundle({ digest: sha256(payload), signature });
      return verify(toSignedEntity(bundle, payload));
    });
}

/**
 * A certificate of Sigstore's public instance, in its transparency log. The roots come by TUF from
 * `tuf-repo-cdn.sigstore.dev`; throws when they do not.
 */
export async function checkByIdentity(
  { issuer, identity }: Extract<SignatureRules, { issuer: string }>,
  make?: MakeVerifier,
): Promise<Check> {
  // With all that asks for roots, four times the rest: a key needs none of it.
  const verifierFor = make ?? (await import('sigstore')).createVerifier;
  const verifier = await verifierFor({
    certificateIssuer: issuer,
    // The library takes it for an expression that may match anywhere.
    certificateIdentityURI: wholly(identity),
    // The only place where a Lambda may write.
    tufCachePath: join(tmpdir(), 'slipway-sigstore'),
    retry: { retries: 1 },
    timeout: 4_000,
  });
  return (found, digest) =>
    judged(found, digest, () => {
      const signer =
        found.kind === 'bundle'
          ? verifier.verify(jsonIn(found) as Bundle)
          : verifier.verify(asBundle(found), found.payload);
      return signer.identity?.subjectAlternativeName;
    });
}

function judged(
  found: FoundSignature,
  digest: ImageDigest,
  verify: () => string | undefined,
): Verdict {
  try {
    const signed = found.kind === 'payload' ? inPayload(found.payload) : inStatement(found);
    if ('about' in signed) return { is: 'statement', ...signed };
    const by = verify();
    if (!signed.digests.includes(digest)) {
      return { is: 'wrong', because: 'its signature is for another image' };
    }
    return defined({ is: 'good', by });
  } catch (error) {
    // Whatever is wrong with it: who may push wrote it.
    return { is: 'wrong', because: says(error) };
  }
}

type Signed = { readonly digests: readonly string[] } | { readonly about: string };

function inPayload(payload: Buffer): Signed {
  const { critical } = JSON.parse(payload.toString()) as {
    critical?: { type?: unknown; image?: { 'docker-manifest-digest'?: unknown } };
  };
  if (critical?.type !== PAYLOAD_TYPE) throw new Error(`the payload is no "${PAYLOAD_TYPE}"`);
  return { digests: [String(critical.image?.['docker-manifest-digest'])] };
}

function inStatement(found: Extract<FoundSignature, { kind: 'bundle' }>): Signed {
  const { content } = bundleFromJSON(jsonIn(found));
  if (content.$case !== 'dsseEnvelope') throw new Error('the bundle holds no statement');
  const { payloadType, payload } = content.dsseEnvelope;
  if (payloadType !== STATEMENT_TYPE) throw new Error(`the bundle holds no ${STATEMENT_TYPE}`);
  const { predicateType, subject } = JSON.parse(payload.toString()) as {
    predicateType?: unknown;
    subject?: readonly { digest?: { sha256?: unknown } }[];
  };
  if (predicateType !== SIGNED) return { about: String(predicateType).slice(0, 100) };
  return { digests: (subject ?? []).map(({ digest }) => `sha256:${String(digest?.sha256)}`) };
}

function jsonIn({ json }: Extract<FoundSignature, { kind: 'bundle' }>): unknown {
  return JSON.parse(json.toString());
}

/** cosign's annotations as a bundle of version 0.1, whose log entries come with a promise. */
function asBundle(found: Extract<FoundSignature, { kind: 'payload' }>): Bundle {
  const { annotations, payload } = found;
  const {
    [SIGNATURE]: signature = '',
    [CERTIFICATE]: certificate,
    [TIMESTAMP]: time,
  } = annotations;
  if (certificate === undefined) throw new Error('it is signed without a certificate');
  const stamp = time === undefined ? undefined : JSON.parse(time).SignedRFC3161Timestamp;
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.1',
    verificationMaterial: {
      x509CertificateChain: { certificates: [{ rawBytes: derOf(certificate) }] },
      tlogEntries: logEntries(annotations[LOG_ENTRY]),
      timestampVerificationData: {
        rfc3161Timestamps: stamp === undefined ? [] : [{ signedTimestamp: String(stamp) }],
      },
    },
    messageSignature: {
      messageDigest: { algorithm: 'SHA2_256', digest: sha256(payload).toString('base64') },
      signature,
    },
  } as unknown as Bundle;
}

/** `{ SignedEntryTimestamp, Payload: { body, integratedTime, logIndex, logID } }`, as Rekor signed it. */
function logEntries(annotation: string | undefined) {
  if (annotation === undefined) return [];
  const { SignedEntryTimestamp, Payload } = JSON.parse(annotation);
  const { kind, apiVersion } = JSON.parse(Buffer.from(Payload.body, 'base64').toString());
  return [
    {
      logIndex: String(Payload.logIndex),
      logId: { keyId: Buffer.from(String(Payload.logID), 'hex').toString('base64') },
      kindVersion: { kind, version: apiVersion },
      integratedTime: String(Payload.integratedTime),
      inclusionPromise: { signedEntryTimestamp: SignedEntryTimestamp },
      canonicalizedBody: Payload.body,
    },
  ];
}

function derOf(pem: string): string {
  return pem.replaceAll(/-----(BEGIN|END) CERTIFICATE-----|\s/g, '');
}

function sha256(bytes: Buffer): Buffer {
  return createHash('sha256').update(bytes).digest();
}

function wholly(identity: string | { readonly regex: string }): string {
  if (typeof identity !== 'string') return `^(?:${identity.regex})$`;
  return `^${identity.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}$`;
}
