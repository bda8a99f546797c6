/**
 * What a config may say of the gates before a release: the scan of an image, and who signed it.
 * What is refused, and in which words.
 */
import { createPublicKey } from 'node:crypto';
import * as z from 'zod';
import { entries, oneOf, settings, text, whole } from './settings.ts';

/** The exceptions and the key stand in the record, which has to stay small. */
const EXCEPTIONS_MAX = 30;
const KEY_MAX = 1_000;
const IDENTITY_MAX = 300;

const exception = settings("{ id: 'CVE-2026-1234', until: '2026-12-31', because: 'why' }", {
  id: text(
    /^[A-Za-z0-9][A-Za-z0-9._:-]{0,39}$/,
    "the id of a finding, like 'CVE-2026-1234': 1 to 40 letters, digits and . _ : -",
  ),
  until: z.iso.date({ error: "its last day, UTC, like '2026-12-31'" }),
  because: text(/^(?=.*\S).{1,100}$/, 'why it is let through, in 1 to 100 characters'),
});

export const scan = settings("{ highest: 'MEDIUM' }", {
  highest: oneOf(['NONE', 'INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH', 'CRITICAL']),
  except: entries(
    z
      .array(exception, { error: 'a list of exceptions' })
      .max(EXCEPTIONS_MAX, {
        error: `at most ${EXCEPTIONS_MAX} exceptions: more belong into the suppression rules of Inspector`,
      })
      .refine((all) => new Set(all.map(({ id }) => id)).size === all.length, {
        error: 'each finding once',
      }),
  ).default([]),
  waitMinutes: whole('minutes', 1, 1440).default(30),
  afterWait: oneOf(['refuse', 'proceed', 'ask']).default('ask'),
  notOlderThanDays: whole('days', 1, 365).optional(),
});

const PUBLIC_KEY =
  "an ECDSA or RSA public key in PEM, '-----BEGIN PUBLIC KEY-----…', as `cosign public-key` prints it";
const ISSUER =
  "who vouches for the signer, like 'https://token.actions.githubusercontent.com': https and at most 200 characters";
const IDENTITY =
  "who signs, as the certificate has it, like 'https://github.com/acme/shop/.github/workflows/build.yml@refs/heads/main', or { regex: '…' } for the whole of it";
const REGEX = `a regular expression of 1 to ${IDENTITY_MAX} characters`;

export const signature = settings(
  "{ publicKey: '-----BEGIN PUBLIC KEY-----…' } or { issuer: 'https://…', identity: 'https://…' }",
  {
    publicKey: z
      .string({ error: PUBLIC_KEY })
      .max(KEY_MAX, { error: PUBLIC_KEY })
      .refine(isPublicKey, { error: PUBLIC_KEY })
      .optional(),
    issuer: text(/^https:\/\/[^\s\p{Cc}]{1,192}$/u, ISSUER).optional(),
    identity: z
      .union(
        [
          text(/^[^\s\p{Cc}]{1,300}$/u, IDENTITY),
          settings(IDENTITY, {
            regex: z
              .string({ error: REGEX })
              .min(1, { error: REGEX })
              .max(IDENTITY_MAX, { error: REGEX })
              .refine(compiles, { error: `${REGEX} that compiles` }),
          }),
        ],
        { error: IDENTITY },
      )
      .optional(),
    waitMinutes: whole('minutes', 0, 1440).default(10),
  },
).refine(
  ({ publicKey, issuer, identity }) =>
    publicKey === undefined
      ? issuer !== undefined && identity !== undefined
      : issuer === undefined && identity === undefined,
  { error: 'either publicKey, or issuer and identity' },
);

/** The curves and the scheme that are verified; no private key, whose owner would want to know. */
function isPublicKey(pem: string): boolean {
  if (!pem.trimStart().startsWith('-----BEGIN PUBLIC KEY-----')) return false;
  try {
    return ['ec', 'rsa'].includes(createPublicKey(pem).asymmetricKeyType ?? '');
  } catch {
    return false;
  }
}

function compiles(source: string): boolean {
  try {
    new RegExp(source);
    return true;
  } catch {
    return false;
  }
}
