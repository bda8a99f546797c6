/**
 * How many of each function may run at a time: of an account's concurrency some is reserved for one function, and
 * the others share what nobody reserved. The stack is made by this, and `doctor` holds the account against it.
 */
import type { Pipeline } from '../shared/config/config.ts';
import { commandQueuesOf } from '../shared/runtime/routing.ts';
import { type FunctionName, functionsOf } from './names.ts';
import { type Concurrency, concurrencyOf, HOOK_CONCURRENCY, TICK_CONCURRENCY } from './sizes.ts';

/** Undefined: none, it shares. */
export function reservedFor(
  name: FunctionName,
  concurrency: Concurrency,
  commandQueues: number,
): number | undefined {
  switch (name) {
    case 'reconcile':
      return concurrency.commands * commandQueues + concurrency.urgent + concurrency.releases;
    // Anybody may knock: a flood is answered 429 and takes nothing from the other functions.
    case 'github-push':
      return concurrency.webhook;
    // Whether ECS asks again after a throttle is not known; its answer to a failure is the way back.
    case 'lifecycle-hook':
      return HOOK_CONCURRENCY;
    // What starts a rollback, and what makes up for lost events, must not wait behind somebody else's function.
    case 'alarm-changed':
      return concurrency.alarms;
    case 'tick':
      return TICK_CONCURRENCY;
    case 'build':
    case 'feedback':
    case 'image-pushed':
    case 'rollout-changed':
    case 'build-changed':
    case 'notice':
      return undefined;
  }
}

export interface ConcurrencyNeeds {
  /** Of this `reconcile` has `forReconcile`. */
  readonly reserved: number;
  readonly forReconcile: number;
  /** What the others use at most of what nobody reserved, one for each that hears events. */
  readonly shared: number;
}

export function concurrencyNeeds(pipeline: Pipeline): ConcurrencyNeeds {
  const concurrency = concurrencyOf(pipeline.infra);
  const queues = commandQueuesOf(pipeline).length;
  const all = functionsOf(pipeline).map((name) => ({
    name,
    reserved: reservedFor(name, concurrency, queues),
  }));
  const sharing = all.filter(({ reserved }) => reserved === undefined);
  return {
    reserved: all.reduce((sum, { reserved = 0 }) => sum + reserved, 0),
    forReconcile: reservedFor('reconcile', concurrency, queues) ?? 0,
    shared: sharing.reduce((sum, { name }) => sum + sharedBy(name, concurrency), 0),
  };
}

function sharedBy(name: FunctionName, { builds, feedback }: Concurrency): number {
  if (name === 'build') return builds;
  return name === 'feedback' ? feedback : 1;
}
