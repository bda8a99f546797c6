/** Whoever looks while the judge holds a share reads that, and how it ends, and not that tasks are replaced. */
import { expect, test } from 'vitest';
import { nextInWords, nextStepOf } from '../../../shared/core/incident/next-step.ts';
import type { Judged } from '../../../shared/core/model/observation.ts';
import type { Rules } from '../../../shared/core/model/rules.ts';
import { NOTHING_AGAINST } from '../../../shared/core/release/evidence.ts';
import { at, attempt, release, rolling, rules } from '../../build.ts';
import { CANARY, course } from '../traffic/a-shift.ts';

const because = 'of 2,625 requests to web:3, 21 failed (0.8 %)';

function next(state: Judged['state'], change: Partial<Rules> = {}, share = 0.05): string {
  const judged = { state, because, from: at(5), at: at(8), since: at(8) };
  const shifting = rolling({
    release: release({
      rules: rules({ strategy: CANARY, judge: 'act', ...change }),
      evidence: { ...NOTHING_AGAINST, judged },
    }),
    attempt: attempt({ course: course({ steps: [{ share, seenAt: at(5), after: at(4) }] }) }),
  });
  return nextInWords(nextStepOf(shifting, undefined));
}

test('what is suspicious keeps its share, until that is inconclusive', () => {
  expect(next('suspicious')).toBe(
    'Next (Slipway): the share stays while the judge says suspicious (of 2,625 requests to web:3, 21 failed (0.8 %)); at 10:25:00 UTC that is inconclusive, and the traffic goes on by one step',
  );
});

test('or for as long as the config says', () => {
  expect(next('alike', { afterInconclusive: 'hold' })).toMatch(
    /^Next \(Slipway\): the share stays while the judge says alike .*; it stays until that changes, or it is rolled back$/,
  );
});

test.each<[state: Judged['state'], change: Partial<Rules>, share: number, why: string]>([
  ['harmless', {}, 0.05, 'it is harmless'],
  ['condemned', {}, 0.05, 'it goes back'],
  ['suspicious', { judge: 'watch' }, 0.05, 'the judge only watches'],
  ['suspicious', {}, 1, 'it has all of the traffic'],
  ['suspicious', {}, 0, 'it has none of the traffic'],
])('%s %j at %d holds no share: %s', (state, change, share) => {
  expect(next(state, change, share)).not.toContain('the share stays');
});
