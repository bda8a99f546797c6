/** When the service scheduler looks at a service next. Each service has at most one such moment. */

import { random } from '../kernel/random.ts';
import { schedule } from '../kernel/timers.ts';
import type { World } from '../kernel/world.ts';
import type { ServiceRecord } from './state.ts';

/** From a change by the API to the scheduler's next look: 2.1 to 5.1 s (observed). */
const AFTER_CHANGE = [2_500, 5_200] as const;
/** From a task's RUNNING to the steady state: 6.8 to 8.5 s (observed). */
const AFTER_RUNNING = [6_800, 8_500] as const;
/** From a task's STOPPED to its replacement: 2.8 s (observed once). */
const AFTER_STOPPED = [2_500, 3_200] as const;
/** From the first look at a new deployment to the second: 9.6 and 9.8 s (observed). */
const SECOND_LOOK = [9_400, 12_000] as const;
/** How often it asks again whether a service is steady: 60 s (observed once, inferred). */
const UNSETTLED_MS = 60_000;

export function between(world: World, [least, most]: readonly [number, number]): number {
  return Math.round(least + random(world) * (most - least));
}

/** Has the scheduler look at the service then, unless it looks earlier anyway. */
export function wake(world: World, service: ServiceRecord, at: number): void {
  if (service.passAt !== undefined && service.passAt <= at) return;
  service.passAt = at;
  schedule(world, at, 'ecs.pass', { service: service.key, at });
}

/** After a change by the API: a look soon, and the question whether it is steady after that. */
export function wakeAfterChange(world: World, service: ServiceRecord): void {
  const at = world.now + between(world, AFTER_CHANGE);
  service.steady = false;
  service.settleAt = at + between(world, SECOND_LOOK);
  // A look that was due sooner is put off (observed: scaling 2 s after an update).
  delete service.passAt;
  wake(world, service, at);
}

export function wakeAfterRunning(world: World, service: ServiceRecord): void {
  service.settleAt = world.now + between(world, AFTER_RUNNING);
  wake(world, service, service.settleAt);
}

export function wakeAfterStopped(world: World, service: ServiceRecord): void {
  wake(world, service, world.now + between(world, AFTER_STOPPED));
}

export function wakeForSecondLook(world: World, service: ServiceRecord): void {
  wake(world, service, world.now + between(world, SECOND_LOOK));
}

export function settleLater(world: World, service: ServiceRecord): void {
  service.settleAt = world.now + UNSETTLED_MS;
}
