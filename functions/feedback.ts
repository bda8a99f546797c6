/**
 * Takes announcements from the queue `feedback` and tells GitHub: commit statuses, deployments. It can
 * neither build nor deploy, and nothing waits for it.
 */
import middy from '@middy/core';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import pipeline from '../pipeline.config.ts';
import { connectFeedback } from '../shared/aws/connect/feedback.ts';
import { systemClock } from '../shared/aws/connect/options.ts';
import { type FeedbackDeps, feedbackBatch } from '../shared/feedback/batch.ts';
import { once, tellsErrors } from '../shared/runtime/lambda.ts';
import { createLog, followingLog } from '../shared/runtime/log.ts';

export function createHandler(deps: () => FeedbackDeps) {
  return middy((event: unknown, context: Context): Promise<SQSBatchResponse> => {
    const timeLeft = () => context.getRemainingTimeInMillis();
    return feedbackBatch(event, timeLeft, deps());
  }).use(tellsErrors(() => deps().log));
}

export const handler = createHandler(
  once(() => {
    const log = followingLog(createLog({ name: 'feedback' }));
    const options = { environment: process.env, log, clock: systemClock };
    return { log, ...connectFeedback(options, pipeline) };
  }),
);
