/** A person's word: recorded with who and why, and bound by the same safety as everything else. */
import { describe, expect, test } from 'vitest';
import type { CommandReceived } from '../../../shared/core/model/event.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { wouldLeave } from '../../../shared/core/model/would-leave.ts';
import { mustLook } from '../../../shared/core/when-to-look.ts';
import {
  asking,
  at,
  baking,
  CHOOSING,
  candidate,
  condemned,
  digest,
  image,
  looked,
  observing,
  order,
  person,
  pushed,
  record,
  registering,
  returning,
  revision,
  rolling,
  rollout,
  waiting,
  when,
} from '../../build.ts';

const deploy = (n: number, id = 'word-1') =>
  person({ do: 'deploy', images: { app: image(n) } }, { id });

test('a word that is delivered twice is heard once', () => {
  const once = when(record(), person({ do: 'hold' }));
  expect(once.kinds).toEqual(['held']);
  expect(when(once.record, person({ do: 'hold' })).record).toBe(once.record);
});

test.each<CommandReceived['command']>([
  { do: 'deploy', images: { app: image(2) } },
  { do: 'rollback' },
  { do: 'unquarantine', digest: digest(2) },
  { do: 'hold' },
  { do: 'resume' },
])('what no person sent is refused and told, and changes nothing: %j', (command) => {
  const refused = 'it was sent by slipway-feedback, which is no person';
  const given = record({ hold: { by: 'bob', because: 'a drill', since: at(0) } });
  const then = when(given, person(command, { refused }));
  expect(then.kinds).toEqual(['refused']);
  expect(then.told[0]?.because).toBe(`${refused} (ada asked: it is slow)`);
  const { phase, waiting, quarantine, hold } = given;
  expect(then.record).toMatchObject({ phase, waiting, quarantine, hold });
});

describe('deploy', () => {
  test('takes exactly this image, though it is older than what was accepted', () => {
    const then = when(record({ newest: { app: order(9) } }), deploy(2));
    expect(then.record.waiting.app).toMatchObject({ image: image(2), by: 'ada' });
    const started = looked(then.record, 7);
    expect(started.action).toMatchObject({ type: 'RegisterRevision', images: { app: image(2) } });
    expect(started.record.phase).toMatchObject({ release: { by: 'ada' } });
  });

  test('an older push does not undo it', () => {
    const given = when(record({ newest: { app: order(9) } }), deploy(2)).record;
    expect(when(given, pushed(8)).kinds).toEqual(['refused']);
    expect(given.newest.app).toEqual(order(9));
  });

  test('of a quarantined digest is refused until its quarantine is lifted', () => {
    const given = record({ quarantine: [{ digest: digest(2), at: at(0) }] });
    const refused = when(given, deploy(2));
    expect(refused.kinds).toEqual(['refused']);
    expect(refused.record.waiting).toEqual({});
    const lifted = when(
      refused.record,
      person({ do: 'unquarantine', digest: digest(2) }, { id: 'w2' }),
    );
    expect(when(lifted.record, deploy(2, 'w3')).record.waiting.app?.image).toEqual(image(2));
  });

  test('to a container that the config does not name is refused with the names that it has', () => {
    const then = when(record(), person({ do: 'deploy', images: { api: image(2) } }));
    expect(then.told[0]?.because).toContain('the config names no container "api"; it names "app"');
  });

  test('what waited in its place is told', () => {
    const then = when(waiting(), deploy(5));
    expect(then.kinds).toEqual(['superseded']);
    expect(then.told[0]?.images).toEqual({ app: image(2) });
  });

  test('keeps five tags at most', () => {
    const many = image(2, { tags: Array.from({ length: 1000 }, (_, i) => `tag-${i}`) });
    const then = when(record(), person({ do: 'deploy', images: { app: many } }));
    expect(then.record.waiting.app?.image.tags).toHaveLength(5);
  });
});

describe('rollback', () => {
  const two = record({
    runs: { revision: revision(2), images: { app: image(2) }, since: at(0) },
    rollbackCandidates: [candidate(2), candidate(1)],
  });

  test('at rest leaves what runs, quarantines it and goes one candidate down', () => {
    const then = when(two, person({ do: 'rollback' }));
    expect(then.record).toMatchObject({
      phase: { phase: 'deploying', goal: 'back', condemned: { release: 'ecs/production/web/2' } },
      quarantine: [{ digest: digest(2) }],
    });
    expect(then.record.rollbackCandidates.map((one) => one.revision)).toEqual([revision(1)]);
    expect(looked(then.record, 7, { service: 2 }).action).toMatchObject({ revision: revision(1) });
  });

  test('no event brings back what a person left', () => {
    const then = when(two, person({ do: 'rollback' }));
    expect(when(then.record, pushed(2)).kinds).toEqual(['refused']);
  });

  test('to a release that a person names', () => {
    const three = {
      ...two,
      rollbackCandidates: [
        candidate(2),
        candidate(1),
        candidate(0, { release: 'old', revision: revision(30) }),
      ],
    };
    const then = when(three, person({ do: 'rollback', to: 'old' }));
    expect(looked(then.record, 7, { service: 2 }).action).toMatchObject({ revision: revision(30) });
  });

  test('to a named release goes there, or says why not: until that is known nothing is quarantined', () => {
    const three = { ...two, rollbackCandidates: [candidate(3), candidate(2), candidate(1)] };
    const runs = { revision: revision(3), images: { app: image(3) }, since: at(0) };
    const given = { ...three, runs };
    const said = when(given, person({ do: 'rollback', to: 'ecs/production/web/1' }));
    expect(said.record.quarantine).toEqual([]);
    const there = looked(said.record, 7, { service: 3 });
    expect(there.action).toMatchObject({ type: 'StartRollout', revision: revision(1) });
    expect(there.record.quarantine[0]?.digest).toBe(digest(3));
    expect(there.record.rollbackCandidates.map((one) => one.revision)).toEqual([
      revision(2),
      revision(1),
    ]);
    const gone = { state: 'gone', revision: revision(1), because: 'its image is gone' } as const;
    const stays = looked(said.record, 7, { service: 3, rollbackTo: gone });
    expect(stays.action).toBeUndefined();
    expect(stays.kinds).toEqual(['refused']);
    expect(stays.told[0]).toMatchObject({
      because: expect.stringContaining(
        'ecs/production/web/1 cannot be returned to: its image is gone',
      ),
      next: expect.stringContaining('nothing was changed or quarantined'),
    });
    expect(stays.record).toMatchObject({
      phase: { phase: 'idle' },
      quarantine: [],
      rollbackCandidates: given.rollbackCandidates,
    });
  });

  test("from somebody else's deployment to a release that is gone: theirs is watched on", () => {
    const theirs = { revision: revision(9), images: { app: image(9) }, since: at(0) };
    const given = observing(undefined, { runs: theirs });
    const said = when(given, person({ do: 'rollback', to: 'ecs/production/web/1' })).record;
    const gone = { state: 'gone', revision: revision(1), because: 'its image is gone' } as const;
    const stays = looked(said, 7, { service: 9, rollbackTo: gone });
    expect(stays.record.phase).toMatchObject({ phase: 'baking', of: 'external' });
    expect(stays.record.quarantine).toEqual([]);
  });

  test('to a release that is not known is refused with those that are', () => {
    const then = when(two, person({ do: 'rollback', to: 'ecs/production/web/77' }));
    expect(then.kinds).toEqual(['refused']);
    expect(then.told[0]?.next).toBe(
      'name one of the proven ones: ecs/production/web/2, ecs/production/web/1',
    );
  });

  test('to what is quarantined is refused, and says that it is', () => {
    const left = when(two, person({ do: 'rollback' })).record;
    const back = { ...left, phase: { phase: 'idle' } } as const;
    const runs = { revision: revision(1), images: { app: image(1) }, since: at(8) };
    const then = when({ ...back, runs }, person({ do: 'rollback', to: 'web:2' }, { id: 'w2' }));
    expect(then.kinds).toEqual(['refused']);
    expect(then.told[0]?.because).toContain('"web:2" is quarantined');
  });

  test('with nothing to return to is refused', () => {
    expect(when(record(), person({ do: 'rollback' })).kinds).toEqual(['refused']);
    expect(when(record({ rollbackCandidates: [] }), person({ do: 'rollback' })).kinds).toEqual([
      'refused',
    ]);
  });

  test.each<[phase: string, given: TargetRecord]>([
    ['deploying', rolling()],
    ['baking', baking()],
  ])('while %s condemns the release', (_, given) => {
    const then = when(given, person({ do: 'rollback' }));
    expect(then.record).toMatchObject({
      phase: {
        phase: 'deploying',
        goal: 'back',
        condemned: { because: 'ada asked: it is slow', alarms: [] },
      },
      quarantine: [{ digest: digest(2) }],
    });
  });

  test('to a named release in flight is our own way: ECS would choose its own', () => {
    const given = rolling(undefined, {
      rollbackCandidates: [candidate(1), candidate(0, { release: 'old', revision: revision(30) })],
    });
    const then = when(given, person({ do: 'rollback', to: 'old' }));
    const action = looked(then.record, 7, { service: 2, rollouts: [rollout(2)] }).action;
    expect(action).toMatchObject({ type: 'StartRollout', revision: revision(30) });
  });

  test("from somebody else's deployment goes to the newest proven release", () => {
    const then = when(observing(), person({ do: 'rollback' }));
    expect(looked(then.record, 7, { service: 9 }).action).toMatchObject({ revision: revision(1) });
  });

  test('on the way back is one already', () => {
    const given = returning(CHOOSING);
    expect(when(given, person({ do: 'rollback' })).record.phase).toEqual(given.phase);
  });

  describe('carries what the person saw', () => {
    const said = (leaves: string, id = 'word-2') => person({ do: 'rollback', leaves }, { id });

    test('said twice it goes one release back, not two', () => {
      const three = { ...two, rollbackCandidates: [candidate(2), candidate(1), candidate(0)] };
      const once = when(three, said(revision(2), 'word-1')).record;
      expect(when(once, said(revision(2))).record.phase).toEqual(once.phase);
      const back: TargetRecord = {
        ...once,
        phase: { phase: 'idle' },
        runs: { revision: revision(1), images: { app: image(1) }, since: at(8) },
      };
      const again = when(back, said(revision(2), 'word-3'));
      expect(again.kinds).toEqual(['refused']);
      expect(again.told[0]?.because).toContain('web:2 is rolled back already: shop/web:main-1');
      expect(again.record).toMatchObject({ phase: { phase: 'idle' }, quarantine: [{}] });
    });

    test('a release that came since is not what it meant', () => {
      const then = when(rolling(), said(revision(1)));
      expect(then.standing).toBe('deploying');
      expect(then.told[0]).toMatchObject({
        kind: 'refused',
        because: expect.stringContaining('release ecs/production/web/2 is on its way now'),
      });
    });

    test('who does not say what they saw did not mean a release that began after they spoke', () => {
      const rolled = (saidAt: number) => when(rolling(), person({ do: 'rollback' }, { saidAt }));
      const then = rolled(at(-1));
      expect(then.standing).toBe('deploying');
      expect(then.record.quarantine).toEqual([]);
      expect(then.told[0]).toMatchObject({
        kind: 'refused',
        because: expect.stringContaining(
          'release ecs/production/web/2 of shop/web:main-2 (sha256:000000000000) began after it was said',
        ),
        next: 'if that release is to go, say `rollback` again',
      });
      // Clocks differ by seconds.
      expect(rolled(at(0) - 4_000).standing).toBe('rolling-back');
      expect(rolled(at(1)).standing).toBe('rolling-back');
    });

    test.each<[phase: string, given: TargetRecord]>([
      ['at rest', two],
      ['deploying', rolling()],
      ['not registered yet', registering()],
      ['baking', baking()],
      ["somebody else's runs", observing()],
    ])('what it would leave is what it leaves: %s', (_, given) => {
      const leaves = wouldLeave(given) ?? '';
      expect(when(given, said(leaves)).standing).toBe('rolling-back');
    });
  });

  test('ends what a person was asked', () => {
    const given = asking(undefined, { runs: two.runs as NonNullable<TargetRecord['runs']> });
    expect(when(given, person({ do: 'rollback' })).standing).toBe('rolling-back');
  });
});

describe('hold and resume', () => {
  test('hold starts nothing new, and what runs goes on to its end', () => {
    const held = when(baking(), person({ do: 'hold' })).record;
    expect(looked(held, 16, { service: 2 }).kinds).toEqual(['proven']);
    expect(looked(when(waiting(), person({ do: 'hold' })).record, 7).action).toBeUndefined();
  });

  test('a hold after a hold is told again for what waits', () => {
    const word = (ask: 'hold' | 'resume', id: string) => person({ do: ask }, { id });
    const held = looked(when(waiting(), word('hold', '1')).record, 7).record;
    const again = when(when(held, word('resume', '2')).record, word('hold', '3')).record;
    expect(again.waiting.app?.held).toBeUndefined();
    expect(looked(again, 8).kinds).toEqual(['held']);
  });

  test('a hold until a moment ends by itself then: it is looked at, told, and what waits starts', () => {
    const said = when(waiting(), person({ do: 'hold', minutes: 120 }, { at: at(0) })).record;
    expect(said.hold).toMatchObject({ until: at(120) });
    expect(said.outbox.announcements[0]?.next).toBe(
      'nothing new starts until 2026-11-21 12:00 UTC, or until `resume`; automatic rollbacks still go through',
    );
    const before = looked(said, 119);
    expect(before.action).toBeUndefined();
    expect(before.record.observeAt).toBeLessThanOrEqual(at(120));
    const after = looked(before.record, 120);
    expect(after.action?.type).toBe('RegisterRevision');
    expect(after.record.hold).toBeUndefined();
    expect(after.because).toContain(
      'the hold of ada (it is slow) is over: it was until 2026-11-21 12:00 UTC',
    );
    // At rest nothing else would give a reason to look.
    const resting = when(record(), person({ do: 'hold', minutes: 120 }, { at: at(0) })).record;
    expect(resting.observeAt).toBe(at(120));
    expect(looked(resting, 1).record.observeAt).toBe(at(120));
    const forever = when(record(), person({ do: 'hold' }, { at: at(0) })).record;
    expect(looked(forever, 9_999).record.hold).toBeDefined();
  });

  test('resume without a hold says so', () => {
    expect(when(record(), person({ do: 'resume' })).because).toContain('nobody holds this target');
  });
});

test('a hold without an end leaves the next look as it is', () => {
  expect(when(record({ observeAt: at(3) }), person({ do: 'hold' })).record.observeAt).toBe(at(3));
  const timed = person({ do: 'hold', minutes: 120 });
  expect(when(record({ observeAt: at(3) }), timed).record.observeAt).toBe(at(3));
});

test('what a person says again in the same place is not told as making way', () => {
  const once = when(waiting(), deploy(2));
  expect(once.kinds).toEqual([]);
  const beside = waiting({
    waiting: {
      app: { image: image(2), since: at(0) },
      sidecar: { image: image(7), since: at(0) },
    },
  });
  const then = when(beside, deploy(3));
  expect(then.told).toMatchObject([{ kind: 'superseded', images: { app: image(2) } }]);
  expect(then.record.waiting.sidecar?.image).toEqual(image(7));
});

test('a digest whose own item says that it is quarantined is not deployed', () => {
  const then = when(record(), { ...deploy(2), quarantined: digest(2) });
  expect(then.because).toContain('is quarantined');
});

test('why an image is quarantined is said where the last release ended by it, and of no other one', () => {
  const lastEnded = {
    kind: 'rolled-back',
    at: at(0),
    images: { app: image(2) },
    because: 'alarm web-5xx rose',
    next: 'push a fix',
  } as const;
  const refused = (n: number, change: Partial<TargetRecord>) =>
    when(record(change), { ...deploy(n), quarantined: digest(n) }).told[0]?.because;
  expect(refused(2, { lastEnded })).toMatch(/is quarantined: alarm web-5xx rose/);
  expect(refused(3, { lastEnded })).not.toContain('alarm web-5xx rose');
  expect(refused(2, {})).not.toContain(': alarm');
});

test('what is refused without images says so of none', () => {
  expect(when(asking(), person({ do: 'rollback' }, { refused: 'no' })).told[0]?.images).toEqual({});
  expect(when(record(), { ...deploy(2), refused: 'no' }).told[0]?.images).toEqual({
    app: image(2),
  });
});

describe('a rollback that is on its way', () => {
  const to = 'ecs/production/web/1';
  const word = (of?: string) =>
    person(of === undefined ? { do: 'rollback' } : { do: 'rollback', to: of });
  const going = (goal?: string) =>
    returning(CHOOSING, { condemned: condemned({ ...(goal && { to: goal }) }) });

  test('is said again: nothing is refused', () => {
    expect(when(going(), word()).kinds).toEqual([]);
    expect(when(going(to), word(to)).kinds).toEqual([]);
    expect(when(going(to), word()).kinds).toEqual([]);
  });

  test('goes to another release than the person names: that is refused', () => {
    expect(when(going(), word(to)).kinds).toEqual(['refused']);
    expect(when(going('ecs/production/web/0'), word(to)).kinds).toEqual(['refused']);
  });
});

describe('a rollback to what is condemned', () => {
  const given = record({
    condemnedRevisions: [{ revision: revision(2), digests: [digest(2)] }],
    quarantine: [{ digest: digest(2), at: at(5) }],
  });
  const answer = (to: string) => when(given, person({ do: 'rollback', to })).because;

  test.each([revision(2), 'web:2', digest(2), digest(2).slice(0, 20)])(
    'by its revision, its name or its digest: %s',
    (to) => {
      expect(answer(to)).toContain('is quarantined, so it is no release to return to');
    },
  );

  test('the beginning of every digest names none', () => {
    expect(answer('sha256:')).toContain('no proven release "sha256:" is known');
    expect(answer('web:3')).toContain('no proven release "web:3" is known');
  });

  test('where nothing is proven the advice names none', () => {
    const none = when({ ...given, rollbackCandidates: [] }, person({ do: 'rollback', to: 'x' }));
    expect(none.told[0]?.next).toBe('name one of the proven ones: none');
  });
});

describe('unquarantine', () => {
  test('another image stays where it stands in the order', () => {
    const given = record({
      newest: { app: order(2), sidecar: order(7) },
      quarantine: [{ digest: digest(2), at: at(0) }],
    });
    const { newest } = when(given, person({ do: 'unquarantine', digest: digest(2) })).record;
    expect(newest).toEqual({ app: { ...order(2), again: 'push' }, sidecar: order(7) });
  });

  test('nothing starts by this alone', () => {
    const given = record({ quarantine: [{ digest: digest(2), at: at(0) }] });
    const then = when(given, person({ do: 'unquarantine', digest: digest(2) }));
    expect(then.record).toMatchObject({ quarantine: [], waiting: {}, phase: { phase: 'idle' } });
    expect(then.record.outbox.quarantine).toEqual([{ change: 'lifted', digest: digest(2) }]);
  });

  test('no sweep starts it; a push of it or a person does', () => {
    const given = record({
      newest: { app: order(2) },
      quarantine: [{ digest: digest(2), at: at(0) }],
    });
    const lifted = when(given, person({ do: 'unquarantine', digest: digest(2) })).record;
    expect(when(lifted, pushed(2, { heardFrom: 'sweep' })).record.waiting).toEqual({});
    expect(when(lifted, pushed(2)).record.waiting.app?.image).toEqual(image(2));
    expect(when(lifted, deploy(2, 'w2')).record.waiting.app?.image).toEqual(image(2));
  });

  test('of one that the record remembers no longer lifts its own item', () => {
    const then = when(record(), person({ do: 'unquarantine', digest: digest(2) }));
    expect(then.record.outbox.quarantine).toEqual([{ change: 'lifted', digest: digest(2) }]);
  });

  test('its revision is no late call any more', () => {
    const given = record({
      quarantine: [{ digest: digest(2), at: at(0) }],
      condemnedRevisions: [{ revision: revision(2), digests: [digest(2)] }],
    });
    const then = when(given, person({ do: 'unquarantine', digest: digest(2) }));
    expect(then.record.condemnedRevisions).toEqual([]);
  });
});

describe('a command is worth fifteen minutes', () => {
  const said = (change: Partial<CommandReceived>) => person({ do: 'rollback' }, change);

  test.each<[rule: string, saidAt: number | 'unknown', because: string]>([
    ['a minute more, out of a dead-letter queue', at(6 - 16), 'it was said 16 minutes ago'],
    ['three days', at(6 - 3 * 1440), 'it was said 4320 minutes ago'],
    ['when it was said is not known', 'unknown', 'it does not tell when it was said'],
    ['it is dated in the future', at(6 + 16), 'it is dated 10:22:00 UTC, which is still to come'],
  ])('and refused after that: %s', (_, saidAt, because) => {
    const then = when(baking(), said({ saidAt }));
    expect(then.kinds).toEqual(['refused']);
    expect(then.told[0]?.because).toContain(because);
    expect(then.record).toMatchObject({ phase: { phase: 'baking' }, quarantine: [] });
  });

  test('to the last of them', () => {
    const then = when(baking(), person({ do: 'rollback' }, { at: at(16), saidAt: at(1) }));
    expect(then.standing).toBe('rolling-back');
  });

  test.each(['hold', 'resume'] as const)('of %s too: it is heard once, and does nothing', (ask) => {
    const given = record({ hold: { by: 'bob', because: 'a drill', since: at(0) } });
    const then = when(given, person({ do: ask }, { saidAt: at(-60) }));
    expect(then.record.hold).toEqual(given.hold);
    expect(then.kinds).toEqual(['refused']);
    expect(when(then.record, person({ do: ask }, { saidAt: at(-60) })).kinds).toEqual([]);
  });
});

test('a target that left the config takes no command, tells who said it why, and is not looked at for it', () => {
  // Somebody may have said it before its first look.
  const { runs: _, ...unseen } = record({ retired: true });
  for (const given of [record({ retired: true }), unseen]) {
    for (const ask of ['deploy', 'rollback', 'hold'] as const) {
      const word = ask === 'deploy' ? deploy(2) : person({ do: ask });
      const then = when(given, word);
      expect(then.told).toMatchObject([
        {
          kind: 'refused',
          because: expect.stringContaining(
            'the config that is deployed names this target no longer (ada asked: ',
          ),
          next: 'name it in pipeline.config.ts, deploy that (slipway infra deploy), and say it again',
        },
      ]);
      const { phase, waiting, hold, retired } = then.record;
      expect({ phase, waiting, hold, retired }).toEqual({
        phase: { phase: 'idle' },
        waiting: {},
        hold: undefined,
        retired: true,
      });
      expect(mustLook(then.record, word, at(1))).toBe('no');
      expect(when(then.record, word).record).toBe(then.record);
    }
  }
});
