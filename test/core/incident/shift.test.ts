/** Of a release that shifts traffic, what happened is told with the share and the stage that a look saw. */
import { expect, test } from 'vitest';
import { incidentOf } from '../../../shared/core/incident/incident.ts';
import type { ShiftCourse } from '../../../shared/core/model/balancer.ts';
import { at, attempt, revision, rolling } from '../../build.ts';
import { course } from '../traffic/a-shift.ts';

function headline(change: Partial<ShiftCourse>): string {
  const tasks = { status: 'PRIMARY', desired: 2, running: 2, pending: 0 };
  const service = {
    status: 'ACTIVE',
    desired: 2,
    byDeployment: [
      { ...tasks, revision: revision(2) },
      { ...tasks, status: 'ACTIVE', revision: revision(1) },
    ],
  };
  const record = rolling({ attempt: attempt({ course: course(change) }) });
  const couldRollBack = { possible: false, because: 'nothing is proven' } as never;
  return incidentOf(record, { at: at(20), service, redAlarms: [], couldRollBack }).headline;
}

test('the share and the stage, as of the look that saw them', () => {
  const steps = [{ share: 0.05, after: at(1), seenAt: at(2) }];
  const seen = { steps, heardAt: at(4), stage: 'PRODUCTION_TRAFFIC_SHIFT', stageSince: at(2) };
  expect(headline(seen)).toMatch(
    /at \d\d:\d\d:\d\d UTC the load balancer gave the new release 5 % of the traffic, and ECS was at PRODUCTION_TRAFFIC_SHIFT\. tasks that run: 2 of /,
  );
  expect(headline({ heardAt: at(1) })).toMatch(/gave the new release none of the traffic\. tasks/);
});

test('nothing of it where no look heard the load balancer', () => {
  expect(headline({})).toMatch(/is being rolled out\. tasks that run: /);
});
