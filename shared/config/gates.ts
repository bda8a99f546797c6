/**
 * What a config may say of the gates before a release: the scan of an image, who signed it, and requests of
 * our own at the test listener. What is refused, and in which words.
 */
import { createPublicKey } from 'node:crypto';
import * as z from 'zod';
import type { OwnRequests } from '../core/model/rules.ts';
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

/** As a user writes it. */
export interface OwnRequestsInput {
  /** The test listener: `https://test.shop.example:8443`. A name, or an address that the internet reaches. */
  readonly url: string;
  /** Asked by GET, in turn. `status`: any other answer fails; without it only 5xx, and no answer within 2 s. */
  readonly paths: readonly (string | { readonly path: string; readonly status?: number })[];
  /** What a rule of the listener wants to see. No secrets: they stand in your repository. Default none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How many, 20 to 1000. Default 200: 5 % of errors are found in 79 of 100 releases, 25 % in all. */
  readonly count?: number | undefined;
}

const URL_OF =
  "the test listener as the internet reaches it, with scheme and port and no path: 'https://test.shop.example:8443'";
const PATH =
  "a path like '/health', in 1 to 300 characters without spaces, that begins with one slash";
/** Node sets them by itself, whatever is asked for; the host is that of the url. */
const NODES_OWN = ['host', 'connection', 'content-length', 'transfer-encoding', 'expect'];
const HEADER =
  "the name of a header that is not set by Node itself: for a rule by host use that host's name in url";
const VALUE = 'its value, in 1 to 300 characters of ASCII';
/** Of the host of an address: ourselves, a VPC's, a link's. Lambda outside a VPC reaches none of them. */
const NOT_OUTSIDE =
  /^(?:localhost|0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|\[)/;

/** `//` and `/\` would name another host, which the headers would go to. (WHATWG URL, path-relative) */
const path = text(/^\/(?![/\\])[^\s\p{Cc}]{0,299}$/u, PATH);

export const ownRequests = settings("{ url: 'https://test.shop.example:8443', paths: ['/'] }", {
  url: z.string({ error: URL_OF }).max(300, { error: URL_OF }).refine(isOutside, { error: URL_OF }),
  paths: entries(
    z
      .array(
        z.union([path, settings(PATH, { path, status: whole('status', 100, 599).optional() })], {
          error: PATH,
        }),
        { error: 'a list of paths' },
      )
      .min(1, { error: 'at least one path' })
      .max(20, { error: 'at most 20 paths' }),
  ),
  headers: entries(
    z.record(
      text(/^[A-Za-z0-9-]{1,100}$/, HEADER).refine(
        (name) => !NODES_OWN.includes(name.toLowerCase()),
        { error: HEADER },
      ),
      text(/^[\x20-\x7e]{1,300}$/, VALUE),
      { error: HEADER },
    ),
  ).optional(),
  count: whole('requests', 20, 1_000).default(200),
});

function isOutside(written: string): boolean {
  if (!URL.canParse(written)) return false;
  const { protocol, hostname, pathname, search, hash, username, password } = new URL(written);
  const isBare = pathname === '/' && `${search}${hash}${username}${password}` === '';
  return (protocol === 'http:' || protocol === 'https:') && isBare && !NOT_OUTSIDE.test(hostname);
}

export function whatIsSent({
  url,
  paths,
  headers = {},
  count,
}: z.output<typeof ownRequests>): OwnRequests {
  return {
    url,
    headers,
    count,
    paths: paths.map((one) => {
      if (typeof one === 'string') return { path: one };
      const { path, status } = one;
      return status === undefined ? { path } : { path, status };
    }),
  };
}
