/** The samples of the README are tests that run: nobody copies what does not work. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');

test('the sample in process is the test that runs', () => {
  const [, sample] = /```ts\n([\s\S]*?)```/.exec(read('../../README.md')) ?? [];
  expect(sample).toBe(read('./in-process.test.ts'));
});
