/** Tables of a page in docs, each between its own two markers. */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

type Page = 'judge.md' | 'strategies.md';

/** Replaces what stands between the markers of this name. */
export function writeSection(name: string, text: string, file: Page = 'judge.md'): void {
  const path = pathOf(file);
  const page = readFileSync(path, 'utf8');
  const [from, to] = placeOf(page, name);
  writeFileSync(path, `${page.slice(0, from)}\n\n${text}\n\n${page.slice(to)}`);
}

/** The rows of a table that stands there already, by their first cell. */
export function rowsThere(name: string): ReadonlyMap<string, string> {
  const page = readFileSync(pathOf('judge.md'), 'utf8');
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
  if (to < from) throw new Error(`the page has no place for ${name}`);
  return [from, to];
}

function pathOf(file: Page): string {
  return fileURLToPath(new URL(`../../docs/${file}`, import.meta.url));
}
