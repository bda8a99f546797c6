#!/usr/bin/env node
/**
 * The command `slipway`. In the package it runs the JavaScript that was made of our sources; in a checkout
 * the sources themselves, under a Node that runs TypeScript: the one that `npm ci` brings along, unless the
 * present one is new enough.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Of a checkout, and of the package: a config in TypeScript is loaded as it is. */
const [NODE_LEAST, NODE_LEAST_PACKED] = [24, 22.18];
const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const ours = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
const args = process.argv.slice(2);

if (!existsSync(main)) {
  if (major + minor / 100 >= NODE_LEAST_PACKED) {
    const { run } = await import(new URL('../dist/cli/main.js', import.meta.url).href);
    await run(args);
  } else {
    tooOld(
      `Node ${NODE_LEAST_PACKED} or newer; install Node 24, which is the one that Lambda runs.`,
    );
  }
} else if (major >= NODE_LEAST) {
  const { run } = await import('./main.ts');
  await run(args);
} else if (existsSync(ours)) {
  const { runUnder } = await import('../packages/local-cloud/child-node.js');
  runUnder(ours, [main, ...args], 'slipway');
} else {
  tooOld(
    `${NODE_LEAST} or newer; run \`npm ci\` in the directory of Slipway, which brings one along on Linux and ` +
      'Windows; elsewhere install Node 24.',
  );
}

/** @param {string} needed */
function tooOld(needed) {
  console.error(`slipway: this is Node ${process.versions.node}, and it needs ${needed}`);
  process.exitCode = 2;
}
