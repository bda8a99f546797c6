/** Text in lines no longer than this, broken between words; a longer word stays whole. */
export function wrapped(text: string, columns: number): string {
  if (!Number.isFinite(columns) || text.length < columns) return text;
  const lines: string[] = [];
  let current = '';
  for (const word of text.split(' ')) {
    const longer = current === '' ? word : `${current} ${word}`;
    if (longer.length < columns || current === '') current = longer;
    else {
      lines.push(current);
      current = word;
    }
  }
  return [...lines, current].join('\n');
}
