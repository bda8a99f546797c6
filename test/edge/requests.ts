/** Deliveries of GitHub as Lambda gets them: the samples, and any body, signed as GitHub signs it. */
import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';

/** Of GitHub's documentation. */
export const SECRET = "It's a Secret to Everybody";
export const DELIVERY = '72d3162e-cc78-11e3-81ab-4c9367dc0958';

export interface Gateway {
  readonly headers: Readonly<Record<string, string>>;
  readonly requestContext: { readonly http: { readonly method: string } };
  readonly body?: string;
  readonly isBase64Encoded: boolean;
}

const folder = new URL('../../events/', import.meta.url);

export const githubSamples = readdirSync(folder).filter((file) => /^github-.*\.json$/.test(file));

export function sample(file: string): Gateway {
  return JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
}

/** The payload in a sample, however it is packed. */
export function payloadOf(file: string): Record<string, unknown> {
  const { body = '', isBase64Encoded } = sample(file);
  const text = isBase64Encoded ? Buffer.from(body, 'base64').toString() : body;
  return JSON.parse(text.startsWith('{') ? text : (new URLSearchParams(text).get('payload') ?? ''));
}

export function signatureOf(bytes: string | Uint8Array, secret = SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(bytes).digest('hex')}`;
}

interface Packing {
  readonly door?: 'http-api' | 'function-url';
  readonly base64?: boolean;
  readonly secret?: string;
  /** Over the sample's; `undefined` takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
}

/** A body on its way: the signature is that of its bytes, unless the headers say something else. */
export function delivered(body: string | Uint8Array, packing: Packing = {}): Gateway {
  const { door = 'http-api', base64 = typeof body !== 'string', secret, headers = {} } = packing;
  const at = sample(door === 'http-api' ? 'github-push.json' : 'github-push-function-url.json');
  const all = { ...at.headers, 'x-hub-signature-256': signatureOf(body, secret), ...headers };
  return {
    ...at,
    headers: Object.fromEntries(
      Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined),
    ),
    body: base64 ? Buffer.from(body).toString('base64') : String(body),
    isBase64Encoded: base64,
  };
}

/** The ordinary push of the samples, with other values at its top. */
export function push(changes: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { ...payloadOf('github-push-branch.json'), ...changes };
}

export function formOf(json: string): string {
  return new URLSearchParams({ payload: json }).toString();
}
