/**
 * One push concerns many targets, and AWS throttles as it publishes. All seconds are virtual, so they are
 * the same each time.
 */
import { expect, test } from 'vitest';
import { flood } from '../../bench/flood/flood.ts';

const TIMEOUT_MS = 300_000;

test('releases take turns as AWS allows, and an alarm in the middle of them never waits', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { lastStart, allowed, throttled, calls, wayBackInFlight, wayBackInBake, ...rest } =
    await flood(100);
  expect(allowed).toBe(80);
  expect(lastStart).toBeLessThanOrEqual(1.2 * allowed);
  expect(throttled).toBeLessThan(0.02 * calls);
  // While the bucket of service reads is empty; in the bake it has to register a revision, too.
  expect(wayBackInFlight).toBeLessThanOrEqual(2);
  expect(wayBackInBake).toBeLessThanOrEqual(2);
  // At no moment would AWS have refused a rollback's RegisterTaskDefinition.
  expect(rest.emptySeconds).toBe(0);
  // Up to its start, that is, and what events led to until the last one had started.
  expect(rest.perTarget.ecs).toBeLessThanOrEqual(9);
});

test('without the budget the last one starts too late, and no token is left for a rollback', {
  timeout: TIMEOUT_MS,
}, async () => {
  const { lastStart, allowed, throttled, calls, emptySeconds } = await flood(50, {
    withoutBudget: true,
  });
  expect(lastStart).toBeGreaterThan(2 * allowed);
  expect(throttled).toBeGreaterThan(0.02 * calls);
  expect(emptySeconds).toBeGreaterThan(0);
});
