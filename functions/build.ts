/**
 * Takes messages from the queue `builds` and reconciles each for its source: the only function that may
 * start a build. It cannot deploy.
 */
import pipeline from '../pipeline.config.ts';
import { connectBuild } from '../shared/aws/connect/build.ts';
import { buildBatch } from '../shared/reconcile/build-batch.ts';
import { connected, onBatch } from '../shared/runtime/lambda.ts';

export const createHandler = onBatch(buildBatch);

export const handler = createHandler(
  connected('build', (options) => ({ pipeline, ...connectBuild(options, pipeline.github) })),
);
