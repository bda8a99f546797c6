/** Runs a program under another Node, as if it were this one: plain JavaScript, since an old Node reads it. */
import { spawn } from 'node:child_process';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * A signal for this process alone (a supervisor's, `kill`) is meant for the program and passed on;
 * it may have files to save. Ends as the program ends.
 * @param {string} node
 * @param {readonly string[]} args
 * @param {string} name of the command, for messages
 */
export function runUnder(node, args, name) {
  const child = spawn(node, args, { stdio: 'inherit' });
  const handlers = SIGNALS.map((signal) => {
    const pass = () => child.kill(/** @type {NodeJS.Signals} */ (signal));
    process.on(signal, pass);
    return () => process.off(signal, pass);
  });
  child.on('error', (error) => {
    console.error(`${name}: ${node} does not start: ${error.message}`);
    process.exitCode = 2;
  });
  child.on('exit', (code, signal) => {
    for (const forget of handlers) forget();
    if (signal === null) process.exitCode = code ?? 2;
    else process.kill(process.pid, signal);
  });
}
