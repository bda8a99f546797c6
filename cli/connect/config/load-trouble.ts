/**
 * Why a config cannot be loaded, in one line that an editor opens: `pipeline.config.ts:9:7 cannot be loaded: …`.
 * Node tells the place in the text of the stack alone, in one of two forms: a head with the line and a mark
 * below it, of what cannot be parsed; or the frames, of what was thrown.
 */
import { relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { meant } from '../../../shared/parsing/meant.ts';

interface Place {
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  /** What stands there. */
  readonly text?: string;
}

const TEXT_MAX = 60;
const UNKNOWN_NAME = [
  /^(?<name>\w+) is not defined$/,
  /^The requested module 'slipway' does not provide an export named '(?<name>\w+)'/,
];

/** In a clone of 0.2.0 the config imported a file of ours. */
const OF_A_CLONE = /^Cannot find module '.*[\\/]shared[\\/]config(?:[\\/]config)?\.ts'/;

/** `path` is the config's, `name` as the person wrote it; `exported`: what `import … from 'slipway'` may name. */
export function loadTrouble(
  error: unknown,
  { path, name }: { readonly path: string; readonly name: string },
  exported: readonly string[],
): string {
  const [said = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const place = placeOfMark(stack) ?? placeOfFrame(stack, path);
  const moved = OF_A_CLONE.test(said)
    ? "; where the package is installed write from 'slipway'"
    : '';
  const why = `${said.trim()}${meantName(said, exported)}${moved}`;
  if (place === undefined) return `${name} cannot be loaded: ${why}`;
  const { file, line, column, text } = place;
  const shown = file === path ? name : relative(process.cwd(), file);
  const where = [shown, line, ...(column === undefined ? [] : [column])].join(':');
  return `${where} cannot be loaded: ${why}${text === undefined ? '' : `, at "${text}"`}`;
}

/** `file:///shop/pipeline.config.ts:9`, the lines, and `^^^^` below what is meant; at the end of a file nothing is. */
function placeOfMark(stack: string): Place | undefined {
  const [head = '', ...lines] = stack.split('\n');
  const [, url, line] = /^(file:\/\/\S+):(\d+)$/.exec(head) ?? [];
  if (url === undefined) return undefined;
  const place = { file: fileURLToPath(url), line: Number(line) };
  const mark = lines.findIndex((one) => /^\s*\^+\s*$/.test(one));
  const at = lines[mark]?.indexOf('^') ?? 0;
  const text = lines[mark - 1]?.slice(at, at + TEXT_MAX).trim();
  return text === undefined || text === '' ? place : { ...place, column: at + 1, text };
}

/** The first frame of the config, `at file:///shop/pipeline.config.ts:5:30`: those above it are Node's or ours. */
function placeOfFrame(stack: string, path: string): Place | undefined {
  const { href } = pathToFileURL(path);
  const frame = stack.split('\n').find((one) => one.includes(`${href}:`));
  const [, line, column] = /:(\d+):(\d+)\)?$/.exec(frame ?? '') ?? [];
  if (line === undefined) return undefined;
  return { file: path, line: Number(line), column: Number(column) };
}

function meantName(said: string, exported: readonly string[]): string {
  const name = UNKNOWN_NAME.map((form) => form.exec(said)?.groups?.name).find(Boolean);
  return name === undefined ? '' : meant(name, exported);
}
