/** The wiring of our own table: what is remembered, in one DynamoDB table. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../table/items.ts';
import { type CallLog, logCalls } from './call-log.ts';
import type { readSettings } from './client-settings.ts';

export function connectTable(
  name: string,
  settings: ReturnType<typeof readSettings>,
  callLog: CallLog,
): Table {
  const dynamodb = logCalls(new DynamoDBClient(settings), callLog);
  return { client: DynamoDBDocumentClient.from(dynamodb), name };
}
