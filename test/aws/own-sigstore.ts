/**
 * A Sigstore of our own: sigstore-js's mock of the authority that vouches for an identity in a
 * certificate, of the log of certificates and of the log of signatures; and a verifier that trusts these.
 */
import {
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { bundleFromJSON } from '@sigstore/bundle';
import { X509Certificate } from '@sigstore/core';
import { initializeCA, initializeCTLog, initializeTLog } from '@sigstore/mock';
import { type TrustMaterial, toSignedEntity, Verifier } from '@sigstore/verify';
import { vi } from 'vitest';
import type { MakeVerifier } from '../../shared/aws/ecr/sigstore.ts';

/** An entry in Rekor's answer; the types of that are in a package that the mock does not bring. */
interface Logged {
  readonly body: string;
  readonly integratedTime: number;
  readonly logID: string;
  readonly logIndex: number;
  readonly verification: { readonly signedEntryTimestamp: string };
}

const ALWAYS = { start: new Date(0), end: new Date('2100-01-01T00:00:00Z') };
/** Fulcio's issuer, version 2. */
const ISSUER = '1.3.6.1.4.1.57264.1.8';

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();
const spki = (key: KeyObject) => key.export({ type: 'spki', format: 'der' });

export interface SignedBy {
  readonly issuer: string;
  readonly identity: string;
}

export interface Keyless {
  /** PEM. */
  readonly certificate: string;
  readonly signature: string;
  /** cosign's annotation `dev.sigstore.cosign/bundle`. */
  readonly logEntry: string;
}

/** Two of them trust one another in nothing. Certificates live for ten minutes, from `now` on. */
export async function ownSigstore(now: Date) {
  const logKey = pair();
  const ctLog = await initializeCTLog(pair(), now);
  const authority = await authorityAt(now, ctLog);
  const trust: TrustMaterial = {
    certificateAuthorities: [
      {
        certChain: [X509Certificate.parse(bytesOf(authority.rootCertificate))],
        validFor: ALWAYS,
      },
    ],
    timestampAuthorities: [],
    tlogs: [logOf(spki(logKey.publicKey))],
    ctlogs: [logOf(ctLog.publicKey)],
    publicKey: () => {
      throw new Error('no keys here');
    },
  };

  /** Signs a payload with a key that lives for ten minutes; the log has seen it `at` that time. */
  async function signs(
    payload: Buffer,
    { issuer, identity }: SignedBy,
    at = now,
  ): Promise<Keyless> {
    const key = pair();
    const leaf = await authority.issueCertificate({
      publicKey: spki(key.publicKey),
      subjectAltName: identity,
      extensions: [{ oid: ISSUER, value: issuer }],
    });
    const certificate = pemOf(bytesOf(leaf));
    const signature = sign('sha256', payload, key.privateKey).toString('base64');
    const log = await initializeTLog('https://log.example', logKey, at);
    const logged = await log.log({
      apiVersion: '0.0.1',
      kind: 'hashedrekord',
      spec: {
        data: { hash: { algorithm: 'sha256', value: sha256(payload).toString('hex') } },
        signature: {
          content: signature,
          publicKey: { content: Buffer.from(certificate).toString('base64') },
        },
      },
    });
    return { certificate, signature, logEntry: annotationOf(logged) };
  }

  /** In place of `createVerifier` of sigstore, which asks the network for its roots. */
  const makeVerifier: MakeVerifier = async ({ certificateIssuer, certificateIdentityURI }) => {
    const verifier = new Verifier(trust);
    const policy = {
      ...(certificateIdentityURI && { subjectAlternativeName: certificateIdentityURI }),
      ...(certificateIssuer && { extensions: { issuer: certificateIssuer } }),
    };
    return {
      verify: (bundle, data) =>
        verifier.verify(toSignedEntity(bundleFromJSON(bundle), data), policy),
    };
  };
  return { signs, makeVerifier };
}

/** Its root is valid for a year from the moment that the clock shows: the mock takes no other. */
async function authorityAt(now: Date, ctLog: Awaited<ReturnType<typeof initializeCTLog>>) {
  vi.useFakeTimers({ now, toFake: ['Date'] });
  try {
    return await initializeCA(pair(), ctLog, now);
  } finally {
    vi.useRealTimers();
  }
}

function logOf(publicKey: Buffer): TrustMaterial['tlogs'][number] {
  const key = createPublicKey({ key: publicKey, format: 'der', type: 'spki' });
  return { logID: sha256(publicKey), baseURL: '', publicKey: key, validFor: ALWAYS };
}

/** What Rekor answers, as cosign keeps it. */
function annotationOf(answer: Readonly<Record<string, Logged>>): string {
  const [entry] = Object.values(answer);
  if (entry === undefined) throw new Error('the log kept nothing');
  const { body, integratedTime, logID, logIndex, verification } = entry;
  return JSON.stringify({
    SignedEntryTimestamp: verification.signedEntryTimestamp,
    // Its promise holds for these alone.
    Payload: { body, integratedTime, logIndex, logID },
  });
}

function bytesOf(view: ArrayBufferView<ArrayBuffer>): Buffer<ArrayBuffer> {
  return Buffer.from(view.buffer, view.byteOffset, view.byteLength);
}

function pemOf(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
}
