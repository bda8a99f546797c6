/** What is asked of ECS beside the revision: whether it may go back by itself. */
import { expect, test } from 'vitest';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  at,
  attempt,
  candidate,
  looked,
  primary,
  revision,
  rolling,
  service,
} from '../../build.ts';

function asks(change: Partial<TargetRecord> = {}, found = service(1)) {
  const { request: _, rollout: __, ...ready } = attempt();
  const then = looked(rolling({ attempt: ready }, { requests: [], ...change }), 1, {
    service: found,
  });
  expect(then.action?.type).toBe('StartRollout');
  const { phase } = then.record;
  return phase.phase === 'deploying' && phase.goal === 'forward'
    ? phase.attempt.request
    : undefined;
}

test('ECS may go back by itself where its last completed deployment is proven', () => {
  expect(asks()).toMatchObject({ ecsRollsBack: true });
  expect(asks()).not.toHaveProperty('asOwnerSet');
  const unsettled = service(1, { primary: primary(1, { rolloutState: 'IN_PROGRESS' }) });
  expect(asks({}, unsettled)).toMatchObject({ ecsRollsBack: false });
});

test('where nothing is proven ECS goes back as the owner of the service set it', () => {
  expect(asks({ rollbackCandidates: [] })).toMatchObject({ ecsRollsBack: false, asOwnerSet: true });
});

test('a proven release that does not run is no place that ECS knows', () => {
  expect(asks({ rollbackCandidates: [candidate(5, { revision: revision(5) })] })).toMatchObject({
    ecsRollsBack: false,
  });
});

test('what somebody deploys anew after the start is waited for, and then ECS is asked with the same revision', () => {
  const { request: _, rollout: __, ...ready } = attempt();
  const forced = (change = {}) =>
    service(1, { primary: primary(1, { createdAt: at(0.5), ...change }) });
  const given = rolling({ attempt: ready }, { requests: [] });
  const waits = looked(given, 1, { service: forced({ rolloutState: 'IN_PROGRESS' }) });
  expect(waits.action).toBeUndefined();
  expect(waits.because).toContain("somebody's deployment is in flight: it is waited for");
  const then = looked(waits.record, 2, { service: forced() });
  expect(then.action).toMatchObject({ type: 'StartRollout', revision: revision(2) });
});
