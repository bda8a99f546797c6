/**
 * What we say while we work: one JSON object a line, by Powertools. Everything that happens inside
 * `withLog` can find its log, so that a call to AWS names the event or look that caused it without
 * handing a logger through every signature. Secrets never reach it: callers log names and ARNs.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { LogFormatter, Logger, LogItem } from '@aws-lambda-powertools/logger';
import type {
  ConstructorOptions,
  LogAttributes,
  LogLevel,
  UnformattedAttributes,
} from '@aws-lambda-powertools/logger/types';
import type { Log } from '../ports.ts';

export interface BoundLog extends Log {
  error(message: string, facts?: object): void;
  /** A log whose every line carries these facts too. */
  with(facts: object): BoundLog;
}

export interface LogSettings {
  /** Which function speaks. */
  readonly name: string;
  /** The time on the lines, in ms; local gives its own clock. */
  readonly now?: () => number;
  /** Where the lines go; stdout unless given. */
  readonly write?: (line: string) => void;
  /** Unless given, POWERTOOLS_LOG_LEVEL, or INFO. */
  readonly level?: LogLevel;
}

const active = new AsyncLocalStorage<BoundLog>();

export function createLog(settings: LogSettings): BoundLog {
  return bind(createLogger(settings));
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

/** Bound facts are kept here: a child of Powertools' costs more than all else that a webhook does. */
function bind(logger: Logger, bound: object = {}): BoundLog {
  const all = (facts: object | undefined): LogAttributes => ({ ...bound, ...facts });
  return {
    debug: (message, facts) => logger.debug(message, all(facts)),
    info: (message, facts) => logger.info(message, all(facts)),
    warn: (message, facts) => logger.warn(message, all(facts)),
    error: (message, facts) => logger.error(message, all(facts)),
    with: (facts) => bind(logger, all(facts)),
  };
}

function createLogger(settings: LogSettings): Logger {
  const options: ConstructorOptions = {
    serviceName: settings.name,
    logFormatter: new OurFormatter(settings.now ?? Date.now),
    ...(settings.level === undefined ? {} : { logLevel: settings.level }),
  };
  return settings.write === undefined
    ? new Logger(options)
    : new WritingLogger(options, settings.write);
}

/** The keys that every line has, in a fixed order, and no others: two equal runs give equal lines. */
class OurFormatter extends LogFormatter {
  readonly #now: () => number;

  constructor(now: () => number) {
    super();
    this.#now = now;
  }

  override formatAttributes(attributes: UnformattedAttributes, more: LogAttributes): LogItem {
    const requestId = attributes.lambdaContext?.awsRequestId;
    const item = new LogItem({
      attributes: {
        timestamp: new Date(this.#now()).toISOString(),
        level: attributes.logLevel,
        function: attributes.serviceName,
        message: attributes.message,
        ...(requestId === undefined ? {} : { requestId }),
      },
    });
    item.addAttributes(more);
    return item;
  }
}

/** Powertools makes its own console; this one hands each line over. */
class WritingLogger extends Logger {
  // Not a #private field: the parent's constructor runs before it is set.
  private readonly write: (line: string) => void;

  constructor(options: ConstructorOptions, write: (line: string) => void) {
    super(options);
    this.write = write;
  }

  protected override printLog(_level: number, item: LogItem): void {
    this.write(JSON.stringify(item.getAttributes(), this.getJsonReplacer()));
  }
}
