/**
 * Takes messages from the queues and settles each for its target: the only function that may deploy.
 * A message that fails, fails alone; the others of its batch go through.
 */
import middy from '@middy/core';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import pipeline from '../pipeline.config.ts';
import { connect } from '../shared/aws/connect.ts';
import { systemClock } from '../shared/aws/connect-options.ts';
import { once, tellsErrors } from '../shared/lambda.ts';
import { createLog, followingLog } from '../shared/log.ts';
import { type SettleDeps, settleBatch } from '../shared/settle-batch.ts';

export function createHandler(deps: () => SettleDeps) {
  return middy((event: unknown, context: Context): Promise<SQSBatchResponse> => {
    const timeLeft = () => context.getRemainingTimeInMillis();
    return settleBatch(event, timeLeft, deps());
  }).use(tellsErrors(() => deps().log));
}

export const handler = createHandler(
  once(() => {
    const log = followingLog(createLog({ name: 'settle' }));
    const connections = connect({ environment: process.env, log, clock: systemClock });
    return { pipeline, log, ...connections };
  }),
);
