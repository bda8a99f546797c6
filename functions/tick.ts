/**
 * Once a minute: sends a look to every target whose time has come, and sweeps for what no event
 * told us. Its input is the scheduler's, in whatever shape, and is not read.
 */
import middy from '@middy/core';
import pipeline from '../pipeline.config.ts';
import { systemClock } from '../shared/aws/connect/options.ts';
import { connectTick } from '../shared/aws/connect/tick.ts';
import { type TickDeps, tick } from '../shared/reconcile/tick.ts';
import { once, tellsErrors } from '../shared/runtime/lambda.ts';
import { createLog, followingLog } from '../shared/runtime/log.ts';
import { lookQueuesOf } from '../shared/runtime/routing.ts';

export function createHandler(deps: () => TickDeps) {
  return middy((_input: unknown) => tick(deps())).use(tellsErrors(() => deps().log));
}

export const handler = createHandler(
  once(() => {
    const log = followingLog(createLog({ name: 'tick' }));
    const clock = systemClock;
    return {
      pipeline,
      log,
      clock,
      ...connectTick({ environment: process.env, log, clock }, lookQueuesOf(pipeline)),
    };
  }),
);
