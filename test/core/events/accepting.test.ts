/** An image is offered: it waits its turn, or is refused with the reason. */
import { describe, expect, test } from 'vitest';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  asking,
  at,
  baking,
  digest,
  image,
  looked,
  observing,
  order,
  person,
  pushed,
  record,
  release,
  rolling,
  rose,
  rules,
  twoContainers,
  waiting,
  when,
} from '../../build.ts';

const waits = (given: TargetRecord) =>
  Object.fromEntries(Object.entries(given.waiting).map(([name, one]) => [name, one.image.digest]));

test('a newer image waits its turn, and a look is due at once', () => {
  const then = when(record(), pushed(2));
  expect(waits(then.record)).toEqual({ app: digest(2) });
  expect(then.record.newest.app).toMatchObject(order(2));
  expect(then.record.observeAt).toBe(at(0));
  expect(then.kinds).toEqual([]);
});

test('an older push never replaces a newer one', () => {
  const then = when(record({ newest: { app: order(5) } }), pushed(4));
  expect(waits(then.record)).toEqual({});
  expect(then.kinds).toEqual(['refused']);
  expect(then.because).toContain('is older than');
});

describe('a refusal of an older image says what it is older than, and what to do', () => {
  const newer = when(record(), pushed(5)).record;

  test('by its name', () => {
    const { told } = when(newer, pushed(4));
    expect(told[0]?.because).toContain('is older than shop/web:main-5 (');
    expect(told[0]?.next).toContain(`slipway deploy web --image shop/web@${digest(4)}`);
  });

  test('and that it is quarantined', () => {
    const given = { ...newer, waiting: {}, quarantine: [{ digest: digest(5), at: at(0) }] };
    const { told } = when(given, pushed(4));
    expect(told[0]?.because).toContain('which container "app" was offered before and which is qua');
    expect(told[0]?.next).toContain('if this one is the fix: slipway deploy web --image');
  });
});

describe('a condemned commit that is built again', () => {
  const commit = { repository: 'acme/shop', sha: 'a'.repeat(40) };
  const given = when(
    baking({ release: release({ images: { app: image(2, { commit }) } }) }),
    person({ do: 'rollback' }),
  ).record;

  test('does not start by itself: its digest is another one, its code is not', () => {
    const then = when(given, pushed(3, { image: image(3, { commit }) }));
    expect(then.kinds).toEqual(['refused']);
    expect(then.told[0]?.because).toContain('is built from the commit of sha256:000000000000');
    expect(waits(then.record)).toEqual({});
  });

  test('starts when a person deploys it, or has lifted the quarantine', () => {
    const built = image(3, { commit });
    const asked = when(given, person({ do: 'deploy', images: { app: built } }, { id: 'w2' }));
    expect(waits(asked.record)).toEqual({ app: digest(3) });
    const lifted = when(given, person({ do: 'unquarantine', digest: digest(2) }, { id: 'w3' }));
    expect(waits(when(lifted.record, pushed(3, { image: built })).record)).toEqual({
      app: digest(3),
    });
  });

  test('another image of that commit is not condemned with it', () => {
    const proxy = image(3, { commit, repository: 'shop/proxy' });
    const { app } = given.rules.containers;
    const sidecar = { registry: proxy.registry, repository: 'shop/proxy' };
    const two = { ...given, rules: rules({ containers: { ...(app && { app }), sidecar } }) };
    const push = pushed(3, { image: proxy, containers: { sidecar: order(3) } });
    expect(waits(when(two, push).record)).toEqual({ sidecar: digest(3) });
  });
});

test('the highest ever accepted counts, not what runs: an older push is refused after a rollback', () => {
  const rolledBack = record({ newest: { app: order(3) }, rollbackCandidates: [] });
  expect(rolledBack.runs?.images.app?.digest).toBe(digest(1));
  expect(when(rolledBack, pushed(2)).kinds).toEqual(['refused']);
});

test('of two pushes of one second the order of arrival decides nothing', () => {
  const same = (n: number) => pushed(n, { containers: { app: order(n, { pushedAt: at(-60) }) } });
  const forth = when(when(record(), same(2)).record, same(3));
  const back = when(when(record(), same(3)).record, same(2));
  expect(waits(forth.record)).toEqual({ app: digest(3) });
  expect(waits(back.record)).toEqual({ app: digest(3) });
});

describe('what is on its way gets a newer place, as where its branch was put back to it', () => {
  const commit = (n: number, rank: readonly number[]) => order(n, { by: 'commit main', rank });
  const [first, second] = [commit(2, [1, 1]), commit(3, [1, 2])];
  const behind = when(
    rolling({}, { newest: { app: first } }),
    pushed(3, { containers: { app: second } }),
  );
  const again = (n: number, rank: readonly number[]) =>
    when(behind.record, pushed(n, { containers: { app: commit(n, rank) } }));

  test('what waits behind it is older then, and makes way', () => {
    expect(waits(behind.record)).toEqual({ app: digest(3) });
    const then = again(2, [2, 1]);
    expect([then.kinds, waits(then.record)]).toEqual([['superseded'], {}]);
    expect(then.told[0]?.because).toContain('main-2');
    expect(then.because).toContain('main-3');
    expect(then.record.newest.app?.digest).toBe(digest(2));
    const late = when(then.record, pushed(3, { containers: { app: second } }));
    expect(waits(late.record)).toEqual({});
  });

  test('what is newer still waits on, and so does what a person deployed', () => {
    expect(waits(again(2, [1, 1]).record)).toEqual({ app: digest(3) });
    expect(waits(again(3, [2, 2]).record)).toEqual({ app: digest(3) });
    const meant = when(
      rolling({}, { newest: { app: first } }),
      person({ do: 'deploy', images: { app: image(3) } }),
    ).record;
    const then = when(meant, pushed(2, { containers: { app: commit(2, [2, 1]) } }));
    expect(waits(then.record)).toEqual({ app: digest(3) });
  });
});

test('an event that is delivered twice is heard once', () => {
  const once = when(record(), pushed(2));
  const twice = when(once.record, pushed(2));
  expect(twice.record).toBe(once.record);
  expect(twice.because).toContain('is on its way already');
});

test.each<[rule: string, given: TargetRecord, because: string]>([
  ['a digest that runs is not started again', record(), 'is what runs already'],
  ['a digest that rolls out is on its way already', rolling(), 'is on its way already'],
  ['a digest that bakes is on its way already', baking(), 'is on its way already'],
  ['a digest that waits is on its way already', waiting(), 'is on its way already'],
  [
    'a digest that failed once is not offered a second turn by an event',
    record({ newest: { app: order(2) } }),
    'has had its turn',
  ],
])('%s', (_, given, because) => {
  const then = when(
    given,
    pushed(given.phase.phase === 'idle' && because.includes('runs') ? 1 : 2),
  );
  expect(then.record).toBe(given);
  expect(then.because).toContain(because);
});

describe('quarantine', () => {
  const quarantined = record({
    newest: { app: order(2) },
    quarantine: [{ digest: digest(2), at: at(-5) }],
  });

  test('no event brings a quarantined digest back', () => {
    const then = when(quarantined, pushed(2));
    expect(then.kinds).toEqual(['refused']);
    expect(waits(then.record)).toEqual({});
  });

  test('not even when the record remembers it no longer: its own item tells why', () => {
    const then = when(record(), pushed(2, { quarantined: 'alarm web-5xx rose' }));
    expect(then.kinds).toEqual(['refused']);
    expect(then.told[0]?.because).toContain('is quarantined: alarm web-5xx rose');
  });

  test('what the sweep offers again and again is not told again and again', () => {
    const then = when(quarantined, pushed(2, { heardFrom: 'sweep' }));
    expect(then.record).toBe(quarantined);
  });

  test('a person lifts it, and then the same digest may be offered once more', () => {
    const lifted = when(quarantined, person({ do: 'unquarantine', digest: digest(2) }));
    expect(waits(lifted.record)).toEqual({});
    expect(waits(when(lifted.record, pushed(2)).record)).toEqual({ app: digest(2) });
  });
});

describe('a refusal is told once', () => {
  const given = record({ newest: { app: order(9) } });
  const once = when(given, pushed(8)).record;

  test('of one image within a quarter of an hour: ECR and its build tell of the same push', () => {
    expect(when(once, pushed(8, { at: at(14) })).kinds).toEqual([]);
    expect(when(once, pushed(8, { at: at(15) })).kinds).toEqual(['refused']);
  });

  test('another image, or for another reason, is told', () => {
    expect(when(once, pushed(7, { at: at(1) })).kinds).toEqual(['refused']);
    const bad = { ...once, quarantine: [{ digest: digest(8), at: at(1) }] };
    expect(when(bad, pushed(8, { at: at(1) })).kinds).toEqual(['refused']);
  });
});

describe('one waiting slot per container', () => {
  test('a second push while one rolls out waits, and only the newest of them starts', () => {
    const first = when(rolling(), pushed(3));
    const second = when(first.record, pushed(4));
    expect(waits(second.record)).toEqual({ app: digest(4) });
    expect(second.kinds).toEqual(['superseded']);
    expect(second.told[0]).toMatchObject({ images: { app: image(3) } });
  });

  test('a newer sidecar does not drop a waiting app', () => {
    const both = waiting({ rules: twoContainers() });
    const sidecar = pushed(7, { containers: { sidecar: order(7) } });
    expect(waits(when(both, sidecar).record)).toEqual({ app: digest(2), sidecar: digest(7) });
  });

  test('one image for two containers waits in both', () => {
    const then = when(
      record({ rules: twoContainers() }),
      pushed(2, { containers: { app: order(2), sidecar: order(2) } }),
    );
    expect(waits(then.record)).toEqual({ app: digest(2), sidecar: digest(2) });
  });

  test('a container that the config does not name takes nothing', () => {
    const then = when(record(), pushed(2, { containers: { other: order(2) } }));
    expect(then.because).toBe('no container of this target takes the image');
  });
});

describe('a tag that moves back to what runs', () => {
  const moved = pushed(1, { containers: { app: order(1, { pushedAt: at(-1) }) } });

  test('the place of an image that runs already is remembered', () => {
    const then = when(record(), moved);
    expect(then.record.newest.app?.pushedAt).toBe(at(-1));
    expect(when(then.record, pushed(2)).kinds).toEqual(['refused']);
  });

  test('it takes the place of the older one that waits', () => {
    const then = when(waiting(), moved);
    expect(waits(then.record)).toEqual({ app: digest(1) });
    expect(then.kinds).toEqual(['superseded']);
  });

  test('it waits while an older one rolls out', () => {
    expect(waits(when(rolling(), moved).record)).toEqual({ app: digest(1) });
  });

  test('an old event of what runs moves nothing', () => {
    const given = rolling();
    expect(when(given, pushed(1)).record).toBe(given);
  });

  test('a higher tag of what is on its way raises its place', () => {
    const by = (rank: number, n: number) => order(n, { by: 'number', rank: [rank] });
    const given = waiting({ newest: { app: by(2, 2) } });
    const raised = when(given, pushed(2, { containers: { app: by(4, 2) } }));
    expect(when(raised.record, pushed(3, { containers: { app: by(3, 3) } })).kinds).toEqual([
      'refused',
    ]);
  });
});

test('while somebody is asked a newer push is taken', () => {
  expect(waits(when(asking(), pushed(2)).record)).toEqual({ app: digest(2) });
});

test('while somebody else deploys a push waits', () => {
  const given = when(observing(), pushed(2)).record;
  const then = looked(given, 1, { service: 9 });
  expect(waits(then.record)).toEqual({ app: digest(2) });
  expect(then.action).toBeUndefined();
});

test('a target that left the config takes nothing and condemns nothing', () => {
  const given = record({ retired: true });
  expect(when(given, pushed(2)).record).toBe(given);
  expect(when(given, rose(-80)).record).toBe(given);
});

describe('what was there before Slipway knew the target', () => {
  // Image 2 was pushed at minute 2 of the day before.
  const since = (minutes: number) => record({ knownSince: at(minutes - 1440) });

  test('does not start because a sweep finds it: it may be what somebody sent back', () => {
    const given = since(10);
    const then = when(given, pushed(2, { heardFrom: 'sweep' }));
    expect(then.record).toBe(given);
    expect(then.because).toMatch(/was pushed before Slipway knew this target: a push starts it/);
  });

  test('starts when its push is heard, and when it was pushed afterwards', () => {
    expect(when(since(10), pushed(2)).record.waiting).toHaveProperty('app');
    expect(when(since(1), pushed(2, { heardFrom: 'sweep' })).record.waiting).toHaveProperty('app');
  });

  test('starts when it was pushed while Slipway was being introduced', () => {
    const given = since(4);
    expect(when(given, pushed(2, { heardFrom: 'sweep' })).record.waiting).toHaveProperty('app');
  });
});
