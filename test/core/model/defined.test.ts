import { expect, expectTypeOf, test } from 'vitest';
import { defined } from '../../../shared/core/model/defined.ts';

test('a member that is undefined is not there; null, 0, false and "" are', () => {
  const made = defined({ a: undefined, b: null, c: 0, d: false, e: '' });
  expect(Object.keys(made)).toEqual(['b', 'c', 'd', 'e']);
});

test('the members that stay keep their order: the bytes are as before', () => {
  const middle: string | undefined = undefined;
  expect(JSON.stringify(defined({ z: 1, middle, a: 2 }))).toBe('{"z":1,"a":2}');
});

test('only the object itself: what its members hold is handed on as it is', () => {
  const inner = { x: undefined };
  expect(defined({ inner }).inner).toBe(inner);
});

test('by its type, what may be undefined may be missing, and all else is there', () => {
  const tag = ['a'].at(0);
  const made = defined({ name: 'web', tag });
  expectTypeOf(made).toEqualTypeOf<{ readonly name: 'web'; readonly tag?: string }>();
  const stored: { readonly name: string; readonly tag?: string } = made;
  expect(stored).toEqual({ name: 'web', tag: 'a' });
});
