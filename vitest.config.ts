/**
 * Four sets of tests. `unit` needs no whole world: its files share their modules and both cores, so
 * that it can run at each save. `model` holds the local cloud against AWS, and `infra` synthesizes the
 * stacks: their files share their modules, too, since to load those takes longer than most of the tests.
 * `slow` plays whole worlds, and starts processes, servers and browsers.
 */
import { defineConfig } from 'vitest/config';

/** They count the warnings of the process, so each has one of its own. */
const SERVERS = 'test/local/http-*.test.ts';
const SLOW = ['attacks', 'cli', 'package', 'page', 'replays', 'scenarios', 'simulation']
  .map((room) => `test/${room}/**/*.test.ts`)
  .concat(SERVERS);
const INFRA = ['test/infra/**/*.test.ts'];
const MODEL = ['test/local/**/*.test.ts', 'packages/*/test/**/*.test.ts'];

const sharingModules = { pool: 'threads', isolate: false, maxWorkers: 2 } as const;

/** Sets with different pools run one after the other, in this order. */
const order = (groupOrder: number) => ({ sequence: { groupOrder } });

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Vitest leaves one core free, which is half of two.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Everything else: a new room is fast until it is named above.
          include: ['test/**/*.test.ts'],
          exclude: [...SLOW, ...MODEL, ...INFRA],
          ...sharingModules,
          ...order(0),
        },
      },
      {
        extends: true,
        test: {
          name: 'infra',
          include: INFRA,
          ...sharingModules,
          ...order(1),
        },
      },
      {
        extends: true,
        test: { name: 'model', include: MODEL, exclude: [SERVERS], ...sharingModules, ...order(1) },
      },
      { extends: true, test: { name: 'slow', include: SLOW, ...order(2) } },
    ],
  },
});
