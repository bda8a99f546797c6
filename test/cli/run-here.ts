/**
 * Runs the command line as `run.ts` does, with its exit code and both its outputs, but in this process: for rules
 * that are not about a process of its own, and without the second or two that one needs to load it all.
 */
import { vi } from 'vitest';
import { run } from '../../cli/main.ts';
import type { Ran } from './run.ts';

let last: Promise<unknown> = Promise.resolve();

/** One after the other, however many tests ask at once: the outputs are those of the process. */
export function slipwayHere(...args: readonly string[]): Promise<Ran> {
  const ran = last.then(() => runCaught(args));
  last = ran.catch(() => undefined);
  return ran;
}

async function runCaught(args: readonly string[]): Promise<Ran> {
  const before = process.exitCode;
  const stdout = caught(process.stdout);
  const stderr = caught(process.stderr);
  try {
    process.exitCode = undefined;
    await run(args);
    return { code: Number(process.exitCode ?? 0), stdout: stdout.text(), stderr: stderr.text() };
  } finally {
    process.exitCode = before;
    stdout.release();
    stderr.release();
  }
}

function caught(stream: NodeJS.WriteStream) {
  const heard = stream.listeners('error');
  let text = '';
  const write = vi.spyOn(stream, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  return {
    text: () => text,
    release: () => {
      write.mockRestore();
      // `run` listens once for a whole process.
      for (const listener of stream.listeners('error')) {
        if (!heard.includes(listener)) stream.off('error', listener as () => void);
      }
    },
  };
}
