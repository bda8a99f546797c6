/** Secrets through the real client and the local Secrets Manager: kept for a while, told to nobody. */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Fault } from '@slipway/local-cloud/kernel/call.ts';
import { AwsError } from '@slipway/local-cloud/kernel/errors.ts';
import { emptyWorld, execute } from '@slipway/local-cloud/services.ts';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import { describe, expect, test } from 'vitest';
import { logCalls } from '../../shared/aws/connect/call-log.ts';
import { connectWebhook } from '../../shared/aws/connect/webhook.ts';
import { createSecrets, SECRET_KEPT_MS } from '../../shared/aws/secrets.ts';
import { TransientError } from '../../shared/ports.ts';
import { listeningLog } from './wire.ts';

const NAME = 'slipway/github-webhook';
const START = Date.UTC(2026, 10, 20, 10);

function connected() {
  const world = emptyWorld({
    now: START,
    seed: 1,
    account: '123456789012',
    region: 'eu-central-1',
  });
  const faults: Fault[] = [];
  let calls = 0;
  const fault = () => {
    calls++;
    return faults.shift() ?? 'none';
  };
  const transport = createTransport({ world, fault });
  const log = listeningLog();
  const client = logCalls(new SecretsManagerClient(clientSettings({ world, transport })), {
    log,
    now: () => world.now,
  });
  const { get, versions } = createSecrets(client, { now: () => world.now });
  const create = (value: object) => {
    execute(world, 'secretsmanager', 'CreateSecret', { Name: NAME, ...value });
  };
  const rotate = (SecretString: string) => {
    execute(world, 'secretsmanager', 'PutSecretValue', { SecretId: NAME, SecretString });
  };
  /** Calls since this was asked last. */
  const made = () => {
    const before = calls;
    calls = 0;
    return before;
  };
  return { world, client, get, versions, create, rotate, made, faults, log };
}

test('the current version, and the one before a rotation', async () => {
  const { world, get, create, rotate } = connected();
  create({ SecretString: 'one' });
  expect(await get(NAME)).toEqual(['one']);
  rotate('two');
  world.now += SECRET_KEPT_MS;
  expect(await get(NAME)).toEqual(['two', 'one']);
  rotate('three');
  world.now += SECRET_KEPT_MS;
  expect(await get(NAME)).toEqual(['three', 'two']);
  rotate('three');
  world.now += SECRET_KEPT_MS;
  expect(await get(NAME)).toEqual(['three']);
});

test('the one before says when the current one took its place', async () => {
  const { world, versions, create, rotate } = connected();
  create({ SecretString: 'one' });
  expect(await versions(NAME)).toEqual([{ text: 'one' }]);
  world.now += 60_000;
  rotate('two');
  world.now += SECRET_KEPT_MS;
  expect(await versions(NAME)).toEqual([
    { text: 'two' },
    { text: 'one', replacedAt: START + 60_000 },
  ]);
});

describe('it is kept', () => {
  test('for five minutes, and not longer', async () => {
    const { world, get, create, rotate, made } = connected();
    create({ SecretString: 'one' });
    const first = await get(NAME);
    expect(made()).toBe(2);
    rotate('two');
    world.now += SECRET_KEPT_MS - 1;
    expect(await get(NAME)).toBe(first);
    expect(made()).toBe(0);
    world.now += 1;
    expect(await get(NAME)).toEqual(['two', 'one']);
    expect(made()).toBe(2);
  });

  test('unless somebody needs it newer, and even then it is asked for no more often than that', async () => {
    const { world, get, create, rotate, made } = connected();
    create({ SecretString: 'one' });
    await get(NAME);
    rotate('two');
    made();
    world.now += 29_999;
    expect(await get(NAME, 30_000)).toEqual(['one']);
    expect(made()).toBe(0);
    world.now += 1;
    expect(await get(NAME, 30_000)).toEqual(['two', 'one']);
    expect(made()).toBe(2);
    for (let i = 0; i < 100; i++) {
      world.now += 299;
      await get(NAME, 30_000);
    }
    expect(made()).toBe(0);
  });

  test('when Secrets Manager fails to tell a newer one; a flood does not ask again', async () => {
    const { world, get, create, made, faults } = connected();
    create({ SecretString: 'one' });
    await get(NAME);
    made();
    world.now += 30_000;
    faults.push(...Array<Fault>(6).fill('server-error'));
    await expect(get(NAME, 30_000)).rejects.toThrow(TransientError);
    expect(made()).toBeGreaterThan(0);
    expect(await get(NAME, 30_000)).toEqual(['one']);
    expect(await get(NAME)).toEqual(['one']);
    expect(made()).toBe(0);
    world.now += 30_000;
    expect(await get(NAME, 30_000)).toEqual(['one']);
    expect(made()).toBe(2);
  });

  test('not beyond its five minutes, even when Secrets Manager fails', async () => {
    const { world, get, create, made, faults } = connected();
    create({ SecretString: 'one' });
    await get(NAME);
    world.now += SECRET_KEPT_MS;
    faults.push(...Array<Fault>(6).fill('server-error'));
    await expect(get(NAME)).rejects.toThrow(TransientError);
    made();
    await expect(get(NAME)).rejects.toThrow(TransientError);
    expect(made()).toBe(0);
    world.now += 1_000;
    expect(await get(NAME)).toEqual(['one']);
  });

  test('for all who ask at once, with one question', async () => {
    const { get, create, made } = connected();
    create({ SecretString: 'one' });
    const answers = await Promise.all([get(NAME), get(NAME), get(NAME)]);
    expect(answers).toEqual([['one'], ['one'], ['one']]);
    expect(made()).toBe(2);
  });
});

describe('no secret', () => {
  test.each<[string, object]>([
    ['empty', { SecretString: ' \n' }],
    ['binary', { SecretBinary: Buffer.from('one') }],
  ])('that is %s counts', async (what, value) => {
    const { get, create } = connected();
    create(value);
    await expect(get(NAME)).rejects.toThrow(
      `secretsmanager:GetSecretValue of ${NAME} (AWSCURRENT): the secret is ${what}, expected a text`,
    );
  });

  test('that does not exist counts, and once it exists it does', async () => {
    const { world, get, create } = connected();
    await expect(get(NAME)).rejects.toThrow(`GetSecretValue of ${NAME} (AWSCURRENT)`);
    await expect(get(NAME)).rejects.toThrow('ResourceNotFoundException');
    create({ SecretString: 'one' });
    world.now += 1_000;
    expect(await get(NAME)).toEqual(['one']);
  });

  test('is known when we may not read it', async () => {
    const { get, create, faults } = connected();
    create({ SecretString: 'one' });
    faults.push('none', new AwsError('AccessDeniedException', 'no, you may not'));
    await expect(get(NAME)).rejects.toThrow('AccessDeniedException: no, you may not');
  });
});

test('no value stands in a line of the log or in an error', async () => {
  const { world, get, create, rotate, log, faults } = connected();
  create({ SecretString: 'hunter2' });
  await get(NAME);
  rotate('hunter22');
  world.now += SECRET_KEPT_MS;
  faults.push('none', new AwsError('AccessDeniedException', 'no'));
  const error = await get(NAME).catch((thrown: Error) => thrown);
  expect(error).toBeInstanceOf(TransientError);
  expect(log.lines.length).toBe(4);
  expect(log.lines).toMatchObject([
    { facts: { call: { api: 'secretsmanager:GetSecretValue' } } },
    {},
    {},
    {},
  ]);
  expect(JSON.stringify(log.lines) + String(error) + JSON.stringify(error)).not.toContain(
    'hunter2',
  );
});

test('the wiring of the webhook: one queue, and secrets', async () => {
  const { world, client, create } = connected();
  create({ SecretString: 'one' });
  expect((await client.send(new GetSecretValueCommand({ SecretId: NAME }))).SecretString).toBe(
    'one',
  );
  const url = 'https://sqs.eu-central-1.amazonaws.com/123456789012/slipway-builds';
  const options = {
    log: listeningLog(),
    clock: { now: () => world.now, newId: () => 'id' },
    aws: clientSettings({ world, transport: createTransport({ world }) }),
  };
  const environment = { SLIPWAY_BUILDS_QUEUE_URL: url };
  const { secrets, queues } = connectWebhook({ ...options, environment });
  expect(await secrets.versions(NAME)).toEqual([{ text: 'one' }]);
  execute(world, 'sqs', 'CreateQueue', { QueueName: 'slipway-builds' });
  await queues.send('builds', [{ body: '{}' }]);
  await expect(queues.send('urgent', [{ body: '{}' }])).rejects.toThrow(
    'no right to send to urgent',
  );
  expect(() => connectWebhook({ ...options, environment: {} })).toThrow('SLIPWAY_BUILDS_QUEUE_URL');
});
