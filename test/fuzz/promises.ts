/** What holds for every input, whatever it is. */
import { isDeepStrictEqual } from 'node:util';
import { BODY_BYTES_MAX, parseEnvelope } from '../../shared/edge/envelope.ts';
import type { Envelope } from '../../shared/edge/message.ts';
import { BESIDE, WITHIN } from './values.ts';

/** One input may take so long, in ms: no expression takes exponential time. */
export const INPUT_MS_MAX = 1_000;
/** Characters of an error: one value of at most 100, a path, and the words around them. */
const ERROR_MAX = 1_500;
/** Characters of what is wrong with a config or scenario: a hundred mistakes. */
const AUTHOR_MAX = 80_000;
/** Characters of a log line: an error with its stack, and what caused it. */
export const LINE_MAX = 8_000;

export class Broken extends Error {
  override readonly name = 'Broken';
}

/** The kind of a documented error. Any other is what we look for. */
export function documented(error: unknown, kinds: readonly string[]): string {
  return toldTo(error, kinds, ERROR_MAX, [BESIDE, WITHIN]);
}

/** The error about somebody's own file shows the short values in it, on purpose, and many of them. */
export function documentedToAuthor(error: unknown, kinds: readonly string[]): string {
  return toldTo(error, kinds, AUTHOR_MAX, [WITHIN]);
}

function toldTo(
  error: unknown,
  kinds: readonly string[],
  max: number,
  secrets: readonly string[],
): string {
  if (!(error instanceof Error) || !kinds.includes(error.name)) {
    throw new Broken(`undocumented: ${error instanceof Error ? error.stack : String(error)}`);
  }
  tellsNoSecret(error.message, `the message of ${error.name}`, max, secrets);
  return error.name;
}

/** For people and logs. */
export function tellsNoSecret(
  text: string,
  where: string,
  max: number,
  secrets: readonly string[] = [BESIDE, WITHIN],
): void {
  if (text.length > max) throw new Broken(`${where} has ${text.length} characters: ${start(text)}`);
  for (const secret of secrets) {
    // Not even the beginning of one that was cut off.
    if (text.includes(secret.slice(0, 12))) throw new Broken(`${where} tells a secret: ${text}`);
  }
}

/** For values that carry the words of persons and alarms on: nothing that stood beside them. */
export function carriesNothingElse(text: string, where: string): void {
  if (text.includes(BESIDE.slice(0, 12))) throw new Broken(`${where} carries a secret: ${text}`);
}

/** https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const SQS_TAKES = /^[\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]+$/u;

/** What we send, reconcile can read: nothing of it is lost, and SQS takes it. */
export function isEnvelope(body: string, targets: ReadonlySet<string>): Envelope {
  if (Buffer.byteLength(body) > BODY_BYTES_MAX) throw new Broken(`sent ${body.length} characters`);
  if (!SQS_TAKES.test(body)) throw new Broken(`SQS refuses characters of ${JSON.stringify(body)}`);
  carriesNothingElse(body, 'a message');
  let envelope: Envelope;
  try {
    envelope = parseEnvelope(body);
  } catch (error) {
    throw new Broken(`sent what reconcile cannot read: ${String(error)}`);
  }
  if (!isDeepStrictEqual(plain(envelope), JSON.parse(body))) {
    throw new Broken(`reconcile reads ${JSON.stringify(envelope)} in ${body}`);
  }
  if (!targets.has(envelope.target))
    throw new Broken(`sent to ${envelope.target}, which is no target`);
  return envelope;
}

/** zod's objects have a prototype, those of JSON.parse too, but `-0` and the like do not survive. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

const PROTOTYPES = [Object, Array, Function, String, Number, Map, Set, Error, Promise].map(
  ({ prototype }) => ({ prototype, keys: Reflect.ownKeys(prototype).length }),
);

export function unpolluted(): void {
  for (const { prototype, keys } of PROTOTYPES) {
    if (Reflect.ownKeys(prototype).length !== keys) {
      throw new Broken(`a prototype has other keys: ${Reflect.ownKeys(prototype).map(String)}`);
    }
  }
  if ('polluted' in {}) throw new Broken('every object is polluted');
}

/** The same value without any own key `__proto__`. */
export function withoutProto(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null || depth > 2_000) return value;
  if (Array.isArray(value)) return value.map((part) => withoutProto(part, depth + 1));
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '__proto__')
      .map(([key, part]) => [key, withoutProto(part, depth + 1)]),
  );
}

function start(text: string): string {
  return JSON.stringify(text.slice(0, 300));
}
