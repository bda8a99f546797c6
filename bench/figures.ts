/**
 * `npm run figures`: how this checkout is built, in figures. How full its folders are, its longest
 * function, its circles, which imports run up between rooms, and what each room weighs.
 *
 * What is measured is the product. Of tests only the lines and the folders are counted.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readArguments } from './arguments.ts';
import { type Figures, measure } from './figures-of.ts';

const HERE = fileURLToPath(new URL('..', import.meta.url));
const PAGE = join(HERE, 'docs/figures.md');
const BEGIN = '<!-- figures -->';
const END = '<!-- /figures -->';
/** Shown of a list that can be long. */
const SHOWN = 5;

const HELP = `npm run figures -- [--before DIR [--write]] [--time] [--root DIR] [--json]

  --before DIR  beside those of another checkout, as the Markdown of docs/figures.md
  --write       that goes there
  --time        also the seconds of npm run test:unit and npm test, and what it costs to import each bundle
  --root DIR    of another checkout
  --json        one JSON object`;

const values = readArguments(HELP, {
  root: { type: 'string', default: HERE },
  before: { type: 'string' },
  write: { type: 'boolean', default: false },
  time: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
});

const wanted = { timed: values.time };
const after = measure(resolve(values.root), wanted);
if (values.before !== undefined) {
  const before = measure(resolve(values.before), wanted);
  if (values.write) writePage(comparison(before, after));
  else console.log(values.json ? JSON.stringify({ before, after }) : comparison(before, after));
} else if (values.json) {
  console.log(JSON.stringify(after));
} else {
  const rows = rowsOf(after);
  const width = Math.max(...rows.map(([name]) => name.length));
  for (const [name, value] of rows) console.log(`${name.padEnd(width)}  ${value}`);
}

function writePage(table: string): void {
  const text = readFileSync(PAGE, 'utf8');
  const [head = '', rest = ''] = text.split(BEGIN);
  const [, tail = ''] = rest.split(END);
  writeFileSync(PAGE, `${head}${BEGIN}\n\n${table}\n\n${END}${tail}`);
}

function comparison(before: Figures, after: Figures): string {
  const then = new Map(rowsOf(before));
  const now = new Map(rowsOf(after));
  const all = new Set([...then.keys(), ...now.keys()]);
  const rooms = [...all].filter((name) => name.startsWith('room ')).toSorted();
  const names = [...[...all].filter((name) => !name.startsWith('room ')), ...rooms];
  return [
    '| figure | before | after |',
    '| --- | --- | --- |',
    ...names.map((name) => `| ${name} | ${then.get(name) ?? '–'} | ${now.get(name) ?? '–'} |`),
  ].join('\n');
}

function rowsOf(figures: Figures): readonly (readonly [string, string])[] {
  const { folders, functions, circles, circlesWithTypes, up, rooms, seconds, bundles, imports } =
    figures;
  return [
    ['files of the product', `${sum(rooms.map(({ files }) => files))}`],
    ['its lines', thousands(sum(rooms.map(({ lines }) => lines)))],
    ['lines of tests', thousands(figures.testLines)],
    ['rooms', `${rooms.length}`],
    ['fullest folders', few(folders.map(({ path, files }) => `${path} ${files}`))],
    ['folders of more than 20 files', `${folders.filter(({ files }) => files > 20).length}`],
    ['functions of more than 50 lines', `${functions.filter(({ lines }) => lines > 50).length}`],
    ['longest functions', few(functions.map(({ path, lines }) => `${path} ${lines}`))],
    ['circles at run time', inFiles(circles)],
    ['circles, types included', inFiles(circlesWithTypes)],
    ['imports that run up between rooms', `${sum(up.map(({ weight }) => weight))}`],
    ...up.map(({ from, to, weight }) => [`runs up: ${from} to ${to}`, `${weight}`] as const),
    ...rooms.map(
      ({ path, files, lines }) =>
        [`room ${path}`, `${files} files, ${thousands(lines)} lines`] as const,
    ),
    ...Object.entries(seconds ?? {}).map(([name, took]) => [`seconds of ${name}`, took] as const),
    ...Object.entries(bundles).map(
      ([name, bytes]) => [`bundle ${name}`, `${thousands(bytes)} bytes`] as const,
    ),
    ...Object.entries(imports ?? {}).map(
      ([name, ratio]) => [`import of ${name}`, `${ratio} times its SDK clients`] as const,
    ),
  ];
}

function few(list: readonly string[]): string {
  return list.slice(0, SHOWN).join(', ');
}

function inFiles(circles: readonly (readonly string[])[]): string {
  return circles.length === 0
    ? 'none'
    : `${circles.length}, of ${circles.map(({ length }) => length).join(', ')} files`;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, number) => all + number, 0);
}

function thousands(number: number): string {
  return number.toLocaleString('en-US');
}
