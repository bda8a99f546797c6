/** The local AWS has a time of its own, which may run faster. It is asked for, and followed. */

import { CommandError } from '../output/command-error.ts';
import { EXIT } from '../output/exit.ts';

export interface LocalClock {
  now(): number;
  /** Asks again: somebody may have changed its speed. */
  sync(): Promise<void>;
}

const TIMEOUT_MS = 3_000;

/**
 * Throws `CommandError` if nothing answers there. What answers and is no `slipway local` has the
 * time of the wall.
 */
export async function followLocalClock(url: string): Promise<LocalClock> {
  let from = { virtual: Date.now(), wall: performance.now(), speed: 1 };
  const sync = async () => {
    const state = await stateAt(url);
    if (state !== undefined) {
      from = { virtual: state.now, wall: performance.now(), speed: state.speed };
    }
  };
  await sync();
  return {
    now: () => Math.floor(from.virtual + (performance.now() - from.wall) * from.speed),
    sync,
  };
}

/** A `slipway local` answers there; false also when nothing does. */
export async function isLocalAws(url: string): Promise<boolean> {
  return (await stateAt(url).catch(() => undefined)) !== undefined;
}

async function stateAt(url: string): Promise<{ now: number; speed: number } | undefined> {
  let response: Response;
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    response = await fetch(new URL('/_slipway/state', url), { signal });
  } catch (error) {
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    const why = (cause as { code?: string }).code ?? String(cause);
    throw new CommandError(
      EXIT.unreachable,
      `nothing answers at ${url} (${why}); \`slipway local\` starts the local AWS`,
    );
  }
  if (!response.ok) return undefined;
  const state = (await response.json().catch(() => ({}))) as { now?: unknown; speed?: unknown };
  return typeof state.now === 'number' && typeof state.speed === 'number'
    ? { now: state.now, speed: state.speed }
    : undefined;
}
