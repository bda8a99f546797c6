/** The server of `slipway view`: GET only, for the machine's own user, and nothing that changes anything. */
import type { Server } from 'node:http';
import { createHttpServer } from '@slipway/local-cloud/server/http.ts';
import type { Received, Reply } from '@slipway/local-cloud/wire/protocol.ts';
import type { Connection } from '../connect/connection.ts';
import type { Invoked } from '../output/invocation.ts';
import { SCRIPT, STYLE } from './assets.ts';
import { Fleet, isMoving } from './fleet.ts';
import { fleetPage } from './fleet-page.ts';
import { layout } from './layout.ts';
import { html, type Markup } from './markup.ts';
import { targetPage } from './target-page.ts';

const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
const FILTER_MAX = 100;

export interface ViewOptions {
  readonly host: string;
  readonly onWarning: (line: string) => void;
  /** How `slipway` was called. */
  readonly invoked?: Invoked;
}

/** Not listening yet. */
export function createViewServer(
  connection: Connection,
  { host, onWarning, invoked = {} }: ViewOptions,
): Server {
  const answer = viewOf(connection, new Fleet(connection, invoked));
  return createHttpServer({ host, onWarning, answer });
}

/** What a request is answered. */
export function viewOf(
  connection: Connection,
  fleet: Fleet,
): (received: Received) => Promise<Reply> {
  return async ({ method, path, query }) => {
    if (method !== 'GET' && method !== 'HEAD') return reply(405, 'text/plain', 'read only\n');
    if (path === '/view.css') return reply(200, 'text/css', STYLE);
    if (path === '/view.js') return reply(200, 'text/javascript', SCRIPT);
    const name = path === '/' ? undefined : /^\/targets\/([^/]+)$/.exec(path)?.[1];
    if (path !== '/' && name === undefined) return notFound(path);
    return await page(connection, fleet, name, (query.get('q') ?? '').slice(0, FILTER_MAX));
  };
}

async function page(
  connection: Connection,
  fleet: Fleet,
  name: string | undefined,
  filter: string,
): Promise<Reply> {
  const { place, pipeline } = connection;
  const target = name === undefined ? undefined : pipeline.targets[decoded(name)];
  if (name !== undefined && target === undefined) return notFound(`/targets/${name}`);
  const { status, trouble } = await fleet.look();
  const now = connection.now();
  const about = { place, at: status?.at ?? null };
  const shown = (title: string, body: Markup, wrong = trouble) =>
    reply(200, 'text/html', layout({ title, ...about, trouble: wrong, body }));
  if (status === undefined) return shown('Slipway', html`<h1>AWS did not answer yet</h1>`);
  if (target === undefined) {
    const body = fleetPage(status, filter, now);
    return shown(`Slipway: ${status.targets.length} targets`, body);
  }
  const one = status.targets.find(({ key }) => key === target.key);
  if (one === undefined) return notFound(`/targets/${name}`);
  const { status: close = one, entries, trouble: ill } = await fleet.target(target, isMoving(one));
  const web =
    pipeline.github.apiUrl === 'https://api.github.com' ? 'https://github.com' : undefined;
  const body = targetPage(close, entries, { now, web });
  return shown(`${close.target}: ${close.headline}`, body, trouble ?? ill);
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function notFound(path: string): Reply {
  return reply(404, 'text/plain', `there is no ${path.slice(0, 200)}; the page is at /\n`);
}

function reply(status: number, type: string, text: string): Reply {
  return {
    status,
    headers: {
      'content-type': `${type}; charset=utf-8`,
      'cache-control': 'no-store',
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: Buffer.from(text),
  };
}
