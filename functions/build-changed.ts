/** CodeBuild says something of a build. It is passed on to the source that wanted it. */
import pipeline from '../pipeline.config.ts';
import { connectQueues } from '../shared/aws/connect/queues.ts';
import { handleBuildEvent } from '../shared/route/build-event.ts';
import { connected, onEvent } from '../shared/runtime/lambda.ts';

export const createHandler = onEvent(handleBuildEvent);

export const handler = createHandler(
  connected('build-changed', (options) => ({
    pipeline,
    queues: connectQueues(options, ['builds']),
  })),
);
