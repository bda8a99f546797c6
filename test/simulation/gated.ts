/** A client of the SDK whose every call passes the gate, where time passes and others act. */
import type { Outside } from './engine.ts';

interface Client {
  send(command: { input: object }): Promise<unknown>;
}

export function gated(client: object, { call }: Pick<Outside, 'call'>): Client {
  const inner = client as Client;
  return {
    send: async (command) => {
      const operation = command.constructor.name.replace(/Command$/, '');
      // Kept as a value until it has passed the gate on its way back.
      const answer = await call(operation, () =>
        inner.send(command).then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        ),
      );
      const result = await answer;
      if ('error' in result) throw result.error;
      return result.value;
    },
  };
}
