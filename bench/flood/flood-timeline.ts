/** What the timeline of a flood says: who started when, what each cost, and when no token was left. */
import type { CallMade, Entry } from '../../local/stories/timeline.ts';
import { type Counts, sum } from '../release-calls.ts';
import { BESIDE } from './flood-world.ts';

/** RegisterTaskDefinition: twenty at once, and one a second. (ECS: request-throttling) */
export const REGISTER = { burst: 20, refill: 1 } as const;

/** The first UpdateService of each service that runs the image, in order. */
export function startsIn(timeline: readonly Entry[]): readonly { service: string; at: number }[] {
  const started = new Map<string, { service: string; at: number }>();
  for (const entry of timeline) {
    if (entry.type !== 'call' || entry.operation !== 'UpdateService' || entry.outcome !== 'ok')
      continue;
    const { service } = entry.input as { readonly service: string };
    if (service !== BESIDE.id && !started.has(service)) {
      started.set(service, { service, at: entry.at });
    }
  }
  return [...started.values()];
}

export function asksBack(entry: Entry, service: string): boolean {
  return (
    entry.type === 'call' &&
    entry.target === `ecs/production/${service}` &&
    entry.outcome === 'ok' &&
    (entry.operation === 'UpdateService' || entry.operation === 'StopServiceDeployment')
  );
}

/** Without what `tick` asks, which is for all targets at once, and asked without a release, too. */
export function perTarget(calls: readonly CallMade[], targets: number): Counts {
  const counts: Record<string, number> = {};
  for (const { service, function: name } of calls) {
    if (name !== 'tick') counts[service] = (counts[service] ?? 0) + 1;
  }
  const each = (count: number) => Math.round((count / targets) * 10) / 10;
  return Object.fromEntries(
    Object.entries({ ...counts, all: sum(counts) }).map(([name, count]) => [name, each(count)]),
  );
}

/**
 * For how many seconds RegisterTaskDefinition's bucket was empty: then AWS refuses a rollback whose
 * revision must be registered anew.
 */
export function emptySeconds(calls: readonly CallMade[], from: number): number {
  let [tokens, at, empty]: [number, number, number] = [REGISTER.burst, from, 0];
  for (const { operation, outcome, at: made } of calls) {
    if (operation !== 'RegisterTaskDefinition' || outcome !== 'ok') continue;
    const waited = (made - at) / 1_000;
    empty += Math.min(waited, Math.max(0, 1 - tokens) / REGISTER.refill);
    tokens = Math.min(REGISTER.burst, tokens + waited * REGISTER.refill) - 1;
    at = made;
  }
  return empty + Math.max(0, 1 - tokens) / REGISTER.refill;
}
