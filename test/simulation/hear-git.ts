/** What GitHub, CodeBuild and ECR tell, through our own functions, to the queue of the sources. */

import { WEBHOOK_SECRET } from '@slipway/local-cloud/github/setup.ts';
import type { WebhookDelivery } from '@slipway/local-cloud/github/state.ts';
import { recordAnswer } from '@slipway/local-cloud/github/webhooks/deliveries.ts';
import { functionUrlEvent } from '@slipway/local-cloud/github/webhooks/http-events.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { handleBuildEvent } from '../../shared/route/build-event.ts';
import { route } from '../../shared/route/route.ts';
import { handleWebhook } from '../../shared/route/webhook.ts';
import type { Engine } from './engine.ts';
import { handlingLog } from './handling-log.ts';

const LOG = handlingLog(() => undefined);

export async function hearGithub(engine: Engine, delivery: WebhookDelivery): Promise<void> {
  const { world, pipeline, queues } = engine;
  const { statusCode } = await handleWebhook(functionUrlEvent(world, delivery), {
    pipeline,
    queues,
    log: LOG,
    clock: { now: () => world.now },
    secrets: { versions: async () => [{ text: WEBHOOK_SECRET }] },
    tellRefusal: async () => undefined,
  });
  recordAnswer(world, delivery.id, statusCode);
}

export async function hearBuild({ pipeline, queues }: Engine, event: unknown): Promise<void> {
  await handleBuildEvent(event, { pipeline, queues, log: LOG });
}

/** Does the config take images that others build? */
export function hasOthers({ sources }: Pipeline): boolean {
  return Object.values(sources).some(({ rules }) => rules.elsewhere !== undefined);
}

/** What `image-pushed` sends to sources; what it sends to targets the engine has sent. */
export async function hearImage({ pipeline, queues }: Engine, event: unknown): Promise<void> {
  const send: typeof queues.send = async (queue, messages) => {
    if (queue === 'builds') await queues.send(queue, messages);
  };
  await route(event, { pipeline, queues: { send }, log: LOG });
}
