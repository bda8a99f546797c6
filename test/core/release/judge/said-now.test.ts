/** What the judge says otherwise than at the look before stands in that look's sentence, and so in log and history. */
import { expect, test } from 'vitest';
import type { Judged } from '../../../../shared/core/model/observation.ts';
import { judgeSaysNow } from '../../../../shared/core/release/judge/said-now.ts';
import { looked, release, rolling, rollout, rules } from '../../../build.ts';

const because = 'of 2,650 requests to web:2, 21 failed (0.8 %)';
const says = (state: Judged['state']) => ({
  rollouts: [rollout(2)],
  judged: { state, because } satisfies Judged,
});
const SHIFTING = rolling({ release: release({ rules: rules({ judge: 'act' }) }) });

test('that it finds a release suspicious now is said by the look that heard it, with the counts', () => {
  const first = looked(SHIFTING, 5, says('waiting'));
  const then = looked(first.record, 6, says('suspicious'));
  expect(then.because).toMatch(
    /; the judge says suspicious: of 2,650 requests to web:2, 21 failed \(0\.8 %\)$/,
  );
  expect(then.record.outbox.history.at(-1)?.because).toBe(then.because);
  expect(judgeSaysNow(first.record, then.record)).toMatchObject({ state: 'suspicious', because });
});

test('what it says again is not said again', () => {
  const first = looked(SHIFTING, 5, says('suspicious'));
  const then = looked(first.record, 6, says('suspicious'));
  expect(then.because).not.toContain('the judge says');
  expect(judgeSaysNow(first.record, then.record)).toBeUndefined();
});

test('where it is not asked nothing is said of it', () => {
  const { rollouts } = says('waiting');
  expect(looked(SHIFTING, 5, { rollouts }).because).not.toContain('the judge');
});
