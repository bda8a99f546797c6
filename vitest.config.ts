/**
 * Five sets of tests. `unit` needs no whole world: its files share their modules and both cores, so
 * that it can run at each save. `model` holds the local cloud against AWS, `infra` synthesizes the
 * stacks, and `slow` plays whole worlds, and starts processes and browsers: their files share their
 * modules, too, since to load those takes longer than most of the tests. `alone` are those whose files
 * would disturb others in their process.
 */
import { defineConfig } from 'vitest/config';

/** They put other modules in place of ours: each has a process of its own. */
const ALONE = ['test/cli/account/infra-synth.test.ts', 'test/cli/answer/ask-why.test.ts'];
const SLOW = ['attacks', 'cli', 'package', 'page', 'replays', 'scenarios', 'simulation'].map(
  (room) => `test/${room}/**/*.test.ts`,
);
const INFRA = ['test/infra/**/*.test.ts'];
const MODEL = ['test/local/**/*.test.ts', 'packages/*/test/**/*.test.ts'];

const sharingModules = { pool: 'threads', isolate: false } as const;

export default defineConfig({
  test: {
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Vitest leaves one core free, which is half of two. The sets follow each other by name, with no core idle in
    // between, so that the short files of `unit` fill what the long ones leave at the end.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // Everything else: a new room is fast until it is named above.
          include: ['test/**/*.test.ts'],
          exclude: [...SLOW, ...ALONE, ...MODEL, ...INFRA],
          ...sharingModules,
        },
      },
      {
        extends: true,
        test: {
          name: 'infra',
          include: INFRA,
          // CDK holds each template against CloudFormation's rules, which takes ten times as long as to make it:
          // `nag.test.ts` has it done for one of each kind, and `synth.test.ts` as everybody has it.
          env: { CDK_VALIDATION: 'false' },
          ...sharingModules,
        },
      },
      {
        extends: true,
        test: { name: 'model', include: MODEL, ...sharingModules },
      },
      {
        extends: true,
        // Not in threads: they would share what belongs to a process, its output and its signals.
        test: { name: 'slow', include: SLOW, exclude: ALONE, isolate: false },
      },
      { extends: true, test: { name: 'alone', include: ALONE } },
    ],
  },
});
