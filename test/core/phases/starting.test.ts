/** What a waiting image needs to become a release. */
import { describe, expect, test } from 'vitest';
import { describeImages } from '../../../shared/core/model/image.ts';
import { ownRelease } from '../../../shared/core/model/record/phase.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  asking,
  at,
  definition,
  digest,
  image,
  looked,
  type ObservationChange,
  order,
  primary,
  pushed,
  record,
  revision,
  rules,
  service,
  twoContainers,
  waiting,
  when,
} from '../../build.ts';

test('what waits becomes one release, and its revision is registered', () => {
  const then = looked(waiting(), 1);
  expect(then.record.phase).toMatchObject({
    phase: 'deploying',
    release: { id: 'ecs/production/web/2', images: { app: image(2) }, startedAt: at(1) },
  });
  expect(then.record.waiting).toEqual({});
  expect(then.record.releases).toBe(2);
  expect(then.action).toEqual({
    type: 'RegisterRevision',
    base: revision(1),
    images: { app: image(2) },
    tags: { 'slipway:release': 'ecs/production/web/2', 'slipway:image-tag': 'main-2' },
  });
});

test('app and sidecar that wait together become one release', () => {
  const both = waiting({
    rules: twoContainers(),
    waiting: {
      app: { image: image(2), order: order(2), since: at(0) },
      sidecar: { image: image(7), order: order(7), since: at(0) },
    },
  });
  const seen = { definition: definition({ app: image(1), sidecar: image(5) }) };
  const { phase } = looked(both, 1, seen).record;
  const images = ownRelease(phase)?.release.images ?? {};
  expect(describeImages(images)).toContain(' + ');
  expect(Object.keys(images)).toEqual(['app', 'sidecar']);
});

test('a release carries its rules: a new config counts from the next one', () => {
  const started = looked(waiting(), 1).record;
  const changed = when(started, {
    type: 'Configured',
    at: at(2),
    id: 'web',
    rules: rules({ bakeMinutes: 99 }),
  }).record;
  expect(changed.rules.bakeMinutes).toBe(99);
  expect(changed.phase).toMatchObject({ release: { rules: { bakeMinutes: 10 } } });
});

describe('a release that changes nothing registers no revision and starts no rollout', () => {
  test('when the digest runs already', () => {
    const given = waiting({
      runs: { revision: revision(1), images: { app: image(2) }, since: at(-90) },
    });
    const then = looked(given, 1);
    expect(then.record).toMatchObject({ phase: { phase: 'idle' }, waiting: {}, releases: 1 });
    expect(then.action).toBeUndefined();
  });

  test('when the definition names it already, though we did not know', () => {
    const then = looked(waiting(), 1, { definition: definition({ app: image(2) }) });
    expect(then.record).toMatchObject({ phase: { phase: 'idle' }, waiting: {}, releases: 1 });
    expect(then.action).toBeUndefined();
  });

  test('and a release that changes something does both', () => {
    expect(looked(waiting(), 1).action?.type).toBe('RegisterRevision');
  });
});

describe('refused, with the reason and what to do', () => {
  const cases: [
    rule: string,
    seen: ObservationChange,
    because: string,
    change?: Partial<TargetRecord>,
  ][] = [
    [
      'a container that the definition does not have, with the names that it has',
      { definition: definition({ web: image(1), log: 'fluent-bit:2' }) },
      'the task definition has no container "app"; it has "web", "log"',
    ],
    [
      'a strategy that this version does not drive',
      { service: service(1, { deploymentConfiguration: { strategy: 'BLUE_GREEN' } }) },
      'the service deploys by BLUE_GREEN',
    ],
    [
      'an image that is no longer in ECR',
      { waiting: { [digest(2)]: 'missing' } },
      'is no longer in ECR',
    ],
    ['an archived image', { waiting: { [digest(2)]: 'archived' } }, 'is archived in ECR'],
    [
      'a container that left the config',
      {},
      'the config names no container "app" any more',
      { rules: rules({ containers: {} }) },
    ],
  ];
  test.each(cases)('%s', (_, seen, because, change) => {
    const then = looked(waiting(change), 1, seen);
    expect(then.kinds).toEqual(['refused']);
    expect(then.told[0]?.because).toContain(because);
    expect(then.told[0]?.images).toEqual({ app: image(2) });
    expect(then.record.waiting).toEqual({});
    expect(then.action).toBeUndefined();
  });

  test('an image that was missing and is pushed again gets its turn', () => {
    const refused = looked(waiting(), 1, { waiting: { [digest(2)]: 'missing' } }).record;
    expect(when(refused, pushed(2)).record.waiting.app?.image).toEqual(image(2));
  });
});

describe("somebody's deployment in flight", () => {
  const inFlight = (minutes: number) =>
    service(1, { primary: primary(1, { rolloutState: 'IN_PROGRESS', createdAt: at(minutes) }) });

  test('is waited for, not superseded', () => {
    const then = looked(waiting(), 1, { service: inFlight(-5) });
    expect(then.record.waiting.app).toBeDefined();
    expect(then.action).toBeUndefined();
    expect(then.record.observeAt).toBe(at(2));
  });

  test('is waited for while its old tasks still drain', () => {
    const draining = service(1, {
      primary: primary(1, { createdAt: at(-5) }),
      deployments: 2,
    });
    expect(looked(waiting(), 1, { service: draining }).action).toBeUndefined();
  });

  test('has the time of a rollout; what hangs for longer, the new image may mend', () => {
    const then = looked(waiting(), 1, { service: inFlight(-30) });
    expect(then.action?.type).toBe('RegisterRevision');
  });

  test('a deployment that failed is not waited for', () => {
    const failed = service(1, {
      primary: primary(1, { rolloutState: 'FAILED', createdAt: at(-5) }),
      deployments: 2,
    });
    expect(looked(waiting(), 1, { service: failed }).action?.type).toBe('RegisterRevision');
  });

  test('a condemned release that nothing could replace is not waited for: this push replaces it', () => {
    const bad = primary(1, { rolloutState: 'IN_PROGRESS', createdAt: at(-5) });
    const given = asking(undefined, {
      ...waiting(),
      condemnedRevisions: [{ revision: revision(1), digests: [digest(1)] }],
      quarantine: [{ digest: digest(1), at: at(-1) }],
    });
    expect(looked(given, 1, { service: service(1, { primary: bad }) }).action?.type).toBe(
      'RegisterRevision',
    );
  });
});

test('a release begins from what the service runs now, somebody else may have deployed it', () => {
  const given = waiting({ runs: { revision: revision(9), images: {}, since: at(0) } });
  const then = looked(given, 1, { service: 9 });
  expect(then.action).toMatchObject({ type: 'RegisterRevision', base: revision(9) });
});

test('a look that did not ask what a start needs starts nothing, and the next one asks', () => {
  const asked = looked(record(), 1);
  expect(asked.action).toBeUndefined();
  const late = when(waiting(), {
    type: 'Observed',
    observation: {
      id: 'look-1',
      at: at(1),
      question: {},
      undelivered: 0,
      service: { state: 'found', ...service(1) },
    },
  });
  expect(late.because).toBe('the next look asks what a start needs to know');
  expect(looked(late.record, 1).action?.type).toBe('RegisterRevision');
});

test('the tags of the revision name release, image tag and commit', () => {
  const given = waiting({
    waiting: {
      app: { image: image(2, { tags: ['main-8f3c2a1', 'v7'] }), order: order(2), since: at(0) },
    },
  });
  expect(looked(given, 1).action).toMatchObject({
    tags: {
      'slipway:release': 'ecs/production/web/2',
      'slipway:image-tag': 'main-8f3c2a1',
      'slipway:commit': '8f3c2a1',
    },
  });
});
