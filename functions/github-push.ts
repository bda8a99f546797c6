/** GitHub delivers a webhook. What it says of a push is verified, and passed on to the source. */
import pipeline from '../pipeline.config.ts';
import { connectWebhook } from '../shared/aws/connect/webhook.ts';
import { handleWebhook } from '../shared/route/webhook.ts';
import { connected, onEvent } from '../shared/runtime/lambda.ts';

export const createHandler = onEvent(handleWebhook);

export const handler = createHandler(
  connected('github-push', (options) => ({ pipeline, ...connectWebhook(options) })),
);
