/** Tables that fit: cells wrap where the terminal is narrow, and where it is very narrow, lines. */
import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import { type Colors, width as terminalWidth } from './print.ts';
import { wrapped } from './wrapped.ts';

/** Below this no table is readable. */
const TABLE_WIDTH_MIN = 60;
/** Narrower than this a column breaks words. */
const COLUMN_MIN = 11;
/** With less beside its name a value stands below it. */
const VALUE_MIN = 40;
/** What a column adds beside its text: a space on both sides, and a line. */
const FRAME = 3;

export type Row = readonly string[] | readonly [title: Title];

/** A line of its own, over all columns. */
export interface Title {
  readonly title: string;
}

export function table(
  head: readonly string[],
  rows: readonly Row[],
  colors: Colors,
  width = terminalWidth(),
): string {
  // A pipe: what reads it counts columns, and knows no frames.
  if (width === Number.POSITIVE_INFINITY) return plainColumns(head, rows);
  const widths = columnWidths(head, rows, width);
  if (widths === undefined) return asLines(head, rows, colors);
  const fits = widths === 'natural';
  const made = new Table({
    head: head.map((text) => colors.bold(text)),
    // The library's own colours know nothing of pipes.
    style: { head: [], border: [], compact: true },
    ...(fits ? {} : { colWidths: widths.map((text) => text + 2), wordWrap: true }),
  });
  for (const row of rows) {
    const [first] = row;
    if (isTitle(first)) made.push([{ content: colors.bold(first.title), colSpan: head.length }]);
    else made.push(row.map((cell, i) => fitting(cell as string, fits ? undefined : widths[i])));
  }
  return made.toString();
}

/** One line a row, two spaces or more between the columns. */
function plainColumns(head: readonly string[], rows: readonly Row[]): string {
  const lines = [head, ...rows].map((row) => {
    const [first] = row;
    return isTitle(first)
      ? first.title
      : (row as readonly string[]).map((cell) => cell.replaceAll(/\s*\n\s*/g, ', '));
  });
  const cells = lines.filter((one) => typeof one !== 'string');
  const widths = head.map((_, i) => Math.max(...cells.map((row) => lengths(row[i] ?? '')[0] ?? 0)));
  return lines
    .map((row) =>
      typeof row === 'string'
        ? row
        : row
            .map((cell, i) => padded(cell, widths[i] ?? 0))
            .join('  ')
            .trimEnd(),
    )
    .join('\n');
}

/** Colours have no width. */
function padded(cell: string, width: number): string {
  return cell + ' '.repeat(Math.max(0, width - stripVTControlCharacters(cell).length));
}

/** The library wraps between words, and cuts a word that is longer than its column. */
function fitting(cell: string, width: number | undefined): string {
  if (width === undefined || stripVTControlCharacters(cell) !== cell) return cell;
  const long = new RegExp(`\\S{${width}}(?=\\S)`, 'g');
  return cell.replaceAll(long, (part) => `${part}\n`);
}

function isTitle(cell: string | Title | undefined): cell is Title {
  return typeof cell === 'object';
}

/** Of the text in each column; undefined: no table fits. */
function columnWidths(
  head: readonly string[],
  rows: readonly Row[],
  width: number,
): 'natural' | readonly number[] | undefined {
  const cells = rows.filter((row): row is readonly string[] => !isTitle(row[0]));
  const natural = head.map((text, i) =>
    Math.max(...[text, ...cells.map((row) => row[i] ?? '')].flatMap(lengths)),
  );
  const room = width - 1 - FRAME * head.length;
  const sum = (widths: readonly number[]) => widths.reduce((all, one) => all + one, 0);
  if (sum(natural) <= room) return 'natural';
  if (width < TABLE_WIDTH_MIN || COLUMN_MIN * head.length > room) return undefined;
  const widths = [...natural];
  while (sum(widths) > room) {
    const widest = widths.indexOf(Math.max(...widths));
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

function lengths(text: string): number[] {
  return stripVTControlCharacters(text)
    .split('\n')
    .map((part) => part.length);
}

/** `target: web`, one value a line, a blank line between rows. */
function asLines(head: readonly string[], rows: readonly Row[], colors: Colors): string {
  return rows
    .map((row) => {
      const [first] = row;
      if (isTitle(first)) return colors.bold(first.title);
      const cells = row as readonly string[];
      return cells
        .flatMap((cell, i) => {
          const name = (head[i] ?? '').trim();
          const value = cell.trim().replaceAll('\n', ', ');
          const shown = i === 0 ? colors.bold(value) : value;
          if (value === '') return [];
          return name === '' ? shown : `${name}: ${shown}`;
        })
        .join('\n');
    })
    .join('\n\n');
}

/** `name  value`, for one thing with many sides. */
export function sides(
  pairs: readonly (readonly [string, string])[],
  colors: Colors,
  width = terminalWidth(),
): string {
  const longest = Math.max(...pairs.map(([name]) => name.length));
  const isNarrow = width - longest - 2 < VALUE_MIN;
  const indent = ' '.repeat(isNarrow ? 2 : longest + 2);
  const lines = (value: string) =>
    value.split('\n').flatMap((text) => wrapped(text, width - indent.length).split('\n'));
  return pairs
    .map(([name, value]) => {
      const text = lines(value).join(`\n${indent}`);
      return isNarrow
        ? `${colors.dim(name)}\n${indent}${text}`
        : `${colors.dim(name.padEnd(longest))}  ${text}`;
    })
    .join('\n');
}
