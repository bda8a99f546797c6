/** What is told of a target whose record cannot be read: what ECS and CloudWatch show, and who can read it. */
import { expect, test } from 'vitest';
import { incidentUnread } from '../../../shared/core/incident/unread.ts';
import type { ServiceNow } from '../../../shared/core/model/observation.ts';
import { revision } from '../../build.ts';

const UNREAD = { why: 'has format 3, this version reads 1 and 2', remedy: 'update slipway' };

const runs = (running: number, desired = 2): ServiceNow => ({
  status: 'ACTIVE',
  desired,
  byDeployment: [{ revision: revision(1), status: 'PRIMARY', desired, running, pending: 0 }],
});
const told = (
  service: ServiceNow | undefined,
  red: readonly string[] = [],
  unseen: readonly string[] = [],
) => incidentUnread('web', UNREAD, { service, redAlarms: red, unseenAlarms: unseen } as never);

test.each([
  ['tasks run', runs(2), [], 'unreadable'],
  ['tasks run under a red alarm', runs(2), ['web-5xx'], 'alarm'],
  ['none runs', runs(0), [], 'down'],
  ['none runs, and an alarm is red', runs(0), ['web-5xx'], 'down'],
  ['none is wanted', runs(0, 0), [], 'unreadable'],
] as const)('%s', (_, service, red, state) => {
  expect(told(service, red)).toMatchObject({
    state,
    next: { by: 'a person', what: 'update slipway' },
  });
});

test('where ECS was not asked nothing is called down', () => {
  const unasked = incidentUnread('web', UNREAD, {
    unasked: true,
    redAlarms: [],
    unseenAlarms: [],
  } as never);
  expect(unasked.state).toBe('unreadable');
});

test('what is red is said, and what could not be asked, of one and of two', () => {
  expect(told(runs(2)).headline).toMatch(
    /^what was tried and what waits cannot be told: its record has format 3/,
  );
  expect(told(runs(2)).headline).not.toContain(' red');
  expect(told(runs(2), ['a']).headline).toContain('. a is red. ');
  expect(told(runs(2), ['a', 'b']).headline).toContain('. a, b are red. ');
  expect(told(runs(2), [], ['c']).headline).toContain('whether c is red could not be asked. ');
  expect(told(runs(2), [], ['c', 'd']).headline).toContain('whether c, d are red could not');
});
