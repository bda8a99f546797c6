/** The rules of the house that a machine can keep, held against the house. */
import { describe, expect, test } from 'vitest';
import { EXCEPTIONS, type RuleName } from './exceptions.ts';
import { ENTRIES, ROOMS, TEST_ENTRIES } from './rooms.ts';
import {
  bannedWords,
  circles,
  notAllowed,
  type Offence,
  roomCircles,
  tooFull,
  tooLong,
  unreached,
  unusedExports,
  withoutRoom,
} from './rules.ts';
import { exports, files, functions, identifiers, imports, sources } from './sources.ts';
import { BANNED, SPEAKING } from './words.ts';

const isTest = (file: string) => /^(packages\/[\w-]+\/)?test\//.test(file);
const isEntry = (file: string) =>
  [...ENTRIES, ...TEST_ENTRIES].some((entry) => entry.file.test(file));

const product = sources.filter((file) => !isTest(file) && !file.startsWith('bench/'));

const OFFENCES: Readonly<Record<RuleName, readonly Offence[]>> = {
  import: notAllowed(imports),
  circle: circles(imports),
  // Tests look into every room.
  'circle of rooms': roomCircles(imports.filter(({ file }) => !isTest(file))),
  unreached: [
    ...unreached(product, ENTRIES, imports),
    ...unreached(sources, [...ENTRIES, ...TEST_ENTRIES], imports).filter(
      ({ what }) => !product.includes(what),
    ),
  ],
  // What starts an entry takes its exports by other means.
  'unused export': unusedExports(
    exports.filter(({ file }) => !isEntry(file)),
    imports,
  ),
  'long function': tooLong(functions.filter(({ file }) => product.includes(file))),
  'full folder': tooFull(files),
  'banned word': bannedWords(
    identifiers.filter(({ file }) => SPEAKING.test(file)),
    BANNED,
  ),
};

const isExcepted = (rule: RuleName, { what }: Offence) =>
  EXCEPTIONS.some((exception) => exception.rule === rule && exception.what === what);

test('there is a house: its files, imports, exports, functions and names are found', () => {
  expect(imports.length).toBeGreaterThan(2_000);
  expect(exports.length).toBeGreaterThan(500);
  expect(functions.length).toBeGreaterThan(2_000);
  expect(identifiers.length).toBeGreaterThan(50_000);
});

test('every file of ours stands in a room', () => {
  expect(withoutRoom(sources.filter((file) => file.endsWith('.ts')))).toEqual([]);
});

test.each(ROOMS.map(({ room }) => room))('the room %s is there', (room) => {
  expect(sources.some((file) => file.startsWith(room))).toBe(true);
});

test.each(Object.entries(OFFENCES) as [RuleName, readonly Offence[]][])(
  'no %s',
  (rule, offences) => {
    const lines = offences.filter((one) => !isExcepted(rule, one)).map(({ line }) => line);
    expect(lines.join('\n')).toBe('');
  },
);

describe('every exception is still needed', () => {
  test.each(EXCEPTIONS)('$rule: $what, since $why', ({ rule, what }) => {
    expect(OFFENCES[rule].map((one) => one.what)).toContain(what);
  });
});

test('what is imported exists, by its whole name', () => {
  const lost = imports
    .filter(({ target }) =>
      /^(shared|local|functions|cli|infra|bench|test|packages)\//.test(target),
    )
    .filter(({ target }) => !files.includes(target))
    .map(({ file, line, target }) => `${file}:${line}: there is no ${target}`);
  expect(lost).toEqual([]);
});

test('nobody but bench imports test', () => {
  const offending = imports
    .filter(({ file, target }) => isTest(target) && !isTest(file) && !file.startsWith('bench/'))
    .map(({ file, line, target }) => `${file}:${line}: ${target}`);
  expect(offending).toEqual([]);
});
