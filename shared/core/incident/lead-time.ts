/** DORA's lead time of a release, as far as Slipway sees it: from the push to where its revision serves everybody. */
import { type Event, momentOf } from '../model/event.ts';
import type { Release } from '../model/record/release.ts';
import type { TargetRecord } from '../model/record/target-record.ts';

export interface Served {
  readonly release: Release['id'];
  readonly leadSeconds: number;
}

/** Of the release that this decision brought into its bake: ECS says SUCCESSFUL. Undefined: it brought none. */
export function leadOf(
  { phase: before }: TargetRecord,
  event: Event,
  { phase: now }: TargetRecord,
): Served | undefined {
  const at = momentOf(event);
  const isRollout = before.phase === 'deploying' && before.goal === 'forward';
  const isBake = now.phase === 'baking' && now.of === 'release';
  if (at === undefined || !isRollout || !isBake || before.release.id !== now.release.id) {
    return undefined;
  }
  const { id, offeredAt } = now.release;
  return offeredAt === undefined || offeredAt > at
    ? undefined
    : { release: id, leadSeconds: (at - offeredAt) / 1000 };
}
