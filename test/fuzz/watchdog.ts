/**
 * An expression that takes exponential time never comes back to say so. A second thread watches the
 * first: when one input takes far too long, it names it and ends the process.
 */
import { writeSync } from 'node:fs';
import { isMainThread, Worker, workerData } from 'node:worker_threads';

/** Far above what a promise allows, so that a busy machine is not mistaken for a hang. */
const HANG_MS = 20_000;
const NAME_BYTES = 256;

interface Watched {
  /** Which input it is: counts up. */
  readonly count: SharedArrayBuffer;
  /** The command that repeats it. */
  readonly repeat: SharedArrayBuffer;
}

export function startWatchdog() {
  const watched: Watched = {
    count: new SharedArrayBuffer(4),
    repeat: new SharedArrayBuffer(NAME_BYTES),
  };
  const worker = new Worker(new URL(import.meta.url), { workerData: watched });
  worker.unref();
  const repeat = Buffer.from(watched.repeat);
  return {
    working: (command: string) => {
      repeat.fill(0);
      repeat.write(command);
      Atomics.add(new Int32Array(watched.count), 0, 1);
    },
    stop: () => worker.terminate(),
  };
}

function watch({ count, repeat }: Watched): void {
  const now = new Int32Array(count);
  for (;;) {
    const before = Atomics.load(now, 0);
    // Nobody notifies: it only waits.
    Atomics.wait(now, 0, before, HANG_MS);
    if (before === 0 || Atomics.load(now, 0) !== before) continue;
    const command = Buffer.from(repeat).toString().replaceAll('\0', '');
    writeSync(2, `\none input has taken more than ${HANG_MS / 1_000} s\n  repeat: ${command}\n`);
    process.kill(process.pid, 'SIGKILL');
  }
}

if (!isMainThread) watch(workerData as Watched);
