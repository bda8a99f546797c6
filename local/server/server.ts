/**
 * The local AWS over HTTP: requests to AWS, the page, and `/_slipway/…`. Signatures are not looked
 * at: whoever reaches the port may do everything, so it listens on this machine only unless told
 * otherwise. It survives whatever is sent to it.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BadBody, HungUp, readBody } from '@slipway/local-cloud/server/body.ts';
import type { Received, Reply } from '@slipway/local-cloud/wire/protocol.ts';
import { answerControl, CONTROL_PATH, sinceIn } from './control.ts';
import type { EventStream } from './event-stream.ts';
import type { LiveCloud } from './live-cloud.ts';
import { type MakePage, ourPage, pageServer } from './page-files.ts';

export interface ServerOptions {
  readonly live: LiveCloud;
  readonly events: EventStream;
  readonly onWarning: (line: string) => void;
  /** Another page than ours. */
  readonly page?: MakePage;
}

/** How long an idle client may keep its connection; longer than the SDKs' own pools keep theirs. */
const IDLE_MS = 65_000;
/** How long requests under way are waited for when the server stops. */
const LAST_WORDS_MS = 2_000;

/** Not listening yet. */
export function createHttpServer(options: ServerOptions): Server {
  const pageFile = pageServer(options.page ?? ourPage);
  const server = createServer((request, response) => {
    void serve({ ...options, pageFile }, request, response);
  });
  server.keepAliveTimeout = IDLE_MS;
  // What is no HTTP at all.
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
    else socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
  });
  return server;
}

/** Listens on the port, 0 being any free one, and gives it. Rejects with Node's error. */
export function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/** Takes no new connections, waits a little for requests under way, then closes all of them. */
export async function close(server: Server, events: EventStream): Promise<void> {
  events.end();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const impatient = setTimeout(() => server.closeAllConnections(), LAST_WORDS_MS);
  await closed;
  clearTimeout(impatient);
}

interface Serving extends ServerOptions {
  readonly pageFile: (path: string) => Promise<Reply>;
}

async function serve(
  options: Serving,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A client that hangs up while it is answered.
  response.on('error', () => undefined);
  try {
    const url = new URL(request.url ?? '/', 'http://local');
    if (url.pathname === `${CONTROL_PATH}events` && request.method === 'GET') {
      options.events.listen(response, lastSeen(request, url.searchParams));
      return;
    }
    const received = await receive(request, url);
    send(response, request.method, await answer(options, received));
  } catch (error) {
    if (error instanceof HungUp) response.destroy();
    else send(response, request.method, troubleReply(options, error));
  }
}

async function answer({ live, pageFile }: Serving, received: Received): Promise<Reply> {
  if (received.path.startsWith(CONTROL_PATH)) return await answerControl(live, received);
  const fromAws = await live.ask(received);
  if (fromAws !== undefined) return fromAws;
  const { method, path } = received;
  if (method === 'GET' || method === 'HEAD') return await pageFile(path);
  const message = `${method} ${path} is no request to AWS: it has neither x-amz-target nor Action, nor a signature\n`;
  return plain(400, message);
}

async function receive(request: IncomingMessage, url: URL): Promise<Received> {
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : value,
    ]),
  );
  return {
    method: request.method ?? 'GET',
    path: url.pathname,
    query: url.searchParams,
    headers,
    body: await readBody(request),
  };
}

/** Where a page goes on after a break; what makes no sense begins anew. */
function lastSeen({ headers }: IncomingMessage, query: URLSearchParams): number {
  const last = String(headers['last-event-id'] ?? '');
  if (/^\d{1,15}$/.test(last)) return Number(last);
  try {
    return sinceIn(query);
  } catch {
    return 0;
  }
}

function troubleReply({ onWarning }: ServerOptions, error: unknown): Reply {
  if (error instanceof BadBody) return { ...plain(error.status, `${error.message}\n`) };
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  // `new URL` of a path that is none is the client's mistake.
  if ((error as NodeJS.ErrnoException).code === 'ERR_INVALID_URL') return plain(400, 'bad path\n');
  onWarning(`internal: ${why}`);
  return plain(500, 'the local AWS made a mistake; its terminal says which\n');
}

function plain(status: number, text: string): Reply {
  return {
    status,
    headers: { 'content-type': 'text/plain; charset=utf-8' },
    body: Buffer.from(text),
  };
}

function send(response: ServerResponse, method: string | undefined, reply: Reply): void {
  if (response.destroyed || response.headersSent) return;
  const { status, headers, body } = reply;
  // What was not read to its end would be taken for the next request.
  const last = status === 413 || status === 415 ? { connection: 'close' } : {};
  response.writeHead(status, { ...headers, ...last, 'content-length': body.length });
  response.end(method === 'HEAD' ? undefined : body);
}
