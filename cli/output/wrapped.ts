/** Text in lines no longer than this, broken between words; a longer word stays whole. */
import { stripVTControlCharacters } from 'node:util';

export function wrapped(text: string, columns: number): string {
  if (!Number.isFinite(columns) || lengthOf(text) < columns) return text;
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (lengthOf(longer) < columns || current === '') current = longer;
    else {
      lines.push(current.trimEnd());
      current = word;
    }
  }
  return [...lines, current].join('\n');
}

/** Colours take no column. */
function lengthOf(text: string): number {
  return stripVTControlCharacters(text).length;
}
