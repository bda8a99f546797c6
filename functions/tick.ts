/**
 * Once a minute: sends a look to every target whose time has come, and sweeps for what no event
 * told us. Its input is the scheduler's, in whatever shape, and is not read.
 */
import pipeline from '../pipeline.config.ts';
import { connectTick } from '../shared/aws/connect/tick.ts';
import { type TickDeps, tick } from '../shared/reconcile/tick.ts';
import { connected, onEvent } from '../shared/runtime/lambda.ts';
import { lookQueuesOf } from '../shared/runtime/routing.ts';

export const createHandler = onEvent(async (_input, deps: TickDeps) => await tick(deps));

export const handler = createHandler(
  connected('tick', (options) => ({
    pipeline,
    clock: options.clock,
    ...connectTick(options, lookQueuesOf(pipeline)),
  })),
);
