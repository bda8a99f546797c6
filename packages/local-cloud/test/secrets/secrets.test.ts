import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  type GetSecretValueCommandInput,
  InvalidRequestException,
  PutSecretValueCommand,
  type PutSecretValueCommandInput,
  ResourceExistsException,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, it } from 'vitest';
import type { World } from '../../kernel/world.ts';
import { secretsOperations } from '../../secrets/operations.ts';
import { advance, emptyWorld } from '../../services.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { directClient } from '../../wire/direct-client.ts';
import { createTransport } from '../../wire/transport.ts';

const START = Date.UTC(2026, 10, 21, 10, 0, 0);
const NAME = 'slipway/github-webhook';
/** A token is a version's id. */
const FIRST = 'a'.repeat(32);
const SECOND = 'b'.repeat(32);
const THIRD = 'c'.repeat(32);
let world: World;
let client: SecretsManagerClient;

beforeEach(() => {
  world = emptyWorld({ now: START, seed: 5, account: '123456789012', region: 'eu-west-1' });
  client = new SecretsManagerClient(
    clientSettings({ world, transport: createTransport({ world }) }),
  );
});

function create(SecretString = 'one', ClientRequestToken = FIRST, Name = NAME) {
  return client.send(new CreateSecretCommand({ Name, SecretString, ClientRequestToken }));
}

function put(SecretString: string, more: Partial<PutSecretValueCommandInput> = {}) {
  return client.send(new PutSecretValueCommand({ SecretId: NAME, SecretString, ...more }));
}

function get(more: Partial<GetSecretValueCommandInput> = {}) {
  return client.send(new GetSecretValueCommand({ SecretId: NAME, ...more }));
}

describe('a secret', () => {
  it('has an ARN with six characters of its own, and its value', async () => {
    const { ARN, Name, VersionId } = await create();
    expect(ARN).toMatch(
      /^arn:aws:secretsmanager:eu-west-1:123456789012:secret:slipway\/github-webhook-[A-Za-z0-9]{6}$/,
    );
    expect([Name, VersionId]).toEqual([NAME, FIRST]);
    const { $metadata: _, ...value } = await get();
    expect(value).toEqual({
      ARN,
      Name: NAME,
      VersionId: FIRST,
      SecretString: 'one',
      VersionStages: ['AWSCURRENT'],
      CreatedDate: new Date(START),
    });
  });

  it('is found by its name, its ARN, and its ARN without the end', async () => {
    const { ARN = '' } = await create();
    for (const SecretId of [NAME, ARN, ARN.slice(0, -7)]) {
      expect((await get({ SecretId })).SecretString).toBe('one');
    }
    await expect(get({ SecretId: `${ARN}x` })).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  it('may be bytes, on the wire and without one', async () => {
    const SecretBinary = new Uint8Array([0, 255, 10]);
    await client.send(new CreateSecretCommand({ Name: 'key', SecretBinary }));
    const value = await get({ SecretId: 'key' });
    expect([...(value.SecretBinary ?? [])]).toEqual([0, 255, 10]);
    expect(value.SecretString).toBeUndefined();
    const command = new GetSecretValueCommand({ SecretId: 'key' });
    const thin = await directClient(world, 'secretsmanager').send(command);
    expect(thin).toMatchObject({ SecretBinary });
    secretsOperations.PutSecretValue(world, { SecretId: 'key', SecretBinary: new Uint8Array([7]) });
    expect([...((await get({ SecretId: 'key' })).SecretBinary ?? [])]).toEqual([7]);
  });

  it('survives JSON with the world', async () => {
    await create();
    world.secrets = JSON.parse(JSON.stringify(world.secrets)) as World['secrets'];
    expect((await get()).SecretString).toBe('one');
  });
});

describe('a new value', () => {
  it('is AWSCURRENT, the one before AWSPREVIOUS, the one before that without a stage', async () => {
    await create();
    advance(world, START + 5_000);
    const second = await put('two', { ClientRequestToken: SECOND });
    expect(second.VersionStages).toEqual(['AWSCURRENT']);
    expect((await get()).SecretString).toBe('two');
    expect((await get({ VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('one');
    await put('three', { ClientRequestToken: THIRD });
    expect((await get({ VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('two');
    expect((await get({ VersionId: FIRST })).SecretString).toBe('one');
    const {
      $metadata: _,
      ARN,
      ...described
    } = await client.send(new DescribeSecretCommand({ SecretId: NAME }));
    expect(described).toEqual({
      Name: NAME,
      CreatedDate: new Date(START),
      LastChangedDate: new Date(START + 5_000),
      LastAccessedDate: new Date(Date.UTC(2026, 10, 21)),
      VersionIdsToStages: { [SECOND]: ['AWSPREVIOUS'], [THIRD]: ['AWSCURRENT'] },
    });
  });

  it('under a stage of its own leaves AWSCURRENT where it is', async () => {
    await create();
    await put('two', { VersionStages: ['AWSPENDING'] });
    expect((await get()).SecretString).toBe('one');
    expect((await get({ VersionStage: 'AWSPENDING' })).SecretString).toBe('two');
    await put('three', { VersionStages: ['AWSPENDING'] });
    expect((await get({ VersionStage: 'AWSPENDING' })).SecretString).toBe('three');
    await expect(get({ VersionStage: 'AWSPREVIOUS' })).rejects.toThrow('AWSPREVIOUS');
  });

  it('that comes twice with one token is one version; with another value it is refused', async () => {
    await create();
    await put('two', { ClientRequestToken: SECOND });
    await put('two', { ClientRequestToken: SECOND });
    expect((await get({ VersionStage: 'AWSPREVIOUS' })).SecretString).toBe('one');
    const other = put('three', { ClientRequestToken: SECOND });
    await expect(other).rejects.toBeInstanceOf(ResourceExistsException);
  });

  it('of a secret that has none yet is AWSCURRENT, whatever its stage', async () => {
    await client.send(new CreateSecretCommand({ Name: NAME }));
    const before = get();
    await expect(before).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(before).rejects.toThrow(
      "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    );
    const { VersionStages } = await put('one', { VersionStages: ['AWSPENDING'] });
    expect(VersionStages).toEqual(['AWSPENDING', 'AWSCURRENT']);
  });
});

describe('what Secrets Manager refuses', () => {
  it('a secret that it does not know', async () => {
    const describe = () => client.send(new DescribeSecretCommand({ SecretId: NAME }));
    for (const ask of [get, () => put('x'), describe]) {
      const asked = ask();
      await expect(asked).rejects.toBeInstanceOf(ResourceNotFoundException);
      await expect(asked).rejects.toThrow("Secrets Manager can't find the specified secret.");
    }
  });

  it('a version or a stage that it does not know, and two that do not belong together', async () => {
    await create();
    await put('two', { ClientRequestToken: SECOND });
    await expect(get({ VersionId: THIRD })).rejects.toThrow(
      `Secrets Manager can't find the specified secret value for VersionId: ${THIRD}`,
    );
    await expect(get({ VersionStage: 'MINE' })).rejects.toThrow('for staging label: MINE');
    await expect(get({ VersionId: FIRST, VersionStage: 'AWSCURRENT' })).rejects.toBeInstanceOf(
      InvalidRequestException,
    );
  });

  it('a name that is taken, unless it is the same request again', async () => {
    const { ARN } = await create();
    expect((await create()).ARN).toBe(ARN);
    await expect(create('other')).rejects.toThrow(
      `The operation failed because the secret ${NAME} already exists.`,
    );
    await expect(create('one', SECOND)).rejects.toBeInstanceOf(ResourceExistsException);
  });

  it('bad names, both kinds of value, none, and one that is too long; and tells no value', async () => {
    await expect(create('s3cret', FIRST, 'a b')).rejects.toThrow('Invalid name.');
    await create();
    const both = put('s3cret', { SecretBinary: new Uint8Array([1]) });
    await expect(both).rejects.toThrow('not both');
    const none = client.send(new PutSecretValueCommand({ SecretId: NAME }));
    await expect(none).rejects.toThrow('either SecretString or SecretBinary');
    const long = put('s3cret'.repeat(20_000));
    await expect(long).rejects.toThrow('at most 65536 bytes');
    await expect(long).rejects.not.toThrow('s3cret');
    await expect(put('x', { ClientRequestToken: 'short' })).rejects.toThrow('32-64');
  });
});
