/** What is shortened ends at the end of a word, and shows that it was. */
import { expect, test } from 'vitest';
import { plain, shorten } from '../../../shared/core/model/text.ts';

test.each<[text: string, max: number, shown: string]>([
  ['short', 5, 'short'],
  ['greater than the threshold', 26, 'greater than the threshold'],
  ['2 datapoints were transient', 25, '2 datapoints were…'],
  ['two words', 4, 'two…'],
  ['one word that ends where it is cut', 9, 'one word…'],
  [' leading', 4, ' le…'],
  [`a ${'x'.repeat(40)}`, 32, 'a…'],
  [`a ${'x'.repeat(40)}`, 33, `a ${'x'.repeat(30)}…`],
  ['x'.repeat(50), 10, `${'x'.repeat(9)}…`],
  [`a ${'x'.repeat(50)}`, 40, `a ${'x'.repeat(37)}…`],
])('%s', (text, max, shown) => {
  expect(shorten(text, max)).toBe(shown);
  expect(shown.length).toBeLessThanOrEqual(max);
});

test('what others wrote moves no cursor, sets no clipboard, begins no line, turns no text around', () => {
  const esc = String.fromCharCode(27);
  const forged = `ada${esc}]52;c;ZXZpbA==${String.fromCharCode(7)}\r\nweb resting\u2028proven\u202e!`;
  expect(plain(forged)).toBe('ada ]52;c;ZXZpbA== web resting proven !');
  expect(plain('Jürgen 🚀')).toBe('Jürgen 🚀');
});
