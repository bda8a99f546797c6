/**
 * Plays in several threads, one a core, and tells the results in the order of what was asked: what is printed
 * does not show who played it.
 */
import { availableParallelism } from 'node:os';
import { parentPort, Worker } from 'node:worker_threads';

/** A fast thread may be so many results ahead of the oldest that is not told yet. */
const AHEAD_MAX = 100;

/** A thread loads all our code, and begins slowly: it is worth that for so many worlds, or scenes. */
const EACH_LEAST = 20;

/** Unless somebody says how many: one a core. */
export function threadsFor(tasks: number): number {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(tasks / EACH_LEAST)));
}

interface Asked<Task> {
  readonly index: number;
  readonly task: Task;
}

interface Answered<Result> {
  readonly index: number;
  readonly result: Result;
}

export interface Player<Task, Result> {
  /** A module that calls `answerWith(play)`. */
  readonly module: URL;
  play(task: Task): Promise<Result>;
}

/** Who stops listening stops the threads. One thread is this one. */
export async function* playInOrder<Task, Result>(
  player: Player<Task, Result>,
  tasks: readonly Task[],
  threads: number,
): AsyncGenerator<readonly [Task, Result]> {
  if (threads > 1 && tasks.length > 1) yield* playBeside(player.module, tasks, threads);
  else for (const task of tasks) yield [task, await player.play(task)];
}

async function* playBeside<Task, Result>(
  module: URL,
  tasks: readonly Task[],
  threads: number,
): AsyncGenerator<readonly [Task, Result]> {
  const workers = Array.from({ length: Math.min(threads, tasks.length) }, () => new Worker(module));
  const results = new Map<number, Result>();
  const idle = new Set(workers);
  let [asked, told] = [0, 0];
  let arrival = Promise.withResolvers<void>();
  const askIdle = () => {
    for (const worker of idle) {
      const task = tasks[asked];
      if (task === undefined || asked - told >= AHEAD_MAX) return;
      idle.delete(worker);
      worker.postMessage({ index: asked++, task } satisfies Asked<Task>);
    }
  };
  for (const worker of workers) {
    worker.on('message', ({ index, result }: Answered<Result>) => {
      results.set(index, result);
      idle.add(worker);
      askIdle();
      arrival.resolve();
    });
    worker.on('error', (error) => arrival.reject(error));
  }
  try {
    while (told < tasks.length) {
      askIdle();
      await arrival.promise;
      arrival = Promise.withResolvers<void>();
      for (; results.has(told); told++) {
        yield [tasks[told] as Task, results.get(told) as Result];
        results.delete(told);
      }
    }
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** In a thread of its own: what is asked is played, one after the other. In the first one it does nothing. */
export function answerWith<Task, Result>(play: (task: Task) => Promise<Result>): void {
  parentPort?.on('message', async ({ index, task }: Asked<Task>) => {
    parentPort?.postMessage({ index, result: await play(task) } satisfies Answered<Result>);
  });
}
