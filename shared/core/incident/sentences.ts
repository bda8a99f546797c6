/** Parts of an answer as sentences. What was cut off ends in an ellipsis, and needs no full stop. */
export function sentences(...parts: readonly string[]): string {
  return parts.map((part) => (/[.…]$/.test(part) ? part : `${part}.`)).join(' ');
}
