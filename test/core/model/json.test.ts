/** Values that survive JSON: the same whatever the order of their keys, and objects told from what is none. */
import { expect, test } from 'vitest';
import { asObject, sameJson } from '../../../shared/core/model/json.ts';

test.each<[a: unknown, b: unknown, same: boolean]>([
  [{ a: 1, b: 2, c: 3 }, { c: 3, a: 1, b: 2 }, true],
  [{ a: { x: 1, y: [{ p: 1, q: 2 }] } }, { a: { y: [{ q: 2, p: 1 }], x: 1 } }, true],
  [{ a: 1, b: null }, { b: null, a: 1 }, true],
  [{ a: 1, b: null }, { b: {}, a: 1 }, false],
  [{ a: 1, b: 2 }, { b: 1, a: 2 }, false],
  [[1, 2], [2, 1], false],
  ['1', 1, false],
])('%j and %j are the same: %s', (a, b, same) => {
  expect(sameJson(a, b)).toBe(same);
});

test('what is no object has no members', () => {
  expect(asObject({ a: 1 })).toEqual({ a: 1 });
  for (const none of [null, undefined, 'a', 1, true, ['a']]) expect(asObject(none)).toEqual({});
  expect(Object.keys(asObject(['a']))).toEqual([]);
});
