/** ECR says that an image was pushed. It is passed on to the targets that it concerns. */
import middy from '@middy/core';
import pipeline from '../pipeline.config.ts';
import { systemClock } from '../shared/aws/connect/options.ts';
import { connectQueues } from '../shared/aws/connect/queues.ts';
import { type RouteDeps, route } from '../shared/route/route.ts';
import { once, tellsErrors } from '../shared/runtime/lambda.ts';
import { createLog, followingLog } from '../shared/runtime/log.ts';

export function createHandler(deps: () => RouteDeps) {
  return middy((event: unknown) => route(event, deps())).use(tellsErrors(() => deps().log));
}

export const handler = createHandler(
  once(() => {
    const log = followingLog(createLog({ name: 'image-pushed' }));
    const queues = connectQueues({ environment: process.env, log, clock: systemClock });
    return { pipeline, queues, log };
  }),
);
