/**
 * DynamoDB, not faked: the dynalite package in this process and in memory. Requests are handed to
 * it without a socket, so no port is opened and nothing waits for a network.
 * Known to be missing in it: transactions, UpdateTimeToLive, ReturnValuesOnConditionCheckFailure.
 */

import { EventEmitter } from 'node:events';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import type { WireRequest, WireResponse } from '../kernel/http.ts';
import type { TableKeys } from './authorization.ts';

/** Whether it is meant for DynamoDB. Headers by names in small letters. */
export function isDynamoRequest(headers: Readonly<Record<string, string | undefined>>): boolean {
  return /^DynamoDB(Streams)?_\d+\./.test(headers['x-amz-target'] ?? '');
}

export interface Dynamo {
  handle(request: WireRequest): Promise<WireResponse>;
  /** Of a table that was made here. */
  keysOf(table: string): TableKeys | undefined;
}

interface DynaliteOptions {
  readonly createTableMs: number;
  readonly deleteTableMs: number;
  readonly updateTableMs: number;
}

/** The package has no types. */
const dynalite = createRequire(import.meta.url)('dynalite') as (options: DynaliteOptions) => Server;

/** A table of dynalite is ACTIVE a few turns of the event loop after it was made. */
const LOOKS_MOST = 1_000;

/** A DynamoDB with no tables; it is gone when nobody holds it any more. */
export function startDynamo(): Dynamo {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const keys = new Map<string, TableKeys>();
  return {
    keysOf: (name) => keys.get(name),
    async handle(request) {
      const response = await hand(server, request, bodyOf(request));
      if (isCreateTable(request) && response.statusCode === 200) {
        const definition = JSON.parse(bodyOf(request)) as Definition;
        keys.set(definition.TableName, keysIn(definition));
        // Nobody should have to wait real seconds for a waiter: the answer comes when it is ACTIVE.
        await untilActive(server, request);
      }
      return response;
    },
  };
}

/** Of an input of CreateTable. */
interface Definition {
  readonly TableName: string;
  readonly KeySchema: KeySchema;
  readonly GlobalSecondaryIndexes?: readonly Index[];
  readonly LocalSecondaryIndexes?: readonly Index[];
}

type KeySchema = readonly { readonly AttributeName: string; readonly KeyType: string }[];

interface Index {
  readonly IndexName: string;
  readonly KeySchema: KeySchema;
}

function keysIn(definition: Definition): TableKeys {
  const { KeySchema, GlobalSecondaryIndexes = [], LocalSecondaryIndexes = [] } = definition;
  const partitionKey = (schema: KeySchema) =>
    schema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '';
  const indexes = [...GlobalSecondaryIndexes, ...LocalSecondaryIndexes].map(
    (index) => [index.IndexName, partitionKey(index.KeySchema)] as const,
  );
  return { table: partitionKey(KeySchema), indexes: Object.fromEntries(indexes) };
}

function bodyOf({ body }: WireRequest): string {
  return typeof body === 'string' ? body : new TextDecoder().decode(body);
}

function isCreateTable({ headers }: WireRequest): boolean {
  return Object.values(headers).some((value) => value === `${API}CreateTable`);
}

const API = 'DynamoDB_20120810.';

async function untilActive(server: Server, request: WireRequest): Promise<void> {
  const { TableName } = JSON.parse(bodyOf(request)) as { TableName: string };
  const headers = { ...lowerCased(request.headers), 'x-amz-target': `${API}DescribeTable` };
  for (let look = 0; look < LOOKS_MOST; look++) {
    const { body } = await hand(server, { ...request, headers }, JSON.stringify({ TableName }));
    if (new TextDecoder().decode(body).includes('"TableStatus":"ACTIVE"')) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`dynalite did not make the table ${TableName} ACTIVE`);
}

function hand(server: Server, request: WireRequest, body: string): Promise<WireResponse> {
  return new Promise((resolve, reject) => {
    // As much of Node's IncomingMessage as dynalite uses: a stream costs more than the question.
    const incoming = Object.assign(new EventEmitter(), {
      method: request.method,
      url: request.path,
      headers: lowerCased(request.headers),
    });
    server.emit('request', incoming, new Answer(resolve));
    try {
      if (body !== '') incoming.emit('data', Buffer.from(body));
      incoming.emit('end');
    } catch (error) {
      reject(error);
    }
  });
}

/** As much of Node's ServerResponse as dynalite uses. */
class Answer {
  statusCode = 200;
  readonly #headers: Record<string, string> = {};
  readonly #resolve: (response: WireResponse) => void;

  constructor(resolve: (response: WireResponse) => void) {
    this.#resolve = resolve;
  }

  setHeader(name: string, value: string | number): void {
    this.#headers[name.toLowerCase()] = String(value);
  }

  end(body = ''): void {
    this.#resolve({ statusCode: this.statusCode, headers: this.#headers, body: Buffer.from(body) });
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
