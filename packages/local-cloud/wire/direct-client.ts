/**
 * The direct client: clients without a wire, for fast simulation. A command goes straight to the
 * model; errors look like the SDK's. Nothing is retried: what fails, fails (the SDK's retries are
 * tested under transport.ts).
 */

import type { Caller } from '../kernel/authorization.ts';
import type { Hooks } from '../kernel/call.ts';
import { AwsError, NoAnswer } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { executeCall, type ServiceName } from '../services.ts';

/** Of a command of the SDK, what the direct client reads. */
export interface DirectCommand {
  readonly input: object;
}

export interface DirectClient {
  send(command: DirectCommand): Promise<unknown>;
}

/** `caller`: as whom, where IAM is asked. */
export function directClient(
  world: World,
  service: ServiceName,
  hooks: Hooks = {},
  caller?: Caller,
): DirectClient {
  return {
    async send(command) {
      const operation = command.constructor.name.replace(/Command$/, '');
      const call = { service, operation, input: command.input, ...(caller && { caller }) };
      try {
        const output = executeCall(world, call, hooks);
        return { ...(output as object), $metadata: { httpStatusCode: 200, attempts: 1 } };
      } catch (error) {
        if (error instanceof AwsError) throw sdkError(error);
        if (error instanceof NoAnswer) {
          throw Object.assign(error, { $metadata: { attempts: 1 } });
        }
        throw error;
      }
    },
  };
}

/** `instanceof` of the SDK's exception classes goes by the name, so it holds for this too. */
function sdkError({ code, message, status }: AwsError): Error {
  return Object.assign(new Error(message), {
    name: code,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status, attempts: 1 },
  });
}
