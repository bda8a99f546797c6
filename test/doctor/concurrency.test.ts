/** Whether the account lets as many functions run at a time as the stack needs: 44 reserved, 22 of them reconcile's. */
import { expect, test } from 'vitest';
import { concurrencyCheck } from '../../cli/doctor/concurrency-check.ts';
import { concurrencyNeeds } from '../../infra/reserved-concurrency.ts';
import type { ConcurrencyFacts } from '../../shared/aws/account/concurrency.ts';
import type { Found } from '../../shared/aws/examine.ts';
import { shopPipeline } from '../shop.ts';

const NEEDS = { reserved: 44, forReconcile: 22, shared: 10 };
const seen = (limit: number, unreserved = limit): Found<ConcurrencyFacts> => ({
  state: 'seen',
  value: { limit, unreserved },
});
const check = (found: Found<ConcurrencyFacts>, isDeployed = false) =>
  concurrencyCheck(found, NEEDS, { isDeployed, region: 'eu-central-1' });
const raise = (to: number) =>
  `aws service-quotas request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value ${to} --region eu-central-1`;

test('a usual account has enough, before and after the stack is deployed', () => {
  expect(check(seen(1_000))).toMatchObject({
    ...{ name: 'Lambda concurrency', state: 'ok' },
    says: 'the account may run 1000 functions at a time, 1000 of them unreserved; the stack reserves 44, 22 of them for reconcile, once it is deployed',
  });
  expect(check(seen(1_000, 956), true)).toMatchObject({
    state: 'ok',
    says: 'the account may run 1000 functions at a time, 956 of them unreserved; the stack reserves 44, 22 of them for reconcile',
  });
});

test('a new account may run 10: the stack cannot be deployed, and the command asks for more', () => {
  expect(check(seen(10))).toMatchObject({
    state: 'failed',
    says: 'the account may run 10 functions at a time, 10 of them unreserved, and the stack reserves 44, 22 of them for reconcile; Lambda keeps 100 unreserved, so the stack cannot be deployed',
    fix: raise(1_000),
  });
});

test('what others reserve counts: at 144 unreserved it fits, at 143 it does not', () => {
  expect(check(seen(3_000, 144)).state).toBe('ok');
  expect(check(seen(3_000, 143))).toMatchObject({ state: 'failed', fix: raise(3_001) });
});

test('of a stack that is there, its reservation is taken already: 10 unreserved are enough, 9 are not', () => {
  expect(check(seen(144, 100), true).state).toBe('ok');
  expect(check(seen(54, 10), true).state).toBe('ok');
  expect(check(seen(53, 9), true)).toMatchObject({
    state: 'failed',
    says: expect.stringMatching(/, and its other functions need 10: events may wait behind/),
    fix: raise(1_000),
  });
});

test('without the right nobody knows, and the right is named', () => {
  const because = 'the permission lambda:GetAccountSettings is missing';
  expect(check({ state: 'unseen', because })).toMatchObject({ state: 'skipped', says: because });
});

test('each queue of commands is a share of reconcile', () => {
  expect(concurrencyNeeds(shopPipeline())).toEqual({ reserved: 44, forReconcile: 22, shared: 10 });
});
