import {
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  ParameterAlreadyExists,
  ParameterNotFound,
  PutParameterCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, it } from 'vitest';
import type { World } from '../../kernel/world.ts';
import { advance, emptyWorld } from '../../services.ts';
import { ssmOperations } from '../../ssm/operations.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createTransport } from '../../wire/transport.ts';

const START = Date.UTC(2026, 10, 21, 10, 0, 0);
let world: World;
let client: SSMClient;

beforeEach(() => {
  world = emptyWorld({ now: START, seed: 5, account: '123456789012', region: 'eu-west-1' });
  client = new SSMClient(clientSettings({ world, transport: createTransport({ world }) }));
});

function put(Name: string, Value = 'x', more: object = {}) {
  return client.send(new PutParameterCommand({ Name, Value, Type: 'String', ...more }));
}

describe('the real client against the local Parameter Store', () => {
  it('puts, overwrites and reads, with dates as Date', async () => {
    expect(await put('/shop/web/revision', 'web:1')).toMatchObject({
      Version: 1,
      Tier: 'Standard',
    });
    advance(world, START + 5_000);
    const again = await put('/shop/web/revision', 'web:2', { Overwrite: true });
    expect(again).toMatchObject({ Version: 2 });
    const command = new GetParameterCommand({ Name: '/shop/web/revision' });
    expect((await client.send(command)).Parameter).toEqual({
      Name: '/shop/web/revision',
      Type: 'String',
      Value: 'web:2',
      Version: 2,
      LastModifiedDate: new Date(START + 5_000),
      ARN: 'arn:aws:ssm:eu-west-1:123456789012:parameter/shop/web/revision',
      DataType: 'text',
    });
  });

  it('does not overwrite unless it is told to', async () => {
    await put('/a');
    await expect(put('/a')).rejects.toBeInstanceOf(ParameterAlreadyExists);
  });

  it('says which names it does not know', async () => {
    await put('/a');
    const answer = await client.send(new GetParametersCommand({ Names: ['/a', '/b'] }));
    expect(answer.Parameters).toMatchObject([{ Name: '/a' }]);
    expect(answer.InvalidParameters).toEqual(['/b']);
    const missing = client.send(new GetParameterCommand({ Name: '/b' }));
    await expect(missing).rejects.toBeInstanceOf(ParameterNotFound);
  });

  it('reads a path level by level, ten on a page', async () => {
    for (let n = 10; n < 22; n++) await put(`/shop/p${n}`);
    await put('/shop/web/revision');
    await put('/shopping');
    const read = (more: object) =>
      client.send(new GetParametersByPathCommand({ Path: '/shop', ...more }));
    const first = await read({});
    expect(first.Parameters).toHaveLength(10);
    const rest = await read({ NextToken: first.NextToken });
    expect(rest.Parameters?.map(({ Name }) => Name)).toEqual(['/shop/p20', '/shop/p21']);
    expect(rest.NextToken).toBeUndefined();
    const deep = await read({ Recursive: true, NextToken: '10' });
    expect(deep.Parameters?.map(({ Name }) => Name)).toContain('/shop/web/revision');
  });
});

describe('what Parameter Store refuses', () => {
  it.each([
    ['shop/web', 'x', 'fully qualified'],
    ['/shop//web', 'x', 'fully qualified'],
    ['/shop/web server', 'x', 'letters'],
    ['/shop/w\u00e9b', 'x', 'letters'],
    ['/aws/web', 'x', 'reserved'],
    ['/SSM', 'x', 'reserved'],
    [`/${'a'.repeat(1_000)}`, 'x', 'at most 1011'],
    ['/a'.repeat(16), 'x', '15 levels'],
    ['/a', '', '1 to 4096'],
    ['/a', 'x'.repeat(4_097), '1 to 4096'],
    ['/a', '{{ssm:/b}}', 'refer'],
    ['/a:1', 'x', 'UnsupportedOperation'],
  ])('%s', (Name, Value, because) => {
    const asked = () => ssmOperations.PutParameter(world, { Name, Value, Type: 'String' });
    expect(asked).toThrow(
      because === 'UnsupportedOperation' ? expect.objectContaining({ code: because }) : because,
    );
    expect(world.ssm.parameters).toEqual({});
  });

  it('a new parameter without a type, and one that is kept secret', () => {
    const asked = (Type?: string) => () =>
      ssmOperations.PutParameter(world, { Name: '/a', Value: 'x', ...(Type && { Type }) });
    expect(asked()).toThrow('type is required');
    expect(asked('SecureString')).toThrow('no SecureString');
    asked('String')();
    expect(ssmOperations.PutParameter(world, { Name: '/a', Value: 'y', Overwrite: true })).toEqual({
      Version: 2,
      Tier: 'Standard',
    });
  });

  it('the parameter after the last of an account, and not the same one again', () => {
    for (let n = 0; n < 10_000; n++) {
      const parameter = { type: 'String', value: 'x', version: 1, modifiedAt: START } as const;
      world.ssm.parameters[`/p${n}`] = parameter;
    }
    const asked = (Name: string) => () =>
      ssmOperations.PutParameter(world, { Name, Value: 'y', Type: 'String', Overwrite: true });
    expect(asked('/one-more')).toThrow('10000');
    expect(asked('/p7')()).toMatchObject({ Version: 2 });
  });

  it('pages and lists that are too long', () => {
    const path = (more: object) => () =>
      ssmOperations.GetParametersByPath(world, { Path: '/', ...more });
    expect(path({ MaxResults: 11 })).toThrow('1 to 10');
    expect(path({ NextToken: 'no' })).toThrow('not valid');
    expect(path({ Path: 'shop' })).toThrow('slash');
    const Names = Array.from({ length: 11 }, (_, n) => `/p${n}`);
    expect(() => ssmOperations.GetParameters(world, { Names })).toThrow('1 to 10');
  });
});
