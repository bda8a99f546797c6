/** Patterns of the models: regular expressions of Java's kind, compiled once. */
const patterns = new Map<string, RegExp>();

/** Java's `matches`: the whole text. What only Java understands lets everything pass. */
export function patternOf(pattern: string): RegExp {
  const known = patterns.get(pattern) ?? compiled(pattern);
  patterns.set(pattern, known);
  return known;
}

function compiled(pattern: string): RegExp {
  for (const flags of ['', 'u']) {
    try {
      // `\p{L}` means something with the flag u only; without it, it is a silent mistake.
      if (flags === '' && /\\[pP]\{/.test(pattern)) continue;
      return new RegExp(`^(?:${pattern})$`, flags);
    } catch {
      // Tried the other way, or not at all.
    }
  }
  return /^/;
}
