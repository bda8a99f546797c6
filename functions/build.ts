/**
 * Takes messages from the queue `builds` and reconciles each for its source: the only function that may
 * start a build. It cannot deploy.
 */
import middy from '@middy/core';
import type { Context, SQSBatchResponse } from 'aws-lambda';
import pipeline from '../pipeline.config.ts';
import { connectBuild } from '../shared/aws/connect/build.ts';
import { systemClock } from '../shared/aws/connect/options.ts';
import { type BuildDeps, buildBatch } from '../shared/reconcile/build-batch.ts';
import { once, tellsErrors } from '../shared/runtime/lambda.ts';
import { createLog, followingLog } from '../shared/runtime/log.ts';

export function createHandler(deps: () => BuildDeps) {
  return middy((event: unknown, context: Context): Promise<SQSBatchResponse> => {
    const timeLeft = () => context.getRemainingTimeInMillis();
    return buildBatch(event, timeLeft, deps());
  }).use(tellsErrors(() => deps().log));
}

export const handler = createHandler(
  once(() => {
    const log = followingLog(createLog({ name: 'build' }));
    const options = { environment: process.env, log, clock: systemClock };
    return { pipeline, log, ...connectBuild(options, pipeline.github) };
  }),
);
