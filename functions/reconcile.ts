/**
 * Takes messages from the queues and reconciles each for its target: the only function that may deploy.
 * A message that fails, fails alone; the others of its batch go through.
 */
import middy from '@middy/core';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import pipeline from '../pipeline.config.ts';
import { systemClock } from '../shared/aws/connect/options.ts';
import { connect } from '../shared/aws/connect/reconcile.ts';
import { type ReconcileDeps, reconcileBatch } from '../shared/reconcile/reconcile-batch.ts';
import { once, tellsErrors } from '../shared/runtime/lambda.ts';
import { createLog, followingLog } from '../shared/runtime/log.ts';

export function createHandler(deps: () => ReconcileDeps) {
  return middy((event: unknown, context: Context): Promise<SQSBatchResponse> => {
    const timeLeft = () => context.getRemainingTimeInMillis();
    return reconcileBatch(event, timeLeft, deps());
  }).use(tellsErrors(() => deps().log));
}

export const handler = createHandler(
  once(() => {
    const log = followingLog(createLog({ name: 'reconcile' }));
    const connections = connect({ environment: process.env, log, clock: systemClock });
    return { pipeline, log, ...connections };
  }),
);
