/** A real table, in memory, with a switch for trouble on the way to it. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type Dynamo, startDynamo } from '@slipway/local-cloud/dynamodb/dynalite.ts';
import { type ClientSettings, readSettings } from '../../shared/aws/connect/client-settings.ts';
import { tableDefinition } from '../../shared/aws/table/table.ts';
import { wire } from './wire.ts';

type Request = Parameters<Dynamo['handle']>[0];
type Response = Awaited<ReturnType<Dynamo['handle']>>;

export async function startTable() {
  const dynamo = startDynamo();
  const operations: string[] = [];
  /** What becomes of a request; by default it reaches the table and its answer us. */
  const network = { carry: (request: Request): Promise<Response> => dynamo.handle(request) };
  const settings: ClientSettings = {
    ...wire({}).settings,
    requestHandler: {
      metadata: { handlerProtocol: 'http/1.1' },
      handle: async (request: Request) => {
        operations.push(request.headers['x-amz-target']?.split('.').at(-1) ?? '');
        return { response: await network.carry(request) };
      },
    } as unknown as NonNullable<ClientSettings['requestHandler']>,
  };
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(readSettings(settings)));
  await client.send(new CreateTableCommand(tableDefinition('slipway')));
  operations.length = 0;
  return { table: { client, name: 'slipway' }, settings, dynamo, network, operations };
}
