/** plan(record, seen) -> the one next call for a source, or nothing. Pure. */
import type { SourceAction } from './action.ts';
import type { SourceRecord } from './record.ts';
import type { SourceSeen } from './seen.ts';

/** Only the handler whose look decided to act acts: `seen.id` stands in the record. */
export function planSource(record: SourceRecord, seen: SourceSeen): SourceAction | undefined {
  for (const [image, { running }] of Object.entries(record.builds)) {
    const rules = record.rules.images[image];
    for (const { id, stop, ask, commit, tag, token } of running) {
      if (id !== undefined && stop?.look === seen.id) return { type: 'StopBuild', id };
      if (id === undefined && ask.look === seen.id && rules !== undefined) {
        return { type: 'StartBuild', image, rules, commit, tag, token };
      }
    }
  }
  return undefined;
}
