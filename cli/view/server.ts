/** The server of `slipway view`: GET only, for the machine's own user, and nothing that changes anything. */
import type { Server } from 'node:http';
import { createHttpServer } from '@slipway/local-cloud/server/http.ts';
import type { Received, Reply } from '@slipway/local-cloud/wire/protocol.ts';
import type { PageAsset } from '../../local/page/assets.ts';
import type { Target } from '../../shared/config/config.ts';
import { defined } from '../../shared/core/model/defined.ts';
import type { Connection } from '../connect/connection.ts';
import type { Invoked } from '../output/invocation.ts';
import { ChartShelf } from './chart-shelf.ts';
import { Fleet, isMoving } from './fleet.ts';
import { fleetPage } from './fleet-page.ts';
import { layout, type Page } from './layout.ts';
import { html } from './markup.ts';
import { says } from './says.ts';
import { targetPage } from './target-page.ts';

const POLICY =
  "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";
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
  charts = new ChartShelf(connection),
): (received: Received) => Promise<Reply> {
  const file = fileServer();
  return async ({ method, path, query }) => {
    if (method !== 'GET' && method !== 'HEAD') return reply(405, 'text/plain', 'read only\n');
    if (/^\/\w+\.(?:js|css|svg)$/.test(path)) return await file(path);
    if (path === '/') return await fleetReply(connection, fleet, filterIn(query));
    const [, name, rest] = /^\/targets\/([^/]+)(\/.+)?$/.exec(path) ?? [];
    const target = name === undefined ? undefined : connection.pipeline.targets[decoded(name)];
    if (target === undefined) return notFound(path);
    if (rest === '/charts.json') return await chartsReply(fleet, charts, target, query);
    const release = /^\/releases\/(\d{1,9})$/.exec(rest ?? '')?.[1];
    if (rest !== undefined && release === undefined) return notFound(path);
    return await targetReply(connection, fleet, target, release);
  };
}

/** Made when the first page asks, and loaded as late: what only reads the pages needs no bundler. */
function fileServer(): (path: string) => Promise<Reply> {
  let made: Promise<ReadonlyMap<string, PageAsset>> | undefined;
  return async (path) => {
    made ??= import('../../local/page/assets.ts').then(({ accountAssets }) => accountAssets());
    try {
      const file = (await made).get(path);
      return file === undefined ? notFound(path) : reply(200, file.type, file.body);
    } catch (error) {
      made = undefined;
      return reply(500, 'text/plain', `${says(error)}\n`);
    }
  };
}

async function fleetReply(connection: Connection, fleet: Fleet, filter: string): Promise<Reply> {
  const { status, trouble } = await fleet.look();
  if (status === undefined) return nothingYet(connection, trouble);
  const body = fleetPage(status, filter, connection.now());
  const title = `Slipway: ${status.targets.length} targets`;
  return htmlReply({ title, place: connection.place, at: status.at, trouble, body });
}

async function targetReply(
  connection: Connection,
  fleet: Fleet,
  target: Target,
  release: string | undefined,
): Promise<Reply> {
  const { place, pipeline } = connection;
  const { status, trouble } = await fleet.look();
  const one = status?.targets.find(({ key }) => key === target.key);
  if (status === undefined || one === undefined) return nothingYet(connection, trouble);
  const close = await fleet.target(target, isMoving(one));
  const { status: shown = one, entries, trouble: ill } = close;
  const isPublic = pipeline.github.apiUrl === 'https://api.github.com';
  const web = isPublic ? 'https://github.com' : undefined;
  const around = defined({
    now: connection.now(),
    web,
    release: release === undefined ? undefined : Number(release),
    claims: close.claims ?? status.claims.filter((claim) => claim.target === shown.target),
  });
  return htmlReply({
    title: `${shown.target}: ${shown.headline}`,
    place,
    at: status.at,
    trouble: trouble ?? ill,
    charts: true,
    body: targetPage(shown, entries, around),
  });
}

async function chartsReply(
  fleet: Fleet,
  shelf: ChartShelf,
  target: Target,
  query: URLSearchParams,
): Promise<Reply> {
  const { entries } = await fleet.target(target, false);
  const asked = defined({
    release: wholeIn(query.get('release')),
    at: wholeIn(query.get('at')),
  });
  try {
    const charts = await shelf.charts(target, entries, asked);
    return reply(200, 'application/json', JSON.stringify(charts));
  } catch (error) {
    return reply(502, 'text/plain', `${says(error)}\n`);
  }
}

/** Undefined: it is none, or a moment that no clock shows. */
function wholeIn(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function filterIn(query: URLSearchParams): string {
  return (query.get('q') ?? '').slice(0, FILTER_MAX);
}

function nothingYet({ place }: Connection, trouble: string | undefined): Reply {
  const body = html`<h1>AWS did not answer yet</h1>`;
  return htmlReply({ title: 'Slipway', place, at: null, trouble, body });
}

function htmlReply(page: Page): Reply {
  return reply(200, 'text/html', layout(page));
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

function reply(status: number, type: string, text: string | Buffer): Reply {
  return {
    status,
    headers: {
      'content-type': type.includes('charset') ? type : `${type}; charset=utf-8`,
      'cache-control': 'no-store',
      'content-security-policy': POLICY,
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    },
    body: Buffer.from(text),
  };
}
