/** What was decided of each target of a world, whole and in order. */
import type { HistoryEntry } from '../../shared/core/model/record/outbox.ts';
import type { Engine } from './engine.ts';

/** By target key. */
export type Histories = readonly (readonly [string, readonly HistoryEntry[]])[];

export function historiesOf({ history }: Pick<Engine, 'history'>): Histories {
  return [...history].map(([key, entries]) => [
    key,
    [...entries.values()].sort((a, b) => a.sequence - b.sequence),
  ]);
}
