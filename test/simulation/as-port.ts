/** What stands in place of an adapter over the table or the bus, and the log of all of them. */
import { type Log, TransientError } from '../../shared/ports.ts';
import type { Outside } from './engine.ts';
import { Killed } from './killed.ts';

export const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
};

/** These stand in place of their adapters, which know one kind of error. */
export function asPort({ call }: Outside) {
  return async <T>(name: string, deed: () => T): Promise<T> => {
    try {
      return await call(name, deed);
    } catch (error) {
      if (error instanceof Killed) throw error;
      throw new TransientError(`${name} gave no answer`, { cause: error });
    }
  };
}
