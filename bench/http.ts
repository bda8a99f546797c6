/**
 * `slipway local` as a client sees it: DescribeServices a second, against a server that does nothing
 * but send the same answer to the same client; and its memory after many requests. By itself:
 * `node bench/http.ts --requests 100000`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DescribeServicesCommand, ECSClient } from '@aws-sdk/client-ecs';
import type { FromServer, ToServer } from './http-server.ts';

const SERVER = fileURLToPath(new URL('./http-server.ts', import.meta.url));
/** Connections at once. */
const CLIENTS = 16;
const WARM_UP = 2_000;
/** How many of the requests are timed, in turns with as many to the server that does nothing. */
const ROUNDS = 4;
const ROUND = 1_000;

export interface HttpFigures {
  /** Of the same client, at 16 connections. */
  readonly requestsPerSecond: number;
  readonly noopRequestsPerSecond: number;
  /** Of the two: 1 would be a server that takes no time. */
  readonly ratio: number;
  readonly requests: number;
  readonly megabytesBefore: number;
  readonly megabytesAfter: number;
}

export async function measureHttp({ requests = 20_000 } = {}): Promise<HttpFigures> {
  const local = await started('local');
  const answer = await bodyOf(local.url);
  const noop = await started({ answer });
  try {
    await ask(local.url, WARM_UP);
    await ask(noop.url, WARM_UP);
    const megabytesBefore = await memoryOf(local.child);
    const seconds = { local: 0, noop: 0 };
    for (let round = 0; round < ROUNDS; round++) {
      seconds.local += await ask(local.url, ROUND);
      seconds.noop += await ask(noop.url, ROUND);
    }
    await ask(local.url, Math.max(0, requests - ROUNDS * ROUND));
    const megabytesAfter = await memoryOf(local.child);
    const perSecond = (took: number) => Math.round((ROUNDS * ROUND) / took);
    return {
      requestsPerSecond: perSecond(seconds.local),
      noopRequestsPerSecond: perSecond(seconds.noop),
      ratio: Number((seconds.noop / seconds.local).toFixed(2)),
      requests,
      megabytesBefore: Math.round(megabytesBefore),
      megabytesAfter: Math.round(megabytesAfter),
    };
  } finally {
    local.child.kill();
    noop.child.kill();
  }
}

async function started(what: 'local' | { readonly answer: string }) {
  const child = fork(SERVER, what === 'local' ? ['local'] : [], { execArgv: ['--expose-gc'] });
  if (what !== 'local') child.send(what satisfies ToServer);
  const message = await heard(child);
  if (!('url' in message)) throw new Error('the server did not say where it listens');
  return { child, url: message.url };
}

function heard(child: ChildProcess): Promise<FromServer> {
  return new Promise((resolve, reject) => {
    child.once('message', (message: FromServer) => resolve(message));
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
}

async function memoryOf(child: ChildProcess): Promise<number> {
  child.send('memory' satisfies ToServer);
  const message = await heard(child);
  return 'megabytes' in message ? message.megabytes : Number.NaN;
}

const QUESTION = { cluster: 'production', services: ['web', 'worker'] };

/** What DescribeServices answers, byte for byte. */
async function bodyOf(url: string): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AmazonEC2ContainerServiceV20141113.DescribeServices',
    },
    body: JSON.stringify(QUESTION),
  });
  return await response.text();
}

/** Seconds that so many DescribeServices of the SDK's client take. */
async function ask(url: string, count: number): Promise<number> {
  const client = new ECSClient({
    endpoint: url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    requestHandler: { httpAgent: { keepAlive: true, maxSockets: CLIENTS } },
  });
  let left = count;
  const began = performance.now();
  await Promise.all(
    Array.from({ length: CLIENTS }, async () => {
      while (left > 0) {
        left--;
        await client.send(new DescribeServicesCommand(QUESTION));
      }
    }),
  );
  client.destroy();
  return (performance.now() - began) / 1000;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { requests: { type: 'string', default: '20000' } } });
  console.log(JSON.stringify(await measureHttp({ requests: Number(values.requests) })));
}
