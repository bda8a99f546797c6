/** When it is asked whether a rollback would work: at rest, an hour after the last time, sooner while it would not. */
import { expect, test } from 'vitest';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { mustCheckWays } from '../../../shared/core/release/ways-back.ts';
import { at, baking, candidate, fresh, record, rules } from '../../build.ts';

/** Proven at minute -60. */
test.each<[what: string, asked: boolean, given: TargetRecord, minutes: number]>([
  ['an hour after it was proven', true, record(), -10],
  ['sooner', false, record(), -11],
  ['an hour after it was asked', true, record({ waysBack: { checkedAt: at(0) } }), 50],
  ['sooner than that', false, record({ waysBack: { checkedAt: at(0) } }), 49],
  [
    'a quarter of an hour later, while it would fail',
    true,
    record({
      waysBack: { checkedAt: at(0) },
      needsAttention: { because: 'no role', since: at(0), unprepared: true },
    }),
    14,
  ],
  [
    'not sooner, while it would fail',
    false,
    record({
      waysBack: { checkedAt: at(0) },
      needsAttention: { because: 'no role', since: at(0), unprepared: true },
    }),
    13,
  ],
  ['with nothing to return to', false, record({ rollbackCandidates: [] }), 99],
  ['before anything was seen', false, fresh({ rollbackCandidates: [candidate(1)] }), 99],
  ['of a target that left the config', false, record({ retired: true }), 99],
  ['while a release bakes', false, baking(), 99],
  ['in watch mode', false, record({ rules: rules({ mode: 'watch' }) }), 99],
])('%s: %s', (_, asked, given, minutes) => {
  expect(mustCheckWays(given, at(minutes))).toBe(asked);
});
