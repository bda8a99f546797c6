/**
 * Takes messages from the queues and reconciles each for its target: the only function that may deploy.
 * A message that fails, fails alone; the others of its batch go through.
 */
import pipeline from '../pipeline.config.ts';
import { connect } from '../shared/aws/connect/reconcile.ts';
import { reconcileBatch } from '../shared/reconcile/reconcile-batch.ts';
import { connected, onBatch } from '../shared/runtime/lambda.ts';

export const createHandler = onBatch(reconcileBatch);

export const handler = createHandler(
  connected('reconcile', (options) => ({ pipeline, ...connect(options, pipeline) })),
);
