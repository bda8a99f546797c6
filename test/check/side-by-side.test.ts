import { expect, test } from 'vitest';
import { type Ended, sideBySide } from './side-by-side.ts';

const ending = (code: number) =>
  `node -e "console.log('I end with ${code}'); process.exit(${code})"`;

test('each program is run, whatever another one says, and those that failed are known', async () => {
  const ended: Ended[] = [];
  const failed = await sideBySide([[ending(3), ending(0)], [ending(1)]], (one) => ended.push(one));
  expect(failed.map(({ code }) => code).sort()).toEqual([1, 3]);
  expect(ended.map(({ said }) => said).sort()).toEqual([
    'I end with 0\n',
    'I end with 1\n',
    'I end with 3\n',
  ]);
});

test('a program that is not there has failed', async () => {
  const [failed] = await sideBySide([['no-such-program-of-ours']], () => undefined);
  expect(failed?.code).toBe(127);
});
