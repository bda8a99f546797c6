/** What a thief of credentials can do in the local world: the same doors, without our code behind them. */
import { createGithubFetch } from '@slipway/local-cloud/github/fetch.ts';
import type { WebhookDelivery } from '@slipway/local-cloud/github/state.ts';
import { functionUrlEvent } from '@slipway/local-cloud/github/webhooks/http-events.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { answeredWith, signedCall } from '@slipway/local-cloud/wire/signed-call.ts';
import type { Transport } from '@slipway/local-cloud/wire/transport.ts';
import type { Attacker, Attacks } from '../stories/stage.ts';
import { accessKeyOf, BUILD_KEY, personKeyOf } from './access.ts';
import { TOKEN } from './git-setup.ts';
import type { FunctionName } from './lambda.ts';

export function attacksOn(
  world: World,
  transport: Transport,
  receive: (event: unknown) => Promise<unknown>,
): Attacks {
  return {
    async call(as, service, operation, input) {
      const accessKeyId = keyOf(as);
      const { region } = world;
      const request = { accessKeyId, region, service, operation, input: Object(input) as object };
      const { response } = await transport.handle(signedCall(request));
      return answeredWith(response);
    },
    async deliver(delivery: WebhookDelivery) {
      const answer = await receive(functionUrlEvent(world, delivery));
      return (answer as { readonly statusCode?: number } | undefined)?.statusCode ?? 200;
    },
    async github(method, path, body) {
      const ask = createGithubFetch({ world }) as typeof fetch;
      const headers = { authorization: `token ${TOKEN}`, accept: 'application/vnd.github+json' };
      const given = body === undefined ? {} : { body: JSON.stringify(body) };
      const { status } = await ask(`https://api.github.com${path}`, { method, headers, ...given });
      return status;
    },
  };
}

function keyOf(as: Attacker): string {
  if (as === 'administrator') return 'local';
  if (as === 'break-glass' || as.startsWith('may-')) return personKeyOf(as);
  return as === 'build project' ? BUILD_KEY : accessKeyOf(as as FunctionName);
}
