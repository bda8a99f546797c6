#!/usr/bin/env node
/**
 * The command `slipway`: starts main.ts under a Node that runs TypeScript. That is the one which
 * this package brings along, unless the present one is new enough.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const NODE_LEAST = 24;
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const ours = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));

if (Number(process.versions.node.split('.')[0]) >= NODE_LEAST) {
  const { run } = await import('./main.ts');
  await run(process.argv.slice(2));
} else if (existsSync(ours)) {
  const { runUnder } = await import('../packages/local-cloud/child-node.js');
  runUnder(ours, [main, ...process.argv.slice(2)], 'slipway');
} else {
  console.error(
    `slipway: this is Node ${process.versions.node}, and it needs ${NODE_LEAST} or newer; ` +
      'run `npm ci` in the directory of Slipway, which brings one along on Linux and Windows; ' +
      'elsewhere install Node 24.',
  );
  process.exitCode = 2;
}
