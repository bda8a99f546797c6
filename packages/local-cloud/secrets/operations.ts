/**
 * Secrets Manager, as much as keeping, rotating and reading plain secrets needs. No error of it
 * holds a value.
 */

import { random } from '../kernel/random.ts';
import { table } from '../kernel/tables.ts';
import type { World } from '../kernel/world.ts';
import {
  addVersion,
  CURRENT,
  isSame,
  missing,
  readValue,
  refusal,
  type SecretState,
  stagesOf,
  type ValueInput,
  type VersionAsked,
  versionOf,
} from './versions.ts';

export interface SecretsState {
  /** By name. */
  secrets: Record<string, SecretState>;
}

declare module '../kernel/world.ts' {
  interface ServiceStates {
    secrets: SecretsState;
  }
}

export function emptySecrets(): SecretsState {
  return { secrets: table() };
}

/** API reference, CreateSecret. */
const NAME = /^[A-Za-z0-9/_+=.@!-]{1,512}$/;

interface CreateSecretInput extends ValueInput {
  readonly Name?: string;
  readonly Description?: string;
  readonly ClientRequestToken?: string;
}

interface PutSecretValueInput extends ValueInput, SecretAsked {
  readonly ClientRequestToken?: string;
  readonly VersionStages?: readonly string[];
}

interface SecretAsked {
  /** Name or ARN. */
  readonly SecretId?: string;
}

export const secretsOperations = {
  /** Without a value the secret has no version yet. The same token and value again is no error. */
  CreateSecret(world: World, input: CreateSecretInput) {
    const { secrets } = world.secrets;
    const { Name: name = '', Description: description, ClientRequestToken: token } = input;
    if (!NAME.test(name)) {
      throw refusal(
        'ValidationException',
        'Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: -/_+=.@!',
      );
    }
    const value = readValue(input);
    const known = Object.hasOwn(secrets, name) ? secrets[name] : undefined;
    if (known !== undefined) {
      const version = known.versions[token ?? ''];
      if (version === undefined || value === undefined || !isSame(version.value, value)) {
        const message = `The operation failed because the secret ${name} already exists.`;
        throw refusal('ResourceExistsException', message);
      }
      return { ARN: known.arn, Name: name, VersionId: version.id };
    }
    const secret: SecretState = {
      name,
      arn: `arn:aws:secretsmanager:${world.region}:${world.account}:secret:${name}-${suffix(world)}`,
      ...(description !== undefined && { description }),
      createdAt: world.now,
      changedAt: world.now,
      versions: {},
      stages: {},
    };
    const version = value && addVersion(world, secret, value, token, [CURRENT]);
    secrets[name] = secret;
    return { ARN: secret.arn, Name: name, ...(version && { VersionId: version.id }) };
  },

  /** A new version. Unless other stages are named it is AWSCURRENT, and the former AWSPREVIOUS. */
  PutSecretValue(world: World, input: PutSecretValueInput) {
    const secret = secretNamed(world, input.SecretId);
    const { ClientRequestToken: token, VersionStages = [CURRENT] } = input;
    const value = readValue(input);
    if (value === undefined) {
      throw refusal(
        'InvalidRequestException',
        'You must provide either SecretString or SecretBinary.',
      );
    }
    const version = addVersion(world, secret, value, token, VersionStages);
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: version.id,
      VersionStages: stagesOf(secret, version.id),
    };
  },

  GetSecretValue(world: World, input: VersionAsked & SecretAsked) {
    const secret = secretNamed(world, input.SecretId);
    const { id, createdAt, value } = versionOf(secret, input);
    secret.accessedAt = startOfDay(world.now);
    return {
      ARN: secret.arn,
      Name: secret.name,
      VersionId: id,
      ...('string' in value
        ? { SecretString: value.string }
        : { SecretBinary: new Uint8Array(Buffer.from(value.binary, 'base64')) }),
      VersionStages: stagesOf(secret, id),
      CreatedDate: new Date(createdAt),
    };
  },

  /** Versions without a stage are not listed: they are deprecated, and may be deleted any time. */
  DescribeSecret(world: World, input: SecretAsked) {
    const secret = secretNamed(world, input.SecretId);
    const staged = Object.keys(secret.versions).filter((id) => stagesOf(secret, id).length > 0);
    return {
      ARN: secret.arn,
      Name: secret.name,
      ...(secret.description !== undefined && { Description: secret.description }),
      CreatedDate: new Date(secret.createdAt),
      LastChangedDate: new Date(secret.changedAt),
      ...(secret.accessedAt !== undefined && { LastAccessedDate: new Date(secret.accessedAt) }),
      VersionIdsToStages: Object.fromEntries(staged.map((id) => [id, stagesOf(secret, id)])),
    };
  },
};

/** By name, by ARN, or by an ARN without the six characters at its end. */
function secretNamed(world: World, id = ''): SecretState {
  const secret = Object.values(world.secrets.secrets).find(
    ({ name, arn }) => id === name || id === arn || id === arn.slice(0, -7),
  );
  if (secret === undefined) throw missing("Secrets Manager can't find the specified secret.");
  return secret;
}

const SUFFIX_SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Six characters that AWS adds, so that a secret made again under its name is another. */
function suffix(world: World): string {
  const sign = () => SUFFIX_SIGNS[Math.floor(random(world) * SUFFIX_SIGNS.length)];
  return Array.from({ length: 6 }, sign).join('');
}

function startOfDay(at: number): number {
  return at - (at % 86_400_000);
}
