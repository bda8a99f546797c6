/** Traffic of a world that was saved by 0.2.0, which knew one target group for each source. */
import type { World } from '../kernel/world.ts';
import { emptyMinute } from './minutes.ts';

const MINUTE_MS = 60_000;

/** The minutes that were not published yet are lost; the totals go on. */
export function restoreTraffic(world: World): void {
  for (const source of world.traffic.sources) {
    source.revisions ??= {};
    if (source.carry.portions !== undefined) continue;
    source.carry = { requests: source.carry.requests, portions: {} };
    source.minute = emptyMinute(Math.floor(world.now / MINUTE_MS) * MINUTE_MS);
  }
  world.timers = world.timers.filter(
    ({ kind, data }) => kind !== 'traffic.publish' || data.loadBalancer !== undefined,
  );
}
