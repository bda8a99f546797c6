/**
 * Takes announcements from the queue `feedback` and tells GitHub: commit statuses, deployments. It can
 * neither build nor deploy, and nothing waits for it.
 */
import pipeline from '../pipeline.config.ts';
import { connectFeedback } from '../shared/aws/connect/feedback.ts';
import { feedbackBatch } from '../shared/feedback/batch.ts';
import { connected, onBatch } from '../shared/runtime/lambda.ts';

export const createHandler = onBatch(feedbackBatch);

export const handler = createHandler(
  connected('feedback', (options) => connectFeedback(options, pipeline)),
);
