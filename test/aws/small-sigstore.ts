/**
 * A Sigstore of our own: an authority that vouches for an identity in a certificate, a log that promises
 * entries, and a verifier that trusts these two. What it leaves out is the log of the certificates (SCT).
 */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { bundleFromJSON } from '@sigstore/bundle';
import { X509Certificate } from '@sigstore/core';
import { type TrustMaterial, toSignedEntity, Verifier } from '@sigstore/verify';
import type { MakeVerifier } from '../../shared/aws/ecr/sigstore.ts';
import { bits, der, integer, octets, oid, sequence, time, utf8, yes } from './der.ts';

const ISSUED = new Date('2026-11-20T10:00:00Z');
const ENDS = new Date('2026-11-20T10:10:00Z');
const ALWAYS = { start: new Date(0), end: new Date('2100-01-01T00:00:00Z') };
const ECDSA = sequence(oid('1.2.840.10045.4.3.2'));

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

/** Two of them trust one another in nothing. */
export function smallSigstore() {
  const root = pair();
  const log = pair();
  const logId = sha256(spki(log.publicKey));
  const authority = certificate({
    subject: 'small authority',
    key: root.publicKey,
    by: root.privateKey,
    validity: ALWAYS,
    // basicConstraints, critical: it is an authority.
    extensions: [extension('2.5.29.19', sequence(yes), yes)],
  });
  const trust: TrustMaterial = {
    certificateAuthorities: [{ certChain: [X509Certificate.parse(authority)], validFor: ALWAYS }],
    timestampAuthorities: [],
    tlogs: [{ logID: logId, baseURL: '', publicKey: log.publicKey, validFor: ALWAYS }],
    ctlogs: [],
    publicKey: () => {
      throw new Error('no keys here');
    },
  };

  /** Signs a payload with a key that lives for ten minutes, `at` that time. */
  function signs(payload: Buffer, { issuer, identity }: SignedBy, at = ISSUED): Keyless {
    const key = pair();
    const leaf = certificate({
      subject: '',
      key: key.publicKey,
      by: root.privateKey,
      validity: { start: ISSUED, end: ENDS },
      extensions: [
        // subjectAltName: a URI.
        extension('2.5.29.17', sequence(der(0x86, Buffer.from(identity)))),
        // Fulcio's issuer, version 2.
        extension('1.3.6.1.4.1.57264.1.8', utf8(issuer)),
      ],
    });
    const signature = sign('sha256', payload, key.privateKey).toString('base64');
    const pem = `-----BEGIN CERTIFICATE-----\n${leaf.toString('base64')}\n-----END CERTIFICATE-----\n`;
    const body = Buffer.from(
      JSON.stringify({
        apiVersion: '0.0.1',
        kind: 'hashedrekord',
        spec: {
          data: { hash: { algorithm: 'sha256', value: sha256(payload).toString('hex') } },
          signature: {
            content: signature,
            publicKey: { content: Buffer.from(pem).toString('base64') },
          },
        },
      }),
    ).toString('base64');
    // In the order of canonical JSON.
    const promised = {
      body,
      integratedTime: at.getTime() / 1000,
      logID: logId.toString('hex'),
      logIndex: 7,
    };
    const promise = sign('sha256', Buffer.from(JSON.stringify(promised)), log.privateKey);
    return {
      certificate: pem,
      signature,
      logEntry: JSON.stringify({
        SignedEntryTimestamp: promise.toString('base64'),
        Payload: promised,
      }),
    };
  }

  /** In place of `createVerifier` of sigstore, which asks the network for its roots. */
  const makeVerifier: MakeVerifier = async ({ certificateIssuer, certificateIdentityURI }) => {
    const verifier = new Verifier(trust, { ctlogThreshold: 0 });
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

interface CertificateParts {
  readonly subject: string;
  readonly key: KeyObject;
  readonly by: KeyObject;
  readonly validity: { readonly start: Date; readonly end: Date };
  readonly extensions: readonly Uint8Array[];
}

/** X.509, version 3; the issuer is always the same. RFC 5280. */
function certificate({ subject, key, by, validity, extensions }: CertificateParts) {
  const tbs = sequence(
    der(0xa0, integer(2)),
    integer(1),
    ECDSA,
    nameOf('small authority'),
    sequence(time(validity.start), time(validity.end)),
    nameOf(subject),
    spki(key),
    der(0xa3, sequence(...extensions)),
  );
  return sequence(tbs, ECDSA, bits(sign('sha256', tbs, by)));
}

function nameOf(commonName: string) {
  return commonName === ''
    ? sequence()
    : sequence(der(0x31, sequence(oid('2.5.4.3'), utf8(commonName))));
}

function extension(id: string, value: Uint8Array, ...critical: readonly Uint8Array[]) {
  return sequence(oid(id), ...critical, octets(value));
}
