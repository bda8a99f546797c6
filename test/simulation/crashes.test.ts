/** A sample of the crash sweep, spread over every scenario; `npm run simulate:crashes` takes them all. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('crashes-main.ts', import.meta.url));
const EVERY = 48;

test('a handler killed at any gate of any scenario changes nothing in how it ends', {
  timeout: 600_000,
}, async () => {
  const half = (offset: number) =>
    promisify(execFile)(process.execPath, [MAIN, '--every', `${EVERY}`, '--offset', `${offset}`]);
  const both = await Promise.all([half(1), half(1 + EVERY / 2)]);
  for (const { stdout } of both) {
    expect(stdout.trim().split('\n').at(-1)).toMatch(/^46 scenarios, [1-9]\d+ crashes, 0 broken/);
  }
});
