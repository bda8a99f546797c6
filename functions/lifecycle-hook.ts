/** ECS asks at each stage of a deployment that shifts traffic whether it may go on. It can change nothing. */
import pipeline from '../pipeline.config.ts';
import { connectHook } from '../shared/aws/connect/hook.ts';
import { lifecycleHook } from '../shared/reconcile/lifecycle-hook.ts';
import { connected, onEvent } from '../shared/runtime/lambda.ts';

export const createHandler = onEvent(lifecycleHook);

export const handler = createHandler(
  connected('lifecycle-hook', (options) => ({ pipeline, ...connectHook(options) })),
);
