/**
 * What every server of the local cloud does with HTTP: reads a request whole, sends a reply, and
 * survives whatever is sent to it. What the reply is, is its owner's.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Received, Reply } from '../wire/protocol.ts';
import { BadBody, HungUp, readBody } from './body.ts';
import { refusalOfStranger } from './strangers.ts';

export interface Answering {
  /** What it will listen on: who calls us by another name is sent away. */
  readonly host: string;
  readonly answer: (received: Received) => Promise<Reply>;
  /** Takes a request whose answer has no end, and says so. */
  readonly stream?: (request: IncomingMessage, url: URL, response: ServerResponse) => boolean;
  /** One line about a mistake of ours. */
  readonly onWarning: (line: string) => void;
}

/** How long an idle client may keep its connection; longer than the SDKs' own pools keep theirs. */
const IDLE_MS = 65_000;
/** How long requests under way are waited for when the server stops. */
const LAST_WORDS_MS = 2_000;

/** Not listening yet. */
export function createHttpServer(answering: Answering): Server {
  const server = createServer((request, response) => {
    void serve(answering, request, response);
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
export async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const impatient = setTimeout(() => server.closeAllConnections(), LAST_WORDS_MS);
  await closed;
  clearTimeout(impatient);
}

/** Of a request that no service of AWS is meant by. */
export function notForAws({ method, path }: Received): Reply {
  return plain(
    400,
    `${method} ${path} is no request to AWS: it has neither x-amz-target nor Action, nor a signature\n`,
  );
}

async function serve(
  answering: Answering,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A client that hangs up while it is answered.
  response.on('error', () => undefined);
  try {
    const url = new URL(request.url ?? '/', 'http://local');
    const { method = 'GET', headers } = request;
    const refusal = refusalOfStranger({ method, url, headers }, answering.host);
    if (refusal === undefined && answering.stream?.(request, url, response) === true) return;
    const received = await receive(request, url);
    if (refusal !== undefined) send(response, request.method, notForStrangers(refusal));
    else send(response, request.method, await answering.answer(received));
  } catch (error) {
    if (error instanceof HungUp) response.destroy();
    else send(response, request.method, troubleReply(answering, error));
  }
}

function notForStrangers(error: string): Reply {
  return {
    status: 403,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ error })),
  };
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

function troubleReply({ onWarning }: Answering, error: unknown): Reply {
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
