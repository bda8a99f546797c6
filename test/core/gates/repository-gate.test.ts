/** Only the configured repository is believed, and of that only what ECR says: at every way in. */
import { describe, expect, test } from 'vitest';
import type { Image } from '../../../shared/core/model/image.ts';
import type { Order } from '../../../shared/core/model/order.ts';
import {
  asking,
  at,
  attempt,
  digest,
  image,
  looked,
  observing,
  order,
  person,
  primary,
  pushed,
  record,
  registering,
  release,
  rules,
  service,
  waiting,
  when,
} from '../../build.ts';

const BACKDOOR = image(2, { registry: 'evil.example.com', repository: 'library/backdoor' });
const SENTENCE =
  'evil.example.com/library/backdoor@sha256:000000000000 is not of the repository that container "app" takes its images from: 123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop/web';

describe('an image of another repository never starts', () => {
  const elsewhere: readonly [what: string, image: Image][] = [
    ['of another registry', BACKDOOR],
    ['of another repository of our registry', image(2, { repository: 'shop/worker' })],
    [
      'of our repository in another account',
      image(2, { registry: '210987654321.dkr.ecr.eu-central-1.amazonaws.com' }),
    ],
  ];

  test.each(elsewhere)('that a person deploys: %s', (_, foreign) => {
    const then = when(record(), person({ do: 'deploy', images: { app: foreign } }));
    expect(then.kinds).toEqual(['refused']);
    expect(then.record.waiting).toEqual({});
  });

  test('and the person is told which repository is the right one', () => {
    const then = when(record(), person({ do: 'deploy', images: { app: BACKDOOR } }));
    expect(then.told[0]?.because).toBe(`${SENTENCE} (ada asked: it is slow)`);
  });

  test.each(elsewhere)('that is offered: %s', (_, foreign) => {
    const then = when(record(), pushed(2, { image: foreign }));
    expect(then.kinds).toEqual(['refused']);
    expect(then.record.waiting).toEqual({});
    expect(then.record.newest.app).toEqual(order(1));
  });

  test.each(elsewhere)('that waits in the record, however it came there: %s', (_, foreign) => {
    const given = waiting({ waiting: { app: { image: foreign, since: at(0), by: 'ada' } } });
    const then = looked(given, 1);
    expect(then.kinds).toEqual(['refused']);
    expect(then.action).toBeUndefined();
  });

  test.each(elsewhere)('that stands in the record as a release on its way: %s', (_, foreign) => {
    const {
      request: _r,
      rollout: _f,
      revision: _v,
      ...bare
    } = attempt({ images: { app: foreign } });
    const given = registering({
      phase: {
        phase: 'deploying',
        goal: 'forward',
        release: release({ images: { app: foreign } }),
        attempt: bare,
      },
    });
    const then = looked(given, 1);
    expect(then.action).toBeUndefined();
    expect(then.kinds).toEqual(['failed']);
  });

  test('a container that the config never named is none, whatever every object has', () => {
    const then = when(record(), person({ do: 'deploy', images: { constructor: image(2) } }));
    expect(then.told[0]?.because).toContain('the config names no container "constructor"');
    const offered = when(record(), pushed(2, { containers: { toString: order(2) } }));
    expect(offered.record.waiting).toEqual({});
  });
});

describe('an image of another branch never starts by itself', () => {
  const { app } = rules().containers;
  const bound = record({
    rules: rules({ containers: app ? { app: { ...app, branches: ['^(?:main)$'] } } : {} }),
  });
  const of = (by: Order['by']) =>
    pushed(2, { containers: { app: order(2, { by, rank: [1, 1] }) } });

  test('that of the named branch does', () => {
    expect(when(bound, of('commit refs/heads/main')).record.waiting.app?.image).toEqual(image(2));
  });

  test.each<[by: Order['by'], is: string]>([
    ['commit refs/heads/main-evil', 'of refs/heads/main-evil'],
    ['commit refs/heads/émain', 'of refs/heads/émain'],
    ['commit refs/tags/main', 'of refs/tags/main'],
    ['push-time', 'of no commit whose branch is known'],
  ])('%s', (by, is) => {
    const then = when(bound, of(by));
    expect([then.kinds, then.record.waiting]).toEqual([['refused'], {}]);
    expect(then.told[0]?.because).toBe(
      `shop/web:main-2 (sha256:000000000000) is ${is}, and container "app" takes what its \`from\` names only`,
    );
  });

  test('a person may deploy it all the same', () => {
    const then = when(bound, person({ do: 'deploy', images: { app: image(2) } }));
    expect(then.record.waiting.app?.image).toEqual(image(2));
  });
});

describe('what runs an image of another repository is no place to return to', () => {
  const runs = (foreign: Image) => ({
    service: service(9, { primary: primary(9, { images: { app: foreign }, pinned: true }) }),
  });
  const baked = observing({ steadyAt: at(0) }, { rollbackCandidates: [] });

  test('it is left running and told, and adopted when its repository is the configured one', () => {
    const then = looked(baked, 20, runs(BACKDOOR));
    expect(then.record.rollbackCandidates).toEqual([]);
    expect(then.kinds).toEqual(['needs-attention']);
    expect(then.told[0]?.because).toContain(SENTENCE);
    expect(looked(then.record, 40, runs(BACKDOOR)).kinds).toEqual([]);
    const named = { registry: BACKDOOR.registry, repository: BACKDOOR.repository };
    const moved = { ...then.record, rules: rules({ containers: { app: named } }) };
    expect(looked(moved, 40, runs(BACKDOOR)).kinds).toEqual(['adopted']);
  });

  test('neither where nothing could be returned to', () => {
    const stuck = asking(
      { untilAdopted: true },
      { rollbackCandidates: [], runs: { revision: 'web:9' as never, images: {}, since: at(0) } },
    );
    const then = looked(stuck, 20, runs(BACKDOOR));
    expect(then.record.rollbackCandidates).toEqual([]);
  });
});

describe('what ECR did not say is no yes', () => {
  const unknown = { waiting: { [digest(2)]: 'unknown' as const } };

  test('an image of which ECR does not say that it is there is held, and starts when it does', () => {
    const held = looked(waiting(), 1, unknown);
    expect(held.action).toBeUndefined();
    expect(held.kinds).toEqual(['held']);
    expect(held.told[0]?.because).toBe(
      'whether shop/web:main-2 (sha256:000000000000) is in ECR could not be found out',
    );
    expect(looked(held.record, 2).action?.type).toBe('RegisterRevision');
  });

  test("a person's deploy is held, too", () => {
    const asked = when(record(), person({ do: 'deploy', images: { app: image(2) } })).record;
    expect(looked(asked, 7, unknown).action).toBeUndefined();
  });

  test.each(['proceed', 'ask'] as const)(
    'when the hold is over it never starts: %s',
    (afterHold) => {
      const given = waiting({ rules: rules({ afterHold }) });
      const held = looked(given, 1, unknown).record;
      const then = looked(held, 62, unknown);
      expect(then.action).toBeUndefined();
      expect(then.kinds).toEqual(['needs-attention']);
    },
  );
});
