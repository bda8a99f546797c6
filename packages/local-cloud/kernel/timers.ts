/**
 * What happens by itself: planned for a moment, taken in order, each with `world.now` set to its
 * moment. Nothing else makes time pass.
 */
import type { Timer, World } from './world.ts';

/** What a timer does when its moment has come. */
export type TimerHandler = (world: World, data: Record<string, unknown>) => void;

/** By kind. */
export type TimerHandlers = Readonly<Record<string, TimerHandler>>;

/** Plans something for later. The list stays sorted; timers of one moment keep their order. */
export function schedule(
  world: World,
  at: number,
  kind: string,
  data: Record<string, unknown> = {},
): void {
  const timer: Timer = { at: Math.max(at, world.now), order: world.sequence++, kind, data };
  let low = 0;
  let high = world.timers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const other = world.timers[middle];
    if (other !== undefined && other.at <= timer.at) low = middle + 1;
    else high = middle;
  }
  world.timers.splice(low, 0, timer);
}

/** Lets everything happen that is due up to and including `until`; then it is `until`. */
export function runTimers(world: World, until: number, handlers: TimerHandlers): void {
  if (until < world.now) {
    throw new Error(`time cannot run back: it is ${world.now}, asked for ${until}`);
  }
  for (;;) {
    const timer = world.timers[0];
    if (timer === undefined || timer.at > until) break;
    world.timers.shift();
    world.now = timer.at;
    const handle = handlers[timer.kind];
    if (handle === undefined) throw new Error(`no handler for timers of kind "${timer.kind}"`);
    handle(world, timer.data);
  }
  world.now = until;
}

/** When the next timer is due; undefined if nothing will happen by itself. */
export function nextTimerAt(world: World): number | undefined {
  return world.timers[0]?.at;
}
