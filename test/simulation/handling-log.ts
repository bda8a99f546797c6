/** The log of a simulated function: it writes nothing, knows what it speaks of, and hands errors on. */
import { type BoundLog, followingLog } from '../../shared/runtime/log.ts';

export interface HandlingLog extends BoundLog {
  readonly facts: Readonly<Record<string, unknown>>;
}

type OnError = (error: unknown, facts: HandlingLog['facts']) => void;

export function handlingLog(onError: OnError, facts: HandlingLog['facts'] = {}): HandlingLog {
  return {
    facts,
    debug: () => undefined,
    info: () => undefined,
    warn: () => undefined,
    error: (_, more) => onError((more as { error?: unknown } | undefined)?.error, facts),
    with: (more) => handlingLog(onError, { ...facts, ...more }),
  };
}

/** What the log of the message says that is being handled right now. */
export function factsNow(root: HandlingLog): HandlingLog['facts'] {
  return (followingLog(root).with({}) as HandlingLog).facts;
}
