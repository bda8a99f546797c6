/** The tables of docs/judge.md, each between its own two markers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const PAGE = fileURLToPath(new URL('../../docs/judge.md', import.meta.url));

/** Replaces what stands between the markers of this name. */
export function writeSection(name: string, text: string): void {
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = placeOf(page, name);
  writeFileSync(PAGE, `${page.slice(0, from)}\n\n${text}\n\n${page.slice(to)}`);
}

/** The rows of a table that stands there already, by their first cell. */
export function rowsThere(name: string): ReadonlyMap<string, string> {
  const page = readFileSync(PAGE, 'utf8');
  const [from, to] = placeOf(page, name);
  const lines = page
    .slice(from, to)
    .split('\n')
    .filter((line) => /^\| (?!---)/.test(line));
  return new Map(lines.map((line) => [line.split('|')[1]?.trim() ?? '', line]));
}

function placeOf(page: string, name: string): readonly [from: number, to: number] {
  const begin = `<!-- measured:${name} -->`;
  const from = page.indexOf(begin) + begin.length;
  const to = page.indexOf(`<!-- /measured:${name} -->`);
  if (to < from) throw new Error(`${PAGE} has no place for ${name}`);
  return [from, to];
}
