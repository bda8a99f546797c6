/** Which of two images is newer. */
import { expect, test } from 'vitest';
import { compareOrder, isHigher, type Order } from '../../../shared/core/model/order.ts';
import { at, digest, order } from '../../build.ts';

const semver = (rank: Order['rank'], n: number) => order(n, { by: 'semver', rank });
const number = (rank: number, n: number) => order(n, { by: 'number', rank: [rank] });

test.each<[rule: string, older: Order, newer: Order]>([
  ['by push time, the later push is newer', order(1), order(2)],
  [
    'two pushes of one moment are ordered by digest',
    order(1, { pushedAt: at(0) }),
    order(2, { pushedAt: at(0) }),
  ],
  ['by number, the higher number is newer, whenever it was pushed', number(9, 5), number(10, 4)],
  ['1.10.0 is newer than 1.9.9', semver([1, 9, 9, 1], 3), semver([1, 10, 0, 1], 2)],
  [
    'a pre-release is older than its release',
    semver([1, 4, 0, 0, 'rc', 2], 3),
    semver([1, 4, 0, 1], 2),
  ],
  ['numbers come before strings', semver([1, 4, 0, 0, 7], 3), semver([1, 4, 0, 0, 'rc'], 2)],
  ['a missing part comes before a present one', semver([1, 4], 3), semver([1, 4, 0], 2)],
  ['of one rank, the later push is newer', number(7, 1), number(7, 2)],
  ['keys of two rules compare by push time', number(99, 1), semver([0, 0, 1, 1], 2)],
])('%s', (_, older, newer) => {
  expect(compareOrder(older, newer)).toBeLessThan(0);
  expect(compareOrder(newer, older)).toBeGreaterThan(0);
});

test('one image is never newer than itself, whatever its tags', () => {
  expect(compareOrder(number(1, 3), number(2, 3))).toBe(0);
});

test('of one image with two tags, the higher tag is its place', () => {
  expect(isHigher(number(2, 3), number(1, 3))).toBe(true);
  expect(isHigher(number(1, 3), number(2, 3))).toBe(false);
  expect(isHigher(number(1, 3), number(1, 3))).toBe(false);
  expect(isHigher(order(3), order(2))).toBe(true);
  expect(digest(3) > digest(2)).toBe(true);
  expect(isHigher(semver([2], 3), number(1, 3))).toBe(false);
  expect(isHigher(number(1, 3), order(3, { pushedAt: at(0) }))).toBe(false);
  expect(isHigher(order(3, { pushedAt: at(0) }), number(1, 3))).toBe(true);
});
