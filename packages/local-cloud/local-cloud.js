#!/usr/bin/env node
/**
 * The command `local-cloud`: starts server/main.ts under a Node that runs TypeScript. That is the one
 * which npm installed for this package, unless the present one is new enough.
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { runUnder } from './child-node.js';

const NODE_LEAST = 24;
const main = fileURLToPath(new URL('./server/main.ts', import.meta.url));
const args = process.argv.slice(2);

/** Undefined if there is none. */
function installedNode() {
  try {
    // One package for each platform: none of them runs anything while it is installed.
    const platform = process.platform === 'win32' ? 'win' : process.platform;
    const file = process.platform === 'win32' ? 'node.exe' : 'node';
    return createRequire(import.meta.url).resolve(`node-${platform}-${process.arch}/bin/${file}`);
  } catch {
    return undefined;
  }
}

const node = installedNode();
if (Number(process.versions.node.split('.')[0]) >= NODE_LEAST) {
  const { run } = await import('./server/main.ts');
  process.exitCode = await run(args);
} else if (node !== undefined) {
  runUnder(node, [main, ...args], 'local-cloud');
} else {
  console.error(
    `local-cloud: this is Node ${process.versions.node}, and it needs ${NODE_LEAST} or newer; ` +
      'run `npm ci`, which brings one along.',
  );
  process.exitCode = 2;
}
