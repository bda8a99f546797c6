/** CodeBuild says something of a build. It is passed on to the source that wanted it. */
import middy from '@middy/core';
import pipeline from '../pipeline.config.ts';
import { systemClock } from '../shared/aws/connect/options.ts';
import { connectQueues } from '../shared/aws/connect/queues.ts';
import { type BuildHeardDeps, hearBuildEvent } from '../shared/route/build-event.ts';
import { once, tellsErrors } from '../shared/runtime/lambda.ts';
import { createLog, followingLog } from '../shared/runtime/log.ts';

export function createHandler(deps: () => BuildHeardDeps) {
  return middy((event: unknown) => hearBuildEvent(event, deps())).use(
    tellsErrors(() => deps().log),
  );
}

export const handler = createHandler(
  once(() => {
    const log = followingLog(createLog({ name: 'build-changed' }));
    const options = { environment: process.env, log, clock: systemClock };
    return { pipeline, queues: connectQueues(options, ['builds']), log };
  }),
);
