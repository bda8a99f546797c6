/** The versions of a secret of the local Secrets Manager, and the stages that name them. */
import { AwsError } from '../kernel/errors.ts';
import { randomUuid } from '../kernel/random.ts';
import type { World } from '../kernel/world.ts';

export interface SecretState {
  readonly name: string;
  readonly arn: string;
  readonly description?: string;
  readonly createdAt: number;
  changedAt: number;
  /** A day: Secrets Manager keeps no time of it. */
  accessedAt?: number;
  /** By id, oldest first. */
  versions: Record<string, SecretVersion>;
  /** Which version each stage names. */
  stages: Record<string, string>;
}

export interface SecretVersion {
  readonly id: string;
  readonly createdAt: number;
  readonly value: SecretValue;
}

/** A binary value in base64, as JSON and the wire have it. */
type SecretValue = { readonly string: string } | { readonly binary: string };

export const CURRENT = 'AWSCURRENT';
const PREVIOUS = 'AWSPREVIOUS';
/** API reference, PutSecretValue. */
const BYTES_MOST = 65_536;
const TOKEN = /^.{32,64}$/s;

export interface ValueInput {
  readonly SecretString?: string;
  /** Base64 from the wire, bytes where there is no wire. */
  readonly SecretBinary?: string | Uint8Array;
}

/** By default AWSCURRENT's. */
export interface VersionAsked {
  readonly VersionId?: string;
  readonly VersionStage?: string;
}

/** A token names its version: repeated with the same value it changes nothing. */
export function addVersion(
  world: World,
  secret: SecretState,
  value: SecretValue,
  token: string | undefined,
  stages: readonly string[],
): SecretVersion {
  if (token !== undefined && !TOKEN.test(token)) {
    throw refusal('InvalidParameterException', 'ClientRequestToken must be 32-64 characters long.');
  }
  const id = token ?? randomUuid(world);
  const known = secret.versions[id];
  if (known !== undefined) {
    if (isSame(known.value, value)) return known;
    throw refusal(
      'ResourceExistsException',
      `You can't modify an existing version, you can only create new versions: ${id}`,
    );
  }
  const version: SecretVersion = { id, createdAt: world.now, value };
  secret.versions[id] = version;
  secret.changedAt = world.now;
  // docs, PutSecretValue: the first version is AWSCURRENT, whatever stages are named.
  const first = secret.stages[CURRENT] === undefined;
  for (const stage of new Set(first ? [...stages, CURRENT] : stages)) moveStage(secret, stage, id);
  return version;
}

function moveStage({ stages }: SecretState, stage: string, id: string): void {
  const before = stages[stage];
  if (stage === CURRENT && before !== undefined) stages[PREVIOUS] = before;
  stages[stage] = id;
}

export function versionOf(
  secret: SecretState,
  { VersionId: id, VersionStage }: VersionAsked,
): SecretVersion {
  const stage = VersionStage ?? CURRENT;
  const named = id ?? secret.stages[stage] ?? '';
  const version = Object.hasOwn(secret.versions, named) ? secret.versions[named] : undefined;
  if (version === undefined) {
    const which = id === undefined ? `staging label: ${stage}` : `VersionId: ${id}`;
    throw missing(`Secrets Manager can't find the specified secret value for ${which}`);
  }
  if (id !== undefined && VersionStage !== undefined && secret.stages[VersionStage] !== id) {
    throw refusal(
      'InvalidRequestException',
      'You provided a VersionStage that is not associated to the provided VersionId.',
    );
  }
  return version;
}

export function stagesOf({ stages }: SecretState, id: string): string[] {
  return Object.keys(stages).filter((stage) => stages[stage] === id);
}

/** The value of a request; undefined if it has none. */
export function readValue({ SecretString, SecretBinary }: ValueInput): SecretValue | undefined {
  if (SecretString !== undefined && SecretBinary !== undefined) {
    throw refusal(
      'InvalidParameterException',
      'You must provide SecretString or SecretBinary, not both.',
    );
  }
  const binary =
    typeof SecretBinary === 'string' ? Buffer.from(SecretBinary, 'base64') : SecretBinary;
  const bytes = binary?.length ?? Buffer.byteLength(SecretString ?? '');
  if (bytes > BYTES_MOST) {
    throw refusal('ValidationException', `a secret's value has at most ${BYTES_MOST} bytes`);
  }
  if (binary !== undefined) return { binary: Buffer.from(binary).toString('base64') };
  return SecretString === undefined ? undefined : { string: SecretString };
}

export function isSame(a: SecretValue, b: SecretValue): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

export function missing(message: string): AwsError {
  return refusal('ResourceNotFoundException', message);
}

export function refusal(code: string, message: string): AwsError {
  return new AwsError(code, message);
}
