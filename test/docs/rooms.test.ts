/** The drawing of rooms in docs/architecture.md: no import runs up in it, and no room is missing. */
import { expect, test } from 'vitest';
import { type Import, imports, sources } from '../house/sources.ts';
import { textOf } from './pages.ts';

const DRAWING = /<!-- rooms -->\s*```text\n([\s\S]*?)```/;
const PRODUCT = /^(cli|functions|infra|local|packages|shared)\/|^pipeline\.config\.ts$/;

/** From the top down; what follows two spaces and is no path is a remark. */
const floors = (DRAWING.exec(textOf('docs/architecture.md'))?.[1] ?? '')
  .split('\n')
  .map((line) => line.split(/\s{2,}/).filter((word) => /^[\w./-]+$/.test(word) && isRoom(word)));

function isRoom(word: string): boolean {
  return PRODUCT.test(word.endsWith('.ts') ? word : `${word}/`);
}

function floorOf(file: string): number {
  const all = floors.flatMap((rooms, floor) => rooms.map((room) => ({ room, floor })));
  const [inside] = all
    .filter(({ room }) => file === room || file.startsWith(`${room}/`))
    .toSorted((a, b) => b.room.length - a.room.length);
  return inside?.floor ?? -1;
}

function roomOf(file: string): string {
  const rooms = floors.flat().filter((room) => file === room || file.startsWith(`${room}/`));
  return rooms.toSorted((a, b) => b.length - a.length)[0] ?? '';
}

function isProduct(file: string): boolean {
  return PRODUCT.test(file) && !/\/test\//.test(file);
}

const ours = imports.filter(({ file, target }) => isProduct(file) && isProduct(target));
const runsUp = ({ file, target }: Import) =>
  roomOf(file) !== roomOf(target) && floorOf(target) <= floorOf(file);

test('the drawing is found, and so are the imports', () => {
  expect(floors.flat().length).toBeGreaterThan(20);
  expect(ours.length).toBeGreaterThan(500);
});

test('every file of the product stands in a room of the drawing', () => {
  expect(sources.filter((path) => isProduct(path) && floorOf(path) < 0)).toEqual([]);
});

test('every room of the drawing has files', () => {
  const lived = new Set(sources.map(roomOf));
  expect(floors.flat().filter((room) => !lived.has(room))).toEqual([]);
});

test('no import runs up', () => {
  expect(ours.filter(runsUp).map(({ file, target }) => `${file} imports ${target}`)).toEqual([]);
});
