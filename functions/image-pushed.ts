/** ECR says that an image was pushed. It is passed on to the targets that it concerns, and to its source. */
import pipeline from '../pipeline.config.ts';
import { connectQueues } from '../shared/aws/connect/queues.ts';
import { route } from '../shared/route/route.ts';
import { connected, onEvent } from '../shared/runtime/lambda.ts';
import { imageQueuesOf } from '../shared/runtime/routing.ts';

export const createHandler = onEvent(route);

export const handler = createHandler(
  connected('image-pushed', (options) => ({
    pipeline,
    queues: connectQueues(options, imageQueuesOf(pipeline)),
  })),
);
