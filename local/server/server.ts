/**
 * What `slipway local` answers over HTTP: requests to AWS, the page, and `/_slipway/…`. How HTTP is
 * served is the local cloud's (`server/http.ts`).
 */
import type { IncomingMessage, Server } from 'node:http';
import {
  close as closeServer,
  notForAws,
  createHttpServer as serverFor,
} from '@slipway/local-cloud/server/http.ts';
import type { Received, Reply } from '@slipway/local-cloud/wire/protocol.ts';
import { answerControl, CONTROL_PATH, sinceIn } from './control.ts';
import type { EventStream } from './event-stream.ts';
import type { LiveCloud } from './live-cloud.ts';
import { type MakePage, ourPage, pageServer } from './page-files.ts';

export interface ServerOptions {
  readonly live: LiveCloud;
  readonly events: EventStream;
  /** What it will listen on. */
  readonly host: string;
  readonly onWarning: (line: string) => void;
  /** Another page than ours. */
  readonly page?: MakePage;
}

/** Not listening yet. */
export function createHttpServer(options: ServerOptions): Server {
  const { events, host, onWarning } = options;
  const pageFile = pageServer(options.page ?? ourPage);
  return serverFor({
    host,
    onWarning,
    answer: (received) => answer({ ...options, pageFile }, received),
    stream: (request, url, response) => {
      if (url.pathname !== `${CONTROL_PATH}events` || request.method !== 'GET') return false;
      events.listen(response, lastSeen(request, url.searchParams));
      return true;
    },
  });
}

/** Those who listen to the page's events are let go first. */
export async function close(server: Server, events: EventStream): Promise<void> {
  events.end();
  await closeServer(server);
}

interface Serving extends ServerOptions {
  readonly pageFile: (path: string) => Promise<Reply>;
}

async function answer({ live, pageFile }: Serving, received: Received): Promise<Reply> {
  if (received.path.startsWith(CONTROL_PATH)) return await answerControl(live, received);
  const fromAws = await live.ask(received);
  if (fromAws !== undefined) return fromAws;
  const { method, path } = received;
  return method === 'GET' || method === 'HEAD' ? await pageFile(path) : notForAws(received);
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
