/** Every end is announced, truthfully, with what runs now and what to do next. */
import { describe, expect, test } from 'vitest';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import {
  at,
  attempt,
  baking,
  CHOOSING,
  image,
  looked,
  person,
  primary,
  pushed,
  record,
  registering,
  release,
  restoring,
  returning,
  revision,
  rolling,
  rollout,
  type Step,
  service,
  waiting,
  when,
} from '../build.ts';

const stopped = { rollouts: [rollout(2, { status: 'STOPPED' as const })] };
const restored = {
  rollouts: [rollout(1, { status: 'SUCCESSFUL' as const, createdAt: at(5) })],
};

test.each<[end: string, step: Step, next: string]>([
  ['proven', looked(baking(), 16, { service: 2 }), 'a release that fails returns here'],
  [
    'rolled-back',
    looked(returning(restoring()), 6, restored),
    'push a fix; shop/web:main-2 (sha256:000000000000) stays quarantined: if it was not to blame, lift that and deploy it by hand',
  ],
  [
    'needs-attention',
    looked(returning(CHOOSING, {}, { rollbackCandidates: [] }), 6, { service: 2 }),
    'push a fix, or deploy an image by hand',
  ],
  [
    'failed',
    when(rolling(), {
      type: 'CallRefused',
      at: at(1),
      action: 'StartRollout',
      code: 'ClientException',
      message: 'no',
    }),
    'mend the cause, then deploy it by hand or push a newer image',
  ],
  [
    'superseded',
    looked(rolling(), 3, { service: 9, rollouts: [rollout(9, { createdAt: at(2) }), rollout(2)] }),
    'theirs is left alone and watched; deploy this image by hand, or push a newer one',
  ],
])(
  '%s names target, release, image, revision, why, what runs now and what is next',
  (kind, step, next) => {
    expect(step.kinds).toEqual([kind]);
    expect(step.told[0]).toMatchObject({
      key: 'ecs/production/web',
      target: 'web',
      release: 'ecs/production/web/2',
      images: { app: image(2) },
      revision: revision(2),
      next,
    });
    expect(step.told[0]?.because).not.toBe('');
    expect(step.told[0]?.runsNow).not.toBe('');
  },
);

describe('what runs now is what the service runs', () => {
  test.each<[string, Step, string]>([
    ['proven: the new one', looked(baking(), 16, { service: 2 }), 'shop/web:main-2'],
    ['rolled back: the old one', looked(returning(restoring()), 6, restored), 'shop/web:main-1'],
    [
      'nothing to return to: the condemned one still',
      looked(returning(CHOOSING, {}, { rollbackCandidates: [] }), 6, { service: 2 }),
      'shop/web:main-2',
    ],
    [
      'somebody else: their revision, whose images are not known yet',
      looked(baking(), 7, { service: service(9, { primary: primary(9, { createdAt: at(6) }) }) }),
      'web:9',
    ],
  ])('%s', (_, step, runsNow) => {
    expect(step.told[0]?.runsNow).toContain(runsNow);
  });
});

describe('what runs is there as data, when something proven runs', () => {
  const runs = (n: number) => ({
    release: `ecs/production/web/${n}`,
    revision: revision(n),
    images: { app: image(n) },
  });

  test.each<[kind: string, Step, n: number]>([
    ['proven', looked(baking(), 16, { service: 2 }), 2],
    ['rolled-back', looked(returning(restoring()), 6, restored), 1],
  ])('%s', (kind, step, n) => {
    expect(step.told[0]).toMatchObject({ kind, runs: runs(n) });
  });

  test('and only then', () => {
    const step = looked(returning(CHOOSING, {}, { rollbackCandidates: [] }), 6, { service: 2 });
    expect(step.told[0]).toMatchObject({ kind: 'needs-attention' });
    expect(step.told[0]).not.toHaveProperty('runs');
  });
});

describe('started', () => {
  const answer = {
    type: 'RolloutAccepted',
    at: at(0),
    revision: revision(2),
    requestedAt: at(0),
  } as const;
  const { announced: _, ...silent } = attempt().request ?? { announced: true };
  const asked = rolling({ attempt: attempt({ request: silent as never }) });

  test('is told when ECS answered', () => {
    expect(when(asked, answer).kinds).toEqual(['started']);
  });

  test('is told when the rollout was found after a lost answer', () => {
    expect(looked(asked, 1, { rollouts: [rollout(2)] }).kinds).toEqual(['started']);
  });

  test('is told once', () => {
    const once = when(asked, answer).record;
    expect(when(once, answer).kinds).toEqual([]);
    expect(looked(once, 1, { rollouts: [rollout(2)] }).kinds).toEqual([]);
  });

  test('is told before the end, if both come in one look', () => {
    expect(looked(asked, 1, stopped).kinds[0]).toBe('started');
  });

  test('is not told of a release that ECS was not asked for', () => {
    expect(looked(waiting(), 1).kinds).toEqual([]);
    expect(looked(registering(), 31).kinds).toEqual(['failed']);
  });

  test('names the person who asked for it', () => {
    const by = {
      ...asked,
      phase: { ...asked.phase, release: release({ by: 'ada' }) },
    } as TargetRecord;
    expect(when(by, answer).told[0]?.because).toContain('ada asked for shop/web:main-2');
  });
});

test('the same announcement told twice has the same id, and two have two', () => {
  const one = when(record({ newest: { app: order9() } }), pushed(2));
  const again = when(record({ newest: { app: order9() } }), pushed(2));
  const next = when(one.record, pushed(2));
  expect(one.told[0]?.id).toBe(again.told[0]?.id);
  expect(next.told[0]?.id).not.toBe(one.told[0]?.id);
});

function order9() {
  return { ...record().newest.app, pushedAt: at(0), digest: image(9).digest } as never;
}

test('what is out is forgotten, and nothing else', () => {
  const given = when(
    when(record(), person({ do: 'hold' })).record,
    person({ do: 'hold' }, { id: '2' }),
  );
  const [first, second] = given.record.outbox.announcements;
  const told = {
    type: 'Delivered',
    announcements: [first?.id ?? ''],
    history: [11],
    quarantine: [],
  } as const;
  const then = when(given.record, told).record;
  expect(then.outbox.announcements).toEqual([second]);
  expect(then.outbox.history.map((entry) => entry.sequence)).toEqual([12]);
  expect({ ...then, outbox: given.record.outbox }).toEqual(given.record);
});

test('an image that made way is told, though it never started', () => {
  const then = when(waiting(), pushed(3));
  expect(then.told[0]).toMatchObject({
    kind: 'superseded',
    images: { app: image(2) },
    next: 'nothing: it was never started',
  });
});

test('a release that was under way when its target left the config is named', () => {
  const then = when(when(rolling(), pushed(3)).record, { type: 'Retired', at: at(1) });
  expect(then.told[0]).toMatchObject({ kind: 'retired', release: 'ecs/production/web/2' });
});
