/** What every command understands, and how it is read. */
import { SESSION_NAME } from '@slipway/local-cloud/iam/somebody.ts';
import { UsageError } from '../output/command-error.ts';

export interface CommonOptions {
  readonly json: boolean;
  /** Where the local AWS is; absent: the account of the config. */
  readonly local?: string;
  /** Whose word it is in a local AWS; absent: whom git names. */
  readonly as?: string;
  /** Another file than `pipeline.config.ts`. */
  readonly config?: string;
  /** Which environment of a config that has several. */
  readonly env?: string;
  readonly debug: boolean;
}

export const LOCAL_URL = 'http://localhost:4566';

/** Of commander: `local` is the URL, or true for the usual one. */
export function commonOptions(given: Readonly<Record<string, unknown>>): CommonOptions {
  const { json, local, as, config, env, debug } = given;
  if (as !== undefined && local === undefined) {
    throw new UsageError('--as is for --local: in an account you are who your credentials say');
  }
  return {
    json: json === true,
    debug: debug === true,
    ...(local === undefined ? {} : { local: urlIn(local === true ? LOCAL_URL : String(local)) }),
    ...(as === undefined ? {} : { as: personIn(String(as)) }),
    ...(typeof config === 'string' ? { config } : {}),
    ...(typeof env === 'string' ? { env } : {}),
  };
}

/** As the name of a session. */
function personIn(text: string): string {
  if (SESSION_NAME.test(text)) return text;
  throw new UsageError(`--as is "${text}", expected a name of 2 to 64 letters, digits and _+=.@-`);
}

function urlIn(text: string): string {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url !== null && /^https?:$/.test(url.protocol)) return url.origin;
  throw new UsageError(`--local is "${text}", expected a URL such as ${LOCAL_URL}`);
}

/**
 * `--local` may stand before a word of the command: only what looks like an address is its value,
 * since commander would take any word for it.
 */
export function withLocalUrl(args: readonly string[]): string[] {
  const end = args.indexOf('--');
  return args.map((arg, i) => {
    if (arg !== '--local' || (end !== -1 && i > end)) return arg;
    return isAddress(args[i + 1]) ? arg : `--local=${LOCAL_URL}`;
  });
}

function isAddress(word: string | undefined): boolean {
  return word !== undefined && /^https?:\/\/|^[\w.-]+:\d{1,5}$|^\[[\da-f:]+\]:\d+$/i.test(word);
}

/** A whole number of seconds. */
export function secondsIn(option: string, text: string, most: number): number {
  const seconds = Number(text);
  if (/^\d+$/.test(text) && seconds >= 1 && seconds <= most) return seconds;
  throw new UsageError(`${option} is "${text}", expected whole seconds from 1 to ${most}`);
}
