/** What the config says of a target: the first thing that every handling hears. */
import { decide, introduce } from './decide.ts';
import type { Decision } from './model/decision.ts';
import type { Configured } from './model/event.ts';
import type { TargetKey } from './model/image.ts';
import { sameJson } from './model/json.ts';
import type { TargetRecord } from './model/record/target-record.ts';

/** A new target is introduced, changed rules are taken over; undefined: it says nothing new. */
export function configure(
  record: TargetRecord | undefined,
  key: TargetKey,
  event: Configured,
): Decision | undefined {
  if (record === undefined) return introduce(key, event);
  const isKnown = record.id === event.id && record.retired === undefined;
  return isKnown && sameJson(record.rules, event.rules) ? undefined : decide(record, event);
}
