/** The record knows what runs by the last look. Where that was a while ago, whoever is told hears when it was. */
import { dayTime } from '../freeze/wall-clock.ts';
import type { Moment } from '../image.ts';
import { MINUTE } from '../rules.ts';
import type { TargetRecord } from './target-record.ts';

/** What is on its way is looked at more often; at rest an event tells of a change, and events get lost. */
const FRESH_MS = 5 * MINUTE;

/** ` (as seen at 2026-11-22 02:17 UTC)`, to be put behind what runs; empty: it was seen just now. */
export function asSeen({ runs, observedAt }: TargetRecord, at: Moment): string {
  if (runs === undefined || observedAt === undefined || at - observedAt <= FRESH_MS) return '';
  return ` (as seen at ${dayTime(observedAt, 'UTC')} UTC)`;
}
