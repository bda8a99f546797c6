/**
 * The keys at the left edge of a YAML file, with the values that stand on the same line. Two tools' files are
 * looked at for three or four names: what stands below a key is passed over, and whatever this does not
 * understand is refused with its line, so that no name is ever half read. Nothing is evaluated.
 */

/** `undefined`: it has more than a word on its line, a list or an object. */
export type TopKeys = ReadonlyMap<string, string | undefined>;

/** `key: rest`; the key may be quoted. A plain one holds no colon and no `#`. */
const KEY =
  /^(?:"(?<double>[^"\\]+)"|'(?<single>[^']+)'|(?<plain>[\w<.][^:#"'{}[\],]*?))\s*:(?:\s+(?<rest>.*))?$/;
/** A list, an object, a block, an anchor, an alias or a tag begins. */
const MORE = /^[[{|>&*!]/;
/** At the left edge: an item of the list of the key above. */
const ITEM = /^-(?:\s|$)/;

/** A sentence in place of the keys: where it cannot be read, and why. */
export function topKeys(text: string): TopKeys | string {
  const keys = new Map<string, string | undefined>();
  let isWhole = true;
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  for (const [i, line] of lines.entries()) {
    const trouble = (why: string) => `line ${i + 1} ${why}`;
    if (/^\s*(?:#|$)/.test(line) || (line.trim() === '---' && keys.size === 0)) continue;
    if (/^\s/.test(line) || ITEM.test(line)) {
      if (keys.size === 0) return trouble('is below no key');
      if (isWhole) return trouble('goes on with a value that began above');
      continue;
    }
    const groups = KEY.exec(line)?.groups;
    if (groups === undefined) return trouble('is no "key: value"');
    const key = groups.double ?? groups.single ?? groups.plain ?? '';
    if (keys.has(key)) return trouble(`says "${key}" once more`);
    const rest = (groups.rest ?? '').trim();
    isWhole = rest !== '' && !rest.startsWith('#') && !MORE.test(rest);
    const value = isWhole ? wordIn(rest) : undefined;
    if (isWhole && value === undefined)
      return trouble('has a quote that does not end, or text after it');
    keys.set(key, value);
  }
  return keys;
}

const DOUBLE = /^(?<quoted>"(?:[^"\\]|\\.)*")\s*(?:\s#.*)?$/;
const SINGLE = /^'(?<inner>(?:[^']|'')*)'\s*(?:\s#.*)?$/;

function wordIn(rest: string): string | undefined {
  if (rest.startsWith("'")) return SINGLE.exec(rest)?.groups?.inner?.replaceAll("''", "'");
  if (!rest.startsWith('"')) return rest.replace(/\s+#.*$/, '');
  try {
    return String(JSON.parse(DOUBLE.exec(rest)?.groups?.quoted ?? ''));
  } catch {
    // YAML knows escapes that JSON does not; no name has one.
    return undefined;
  }
}
