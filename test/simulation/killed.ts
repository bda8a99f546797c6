import { withoutTrace } from './without-trace.ts';

/** The handler is gone: whatever it had not done, it does not do. */
export class Killed extends Error {}

export function killedAt(where: string): Killed {
  return withoutTrace(() => new Killed(where));
}
