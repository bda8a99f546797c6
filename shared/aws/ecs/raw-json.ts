/**
 * ECS's own JSON, past the SDK's model of it. The SDK serialises by the schema that it was built
 * with and silently drops every field that is newer, in answers and in requests alike. What we read
 * from ECS to send it back (a task definition, a deployment configuration) must not lose such a
 * field, so for these calls we keep the answer as it came and send the body as we made it.
 */
import type { JsonRecord } from '../../core/release/definition/containers.ts';

type Handler<Args> = (args: Args) => Promise<{ output?: object; response: unknown }>;
interface HasStack<Step extends string> {
  readonly middlewareStack: {
    add(
      middleware: (
        next: Handler<{ input: never; request: unknown }>,
      ) => Handler<{ input: never; request: unknown }>,
      options: { step: Step; name: string; priority: 'low' },
    ): void;
  };
}

/**
 * Call it before the command is sent; what it returns gives the answer's JSON afterwards.
 * Undefined: the client has no wire (the direct client of the local AWS); the output is all there is.
 */
export function keepAnswer(command: HasStack<'deserialize'>): () => JsonRecord | undefined {
  let answer: JsonRecord | undefined;
  command.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const response = result.response as { body?: unknown; statusCode?: number };
      const bytes = await collect(response.body);
      // The SDK reads the body after us.
      response.body = bytes;
      if (response.statusCode === 200) answer = JSON.parse(new TextDecoder().decode(bytes));
      return result;
    },
    // Inside the SDK's own deserializer.
    { step: 'deserialize', name: 'slipwayKeepAnswer', priority: 'low' },
  );
  return () => answer;
}

/** The command sends `body` in place of what the SDK makes of its input. */
export function sendBody(command: HasStack<'serialize'>, body: JsonRecord): void {
  command.middlewareStack.add(
    (next) => (args) => {
      (args.request as { body: unknown }).body = JSON.stringify(body);
      return next(args);
    },
    // After the SDK's own serializer, before length and signature.
    { step: 'serialize', name: 'slipwaySendBody', priority: 'low' },
  );
}

async function collect(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array | string>) {
    chunks.push(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
  }
  return Buffer.concat(chunks);
}
