/** Images whose commit has no place yet: held once and for a while, and never let past a newer one. */
import { describe, expect, test } from 'vitest';
import type { ImagePushed } from '../../../shared/core/model/event.ts';
import { imageLabel } from '../../../shared/core/model/image.ts';
import type { ObservedPlace } from '../../../shared/core/model/observation.ts';
import { ownRelease } from '../../../shared/core/model/record/phase.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { questionFor } from '../../../shared/core/question.ts';
import {
  asking,
  at,
  baking,
  CHOOSING,
  digest,
  fresh,
  image,
  looked,
  observing,
  order,
  person,
  pushed,
  record,
  registering,
  returning,
  rolling,
  rollout,
  rules,
  type Step,
  twoContainers,
  when,
} from '../../build.ts';

const LABEL = imageLabel(image(2));
const WHY = 'the push before 8f3c2a1 was not heard of';

/** Image `n` was pushed at minute 0, and its place is not known. */
function unplaced(n: number, change: Partial<ImagePushed> = {}): ImagePushed {
  return pushed(n, {
    containers: {},
    unplaced: { containers: ['app'], pushedAt: at(0), because: WHY },
    ...change,
  });
}

const placed = (position: number, branch = 'main'): ObservedPlace => ({
  state: 'placed',
  by: `commit refs/heads/${branch}`,
  rank: [1, position],
});
const waits = (because = WHY): ObservedPlace => ({ state: 'waits', because });

/** A look at minute `minutes` that finds these places. */
function finds(given: TargetRecord, minutes: number, places: Record<number, ObservedPlace>): Step {
  const byDigest = Object.entries(places).map(([n, place]) => [digest(Number(n)), place] as const);
  return looked(given, minutes, { places: Object.fromEntries(byDigest) });
}

/** Runs commit 5 of main. */
const RUNS = record({
  newest: { app: order(1, { by: 'commit refs/heads/main', rank: [1, 5] }) },
});
const HELD = when(RUNS, unplaced(2)).record;

describe('an image whose place is not known', () => {
  test('waits for it, and a look is due at once', () => {
    const step = when(RUNS, unplaced(2));
    expect(step.because).toBe(`${LABEL} waits for its place: ${WHY}`);
    expect(step.record.unplaced).toEqual([
      {
        image: image(2),
        containers: ['app'],
        pushedAt: at(0),
        heardFrom: 'event',
        since: at(0),
        because: WHY,
      },
    ]);
    expect([step.record.waiting, step.record.observeAt, step.kinds]).toEqual([{}, at(0), []]);
    expect(questionFor(step.record, at(0)).places).toEqual([image(2)]);
  });

  test('is held with the reason, told once', () => {
    const first = finds(HELD, 1, { 2: waits() });
    expect(first.told).toMatchObject([
      {
        kind: 'held',
        images: { app: image(2) },
        because: `the place of ${LABEL} among the commits is not known: ${WHY}`,
        next: 'it starts by itself when GitHub has told that it is not older than what runs; after 60 minutes a person is asked',
      },
    ]);
    expect([first.record.observeAt, first.action]).toEqual([at(2), undefined]);
    const second = finds(first.record, 2, { 2: waits('HTTP 503') });
    expect(second.kinds).toEqual([]);
    expect(second.record.unplaced?.[0]?.because).toBe('HTTP 503');
  });

  test('that is offered again waits once', () => {
    const again = when(HELD, unplaced(2, { at: at(3) }));
    expect(again.record).toBe(HELD);
    expect(again.because).toBe(`${LABEL} waits for its place already`);
  });

  test('goes on by itself when GitHub has told', () => {
    const step = finds(HELD, 1, { 2: placed(6) });
    expect(step.record).not.toHaveProperty('unplaced');
    expect(step.record.waiting.app).toMatchObject({
      image: image(2),
      order: { by: 'commit refs/heads/main', rank: [1, 6], pushedAt: at(0) },
    });
    expect(step.kinds).toEqual([]);
    expect(looked(step.record, 1).action?.type).toBe('RegisterRevision');
  });

  test('that is older than what runs is refused, with that reason', () => {
    const step = finds(HELD, 1, { 2: placed(4) });
    expect(step.told).toMatchObject([
      {
        kind: 'refused',
        because: expect.stringContaining(
          'which container "app" was offered before and which runs, by the order of the commits',
        ),
        next: expect.stringContaining(
          'if you mean it: slipway deploy web --image shop/web@sha256:',
        ),
      },
    ]);
    expect(step.record.waiting).toEqual({});
    expect(step.record).not.toHaveProperty('unplaced');
  });

  test('that comes from no commit after all is ordered by its push', () => {
    const step = finds(HELD, 1, { 2: { state: 'none' } });
    expect(step.record.waiting.app?.order).toMatchObject({ by: 'push-time', rank: [] });
  });

  test('that a look did not ask about goes on waiting', () => {
    expect(finds(HELD, 1, {}).record.unplaced).toEqual(HELD.unplaced);
  });

  test('that a person deploys meanwhile is no longer asked about once it runs', () => {
    const word = person({ do: 'deploy', images: { app: image(2) } });
    const started = looked(when(HELD, word).record, 7);
    expect(started.action?.type).toBe('RegisterRevision');
    const runs = { revision: HELD.runs?.revision ?? ('' as never), since: at(7) };
    const after = { ...HELD, runs: { ...runs, images: { app: image(2) } } };
    const step = finds(after, 8, { 2: waits() });
    expect([step.kinds, step.record.unplaced]).toEqual([[], undefined]);
  });
});

describe('when it has been held for too long', () => {
  const heldBy = (afterHold: 'ask' | 'refuse' | 'proceed') => {
    const given = when({ ...RUNS, rules: rules({ afterHold }) }, unplaced(2)).record;
    return finds(given, 1, { 2: waits() }).record;
  };

  test('not before', () => {
    expect(finds(heldBy('ask'), 59.9, { 2: waits() }).kinds).toEqual([]);
  });

  test('ask: a person is asked, once, and it still goes on by itself', () => {
    const step = finds(heldBy('ask'), 60, { 2: waits() });
    expect(step.told).toMatchObject([
      {
        kind: 'needs-attention',
        images: { app: image(2) },
        because: `held for 60 minutes: the place of ${LABEL} among the commits is not known: ${WHY}`,
        next: 'deploy it by hand if you mean it; it starts by itself when GitHub has told',
      },
    ]);
    expect(finds(step.record, 61, { 2: waits() }).kinds).toEqual([]);
    expect(finds(step.record, 61, { 2: placed(6) }).record.waiting.app?.image).toEqual(image(2));
  });

  test('refuse: it is refused, told once, and nothing waits any more', () => {
    const step = finds(heldBy('refuse'), 60, { 2: waits() });
    expect(step.kinds).toEqual(['refused']);
    expect([step.record.waiting, step.record.unplaced]).toEqual([{}, undefined]);
  });

  test('refuse: the sweep, which offers it again and again, brings it back no more', () => {
    const refused = finds(heldBy('refuse'), 60, { 2: waits() }).record;
    const swept = when(refused, unplaced(2, { heardFrom: 'sweep', at: at(75) }));
    expect(swept.record).toBe(refused);
    expect(swept.because).toBe(`${LABEL} had 60 minutes to find its place: ${WHY}`);
    const again = when(refused, unplaced(2, { at: at(75) }));
    expect(again.record.unplaced).toHaveLength(1);
  });

  test('refuse: what only the sweep tells of, soon enough, waits like any other', () => {
    const swept = when(RUNS, unplaced(2, { heardFrom: 'sweep', at: at(15) }));
    expect(swept.record.unplaced).toMatchObject([{ heardFrom: 'sweep', since: at(15) }]);
  });

  test('proceed: it is ordered by its push, and the sweep does not begin anew', () => {
    const step = finds(heldBy('proceed'), 60, { 2: waits() });
    expect(step.record.waiting.app).toMatchObject({ image: image(2), order: { by: 'push-time' } });
    expect(step.record).not.toHaveProperty('unplaced');
    const swept = when(step.record, unplaced(2, { heardFrom: 'sweep', at: at(30) }));
    expect(swept.record).toBe(step.record);
    expect(swept.because).toBe(`${LABEL} was offered before and has had its turn`);
  });
});

describe('several at once', () => {
  const both = when(when(RUNS, unplaced(3)).record, unplaced(2)).record;
  const all = when(both, unplaced(4)).record;

  test('each is held by itself', () => {
    const step = finds(both, 1, { 2: waits(), 3: waits() });
    expect(step.kinds).toEqual(['held', 'held']);
  });

  test.each([
    ['older first', { 2: placed(6), 3: placed(7), 4: placed(8) }],
    ['newer first', { 4: placed(8), 3: placed(7), 2: placed(6) }],
  ])('placed in one look, the newest is the one that starts (%s)', (_, places) => {
    const step = finds(all, 1, places);
    expect(step.record.waiting.app?.image).toEqual(image(4));
    expect(step.record).not.toHaveProperty('unplaced');
  });

  test('placed one after the other, the older one never takes the place of the newer', () => {
    const first = finds(all, 1, { 2: waits(), 3: placed(8), 4: waits() });
    const second = finds(first.record, 2, { 2: placed(7), 4: waits() });
    expect(second.record.phase).toMatchObject({
      phase: 'deploying',
      release: { images: { app: image(3) } },
    });
    expect(second.kinds).toEqual(['refused']);
    expect(second.record.unplaced).toMatchObject([{ image: image(4) }]);
  });

  test('one whose place is known is not held up by another one', () => {
    const step = finds(both, 1, { 2: placed(6), 3: waits() });
    expect(looked(step.record, 1).action?.type).toBe('RegisterRevision');
  });

  test('twenty at most: the newest are kept', () => {
    let given = RUNS;
    for (let n = 100; n < 130; n++) given = when(given, unplaced(n)).record;
    expect(given.unplaced).toHaveLength(20);
    expect(given.unplaced?.at(-1)?.image).toEqual(image(129));
  });

  test('a reason of any length is kept short', () => {
    const long = 'x'.repeat(10_000);
    const event = unplaced(2, {
      unplaced: { containers: ['app'], pushedAt: at(0), because: long },
    });
    const held = when(RUNS, event).record;
    expect(held.unplaced?.[0]?.because).toHaveLength(300);
    expect(finds(held, 1, { 2: waits(long) }).record.unplaced?.[0]?.because).toHaveLength(300);
  });
});

describe('what is not held', () => {
  test('a quarantined image is refused, wherever its commit stands', () => {
    const known = record({ quarantine: [{ digest: digest(2), at: at(-9) }] });
    const step = when(known, unplaced(2));
    expect(step.told).toMatchObject([{ kind: 'refused', because: `${LABEL} is quarantined` }]);
    expect(step.record).not.toHaveProperty('unplaced');
    const told = when(RUNS, unplaced(2, { quarantined: 'it raised web-5xx' }));
    expect(told.told[0]?.because).toBe(`${LABEL} is quarantined: it raised web-5xx`);
  });

  test('an image that was quarantined while it waited does not start', () => {
    const given = { ...HELD, quarantine: [{ digest: digest(2), at: at(0) }] };
    const step = finds(given, 1, { 2: placed(6) });
    expect([step.kinds, step.record.waiting]).toEqual([['refused'], {}]);
  });

  test('a container that orders by something else takes the image at once', () => {
    const given = record({ rules: twoContainers() });
    const step = when(given, unplaced(2, { containers: { sidecar: order(2) } }));
    expect(Object.keys(step.record.waiting)).toEqual(['sidecar']);
    expect(step.record.unplaced).toMatchObject([{ containers: ['app'] }]);
    expect(step.because).toBe(`${LABEL} waits for its place: ${WHY}; ${LABEL} waits its turn`);
  });

  test('a target that left the config holds nothing', () => {
    const retired = when(HELD, { type: 'Retired', at: at(1) });
    expect(retired.record).not.toHaveProperty('unplaced');
    expect(when(retired.record, unplaced(3)).record).toBe(retired.record);
  });
});

describe('it survives whatever the target does meanwhile', () => {
  test.each<[phase: string, given: TargetRecord, minutes: number]>([
    ['registering', registering(), 1],
    ['deploying', rolling(), 2],
    ['baking', baking(), 5],
    ['watching', observing(), 1],
    ['rolling-back', returning(CHOOSING), 6],
    ['needs-attention', asking(), 6],
  ])('%s', (phase, given, minutes) => {
    const held = when(given, unplaced(4)).record;
    expect(questionFor(held, at(minutes)).places).toEqual([image(4)]);
    const service = phase === 'watching' ? 9 : phase === 'needs-attention' ? 1 : 2;
    const still = looked(held, minutes, { service, rollouts: [rollout(2)] });
    expect(still.record.unplaced).toMatchObject([{ image: image(4), announced: true }]);
    const places = { [digest(4)]: placed(9) };
    const step = looked(still.record, minutes + 1, { service, rollouts: [rollout(2)], places });
    expect(step.record).not.toHaveProperty('unplaced');
    const started = ownRelease(step.record.phase)?.release.images ?? {};
    const next = step.record.waiting.app?.image ?? started.app;
    expect(next).toEqual(image(4));
  });

  test('before the first look nobody knows what runs: it waits', () => {
    const held = when(fresh({ newest: {} }), unplaced(2)).record;
    const step = looked(held, 0);
    expect(step.record.unplaced).toHaveLength(1);
  });
});

test('a record at rest does not have the key at all', () => {
  expect(when(record(), pushed(2)).record).not.toHaveProperty('unplaced');
  expect(questionFor(record(), at(0))).not.toHaveProperty('places');
});
