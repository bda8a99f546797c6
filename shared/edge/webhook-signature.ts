/**
 * Did GitHub sign this? HMAC-SHA256 over the bytes of the body, compared in constant time by
 * Octokit. Nothing of the body may be read before.
 * https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries
 */
import { verifyWithFallback } from '@octokit/webhooks-methods';
import * as z from 'zod/mini';
import { type Refused, refused, type WebhookRequest } from './webhook-request.ts';

/** GitHub writes small letters; `x-hub-signature`, of SHA-1, is not looked at. */
const SIGNATURE = /^sha256=[0-9a-f]{64}$/;

export interface SignedText {
  readonly text: string;
  readonly signature: string;
}

/** What there is to verify; without it no secret need be asked for. */
export function signedText({ text, signature }: WebhookRequest): SignedText | Refused {
  if (signature === undefined) return unsigned('the header x-hub-signature-256 is missing');
  if (!SIGNATURE.test(signature)) {
    return unsigned('the header x-hub-signature-256 is not sha256= and 64 hex digits');
  }
  if (text === undefined) return unsigned('the body is not UTF-8, so GitHub did not sign it');
  if (text === '') return unsigned('the body is empty, so GitHub did not sign it');
  return { text, signature };
}

/** Whoever asks learns nothing else; the reason is for our log. */
export function unsigned(because: string): Refused {
  return refused(401, 'the signature is missing or wrong', because);
}

/** Is it signed with one of these secrets? None of them is empty: anybody can sign with that. */
export async function isSigned(
  { text, signature }: SignedText,
  secrets: readonly string[],
): Promise<boolean> {
  const [newest, ...older] = secrets.filter((secret) => secret !== '');
  return newest !== undefined && verifyWithFallback(newest, text, signature, older);
}

const wrapped = z.object({ secret: z.string() });

/**
 * The secret in the text of a secret: the text, without the line end that an editor or a shell adds,
 * or the value of `secret` in a JSON object, as Secrets Manager's console writes it. Never throws: an
 * error of JSON.parse would show the secret.
 */
export function secretIn(text: string): string {
  const trimmed = text.replace(/\r?\n$/, '');
  if (!trimmed.trimStart().startsWith('{')) return trimmed;
  try {
    const parsed = z.safeParse(wrapped, JSON.parse(trimmed));
    return parsed.success ? parsed.data.secret : trimmed;
  } catch {
    return trimmed;
  }
}
