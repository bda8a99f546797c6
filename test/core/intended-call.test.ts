/** intendedCall(record, observation): the call that was decided, and never a second one. */
import { describe, expect, test } from 'vitest';
import { decide } from '../../shared/core/decide.ts';
import { intendedCall } from '../../shared/core/intended-call.ts';
import type { Observation } from '../../shared/core/model/observation.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import {
  asking,
  at,
  attempt,
  baking,
  CHOOSING,
  image,
  observing,
  record,
  registering,
  release,
  restoring,
  returning,
  revision,
  rolling,
  rollout,
  STOPPING,
  seen,
  waiting,
} from '../build.ts';

const planned = (given: TargetRecord, look: Observation) =>
  intendedCall(decide(given, { type: 'Observed', observation: look }).record, look);

test.each<[string, TargetRecord]>([
  ['idle', record()],
  ['baking', baking()],
  ['watching', observing()],
  ['needs-attention', asking()],
  ['retired', record({ retired: true })],
])('%s needs no call', (_, given) => {
  expect(intendedCall(given, seen(given, 1))).toBeUndefined();
});

describe('an intended call', () => {
  test('registers a copy of what runs, with only the images changed', () => {
    const look = seen(waiting(), 1);
    expect(planned(waiting(), look)).toEqual({
      type: 'RegisterRevision',
      base: revision(1),
      images: { app: image(2) },
      tags: { 'slipway:release': 'ecs/production/web/2', 'slipway:image-tag': 'main-2' },
    });
  });

  test('asks ECS for the revision, with the whole deploymentConfiguration', () => {
    const look = seen(registering(), 1, { lostRevision: { found: revision(2) } });
    expect(planned(registering(), look)).toEqual({
      type: 'StartRollout',
      revision: revision(2),
      requestedAt: at(1),
      deploymentConfiguration: {
        strategy: 'ROLLING',
        maximumPercent: 200,
        minimumHealthyPercent: 100,
        bakeTimeInMinutes: 0,
        deploymentCircuitBreaker: { enable: true, rollback: true },
      },
    });
  });

  test('asks ECS to stop and return', () => {
    const given = returning(STOPPING);
    const look = seen(given, 6, { rollouts: [rollout(2)] });
    expect(planned(given, look)).toEqual({ type: 'StopRollout', rollout: rollout(2).arn });
  });
});

describe('only the handler whose look decided to act acts', () => {
  test.each<[rule: string, given: TargetRecord, look: Observation]>([
    ['register', waiting(), seen(waiting(), 1)],
    ['start', registering(), seen(registering(), 1, { lostRevision: { found: revision(2) } })],
    ['stop', returning(STOPPING), seen(returning(STOPPING), 6, { rollouts: [rollout(2)] })],
    ['restore', returning(CHOOSING), seen(returning(CHOOSING), 6, { service: 2 })],
  ])('%s', (_, given, look) => {
    const decided = decide(given, { type: 'Observed', observation: look }).record;
    expect(intendedCall(decided, look)).toBeDefined();
    expect(intendedCall(decided, { ...look, id: 'the look of somebody else' })).toBeUndefined();
  });

  test('a look that is decided twice asks no more than once', () => {
    const given = returning(CHOOSING);
    const look = seen(given, 6, { service: 2, rollouts: [] });
    const once = decide(given, { type: 'Observed', observation: look }).record;
    const twice = decide(once, { type: 'Observed', observation: look }).record;
    expect(twice.requests).toEqual(once.requests);
  });
});

test('nothing is asked of a service that is gone', () => {
  const { rollout: _, ...bare } = attempt();
  const given = rolling({ attempt: bare });
  expect(
    intendedCall(given, { ...seen(given, 1, { service: 'missing' }), id: 'look-0' }),
  ).toBeUndefined();
  expect(intendedCall(given, { ...seen(given, 1), id: 'look-0' })?.type).toBe('StartRollout');
});

test('a pinned copy of a candidate is registered before it is asked for', () => {
  const {
    request: _,
    revision: __,
    ...bare
  } = attempt({ base: revision(1), images: { app: image(1) } });
  const way = restoring();
  const given = returning({
    ...way,
    attempt: { ...bare, register: { at: at(5), observation: 'mine' } },
  } as never);
  expect(intendedCall(given, { ...seen(given, 6), id: 'mine' })?.type).toBe('RegisterRevision');
});

test('the image tags of several containers are joined, each by its first tag', () => {
  const images = { app: image(2), sidecar: image(7, { tags: ['v7', 'latest'] }) };
  const given = rolling({
    release: release({ images }),
    attempt: { images, base: revision(1), register: { at: at(0), observation: 'mine' } },
  });
  expect(intendedCall(given, { ...seen(given, 1), id: 'mine' })).toMatchObject({
    tags: { 'slipway:image-tag': 'main-2 v7' },
  });
});

test('a tag value is never longer than AWS takes', () => {
  const long = (n: number) => image(n, { tags: [`${'t'.repeat(127)}${n}`] });
  const images = { app: long(2), sidecar: long(7), log: long(8) };
  const given = rolling({
    release: release({ images }),
    attempt: { images, base: revision(1), register: { at: at(0), observation: 'mine' } },
  });
  const action = intendedCall(given, { ...seen(given, 1), id: 'mine' });
  const tags = action?.type === 'RegisterRevision' ? action.tags : {};
  expect(tags['slipway:image-tag']?.length).toBeLessThanOrEqual(256);
});
