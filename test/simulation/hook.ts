/**
 * ECS asks before each step of a shift: the model invokes our function through Lambda, and the real one
 * answers, each of its calls at a gate like those of any handler.
 */
import type { Hooks } from '@slipway/local-cloud/kernel/call.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import {
  addFunction,
  answerInvocation,
  makeIll,
  type TakenInvocation,
} from '@slipway/local-cloud/lambda/state.ts';
import { directClient } from '@slipway/local-cloud/wire/direct-client.ts';
import { functionNameOf } from '../../local/slipway/lambda.ts';
import { invokersOf } from '../../local/slipway/policies.ts';
import { createAlarms } from '../../shared/aws/alarms.ts';
import type { HookResponse } from '../../shared/edge/lifecycle-hook.ts';
import { type HookDeps, lifecycleHook } from '../../shared/reconcile/lifecycle-hook.ts';
import { FUNCTION_LIMITS } from '../../shared/runtime/sizes.ts';
import { asPort, SILENT } from './as-port.ts';
import type { Outside } from './engine.ts';
import { gated } from './gated.ts';
import { handlingLog } from './handling-log.ts';
import { rightsIn } from './rights.ts';

const NAME = functionNameOf({}, 'lifecycle-hook');

/** What a hook's question says of itself, as far as the world judges its answer. */
export interface Asked {
  readonly at: number;
  /** ARN of the service deployment. */
  readonly deployment: string;
  readonly stage: string;
  readonly answer: HookResponse;
}

/** As the stack puts it there: whoever shifts no traffic is asked nothing. */
export function installHook(world: World): void {
  const { timeoutSeconds } = FUNCTION_LIMITS['lifecycle-hook'];
  addFunction(world, { name: NAME, timeoutSeconds, invokers: invokersOf(world, 'lifecycle-hook') });
}

/** For a while Lambda throttles it, or it throws. */
export function hookIsIll(world: World, how: 'throttled' | 'throws', minutes: number): void {
  makeIll(world, NAME, { how, until: world.now + minutes * 60_000 });
}

/** What the function returns; of one that was killed nobody hears. */
export async function askHook(outside: Outside, payload: unknown): Promise<Asked> {
  const { resourceArn, lifecycleStage } = payload as Record<string, string>;
  const answer = await lifecycleHook(payload, depsOf(outside));
  return {
    at: outside.engine.world.now,
    deployment: resourceArn ?? '',
    stage: lifecycleStage ?? '',
    answer,
  };
}

/** ECS hears it, or that the function failed. */
export function tellEcs(world: World, { id }: TakenInvocation, asked: Asked | undefined): void {
  answerInvocation(
    world,
    id,
    asked === undefined
      ? { kind: 'function-error' }
      : { kind: 'answered', payload: structuredClone(asked.answer) },
  );
}

function depsOf(outside: Outside): HookDeps {
  const { engine, pipeline, clock } = outside;
  const port = asPort(outside);
  return {
    pipeline,
    records: {
      load: (key) => port('load', () => engine.records.get(key)),
      stop: async () => engine.stop,
    },
    alarms: createAlarms(monitoring(outside) as never, SILENT),
    clock,
    log: handlingLog(() => undefined),
  };
}

function monitoring(outside: Outside) {
  const { engine, pipeline } = outside;
  const { authorizer, hook } = rightsIn(pipeline);
  const hooks: Hooks = { authorizer, fault: (made) => engine.limit(made) };
  const inner = directClient(engine.world, 'monitoring', hooks, hook);
  return gated(inner, outside);
}
