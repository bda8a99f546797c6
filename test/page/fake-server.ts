/** Serves the page with a feed that a test scripts; it speaks as the local AWS does. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PAGE_POLICY, type PageAsset } from '../../local/page/assets.ts';
import type { PageEntry, PageState } from '../../local/server/page-state.ts';

export interface FakeServer {
  readonly url: string;
  readonly port: number;
  /** What the page asked for: `speed {"speed":60}`. */
  readonly asked: readonly string[];
  tell(state: PageState, entries: readonly PageEntry[]): void;
  /** Every connection breaks, and the port is free. */
  stop(): Promise<void>;
}

export async function startFakeServer(
  assets: ReadonlyMap<string, PageAsset>,
  port = 0,
): Promise<FakeServer> {
  const asked: string[] = [];
  /** Who listens, and the number of the entry that each gets next. */
  const listeners = new Map<ServerResponse, number>();
  let state: PageState | undefined;
  let entries: readonly PageEntry[] = [];

  function tellOne(response: ServerResponse): void {
    const since = listeners.get(response) ?? 0;
    const fresh = entries.filter(({ n }) => n >= since);
    const next = (fresh.at(-1)?.n ?? since - 1) + 1;
    if (fresh.length > 0) send(response, 'timeline', { first: 0, next, entries: fresh });
    listeners.set(response, next);
    if (state !== undefined) send(response, 'state', state);
  }

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://page');
    const asset = assets.get(pathname);
    if (asset !== undefined) {
      response.writeHead(200, {
        'content-type': asset.type,
        'content-security-policy': PAGE_POLICY,
        'x-content-type-options': 'nosniff',
      });
      response.end(asset.body);
    } else if (pathname === '/_slipway/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      response.write('retry: 1000\n\n');
      listeners.set(response, Number(searchParams.get('since') ?? 0));
      response.once('close', () => listeners.delete(response));
      tellOne(response);
    } else if (request.method === 'POST') {
      const body = await bodyOf(request);
      asked.push(`${pathname.replace('/_slipway/', '')} ${body}`);
      if (pathname === '/_slipway/speed' && state !== undefined) {
        state = { ...state, speed: Number(JSON.parse(body).speed) };
      }
      response.writeHead(200, { 'content-type': 'application/json' }).end(body);
      for (const each of listeners.keys()) tellOne(each);
    } else {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${taken}/`,
    port: taken,
    asked,
    tell(nextState, nextEntries) {
      state = nextState;
      entries = nextEntries;
      for (const response of listeners.keys()) tellOne(response);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

function send(response: ServerResponse, event: string, data: object): void {
  response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
}
