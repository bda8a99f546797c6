/**
 * Each story with each seed, played once however many tests ask for it. They are played in processes
 * beside this one, one a core, since one alone takes minutes for all of them.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { PROGRAM_ENV } from '../simulation/program.ts';
import type { Answer, Played, Request } from './player.ts';

const PLAYER = fileURLToPath(new URL('player.ts', import.meta.url));

export class Players {
  readonly #known = new Map<string, Promise<Played>>();
  readonly #idle: ChildProcess[] = [];
  readonly #all: ChildProcess[] = [];
  readonly #waiting: (() => void)[] = [];

  played(story: string, seed: number): Promise<Played> {
    const key = `${story} ${seed}`;
    const found = this.#known.get(key) ?? this.#play({ story, seed });
    this.#known.set(key, found);
    return found;
  }

  /** Ends all processes. */
  close(): void {
    for (const player of this.#all) player.disconnect();
  }

  async #play(request: Request): Promise<Played> {
    const player = await this.#take();
    try {
      return await ask(player, request);
    } finally {
      this.#idle.push(player);
      this.#waiting.shift()?.();
    }
  }

  async #take(): Promise<ChildProcess> {
    if (this.#idle.length === 0 && this.#all.length < availableParallelism()) {
      const player = fork(PLAYER, { execArgv: [], env: PROGRAM_ENV });
      this.#all.push(player);
      return player;
    }
    for (;;) {
      const player = this.#idle.pop();
      if (player !== undefined) return player;
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}

function ask(player: ChildProcess, request: Request): Promise<Played> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null) => {
      reject(new Error(`the player of ${request.story} ended with ${code}`));
    };
    player.once('exit', ended);
    player.once('message', (answer: Answer) => {
      player.off('exit', ended);
      if ('played' in answer) resolve(answer.played);
      else reject(new Error(`${answer.story}, seed ${answer.seed}: ${answer.error}`));
    });
    player.send(request);
  });
}
