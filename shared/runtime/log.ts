/**
 * What we say while we work: one JSON object a line. Everything that happens inside `withLog` can find
 * its log, so that a call to AWS names the event or look that caused it without handing a logger
 * through every signature. Secrets never reach it: callers log names and ARNs.
 *
 * No library: all that one would do for us is these lines. What Powertools does beside it (child
 * loggers, samples, a merge of every line) had to be subclassed away.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Log } from '../ports.ts';

export interface BoundLog extends Log {
  error(message: string, facts?: object): void;
  /** A log whose every line carries these facts too. */
  with(facts: object): BoundLog;
}

/** From what is told to few to what is told to all. */
const LEVELS = ['DEBUG', 'INFO', 'WARN', 'ERROR', 'SILENT'] as const;
type Level = (typeof LEVELS)[number];

export interface LogSettings {
  /** Which function speaks. */
  readonly name: string;
  /** The time on the lines, in ms; local gives its own clock. */
  readonly now?: () => number;
  /** Where the lines go; stdout unless given. */
  readonly write?: (line: string) => void;
  /** Lines below it are not written; INFO unless it is one of LEVELS. */
  readonly level?: string | undefined;
}

const active = new AsyncLocalStorage<BoundLog>();

export function createLog(settings: LogSettings): BoundLog {
  const { name, now = Date.now, write = writeToStdout } = settings;
  const least = LEVELS.indexOf(levelOf(settings.level));
  // The keys that every line has come first, in a fixed order: two equal runs give equal lines.
  const say = (level: Level, message: string, facts: object) => {
    if (LEVELS.indexOf(level) < least) return;
    const head = { timestamp: new Date(now()).toISOString(), level, function: name, message };
    write(JSON.stringify({ ...head, ...facts, ...head }, replacer()));
  };
  return bind(say, {});
}

/** Runs `work`, during which a `followingLog` is this `log`. */
export function withLog<T>(log: BoundLog, work: () => T): T {
  return active.run(log, work);
}

/**
 * A log that speaks for whatever is being handled, and for `root` outside of that. What lives
 * longer than one handling, a client of AWS for instance, gets this one.
 */
export function followingLog(root: BoundLog): BoundLog {
  const now = () => active.getStore() ?? root;
  return {
    debug: (message, facts) => now().debug(message, facts),
    info: (message, facts) => now().info(message, facts),
    warn: (message, facts) => now().warn(message, facts),
    error: (message, facts) => now().error(message, facts),
    with: (facts) => now().with(facts),
  };
}

type Say = (level: Level, message: string, facts: object) => void;

function bind(say: Say, bound: object): BoundLog {
  return {
    debug: (message, facts) => say('DEBUG', message, { ...bound, ...facts }),
    info: (message, facts) => say('INFO', message, { ...bound, ...facts }),
    warn: (message, facts) => say('WARN', message, { ...bound, ...facts }),
    error: (message, facts) => say('ERROR', message, { ...bound, ...facts }),
    with: (facts) => bind(say, { ...bound, ...facts }),
  };
}

function levelOf(said: string | undefined): Level {
  return LEVELS.find((level) => level === said?.toUpperCase()) ?? 'INFO';
}

/** Not console: Lambda's own puts the time and the request before each line, and it is JSON no more. */
function writeToStdout(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Errors are told with their causes; a big integer is its digits; what holds itself is left out. */
function replacer() {
  const holders: object[] = [];
  // Each error is described once, so that one that is its own cause is seen to be.
  const described = new Map<Error, object>();
  const describeOnce = (error: Error) => {
    const known = described.get(error) ?? describe(error);
    described.set(error, known);
    return known;
  };
  return function (this: unknown, _key: string, value: unknown): unknown {
    if (typeof value === 'bigint') return value.toString();
    const told = value instanceof Error ? describeOnce(value) : value;
    if (typeof told !== 'object' || told === null) return told;
    while (holders.length > 0 && holders.at(-1) !== this) holders.pop();
    if (holders.includes(told)) return undefined;
    holders.push(told);
    return told;
  };
}

function describe(error: Error): object {
  const { name, message, stack, cause } = error;
  // The line that threw, for whoever counts errors by it.
  const [, file, line] = /\(([^()]*?):(\d+):\d+\)$/m.exec(stack ?? '') ?? [];
  const location = file === undefined ? '' : `${file}:${line}`;
  return Object.assign({ name, location, message, stack, cause }, error);
}
