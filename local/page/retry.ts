/** How long the page waits before it tries to connect again: soon at first, then each five seconds. */
const STEPS_MS = [500, 1_000, 2_000, 5_000] as const;

/** `failures` in a row so far, 1 or more. */
export function retryDelayMs(failures: number): number {
  return STEPS_MS[Math.min(failures, STEPS_MS.length) - 1] ?? STEPS_MS[0];
}
