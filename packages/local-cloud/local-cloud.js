#!/usr/bin/env node
/**
 * The command `local-cloud`: starts server/main.ts under a Node that runs TypeScript. That is the one
 * which npm installed for this package, unless the present one is new enough.
 */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const NODE_LEAST = 24;
const main = fileURLToPath(new URL('./server/main.ts', import.meta.url));
const args = process.argv.slice(2);

/** Undefined if there is none. */
function installedNode() {
  try {
    return createRequire(import.meta.url).resolve('node/bin/node');
  } catch {
    return undefined;
  }
}

const node = installedNode();
if (Number(process.versions.node.split('.')[0]) >= NODE_LEAST) {
  const { run } = await import('./server/main.ts');
  process.exitCode = await run(args);
} else if (node !== undefined) {
  const child = spawn(node, [main, ...args], { stdio: 'inherit' });
  // A signal for this process alone is meant for the one that serves.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => child.kill(signal));
  child.on('error', (error) => {
    console.error(`local-cloud: ${node} does not start: ${error.message}`);
    process.exitCode = 2;
  });
  child.on('exit', (code) => {
    process.exitCode = code ?? 2;
  });
} else {
  console.error(
    `local-cloud: this is Node ${process.versions.node}, and it needs ${NODE_LEAST} or newer; ` +
      'run `npm ci`, which brings one along.',
  );
  process.exitCode = 2;
}
