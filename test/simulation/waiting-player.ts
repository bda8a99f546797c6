/** Played in a thread by `workers.test.ts`: waits as long as it is told to. */
import { setTimeout as wait } from 'node:timers/promises';
import { answerWith } from './workers.ts';

export async function waitFor(ms: number): Promise<string> {
  if (ms < 0) throw new Error(`nobody waits for ${ms} ms`);
  await wait(ms);
  return `waited ${ms} ms`;
}

answerWith(waitFor);
