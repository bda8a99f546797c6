/**
 * Secrets of Secrets Manager, remembered for a while. A value goes to who asked for it and nowhere
 * else: it stands in no log line and in no error.
 */
import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type Clock, type Secrets, type SecretVersion, TransientError } from '../ports.ts';
import { ask } from './refusal.ts';

/** After so long a secret that was taken away no longer counts. */
export const SECRET_KEPT_MS = 5 * 60_000;
/** With nothing to answer from, a failure is the answer for so long: a flood asks no more often. */
const FAILURE_KEPT_MS = 1_000;

interface Kept {
  /** When Secrets Manager was last asked, whatever came of it. */
  readonly triedAt: number;
  readonly readAt: number;
  readonly versions: readonly SecretVersion[];
  readonly texts: readonly string[];
  readonly error?: unknown;
}

export function createSecrets(client: SecretsManagerClient, { now }: Pick<Clock, 'now'>): Secrets {
  const kept = new Map<string, Kept>();
  const asked = new Map<string, Promise<Kept>>();

  const refresh = async (name: string): Promise<Kept> => {
    const triedAt = now();
    try {
      const versions = await versionsOf(client, name);
      const texts = versions.map(({ text }) => text);
      const read = { triedAt, readAt: triedAt, versions, texts };
      kept.set(name, read);
      return read;
    } catch (error) {
      const last = kept.get(name) ?? { readAt: Number.NEGATIVE_INFINITY, versions: [], texts: [] };
      kept.set(name, { ...last, triedAt, error });
      throw error;
    } finally {
      asked.delete(name);
    }
  };

  const read = async (name: string, newerThanMs = SECRET_KEPT_MS): Promise<Kept> => {
    const last = kept.get(name);
    if (last !== undefined) {
      const isUsable = now() - last.readAt < SECRET_KEPT_MS;
      const sinceTried = now() - last.triedAt;
      if (isUsable && sinceTried < newerThanMs) return last;
      if (!isUsable && last.error !== undefined && sinceTried < FAILURE_KEPT_MS) throw last.error;
    }
    const asking = asked.get(name) ?? refresh(name);
    asked.set(name, asking);
    return asking;
  };

  return {
    get: async (name, newerThanMs) => (await read(name, newerThanMs)).texts,
    versions: async (name, newerThanMs) => (await read(name, newerThanMs)).versions,
  };
}

/** A rotation moves AWSCURRENT to the new version, and AWSPREVIOUS to the one before. */
async function versionsOf(
  client: SecretsManagerClient,
  name: string,
): Promise<readonly SecretVersion[]> {
  const [current, previous] = await Promise.all([
    textOf(client, name, 'AWSCURRENT'),
    textOf(client, name, 'AWSPREVIOUS').catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    }),
  ]);
  if (previous === undefined || previous.text === current.text) return [{ text: current.text }];
  // The current one was made when it took the place of the other, or shortly before.
  return [{ text: current.text }, { text: previous.text, replacedAt: current.createdAt }];
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
async function textOf(
  client: SecretsManagerClient,
  name: string,
  VersionStage: 'AWSCURRENT' | 'AWSPREVIOUS',
): Promise<{ readonly text: string; readonly createdAt: number }> {
  const call = `secretsmanager:GetSecretValue of ${name} (${VersionStage})`;
  const { SecretString, CreatedDate } = await ask(call, () =>
    client.send(new GetSecretValueCommand({ SecretId: name, VersionStage })),
  );
  if (SecretString === undefined || SecretString.trim() === '') {
    const what = SecretString === undefined ? 'is binary' : 'is empty';
    throw new TransientError(
      `${call}: the secret ${what}, expected a text; set it, then redeliver.`,
    );
  }
  // Of a version without a date nothing older is believed.
  return { text: SecretString, createdAt: CreatedDate?.getTime() ?? 0 };
}

function isMissing(error: unknown): boolean {
  const { cause } = error as { readonly cause?: unknown };
  return cause instanceof Error && cause.name === 'ResourceNotFoundException';
}
