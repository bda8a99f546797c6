/** The far end of the SDK's clients, scripted: each operation has its answers, in order. */
import type { ClientSettings, RetryStrategy } from '../../shared/aws/connect/client-settings.ts';
import type { BoundLog } from '../../shared/runtime/log.ts';

export interface WireCall {
  readonly operation: string;
  readonly body: Record<string, unknown>;
}

/** An answer's JSON, or what goes wrong. */
export type WireAnswer = object | Trouble | Error;

/** An error that AWS answers. */
export class Trouble {
  readonly status: number;
  readonly code: string;
  readonly message: string;

  constructor(status: number, code: string, message = code) {
    this.status = status;
    this.code = code;
    this.message = message;
  }
}

export const throttled = new Trouble(400, 'ThrottlingException', 'Rate exceeded');
export const broken = new Trouble(500, 'ServerException', 'Service Unavailable');
/** What the SDK's own handler throws when no answer comes in time. */
export const lost = Object.assign(new Error('no answer'), { name: 'TimeoutError' });

/** The last answer of an operation repeats. */
export function wire(answers: Record<string, readonly WireAnswer[]>) {
  const calls: WireCall[] = [];
  const left = new Map(Object.entries(answers).map(([name, list]) => [name, [...list]]));
  const settings: ClientSettings = {
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    retryStrategy: immediately,
    requestHandler: {
      metadata: { handlerProtocol: 'http/1.1' },
      async handle(request: { headers: Record<string, string>; body: string | Uint8Array }) {
        const operation = request.headers['x-amz-target']?.split('.').at(-1) ?? '';
        const { body: sent } = request;
        const body = JSON.parse(typeof sent === 'string' ? sent : new TextDecoder().decode(sent));
        calls.push({ operation, body });
        const list = left.get(operation);
        const answer = list?.length === 1 ? list[0] : list?.shift();
        if (answer === undefined) throw new Error(`no answer for ${operation}`);
        if (answer instanceof Error) throw answer;
        return { response: response(answer) };
      },
    } as unknown as NonNullable<ClientSettings['requestHandler']>,
  };
  return {
    calls,
    settings,
    operations: () => calls.map(({ operation }) => operation),
    bodies: (operation: string) =>
      calls.filter((call) => call.operation === operation).map(({ body }) => body),
  };
}

function response(answer: object) {
  const trouble = answer instanceof Trouble ? answer : undefined;
  const body = trouble ? { __type: trouble.code, message: trouble.message } : answer;
  return {
    statusCode: trouble?.status ?? 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** Three attempts at whatever the SDK holds for worth repeating, without waiting. */
const immediately: RetryStrategy = {
  acquireInitialRetryToken: async () => token(0),
  recordSuccess: () => {},
  refreshRetryTokenForRetry: async (previous, { errorType }) => {
    const count = previous.getRetryCount() + 1;
    const worth = errorType === 'THROTTLING' || errorType === 'TRANSIENT';
    if (!worth || count >= 3) throw new Error('No attempts left.');
    return token(count);
  },
};

function token(count: number) {
  return { getRetryCount: () => count, getRetryDelay: () => 0 };
}

/** Keeps what is said; `with` adds its facts to the lines. */
export function listeningLog(): BoundLog & {
  lines: { level: string; message: string; facts: object }[];
} {
  const lines: { level: string; message: string; facts: object }[] = [];
  const log = (bound: object): BoundLog => ({
    debug: (message, facts) =>
      void lines.push({ level: 'debug', message, facts: { ...bound, ...facts } }),
    info: (message, facts) =>
      void lines.push({ level: 'info', message, facts: { ...bound, ...facts } }),
    warn: (message, facts) =>
      void lines.push({ level: 'warn', message, facts: { ...bound, ...facts } }),
    error: (message, facts) =>
      void lines.push({ level: 'error', message, facts: { ...bound, ...facts } }),
    with: (facts) => log({ ...bound, ...facts }),
  });
  return { ...log({}), lines };
}
