/** The credentials in the secret: a token, or a GitHub App. Read once, shown never. */
import * as z from 'zod/mini';
import { GitHubRefuses } from '../github-errors.ts';

export type Credentials =
  | { readonly token: string }
  | { readonly appId: number; readonly installationId: number; readonly privateKey: string };

const SHAPES =
  '{"token": "…"} or {"appId": 1, "installationId": 1, "privateKey": "-----BEGIN … KEY-----…"}';

const number = z.pipe(
  z.union([z.number(), z.string().check(z.regex(/^\d{1,15}$/))]),
  z.transform(Number),
);
const token = z.object({ token: z.string().check(z.minLength(1), z.regex(/^\S+$/)) });
const app = z.object({
  appId: number,
  installationId: number,
  // In an environment or a console a line's end is often written as two characters.
  privateKey: z.pipe(
    z.string().check(z.regex(/-----BEGIN [A-Z ]*PRIVATE KEY-----/)),
    z.transform((key: string) => `${key.replaceAll('\\n', '\n').trim()}\n`),
  ),
});
const credentials = z.union([token, app]);

/** Throws `GitHubRefuses`, which names the secret and never shows what is in it. */
export function readCredentials(text: string, secret: string): Credentials {
  const result = z.safeParse(credentials, fromJson(text));
  if (result.success) return result.data;
  throw new GitHubRefuses(
    `The secret ${secret} holds no credentials for GitHub that can be read; expected ${SHAPES}. ` +
      'Nothing is told to GitHub until it does.',
  );
}

/** JSON.parse's own message would quote the secret. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What must stand in no message: the secrets themselves, and whatever looks like GitHub's. */
export function withoutSecrets(message: string, texts: readonly string[]): string {
  const known = texts.flatMap(secretsIn).filter((secret) => secret.length > 3);
  let clean = message;
  for (const secret of known) clean = clean.replaceAll(secret, '[secret]');
  return clean.replaceAll(LIKE_A_SECRET, '[secret]');
}

/** docs.github.com, authentication/keeping-your-account-and-data-secure: token formats; and JWTs. */
const LIKE_A_SECRET =
  /\b(?:gh[a-z]_[A-Za-z0-9]{10,}|github_pat_\w{10,}|eyJ[\w-]+\.[\w-]+\.[\w-]+)|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

function secretsIn(text: string): readonly string[] {
  const value = fromJson(text);
  if (typeof value !== 'object' || value === null) return [text];
  const { token, privateKey } = value as Record<string, unknown>;
  const lines = typeof privateKey === 'string' ? privateKey.split(/\\n|\n/) : [];
  return [token, ...lines.filter((line) => !line.startsWith('-----'))].filter(
    (one): one is string => typeof one === 'string',
  );
}

/** docs.aws.amazon.com, secretsmanager API_GetSecretValue: errors that do not pass by themselves. */
const LASTING = new Set([
  'AccessDeniedException',
  'DecryptionFailure',
  'InvalidRequestException',
  'ResourceNotFoundException',
]);

/** Of a secret that cannot be read, and that does not pass: somebody must see it. Else the error itself. */
export function refusedSecret(name: string, error: unknown): unknown {
  const { cause } = error as { readonly cause?: unknown };
  if (!(cause instanceof Error) || !LASTING.has(cause.name)) return error;
  return new GitHubRefuses(
    `The secret ${name} with the credentials for GitHub cannot be read (${cause.name}): create it, ` +
      'and let this function read it. Until then nothing is told to GitHub.',
  );
}
