/**
 * Keeps web pages out. Whoever reaches the port may do everything here, and a browser reaches it for
 * any page that its user opens: by a form, by an image, or by a name that points here (DNS rebinding).
 * SDKs and commands send none of a browser's headers and call us by our own name.
 */
import { hostname } from 'node:os';

export interface Arrived {
  readonly method: string;
  readonly url: URL;
  /** By names in small letters. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
}

/** Names that no stranger can point elsewhere: the machine's own, and Docker's for the machine around it. */
const OWN_NAMES = ['localhost', 'host.docker.internal'];
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]+\])$/;
const EVERYBODY = ['0.0.0.0', '::', '[::]'];

/** Why the request is refused, in a sentence; undefined: it is not. `host`: what we listen on. */
export function refusalOfStranger(
  { method, url, headers }: Arrived,
  host: string,
): string | undefined {
  const called = String(headers.host ?? '');
  if (!isOurName(called, host)) {
    return `this is not ${called}: call it localhost, or by the address that it listens on`;
  }
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${called}`) {
    return `a page of ${String(origin)} may do nothing here`;
  }
  const site = headers['sec-fetch-site'];
  // Absent: no browser, or one that is too old to say.
  if (site === undefined || site === 'same-origin' || site === 'none') return undefined;
  return isVisit(method, url, headers) ? undefined : 'a page from elsewhere may do nothing here';
}

/** For whom it listens is a fact that its user should have seen once. */
export function warningFor(host: string): string | undefined {
  return EVERYBODY.includes(host)
    ? `it listens on ${host}: every machine that reaches this one may do everything here`
    : undefined;
}

function isOurName(called: string, listens: string): boolean {
  const name = called.replace(/:\d+$/, '').toLowerCase();
  if (OWN_NAMES.includes(name) || name.endsWith('.localhost')) return true;
  // A page of an address comes from that very machine.
  if (ADDRESS.test(name)) return true;
  return [listens.toLowerCase(), hostname().toLowerCase()].includes(name);
}

/** A link to our page was followed. With a question mark it could be a call to AWS. */
function isVisit(method: string, url: URL, headers: Arrived['headers']): boolean {
  return (
    method === 'GET' &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document' &&
    url.pathname === '/' &&
    url.search === ''
  );
}
