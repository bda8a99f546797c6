/**
 * Secrets of Secrets Manager, remembered for a while. A value goes to who asked for it and nowhere
 * else: it stands in no log line and in no error.
 */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Clock, type Secrets, TransientError } from '../ports.ts';
import { ask } from './refusal.ts';

/** After so long a secret that was taken away no longer counts. */
export const SECRET_KEPT_MS = 5 * 60_000;
/** With nothing to answer from, a failure is the answer for so long: a flood asks no more often. */
const FAILURE_KEPT_MS = 1_000;

interface Kept {
  /** When Secrets Manager was last asked, whatever came of it. */
  readonly triedAt: number;
  readonly readAt: number;
  readonly values: readonly string[];
  readonly error?: unknown;
}

export function createSecrets(client: SecretsManagerClient, { now }: Pick<Clock, 'now'>): Secrets {
  const kept = new Map<string, Kept>();
  const asked = new Map<string, Promise<readonly string[]>>();

  const refresh = async (name: string): Promise<readonly string[]> => {
    const triedAt = now();
    try {
      const values = await versionsOf(client, name);
      kept.set(name, { triedAt, readAt: triedAt, values });
      return values;
    } catch (error) {
      const { readAt = Number.NEGATIVE_INFINITY, values = [] } = kept.get(name) ?? {};
      kept.set(name, { triedAt, readAt, values, error });
      throw error;
    } finally {
      asked.delete(name);
    }
  };

  return {
    get: async (name, newerThanMs = SECRET_KEPT_MS) => {
      const last = kept.get(name);
      if (last !== undefined) {
        const isUsable = now() - last.readAt < SECRET_KEPT_MS;
        const sinceTried = now() - last.triedAt;
        if (isUsable && sinceTried < newerThanMs) return last.values;
        if (!isUsable && last.error !== undefined && sinceTried < FAILURE_KEPT_MS) throw last.error;
      }
      const asking = asked.get(name) ?? refresh(name);
      asked.set(name, asking);
      return asking;
    },
  };
}

/** A rotation moves AWSCURRENT to the new version, and AWSPREVIOUS to the one before. */
async function versionsOf(client: SecretsManagerClient, name: string): Promise<readonly string[]> {
  const [current, previous] = await Promise.all([
    textOf(client, name, 'AWSCURRENT'),
    textOf(client, name, 'AWSPREVIOUS').catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    }),
  ]);
  return previous === undefined || previous === current ? [current] : [current, previous];
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
async function textOf(
  client: SecretsManagerClient,
  name: string,
  VersionStage: 'AWSCURRENT' | 'AWSPREVIOUS',
): Promise<string> {
  const call = `secretsmanager:GetSecretValue of ${name} (${VersionStage})`;
  const { SecretString } = await ask(call, () =>
    client.send(new GetSecretValueCommand({ SecretId: name, VersionStage })),
  );
  if (SecretString === undefined || SecretString.trim() === '') {
    const what = SecretString === undefined ? 'is binary' : 'is empty';
    throw new TransientError(
      `${call}: the secret ${what}, expected a text; set it, then redeliver.`,
    );
  }
  return SecretString;
}

function isMissing(error: unknown): boolean {
  const { cause } = error as { readonly cause?: unknown };
  return cause instanceof Error && cause.name === 'ResourceNotFoundException';
}
