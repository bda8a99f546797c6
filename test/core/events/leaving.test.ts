/** Every image that leaves `waiting`, and every release that is given up, is announced. */
import { describe, expect, test } from 'vitest';
import {
  at,
  CHOOSING,
  condemned,
  definition,
  digest,
  image,
  looked,
  observing,
  order,
  pushed,
  REGISTRY,
  record,
  returning,
  revision,
  rolling,
  rules,
  service,
  waiting,
  when,
} from '../../build.ts';

const retire = { type: 'Retired', at: at(6) } as const;

describe('what waited is told when it goes', () => {
  test('somebody deployed the held image by hand: its pending status ends', () => {
    const held = { reason: 'alarm', because: 'red', since: at(0) } as const;
    const given = waiting({
      waiting: { app: { image: image(2), order: order(2), since: at(0), held } },
      runs: { revision: revision(9), images: { app: image(2) }, since: at(1) },
    });
    const then = looked(given, 20, { service: service(9) });
    expect(then.record.waiting).toEqual({});
    expect(then.told).toMatchObject([{ kind: 'superseded', images: { app: image(2) } }]);
  });

  test('the task definition names it already', () => {
    const then = looked(waiting(), 1, { definition: definition({ app: image(2) }) });
    expect([then.action, then.kinds]).toEqual([undefined, ['superseded']]);
  });

  test('its digest is quarantined while it waits', () => {
    const given = rolling(undefined, {
      waiting: { app: { image: image(2), since: at(0), by: 'ada' } },
    });
    const then = when(given, {
      ...{ type: 'CommandReceived', at: at(6), id: 'w', by: 'bob', because: 'it is slow' },
      command: { do: 'rollback' },
    });
    expect(then.told).toMatchObject([{ kind: 'refused', images: { app: image(2) } }]);
  });

  test('one that waited for its place, and was told as held, runs meanwhile', () => {
    const unplaced = [
      {
        ...{ image: image(2), containers: ['app'], pushedAt: at(0), heardFrom: 'sweep' as const },
        ...{ since: at(0), because: 'GitHub does not answer', announced: true as const },
      },
    ];
    const runs = { revision: revision(9), images: { app: image(2) }, since: at(1) };
    const then = looked(record({ unplaced, runs }), 20, { service: service(9) });
    expect(then.told).toMatchObject([{ kind: 'superseded', images: { app: image(2) } }]);
  });
});

describe('a target that leaves the config says what nobody brings to its end', () => {
  test('a condemned release that may go on running', () => {
    const then = when(returning(CHOOSING), retire);
    expect(then.told).toMatchObject([
      {
        kind: 'retired',
        release: 'ecs/production/web/2',
        next: expect.stringContaining('may go on running'),
      },
    ]);
  });

  test("somebody else's deployment that is not proven", () => {
    const then = when(observing(), retire);
    expect(then.told[0]?.next).toBe(
      'web:9 goes on running: it is not proven; Slipway looks at it no more',
    );
  });

  test('images that wait for their place', () => {
    const unplaced = [
      {
        ...{ image: image(2), containers: ['app'], pushedAt: at(0), heardFrom: 'event' as const },
        ...{ since: at(0), because: 'GitHub does not answer' },
      },
    ];
    const then = when(record({ unplaced }), retire);
    expect(then.told[0]?.images).toEqual({ app: image(2) });
    expect(then.record.unplaced).toBeUndefined();
  });
});

describe('a target that leaves the config', () => {
  const goesOn = (given: Parameters<typeof when>[0]) => when(given, retire).told[0]?.next;

  test('at rest says that what runs goes on, and that it needs attention', () => {
    expect(goesOn(record())).toBe('what runs goes on running; Slipway looks at it no more');
    const needsAttention = { because: 'its alarm has no data', since: at(5) };
    expect(goesOn(record({ needsAttention }))).toBe(
      'what runs goes on running, and needs attention: its alarm has no data; Slipway looks at it no more',
    );
  });

  test('on the way back names the release, or its images where it is not ours', () => {
    expect(goesOn(returning(CHOOSING))).toMatch(/^ecs\/production\/web\/2 was condemned/);
    const { release: _, ...external } = condemned();
    expect(goesOn(returning(CHOOSING, { condemned: external }))).toMatch(
      /^shop\/web:main-2 \(.*\) was condemned/,
    );
  });

  test('tells of a command that waited only the images that it has', () => {
    const pending = [
      {
        ...{ id: 'a', by: 'ada', sender: 'AROA:ada', because: 'why', since: at(0), until: at(60) },
        of: { what: 'command', command: { do: 'unquarantine', digest: digest(5) } },
      },
    ] as const;
    expect(when(record({ pending }), retire).told[0]?.images).toEqual({});
  });
});

describe('the repository of a container changes', () => {
  const there = rules({ containers: { app: { registry: REGISTRY, repository: 'shop/web-new' } } });
  const configured = { type: 'Configured', at: at(1), id: 'web', rules: there } as const;
  const newest = image(5, { repository: 'shop/web-new' });

  test('its newest image starts, though it was pushed before the newest of the old one', () => {
    const moved = when(record({ newest: { app: order(10) } }), configured).record;
    const swept = pushed(5, { image: newest, heardFrom: 'sweep' });
    const then = when(moved, { ...swept, containers: { app: order(5) } });
    expect(then.record.waiting.app?.image).toEqual(newest);
  });

  test('what waits from the old one is told that it does not start', () => {
    const then = when(waiting(), configured);
    expect(then.record.waiting).toEqual({});
    expect(then.told).toMatchObject([{ kind: 'refused', images: { app: image(2) } }]);
  });

  test('another registry is another repository; what waits for a place leaves with it', () => {
    const unplaced = (containers: readonly string[]) => ({
      ...{ image: image(2), containers, pushedAt: at(0), heardFrom: 'event' as const },
      ...{ since: at(0), because: 'GitHub does not answer' },
    });
    const given = record({ unplaced: [unplaced(['app']), unplaced(['app', 'sidecar'])] });
    const elsewhere = rules({ containers: { app: { registry: 'other', repository: 'shop/web' } } });
    const then = when(given, { ...configured, rules: elsewhere }).record;
    expect(then.newest).toEqual({});
    expect(then.unplaced?.map(({ containers }) => containers)).toEqual([['sidecar']]);
    expect(when(record(), configured).record).not.toHaveProperty('unplaced');
  });

  test('a container that the config names no more keeps its order', () => {
    const none = { ...configured, rules: rules({ containers: {} }) };
    expect(when(record(), none).record.newest).toEqual({ app: order(1) });
  });

  test('another change of the rules leaves the order as it is', () => {
    const same = { ...configured, rules: rules({ bakeMinutes: 5 }) };
    const then = when(waiting(), same).record;
    expect([then.newest.app?.digest, then.waiting.app?.image.digest]).toEqual([
      digest(2),
      digest(2),
    ]);
  });
});
