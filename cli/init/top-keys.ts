/**
 * The keys at the top of a YAML or JSON file, with those values that are a word or a line. Two tools' files are
 * looked at for three or four names. Every scalar is text, tags and aliases are not followed, nothing is evaluated.
 */
import { isMap, isScalar, parseDocument } from 'yaml';

/** `undefined`: a list, an object, or more than a line. */
export type TopKeys = ReadonlyMap<string, string | undefined>;

/** A sentence in place of the keys: why it cannot be read, and where. */
export function topKeys(text: string): TopKeys | string {
  // Without its schema `service: 012` would be a number, and `region: no` a boolean.
  const { contents, errors } = parseDocument(text, { schema: 'failsafe' });
  const [error] = errors;
  if (error !== undefined) return error.message.split('\n')[0]?.replace(/:$/, '') ?? error.code;
  if (!isMap(contents)) return 'it is no list of "key: value"';
  return new Map(contents.items.map(({ key, value }) => [wordIn(key) ?? '', wordIn(value)]));
}

function wordIn(node: unknown): string | undefined {
  if (!isScalar(node) || node.value === null) return undefined;
  const word = String(node.value);
  return word.includes('\n') ? undefined : word;
}
