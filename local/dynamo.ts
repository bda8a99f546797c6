/**
 * DynamoDB, not faked: the dynalite package in this process and in memory. Requests are handed to
 * it without a socket, so no port is opened and nothing waits for a network.
 * Known to be missing in it: transactions, UpdateTimeToLive, ReturnValuesOnConditionCheckFailure.
 */
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { Readable } from 'node:stream';
import type { WireRequest, WireResponse } from './sdk-skin.ts';

export interface Dynamo {
  handle(request: WireRequest): Promise<WireResponse>;
}

interface DynaliteOptions {
  readonly createTableMs: number;
  readonly deleteTableMs: number;
  readonly updateTableMs: number;
}

/** The package has no types. */
const dynalite = createRequire(import.meta.url)('dynalite') as (options: DynaliteOptions) => Server;

/** A DynamoDB with no tables; it is gone when nobody holds it any more. */
export function startDynamo(): Dynamo {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  return {
    handle: (request) =>
      new Promise((resolve, reject) => {
        const body = Buffer.from(request.body ?? '');
        const incoming = Object.assign(Readable.from(body.length === 0 ? [] : [body]), {
          method: request.method,
          url: request.path,
          headers: lowerCased(request.headers),
        });
        incoming.once('error', reject);
        server.emit('request', incoming, new Answer(resolve));
      }),
  };
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
    this.#resolve({
      statusCode: this.statusCode,
      headers: this.#headers,
      body: Buffer.from(body),
    });
  }
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
