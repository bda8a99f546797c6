/** A secret that cannot be read for a reason that does not pass: somebody must see it. */
import { GitHubRefuses } from './answer.ts';

/** docs.aws.amazon.com, secretsmanager API_GetSecretValue: errors that do not pass by themselves. */
const LASTING = new Set([
  'AccessDeniedException',
  'DecryptionFailure',
  'InvalidRequestException',
  'ResourceNotFoundException',
]);

/** The error itself, when it may pass. */
export function refusedSecret(name: string, error: unknown): unknown {
  const { cause } = error as { readonly cause?: unknown };
  if (!(cause instanceof Error) || !LASTING.has(cause.name)) return error;
  return new GitHubRefuses(
    `The secret ${name} with the credentials for GitHub cannot be read (${cause.name}): create it, ` +
      'and let this function read it. Until then nothing is told to GitHub.',
  );
}
