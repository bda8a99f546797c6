/**
 * A target's history, decided again: the same events lead to the same record, so an incident can be
 * stepped through, and becomes a test. What is owed to the outside is not part of it.
 */
import { decide, introduce } from '../decide.ts';
import type { TargetKey } from '../model/image.ts';
import type { HistoryEntry } from '../model/record/outbox.ts';
import type { Standing } from '../model/record/phase.ts';
import type { TargetRecord } from '../model/record/target-record.ts';
import { standingOf } from '../model/standing.ts';

export interface Replayed {
  readonly record: TargetRecord;
  readonly steps: readonly ReplayedStep[];
}

export interface ReplayedStep {
  readonly sequence: number;
  readonly event: HistoryEntry['event'];
  readonly phase: Standing;
  readonly because: string;
  /** This code decides as the code of that day did. */
  readonly agrees: boolean;
}

/** `entries` whole and in order, the first one `Configured`. Throws for a history with a gap. */
export function replay(key: TargetKey, entries: readonly HistoryEntry[]): Replayed {
  let record: TargetRecord | undefined;
  const steps: ReplayedStep[] = [];
  for (const [index, entry] of entries.entries()) {
    if (entry.sequence !== index + 1) {
      throw new Error(
        `the history of ${key} has no entry ${index + 1}: the next one is ${entry.sequence}`,
      );
    }
    const next = step(key, record, entry);
    record = withoutOutbox(next.record);
    const phase = standingOf(record);
    const agrees = phase === entry.phase && next.because === entry.because;
    const { sequence, event } = entry;
    steps.push({ sequence, event, phase, because: next.because, agrees });
  }
  if (record === undefined) throw new Error(`the history of ${key} is empty`);
  return { record, steps };
}

function step(key: TargetKey, record: TargetRecord | undefined, { sequence, event }: HistoryEntry) {
  if (record !== undefined) return decide(record, event);
  if (event.type === 'Configured') return introduce(key, event);
  throw new Error(`entry ${sequence} of ${key} is ${event.type}: a history begins with Configured`);
}

/**
 * For comparing: without what is owed, and when it is looked at next, which others decide, too; nor when it was
 * looked at last, since a look that found nothing new stands in no history.
 */
export function asDecided(record: TargetRecord): TargetRecord {
  const { observeAt: _, turnAt: __, observedAt: ___, ...decided } = withoutOutbox(record);
  const { waysBack } = decided;
  return waysBack === undefined ? decided : { ...decided, waysBack: { ...waysBack, checkedAt: 0 } };
}

function withoutOutbox(record: TargetRecord): TargetRecord {
  return { ...record, outbox: { announcements: [], history: [], quarantine: [] } };
}
