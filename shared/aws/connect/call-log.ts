/**
 * One line for each call to AWS, whatever came of it, on the log of what is being handled: it says
 * which event or look caused the call. Of the input only names and ARNs: a task definition may hold
 * secrets.
 */
import type { Log } from '../../ports.ts';

export interface Call {
  /** `ecs` */
  readonly service: string;
  /** `UpdateService` */
  readonly operation: string;
  readonly input: object;
  /** `ok`, or the name of the error. */
  readonly outcome: string;
}

export interface CallLog {
  /** One that knows what is being handled: see `followingLog`. */
  readonly log: Log;
  /** Our clock, in ms. */
  readonly now: () => number;
  /** Told of every call; `slipway invoke` lists them. */
  readonly onCall?: ((call: Call) => void) | undefined;
}

/** What changes AWS is worth a line in production; reads are there for who asks for DEBUG. */
const CHANGES = /^(Register|Update|Stop|PutEvents|PutParameter|Send)/;

const NAMES = [
  'cluster',
  'service',
  'services',
  'serviceName',
  'family',
  'familyPrefix',
  'taskDefinition',
  'serviceDeploymentArn',
  'repositoryName',
  'AlarmName',
  'AlarmNames',
  'TableName',
  'QueueUrl',
  // Of a parameter.
  'Name',
];

type Next = (args: { input: never }) => Promise<{ output: object; response: unknown }>;
interface Context {
  readonly clientName?: string;
  readonly commandName?: string;
}
interface Client {
  readonly middlewareStack: {
    add(
      middleware: (next: Next, context: Context) => Next,
      options: { step: 'initialize'; name: string },
    ): void;
  };
}

/** Adds the line to every call of this client; a call that was retried is one line. */
export function logCalls<C extends Client>(client: C, callLog: CallLog): C {
  client.middlewareStack.add(
    (next, context) => async (args) => {
      const service = (context.clientName ?? '').replace(/Client$/, '').toLowerCase();
      const operation = (context.commandName ?? '').replace(/Command$/, '');
      const from = callLog.now();
      const say = (outcome: string, attempts: unknown) => {
        callLog.onCall?.({ service, operation, input: args.input, outcome });
        const ms = callLog.now() - from;
        const api = `${service}:${operation}`;
        const facts = { api, ...namesIn(args.input), outcome, attempts, ms };
        callLog.log[CHANGES.test(operation) ? 'info' : 'debug']('called AWS', { call: facts });
      };
      try {
        const result = await next(args);
        say('ok', attemptsOf(result.output));
        return result;
      } catch (error) {
        say(error instanceof Error ? error.name : String(error), attemptsOf(error));
        throw error;
      }
    },
    { step: 'initialize', name: 'slipwayCallLog' },
  );
  return client;
}

function namesIn(input: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([key]) => NAMES.includes(key)));
}

function attemptsOf(answer: unknown): unknown {
  return (answer as { $metadata?: { attempts?: number } } | undefined)?.$metadata?.attempts;
}
