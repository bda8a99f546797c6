/** The loop of a source, over ports in memory: crashes, lost answers, others who write, what is owed. */
import { describe, expect, test } from 'vitest';
import { needsLook } from '../../shared/core/source/decide.ts';
import type { SourceEvent } from '../../shared/core/source/event.ts';
import type { Comparison, ObservedBuild, OnRef } from '../../shared/core/source/observation.ts';
import type { Offer, PlaceChange, SourceRecord } from '../../shared/core/source/record.ts';
import type { SourceRules } from '../../shared/core/source/rules.ts';
import { type Answer, TransientError } from '../../shared/ports.ts';
import { reconcileSource } from '../../shared/reconcile/reconcile-source.ts';
import type { SourcePorts } from '../../shared/source-ports.ts';
import { at, digest, REGISTRY } from '../build.ts';
import {
  branch,
  buildRules,
  commit,
  endedBuild,
  KEY,
  push,
  sourceRules,
  TWO_IMAGES,
  tag,
} from '../build-source.ts';

const ILL = new TransientError('no answer');

/** A world in memory. What is called stands in `calls`; a test replaces what it wants to go wrong. */
function world(stored: SourceRecord | null = branch()) {
  const calls: string[] = [];
  const out: string[] = [];
  const places: PlaceChange[] = [];
  const offers: Offer[] = [];
  const history = new Map<number, string>();
  let item = stored === null ? undefined : { record: stored, version: 1 };
  const here = {
    now: at(1),
    timeLeft: 30_000,
    rules: stored?.rules ?? sourceRules(),
    start: async (token: string): Promise<Answer<string>> => ({ ok: true, value: `b:${token}` }),
    stop: async (): Promise<Answer<undefined>> => ({ ok: true, value: undefined }),
    state: (_id: string): ObservedBuild => ({ state: 'running', phase: 'BUILD' }),
    found: {} as Record<string, string>,
    comparisons: [] as Comparison[],
    /** By digest: what builds of ours reported. */
    reported: {} as Record<string, string>,
    onRef: (head: string): OnRef => ({ state: 'on', head }),
    offer: async (_offer: Offer): Promise<void> => undefined,
    tell: async (ids: readonly string[]): Promise<readonly string[]> => ids,
    /** What happens between a decision and its write. */
    beforeSave: async (): Promise<void> => undefined,
  };
  let ids = 0;
  const ports: SourcePorts = {
    clock: {
      now: () => here.now,
      newId: () => `id-${++ids}`,
      timeLeft: () => here.timeLeft,
    },
    records: {
      load: async () => structuredClone(item),
      save: async (record, expected) => {
        calls.push('save');
        await here.beforeSave();
        if (item?.version !== expected) return 'stale';
        item = { record: structuredClone(record), version: (expected ?? 0) + 1 };
        return 'saved';
      },
      addHistory: async (_, entries) => {
        for (const { sequence, event } of entries) history.set(sequence, event.type);
      },
      addPlaces: async (_, changes) => {
        calls.push('places');
        places.push(...changes);
      },
      commitOf: async (_, digest) => {
        calls.push('commit of');
        return here.reported[digest];
      },
    },
    builds: {
      start: async ({ token, image }) => {
        calls.push(`start ${image}`);
        return await here.start(token);
      },
      stop: async (id) => {
        calls.push(`stop ${id}`);
        return await here.stop();
      },
      states: async (asked) => {
        calls.push(`states ${asked.length}`);
        return Object.fromEntries(asked.map((id) => [id, here.state(id)]));
      },
      find: async (lost) => {
        calls.push(`find ${lost.length}`);
        return here.found;
      },
    },
    commits: {
      compare: async (_, base, head) => {
        calls.push(`compare ${base.slice(0, 4)} ${head.slice(0, 4)}`);
        return here.comparisons.shift() ?? { state: 'unknown', because: 'HTTP 503' };
      },
      head: async () => ({ state: 'unknown', because: 'HTTP 503' }),
      message: async () => ({ state: 'unknown', because: 'HTTP 503' }),
      named: async () => ({ state: 'missing' }),
      onRef: async (_, head) => {
        calls.push(`on ref ${head.slice(0, 4)}`);
        return here.onRef(head);
      },
    },
    labels: { read: async () => ({ state: 'missing' }) },
    announcements: {
      tell: async (announcements) => {
        const told = await here.tell(announcements.map(({ id }) => id));
        out.push(...announcements.filter(({ id }) => told.includes(id)).map(({ kind }) => kind));
        return told;
      },
    },
    queues: { send: async () => undefined },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
  };
  return {
    here,
    calls,
    out,
    places,
    offers,
    history,
    stored: () => item?.record,
    version: () => item?.version,
    /** Somebody else writes. */
    write: (change: (record: SourceRecord) => SourceRecord) => {
      if (item !== undefined) item = { record: change(item.record), version: item.version + 1 };
    },
    handle: (event: SourceEvent) =>
      reconcileSource(
        {
          key: KEY,
          id: 'shop',
          repository: 'acme/shop',
          ref: 'refs/heads/main',
          rules: here.rules,
          offer: async (one) => {
            calls.push('offer');
            await here.offer(one);
            offers.push(one);
          },
        },
        event,
        ports,
      ),
  };
}

type World = ReturnType<typeof world>;

const hint = { type: 'BuildHinted', at: at(1), cause: 'tick: look is due' } as const;
const running = (far: World, image = 'web') => far.stored()?.builds[image]?.running ?? [];
/** After this look the build runs. */
async function started(rules?: SourceRules): Promise<World> {
  const far = world(branch(rules));
  await far.handle(push(1, 2, { images: Object.keys(far.here.rules.images) }));
  far.calls.length = 0;
  return far;
}

describe('a push', () => {
  test('is saved, looked at, decided, saved, and only then asked of CodeBuild; places before all else', async () => {
    const far = world();
    const decisions = await far.handle(push(1, 2));
    expect(far.calls).toEqual([
      'save',
      'on ref c002',
      'save',
      'start web',
      'save',
      'places',
      'save',
    ]);
    expect(decisions.map(({ event, actions }) => [event, ...actions])).toEqual([
      ['Pushed'],
      ['SourceObserved', 'StartBuild'],
      ['BuildAccepted'],
    ]);
    expect(running(far)).toMatchObject([{ commit: commit(2), id: 'b:id-1-0' }]);
    expect(far.places).toEqual([{ of: 'commit', commit: commit(2), line: 1, position: 2 }]);
    expect(far.out).toEqual(['building']);
    expect([...far.history.values()]).toEqual(['Pushed', 'SourceObserved', 'BuildAccepted']);
    expect(far.stored()?.outbox).toEqual({
      announcements: [],
      history: [],
      places: [],
      offers: [],
    });
    expect(far.stored()?.observeAt).toBe(at(6));
  });

  test('of an unknown ref introduces it, in the same write', async () => {
    const far = world(null);
    await far.handle(push(undefined, 1));
    expect([far.stored()?.id, far.version()]).toEqual(['shop', 4]);
    expect([...far.history.values()]).toEqual([
      'SourceConfigured',
      'Pushed',
      'SourceObserved',
      'BuildAccepted',
    ]);
  });

  test('delivered twice starts nothing twice', async () => {
    const far = await started();
    await far.handle(push(1, 2));
    expect(far.calls.filter((call) => call.startsWith('start'))).toEqual([]);
    expect(running(far)).toHaveLength(1);
  });

  test('that builds nothing makes no look: its place is told, and it is at rest', async () => {
    const far = world();
    await far.handle(push(1, 2, { images: [] }));
    expect(far.calls).toEqual(['save', 'places', 'save']);
    expect(far.stored()).not.toHaveProperty('lookAt');
  });

  test('with several images makes a call for each, each written down before the next', async () => {
    const far = world(branch(TWO_IMAGES));
    await far.handle(push(1, 2, { images: ['web', 'api'] }));
    expect(far.calls).toEqual([
      'save',
      'on ref c002',
      'save',
      'start web',
      'save',
      'start api',
      'save',
      'places',
      'save',
    ]);
  });

  test('after a gap: GitHub is asked on until it has told, then what is newest is built', async () => {
    const far = world();
    far.here.comparisons = [{ state: 'diverged' }, { state: 'identical' }];
    await far.handle(push(4, 5));
    expect(far.calls.slice(0, 8)).toEqual([
      'save',
      'compare c001 c005',
      'on ref c005',
      'save',
      'compare c005 main',
      'on ref c005',
      'save',
      'start web',
    ]);
    expect(far.out).toEqual(['rewritten', 'building']);
  });

  test('after a gap, and GitHub does not answer: it is not built, and asked again by tick', async () => {
    const far = world();
    await far.handle(push(4, 5));
    expect(far.calls.filter((call) => call.startsWith('compare'))).toHaveLength(1);
    expect(far.out).toEqual(['unplaced']);
    expect(far.stored()?.observeAt).toBe(at(2));
    far.here.comparisons = [{ state: 'ahead', by: 4 }];
    await far.handle(hint);
    expect(far.stored()?.commits[0]).toEqual({ commit: commit(5), line: 1, position: 3 });
    expect(running(far)).toHaveLength(1);
  });
});

describe('a crash', () => {
  test('between the write and StartBuild: the build is searched for, and asked for with the same token', async () => {
    const far = world();
    far.here.start = async () => {
      throw ILL;
    };
    await expect(far.handle(push(1, 2))).rejects.toThrow(ILL);
    expect(running(far)).toMatchObject([{ token: 'id-1-0', request: { count: 1 } }]);
    expect(far.places).toHaveLength(1);

    const tokens: string[] = [];
    far.here.start = async (token) => {
      tokens.push(token);
      return { ok: true, value: 'b:1' };
    };
    far.here.now = at(1) + 30_000;
    await far.handle(push(1, 2));
    expect(tokens).toEqual([]);
    far.here.now = at(2);
    await far.handle(hint);
    expect(far.calls).toContain('find 1');
    expect(tokens).toEqual(['id-1-0']);
    expect(running(far)).toMatchObject([{ id: 'b:1', request: { count: 2 } }]);
    expect(far.out).toEqual(['building']);
  });

  test('after StartBuild, before its answer is written: the build is found, and not asked for again', async () => {
    const far = world();
    let saves = 0;
    far.here.beforeSave = async () => {
      if (++saves === 3) throw ILL;
    };
    await expect(far.handle(push(1, 2))).rejects.toThrow(ILL);
    expect(running(far)[0]).not.toHaveProperty('id');
    far.here.found = { 'id-1-0': 'b:found' };
    far.here.now = at(2);
    await far.handle(hint);
    expect(running(far)).toMatchObject([{ id: 'b:found', request: { count: 1 } }]);
    expect(far.calls.filter((call) => call.startsWith('start'))).toHaveLength(1);
  });

  test('before anything is told: the next handling tells it', async () => {
    const far = world();
    far.here.tell = async () => {
      throw ILL;
    };
    await expect(far.handle(push(1, 2))).rejects.toThrow(ILL);
    expect(far.stored()?.outbox.announcements).toMatchObject([{ kind: 'building' }]);
    far.here.tell = async (ids) => ids;
    await far.handle(hint);
    expect(far.out).toEqual(['building']);
    expect(far.stored()?.outbox.announcements).toEqual([]);
  });

  test('with too little time left nothing is asked for; a later look searches, then asks', async () => {
    const far = world();
    far.here.timeLeft = 9_999;
    await far.handle(push(1, 2));
    expect(far.calls.filter((call) => call.startsWith('start'))).toEqual([]);
    far.here.timeLeft = 30_000;
    far.here.now = at(3);
    await far.handle(hint);
    expect(far.calls).toContain('start web');
  });
});

describe('somebody else writes meanwhile', () => {
  test('before the event is heard: it is heard on what they wrote', async () => {
    const far = world();
    let first = true;
    far.here.beforeSave = async () => {
      if (first)
        far.write((record) => ({ ...record, deliveries: ['theirs', ...record.deliveries] }));
      first = false;
    };
    await far.handle(push(1, 2));
    expect(far.stored()?.deliveries).toEqual(['delivery-1-2', 'theirs', 'delivery-undefined-1']);
    expect(running(far)).toHaveLength(1);
  });

  test('before the decision to start: their record is looked at anew, and one build starts', async () => {
    const far = world();
    let saves = 0;
    far.here.beforeSave = async () => {
      if (++saves === 2) far.write((record) => ({ ...record, deliveries: [...record.deliveries] }));
    };
    await far.handle(push(1, 2));
    expect(far.calls.filter((call) => call.startsWith('start'))).toHaveLength(1);
    expect([...far.history.values()].filter((type) => type === 'Pushed')).toHaveLength(1);
  });

  test('each time: the message goes back to the queue', async () => {
    const far = world();
    far.here.beforeSave = async () => far.write((record) => record);
    await expect(far.handle(push(1, 2))).rejects.toThrow(
      `${KEY} was written by others 8 times while it was handled: the queue tries again`,
    );
    expect(far.calls.filter((call) => call.startsWith('start'))).toEqual([]);
  });

  test('while it is told: it is told once more by whoever comes next', async () => {
    const far = await started();
    far.here.state = () => endedBuild('SUCCEEDED');
    let saves = 0;
    far.here.beforeSave = async () => {
      if (++saves === 2) far.write((record) => record);
    };
    await far.handle(hint);
    expect(far.stored()?.outbox.announcements).toMatchObject([{ kind: 'built' }]);
    await far.handle(hint);
    expect(far.out).toEqual(['building', 'built', 'built']);
    expect(far.stored()?.outbox.announcements).toEqual([]);
  });
});

describe('what is owed', () => {
  test('announcements that do not go out stay owed, and tick brings somebody who tells them', async () => {
    const far = world();
    far.here.tell = async () => [];
    await far.handle(push(1, 2));
    expect(far.stored()?.outbox.announcements).toMatchObject([{ kind: 'building' }]);
    expect(far.stored()?.observeAt).toBe(at(2));
    far.here.tell = async (ids) => ids;
    await far.handle(hint);
    expect(far.out).toEqual(['building']);
    expect(far.stored()?.observeAt).toBe(at(6));
  });

  test('the end of a build is offered after its place is written; then the source is at rest', async () => {
    const far = await started();
    far.here.state = () => endedBuild('SUCCEEDED');
    await far.handle(hint);
    expect(far.calls).toEqual(['states 1', 'save', 'places', 'offer', 'save']);
    expect(far.offers).toMatchObject([{ repository: 'shop/web', tag: tag(2) }]);
    expect(far.places.at(-1)).toMatchObject({ of: 'digest', commit: commit(2) });
    expect(far.stored()).not.toHaveProperty('lookAt');
  });

  test('an offer that fails stays owed, and is offered by the next handling', async () => {
    const far = await started();
    far.here.state = () => endedBuild('SUCCEEDED');
    far.here.offer = async () => {
      throw ILL;
    };
    await expect(far.handle(hint)).rejects.toThrow(ILL);
    expect(far.offers).toEqual([]);
    expect(far.stored()?.outbox.offers).toHaveLength(1);
    expect(far.stored()?.observeAt).toBe(at(2));
    far.here.offer = async () => undefined;
    await far.handle(hint);
    expect(far.offers).toHaveLength(1);
    expect(far.out).toEqual(['building', 'built']);
    expect(far.stored()).not.toHaveProperty('lookAt');
  });

  test('a hint of a source at rest costs a read and nothing else', async () => {
    const far = world();
    await far.handle(hint);
    expect([far.calls, far.version()]).toEqual([[], 1]);
  });
});

describe('calls of CodeBuild', () => {
  test('a build that is superseded is stopped by the handling of the newer push', async () => {
    const far = await started();
    await far.handle(push(2, 3));
    expect(far.calls.filter((call) => /^st(art|op)/.test(call))).toEqual([
      'start web',
      'stop b:id-1-0',
    ]);
    expect(running(far).map(({ stop }) => stop?.acceptedAt)).toEqual([undefined, at(1)]);
  });

  test('what CodeBuild refuses for now is asked for again by tick', async () => {
    const far = world();
    far.here.start = async () => ({
      ok: false,
      code: 'AccountLimitExceededException',
      message: 'no',
    });
    await far.handle(push(1, 2));
    expect(far.stored()?.builds.web?.wanted[0]?.commit).toBe(commit(2));
    expect(far.stored()?.observeAt).toBe(at(2));
    far.here.start = async () => ({ ok: true, value: 'b:1' });
    far.here.now = at(2);
    await far.handle(hint);
    expect(running(far)).toMatchObject([{ id: 'b:1' }]);
  });

  test('one refusal does not keep the next image from its build', async () => {
    const far = world(branch(TWO_IMAGES));
    far.here.start = async (token) =>
      token.endsWith('-0')
        ? { ok: false, code: 'ResourceNotFoundException', message: 'no such project' }
        : { ok: true, value: 'b:1' };
    await far.handle(push(1, 2, { images: ['web', 'api'] }));
    expect(far.out).toEqual(['build-failed', 'building']);
    expect([running(far), running(far, 'api').length]).toEqual([[], 1]);
  });
});

test('an image that stood already is taken only if a build of ours reported it of that commit', async () => {
  for (const [reported, outcome] of [
    [undefined, 'FAILED'],
    [commit(1), 'FAILED'],
    [commit(2), 'SUCCEEDED'],
  ] as const) {
    const far = await started();
    far.here.state = () => endedBuild('SUCCEEDED', { stood: true });
    if (reported !== undefined) far.here.reported = { [digest(2)]: reported };
    await far.handle(hint);
    expect(far.calls).toContain('commit of');
    expect(far.stored()?.builds.web?.last?.outcome).toBe(outcome);
    expect(far.offers).toHaveLength(outcome === 'SUCCEEDED' ? 1 : 0);
  }
});

test('new rules are written with the next thing that is heard', async () => {
  const far = await started();
  far.here.rules = sourceRules({ images: { web: buildRules('web2') } });
  await far.handle(hint);
  expect(far.stored()?.rules.images.web?.repository).toBe('shop/web2');
  expect(far.stored()?.builds.web?.running).toMatchObject([{ project: 'slipway-shop-web' }]);
  await far.handle(hint);
  expect([...far.history.values()].filter((type) => type === 'SourceConfigured')).toHaveLength(1);
});

test('builds are followed until the last one has ended', async () => {
  const far = await started(TWO_IMAGES);
  const web = running(far)[0]?.id ?? '';
  far.here.state = (id) =>
    id === web ? endedBuild('FAILED') : { state: 'running', phase: 'BUILD' };
  await far.handle(hint);
  expect(far.calls).toContain('states 2');
  expect([running(far).length, running(far, 'api').length]).toEqual([0, 1]);
  expect(far.stored()?.observeAt).toBe(at(6));
  expect(far.out).toEqual(['building', 'building', 'build-failed']);
  expect(far.stored()?.builds.web?.last).toMatchObject({ id: web, outcome: 'FAILED' });
});

describe('an image of others', () => {
  test('whose push was never heard: GitHub ranks its commit in one handling, and its targets hear of it', async () => {
    const rules = sourceRules({
      images: {},
      elsewhere: { web: { registry: REGISTRY, repository: 'shop/web' } },
    });
    const far = world(branch(rules));
    far.here.rules = rules;
    far.here.comparisons = [{ state: 'ahead', by: 2 }];
    const says = { commit: commit(3) };
    await far.handle({
      ...{ type: 'ImageFound', at: at(1), image: 'web', digest: digest(3), tag: tag(3), says },
    });
    expect(far.calls.filter((call) => call.startsWith('compare'))).toEqual(['compare c001 c003']);
    expect(far.places).toContainEqual({ of: 'commit', commit: commit(3), line: 1, position: 2 });
    expect(far.places).toContainEqual({ of: 'digest', digest: digest(3), commit: commit(3) });
    expect(far.offers).toMatchObject([{ repository: 'shop/web', digest: digest(3), tag: tag(3) }]);
    expect(needsLook(far.stored() ?? branch())).toBe(false);
  });
});
