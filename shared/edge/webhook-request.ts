/**
 * A request as Lambda gets it from a function URL or an HTTP API, both in payload format 2.0: how
 * much of it is taken, and the exact text that was signed. Nothing of the body is read here.
 * https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
 */
import * as z from 'zod/mini';

/**
 * GitHub sends up to 25 MB, but Lambda takes no event above 6 MB. A push of 2,048 commits with their
 * usual messages and paths is about one.
 */
export const WEBHOOK_BYTES_MAX = 5 * 1024 * 1024;

export interface WebhookRequest {
  readonly kind: 'request';
  /**
   * The body, so that encoding it as UTF-8 gives the very bytes that came; absent when no text does
   * that. GitHub sends UTF-8 only, so such a body is not GitHub's.
   */
  readonly text?: string;
  readonly contentType?: string;
  readonly event?: string;
  readonly delivery?: string;
  readonly signature?: string;
}

/** A request that is not taken. */
export interface Refused {
  readonly kind: 'refused';
  readonly status: 400 | 401 | 405 | 413;
  /** What the sender is told; of a signature, nothing. */
  readonly message: string;
  /** What our log is told. */
  readonly because: string;
}

export function refused(status: Refused['status'], message: string, because = message): Refused {
  return { kind: 'refused', status, message, because };
}

const gatewayEvent = z.object({
  requestContext: z.object({ http: z.object({ method: z.string() }) }),
  headers: z.custom<object>((value) => typeof value === 'object' && value !== null),
  body: z.optional(z.string()),
  isBase64Encoded: z.optional(z.boolean()),
});

/** What is no request at all is refused like a request that cannot be read. Never throws. */
export function readRequest(input: unknown): WebhookRequest | Refused {
  const parsed = z.safeParse(gatewayEvent, input);
  if (!parsed.success) {
    return refused(400, 'this is no request of a function URL or an HTTP API');
  }
  const { requestContext, headers, body = '', isBase64Encoded = false } = parsed.data;
  if (requestContext.http.method !== 'POST') return refused(405, 'a webhook is sent with POST');
  if (isTooLarge(body, isBase64Encoded)) {
    return refused(413, `the body is larger than ${WEBHOOK_BYTES_MAX} bytes`);
  }
  const text = isBase64Encoded ? decoded(body) : encodable(body);
  return { kind: 'request', ...ours(headers), ...(text !== undefined && { text }) };
}

/** Told from the length of what came, before anything is decoded. */
function isTooLarge(body: string, isBase64Encoded: boolean): boolean {
  return Buffer.byteLength(body, isBase64Encoded ? 'base64' : 'utf8') > WEBHOOK_BYTES_MAX;
}

/** Neither may a byte order mark be swallowed nor a wrong byte be replaced: both are signed. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function decoded(base64: string): string | undefined {
  try {
    return utf8.decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}

/** Half of a surrogate pair has no bytes in UTF-8: another character would be signed in its place. */
function encodable(text: string): string | undefined {
  return text.isWellFormed() ? text : undefined;
}

const OURS = new Map([
  ['content-type', 'contentType'],
  ['x-github-event', 'event'],
  ['x-github-delivery', 'delivery'],
  ['x-hub-signature-256', 'signature'],
]);

/** AWS writes the names in lower case; HTTP does not care, so neither do we. */
function ours(headers: object): Omit<WebhookRequest, 'kind' | 'text'> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const key = OURS.get(name.toLowerCase());
    if (key !== undefined && typeof value === 'string') found[key] = value;
  }
  return found;
}
