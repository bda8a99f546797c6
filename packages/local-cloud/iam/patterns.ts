/** Wildcards of IAM: `*` for any text, `?` for one character. */

/** Compiled patterns: a memo, not state. There are as many as policies have resources. */
const compiled = new Map<string, RegExp>();

export function isLike(pattern: string, text: string): boolean {
  if (!/[*?]/.test(pattern)) return pattern === text;
  let known = compiled.get(pattern);
  if (known === undefined) {
    const source = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    known = new RegExp(`^${source}$`, 's');
    compiled.set(pattern, known);
  }
  return known.test(text);
}

/** In an ARN a wildcard does not reach over a colon, except in the last of its six parts. */
export function isArnLike(pattern: string, arn: string): boolean {
  if (pattern === '*') return true;
  const actual = partsOf(arn);
  return partsOf(pattern).every((part, index) => isLike(part, actual[index] ?? ''));
}

/** Six. Of a pattern that ends early in an asterisk, that stands for the rest as well. */
function partsOf(arn: string): readonly string[] {
  const split = arn.split(':');
  if (split.length < 6 && split.at(-1) === '*') {
    return [...split, ...Array<string>(6 - split.length).fill('*')];
  }
  return [...split.slice(0, 5), split.slice(5).join(':')];
}
