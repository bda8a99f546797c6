/** GitHub delivers a webhook. What it says of a push is verified, and passed on to the source. */
import middy from '@middy/core';
import pipeline from '../pipeline.config.ts';
import { systemClock } from '../shared/aws/connect/options.ts';
import { connectWebhook } from '../shared/aws/connect/webhook.ts';
import { hearWebhook, type WebhookDeps } from '../shared/route/webhook.ts';
import { once, tellsErrors } from '../shared/runtime/lambda.ts';
import { createLog, followingLog } from '../shared/runtime/log.ts';

export function createHandler(deps: () => WebhookDeps) {
  return middy((event: unknown) => hearWebhook(event, deps())).use(tellsErrors(() => deps().log));
}

export const handler = createHandler(
  once(() => {
    const log = followingLog(createLog({ name: 'github-push' }));
    const connections = connectWebhook({ environment: process.env, log, clock: systemClock });
    return { pipeline, log, ...connections };
  }),
);
