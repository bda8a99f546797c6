/**
 * One server for each state file: of two, the last to stop would overwrite what the other one did.
 * The one that has it leaves its process's number beside it.
 */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { BadStateFile, refuseUnwritable } from './state-file.ts';

/** Files that servers of this very process have. */
const held = new Set<string>();

/** Takes the file until what it answers is called. Rejects with `BadStateFile` if another has it. */
export async function lockState(stateFile: string): Promise<() => Promise<void>> {
  await refuseUnwritable(stateFile);
  const file = resolve(stateFile);
  const lock = `${file}.lock`;
  if (held.has(file)) throw inUse(stateFile, process.pid, lock);
  held.add(file);
  try {
    await take(stateFile, lock);
  } catch (error) {
    held.delete(file);
    throw error;
  }
  return async () => {
    await rm(lock, { force: true });
    held.delete(file);
  };
}

async function take(stateFile: string, lock: string): Promise<void> {
  for (;;) {
    try {
      await writeFile(lock, `${process.pid}\n`, { flag: 'wx' });
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST') {
        throw new BadStateFile(stateFile, `cannot be taken: ${lock} cannot be written (${code})`, {
          cause: error,
          next: 'name a file in a directory of yours',
        });
      }
    }
    const owner = Number(await readFile(lock, 'utf8').catch(() => ''));
    if (isAlive(owner)) throw inUse(stateFile, owner, lock);
    // Left by one that was killed.
    await rm(lock, { force: true });
  }
}

/** Our own number is of a process before us, in a container perhaps: what we have is in `held`. */
function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

function inUse(stateFile: string, pid: number, lock: string): BadStateFile {
  return new BadStateFile(stateFile, `is in use by another \`slipway local\`, process ${pid}`, {
    next: `stop that one, or name another file; if no such process runs, delete ${lock}`,
  });
}
