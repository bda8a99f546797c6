/** The rules of the house, as functions of what the sources hold: each lists what breaks it. */
import { dirname } from 'node:path';
import { ROOMS, roomOf } from './rooms.ts';
import type { Export, Identifier, Import, Stretch } from './sources.ts';
import { type Banned, isBanned } from './words.ts';

/** What breaks a rule, as an exception names it, and a line for the person who broke it. */
export interface Offence {
  readonly what: string;
  readonly line: string;
}

/** TigerBeetle's measure, too. Tests are told in long callbacks, and are not counted. */
export const FUNCTION_LINES_MAX = 70;
/** What one still reads as a list. */
export const FOLDER_FILES_MAX = 22;

export function withoutRoom(files: readonly string[]): readonly Offence[] {
  return files
    .filter((file) => roomOf(file) === undefined)
    .map((file) => ({ what: file, line: `${file}: stands in no room` }));
}

export function notAllowed(imports: readonly Import[]): readonly Offence[] {
  return imports.flatMap((one) => {
    const room = roomOf(one.file);
    if (room === undefined) return [];
    // A room is not the rooms inside it: those stand before it, or behind it.
    if (roomOf(one.target) === room) return [];
    const may = one.typesOnly ? [...room.may, ...(room.types ?? [])] : room.may;
    if (may.some((allowed) => covers(allowed, one.target))) return [];
    const how = one.typesOnly ? 'may not import' : 'may not import, or as types only,';
    const line = `${one.file}:${one.line}: ${room.room} ${how} ${one.target}`;
    return [{ what: `${one.file} -> ${one.target}`, line }];
  });
}

function covers(allowed: string, target: string): boolean {
  if (/[/:]$|^$/.test(allowed)) return target.startsWith(allowed);
  return target === allowed || target.startsWith(`${allowed}/`);
}

/** Files that need one another before any of them has run. Types and late imports need nothing. */
export function circles(imports: readonly Import[]): readonly Offence[] {
  const arrows = arrowsOf(imports.filter(({ typesOnly, late }) => !typesOnly && !late));
  return [...arrows.keys()].toSorted().flatMap((file) => {
    const way = wayBack(arrows, file);
    if (way === undefined) return [];
    return [{ what: file, line: `circle: ${[file, ...way].join(' -> ')}` }];
  });
}

/** The same between rooms: one of them cannot be understood without the other. */
export function roomCircles(imports: readonly Import[]): readonly Offence[] {
  const between = imports.flatMap((one) => {
    const from = outerRoomOf(one.file);
    const to = outerRoomOf(one.target);
    if (from === undefined || to === undefined || from === to) return [];
    return [{ ...one, file: from, target: to }];
  });
  return circles(between);
}

/** A file with a rule of its own stands in the room around it all the same. */
function outerRoomOf(file: string): string | undefined {
  const { room } = roomOf(file) ?? {};
  if (room === undefined || !room.endsWith('.ts')) return room;
  return ROOMS.some((other) => other.room === `${dirname(room)}/`) ? `${dirname(room)}/` : room;
}

function arrowsOf(imports: readonly Import[]): ReadonlyMap<string, readonly string[]> {
  const arrows = new Map<string, string[]>();
  for (const { file, target } of imports) {
    arrows.set(file, [...(arrows.get(file) ?? []), target]);
  }
  return arrows;
}

/** The shortest way from a file back to itself. */
function wayBack(
  arrows: ReadonlyMap<string, readonly string[]>,
  file: string,
): readonly string[] | undefined {
  const seen = new Set<string>();
  let ways: (readonly string[])[] = [[]];
  while (ways.length > 0) {
    const next: (readonly string[])[] = [];
    for (const way of ways) {
      for (const target of arrows.get(way.at(-1) ?? file) ?? []) {
        if (target === file) return [...way, file];
        if (seen.has(target)) continue;
        seen.add(target);
        next.push([...way, target]);
      }
    }
    ways = next;
  }
  return undefined;
}

/** What nothing comes to from where somebody starts: files without an importer, and islands of such. */
export function unreached(
  files: readonly string[],
  entries: readonly { readonly file: RegExp }[],
  imports: readonly Import[],
): readonly Offence[] {
  const arrows = arrowsOf(imports);
  const reached = new Set<string>();
  const left = files.filter((file) => entries.some((entry) => entry.file.test(file)));
  for (let file = left.pop(); file !== undefined; file = left.pop()) {
    if (reached.has(file)) continue;
    reached.add(file);
    left.push(...(arrows.get(file) ?? []));
  }
  return files
    .filter((file) => !reached.has(file))
    .map((file) => ({ what: file, line: `${file}: nobody imports it, and nobody starts it` }));
}

/**
 * Values that no other file takes, and types that not even their own file names. A test is a user: what
 * is exported for it alone is a seam. A type in the signature of something exported is part of that.
 */
export function unusedExports(
  exports: readonly Export[],
  imports: readonly Import[],
): readonly Offence[] {
  const used = new Set(
    imports.flatMap(({ target, names }) => names.map((name) => `${target} ${name}`)),
  );
  return exports
    .filter(({ file, name }) => !used.has(`${file} ${name}`) && !used.has(`${file} *`))
    .filter(({ isType, isNamedHere }) => !(isType && isNamedHere))
    .map(({ file, line, name }) => ({
      what: `${file} ${name}`,
      line: `${file}:${line}: nobody imports ${name}`,
    }));
}

export function tooLong(functions: readonly Stretch[]): readonly Offence[] {
  return functions
    .filter(({ lines }) => lines > FUNCTION_LINES_MAX)
    .map(({ file, line, lines, name }) => ({
      what: `${file} ${name}`,
      line: `${file}:${line}: ${name} has ${lines} lines, more than ${FUNCTION_LINES_MAX}`,
    }));
}

export function tooFull(files: readonly string[]): readonly Offence[] {
  return Object.entries(Object.groupBy(files, (file) => dirname(file)))
    .map(([folder, inside]) => ({ folder, count: inside?.length ?? 0 }))
    .filter(({ count }) => count > FOLDER_FILES_MAX)
    .map(({ folder, count }) => ({
      what: `${folder}/`,
      line: `${folder}/ has ${count} files, more than ${FOLDER_FILES_MAX}`,
    }));
}

export function bannedWords(
  identifiers: readonly Identifier[],
  banned: readonly Banned[],
): readonly Offence[] {
  return identifiers.flatMap(({ file, line, name }) =>
    banned
      .filter((word) => isBanned(name, word))
      .map(({ was, use }) => ({
        what: `${file} ${name}`,
        line: `${file}:${line}: ${name}: ${was} is called ${use}`,
      })),
  );
}
