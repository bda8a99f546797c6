/** What runs, by revision: who has the traffic, as far as ECS tells. */
import { expect, test } from 'vitest';
import { describeRunningNow, runningNow } from '../../../shared/core/incident/running-now.ts';
import type { ServiceNow } from '../../../shared/core/model/observation.ts';
import { image, record, revision } from '../../build.ts';

const of = (...counts: readonly [n: number, running: number, status: string][]): ServiceNow => ({
  status: 'ACTIVE',
  desired: 2,
  byDeployment: counts.map(([n, running, status]) => ({
    ...{ revision: revision(n), status, desired: 2, running, pending: 0 },
  })),
});
const traffic = (service: ServiceNow) =>
  runningNow(undefined, service).revisions.map((one) => [one.revision, one.traffic]);

test('all of it goes to the only revision with tasks', () => {
  expect(traffic(of([2, 0, 'PRIMARY'], [1, 2, 'ACTIVE']))).toEqual([
    ['web:2', 'none'],
    ['web:1', 'all'],
  ]);
});

test('of two with tasks ECS does not tell who gets how much', () => {
  expect(traffic(of([2, 1, 'PRIMARY'], [1, 2, 'ACTIVE']))).toEqual([
    ['web:2', 'part'],
    ['web:1', 'part'],
  ]);
});

test('an older deployment without tasks is not said to be coming', () => {
  expect(describeRunningNow(runningNow(record(), of([2, 2, 'PRIMARY'], [1, 0, 'ACTIVE'])))).toBe(
    'web:2 runs, both tasks',
  );
});

test('the images stand beside the revision that the record knows', () => {
  const [one, other] = runningNow(record(), of([1, 2, 'PRIMARY'], [7, 1, 'ACTIVE'])).revisions;
  expect(one?.images).toEqual({ app: image(1) });
  expect(other).not.toHaveProperty('images');
});
