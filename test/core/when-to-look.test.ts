/** When `tick` sends the next look, should no event come before. */
import { describe, expect, test } from 'vitest';
import { decide } from '../../shared/core/decide.ts';
import { defined } from '../../shared/core/model/defined.ts';
import type { Hinted } from '../../shared/core/model/event.ts';
import type { Baking } from '../../shared/core/model/record/phase.ts';
import type { Attempt, Evidence } from '../../shared/core/model/record/release.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import type { Rules } from '../../shared/core/model/rules.ts';
import { keepTurn, mustLook, whenDelivered } from '../../shared/core/when-to-look.ts';
import {
  asked,
  asking,
  at,
  attempt,
  baking,
  CHOOSING,
  crashed,
  fresh,
  image,
  looked,
  type ObservationChange,
  observing,
  person,
  pushed,
  record,
  red,
  release,
  returning,
  revision,
  rise,
  rolling,
  rollout,
  rose,
  rules,
  service,
  waiting,
  when,
} from '../build.ts';

const OWN: ObservationChange = { rollouts: [rollout(2)] };
const TWO: ObservationChange = { service: 2 };
/** Somebody's deployment is on its way: nothing is adopted meanwhile. */
const BUSY: ObservationChange = { service: service(1, { deployments: 2 }) };
const HOLD = { by: 'ada', because: 'a sale', since: at(0), until: at(40) };
const GONE = waiting({ needsAttention: { because: 'it is gone', since: at(5), gone: true } });

function shifts(): TargetRecord {
  const strategy = { kind: 'blueGreen', bakeMinutes: 5 } as const;
  return rolling({ release: release({ rules: rules({ strategy }) }) });
}

function bakesOn(evidence: Partial<Evidence>, how: Partial<Rules> = {}): TargetRecord {
  const spoken = { ...release().evidence, ...evidence };
  return baking({
    release: release({ rules: rules({ bakeMinutes: 60, ...how }), evidence: spoken }),
  });
}

const ONE_FAILED = { stoppedTasks: [crashed('a', 2)] };

/** ECS did not answer yet. */
function untaken(): TargetRecord {
  const { announced: _, ...request } = attempt().request ?? { at: 0 };
  const { rollout: __, ...bare } = attempt();
  return rolling({ attempt: { ...bare, request: request as never } });
}

function longBake(): TargetRecord {
  return baking({ release: release({ rules: rules({ bakeMinutes: 60 }) }) });
}

test.each<
  [rule: string, given: TargetRecord, minutes: number, seen: ObservationChange, lookAt?: number]
>([
  ['at rest nobody looks', record(), 5, {}],
  ['while a person is asked nobody looks', asking(), 5, {}],
  [
    'what waits is looked at every minute',
    waiting(),
    5,
    { alarms: { 'web-5xx': red(at(0)) } },
    at(6),
  ],
  ['what rolls out, every five minutes', rolling(), 5, { rollouts: [rollout(2)] }, at(10)],
  ['and when it is overdue', rolling(), 28, { rollouts: [rollout(2)] }, at(30) + 1],
  ['until ECS took it, every minute', untaken(), 1, {}, at(2)],
  [
    'with a failed task, every minute',
    rolling(),
    5,
    { ...ONE_FAILED, rollouts: [rollout(2)] },
    at(6),
  ],
  ['what bakes, at its end', baking(), 5, { service: 2 }, at(13)],
  ['a long bake, every ten minutes', longBake(), 5, { service: 2 }, at(15)],
  ['with a failed task, every minute', baking(), 5, { ...ONE_FAILED, service: 2 }, at(6)],
  ['and when its bake is judged', baking(), 15.5, { service: 2 }, at(16)],
  ['somebody else, every minute', observing(), 5, { service: 9 }, at(6)],
  [
    'the way back, every half minute',
    returning(CHOOSING),
    6,
    { service: 2, rollbackTo: { state: 'usable', revision: '' as never } },
    at(6.5),
  ],
  [
    'nothing runs: every hour',
    baking({ empty: true }),
    5,
    { service: service(2, { desired: 0, running: 0 }) },
    at(65),
  ],
  [
    'after an act once more, when a late call would be seen',
    record({ actedAt: at(5) }),
    6,
    {},
    at(6.5) + 1,
  ],
  ['and then nobody looks', record({ actedAt: at(5) }), 6.6, {}],
  ['what is untold is told by one more handling', record(), 5, { undelivered: 1 }, at(6)],
  ['what rolls out, before it is overdue within a minute', rolling(), 29, OWN, at(30) + 1],
  ['and every minute from then on', rolling(), 29.5, OWN, at(30.5)],
  ['what shifts traffic, every minute', shifts(), 5, OWN, at(6)],
  ['what was seen red before, every minute', bakesOn({ redBeforeAt: at(4) }), 5, TWO, at(6)],
  ['what the judge judges, every minute', bakesOn({}, { judge: 'act' }), 5, TWO, at(6)],
  ['what it only watches, every ten', bakesOn({}, { judge: 'watch' }), 5, TWO, at(15)],
  [
    'a bake that goes on past its end, every minute',
    baking({ extendedBecause: 'no data' }),
    17,
    { ...TWO, alarms: {} },
    at(18),
  ],
  [
    'a service that is gone, with what waits, every five minutes',
    GONE,
    6,
    { service: 'missing' },
    at(11),
  ],
  [
    'right when a late call would be seen last, once more',
    record({ actedAt: at(5) }),
    6.5,
    {},
    at(6.5) + 1,
  ],
  ['at rest, when a hold ends', record({ hold: HOLD }), 5, {}, at(40)],
  [
    'what waits, when a hold ends sooner',
    waiting({ hold: { ...HOLD, until: at(5.5) } }),
    5,
    {},
    at(5.5),
  ],
  [
    'with nothing to return to, when it is adopted at last',
    record({ rollbackCandidates: [] }),
    5,
    BUSY,
    at(20),
  ],
])('%s', (_, given, minutes, seen, lookAt) => {
  expect(looked(given, minutes, seen).record.observeAt).toBe(lookAt);
});

test('an end is followed by one more look, in case it did not get out', () => {
  const proven = looked(baking({}, { actedAt: at(0) }), 16, { service: 2 });
  expect(proven.kinds).toEqual(['proven']);
  expect(proven.record.observeAt).toBe(at(17));
  const told = { ...proven.record, outbox: { announcements: [], history: [], quarantine: [] } };
  expect(looked(told, 17, { service: 2 }).record.observeAt).toBeUndefined();
});

test('an event that changes what is on its way makes a look due at once', () => {
  expect(when(record(), pushed(2)).record.observeAt).toBe(at(0));
  expect(when(record({ observeAt: at(-1) }), pushed(2)).record.observeAt).toBe(at(-1));
});

test('a hint is never believed, only a reason to look', () => {
  for (const given of [record(), rolling(), baking(), returning(CHOOSING)]) {
    const hint = { type: 'Hinted', at: at(5), cause: 'SERVICE_DEPLOYMENT_COMPLETED' } as const;
    expect(when(given, hint).record).toBe(given);
  }
});

describe('which hints of ECS are worth a look', () => {
  const hint = (about: Hinted['about'], happenedAt: number, heardAt = happenedAt): Hinted =>
    defined({ type: 'Hinted', at: heardAt, cause: 'ECS', happenedAt, about });
  const second = (n: number) => at(0) + n * 1_000;
  const SEEN = record({ observedAt: at(0) });
  const EARLY = baking({}, { observedAt: second(5) });
  const UNPLACED = {
    image: image(2),
    containers: ['app'],
    pushedAt: at(0),
    heardFrom: 'event',
    since: at(0),
    because: 'GitHub does not answer',
  } as const;

  test.each<[rule: string, given: TargetRecord, hinted: Hinted, answer: 'yes' | 'no' | 'later']>([
    ['a rollout that ECS took begins at once', asked(), hint('rollout-began', second(2)), 'no'],
    ['one that begins later is another', asked(), hint('rollout-began', second(20)), 'yes'],
    ['nobody knows whether ECS took it', untaken(), hint('rollout-began', second(2)), 'later'],
    ['it has ended', asked(), hint('rollout-ended', second(150)), 'yes'],
    ['steady, and ECS’s own bake goes on', rolling(), hint('steady', second(150)), 'no'],
    ['the end that the bake began with', bakes(), hint('rollout-ended', at(3) + 1_000), 'no'],
    ['another one ends', bakes(), hint('rollout-ended', at(5)), 'yes'],
    ['another one begins', bakes(), hint('rollout-began', at(5)), 'yes'],
    ['steady while it bakes', bakes(), hint('steady', at(5)), 'no'],
    ['steady after desired count 0', bakes({ empty: true }), hint('steady', at(5)), 'yes'],
    ['a task failed', bakes(), hint(undefined, at(5)), 'yes'],
    ['a planned look', bakes({}, { observeAt: at(13) }), dueAt(at(13)), 'yes'],
    ['that was made meanwhile', bakes({}, { observeAt: at(16) }), dueAt(at(13)), 'no'],
    ['and none is planned any more', record({ observedAt: at(13) }), dueAt(at(14)), 'no'],
    [
      'of what was right before the look it may know nothing',
      SEEN,
      hint(undefined, at(0) - 2_000, at(1)),
      'yes',
    ],
    [
      'of what was two seconds before it, it knows',
      SEEN,
      hint(undefined, at(0) - 2_001, at(1)),
      'no',
    ],
    ['within five seconds a look is enough', SEEN, hint(undefined, at(0), at(0) + 4_999), 'later'],
    ['after that there is another one', SEEN, hint(undefined, at(0), at(0) + 5_000), 'yes'],
    ['by a clock that is behind ours', SEEN, hint(undefined, at(0), at(0) - 1), 'yes'],
    ['whoever was never looked at', fresh(), hint('steady', at(1)), 'yes'],
    ['whoever left the config', record({ retired: true }), hint(undefined, at(1)), 'no'],
    [
      'its rollout begins five seconds after the request',
      asked(),
      hint('rollout-began', second(5)),
      'no',
    ],
    ['not later', asked(), hint('rollout-began', second(5) + 1), 'yes'],
    [
      'an alarm waits to be dated by its beginning',
      withRise(),
      hint('rollout-began', second(5)),
      'yes',
    ],
    ['ECS asks our hook whose it is', hooked(), hint('rollout-began', second(5)), 'yes'],
    ['and our hook knows', hooked(attempt()), hint('rollout-began', second(5)), 'no'],
    ['nobody knows when it happened', bakes({ succeededAt: at(5) }), undated(at(5)), 'yes'],
    ['the end that was seen', bakes({}, { observedAt: at(5) }), hint('rollout-ended', at(5)), 'no'],
    ['its own beginning, five seconds after', EARLY, hint('rollout-began', second(6), at(5)), 'no'],
    ['a beginning later than that', EARLY, hint('rollout-began', second(6) + 1, at(5)), 'yes'],
    [
      'a bake that goes on past its end',
      bakes({ extendedBecause: 'no data' }),
      hint('steady', at(20)),
      'yes',
    ],
    ['a look that is due just now', bakes({}, { observeAt: at(13) }), dueAt(at(13)), 'yes'],
    ['the way back is looked at by every hint', returning(CHOOSING), hint('steady', at(7)), 'yes'],
  ])('%s', (_, given, hinted, answer) => {
    const looked = given.runs === undefined ? given : { observedAt: second(0), ...given };
    expect(mustLook(looked, hinted, hinted.at)).toBe(answer);
  });

  test('of a target that nobody knows there is nothing to look at', () => {
    expect(mustLook(undefined, hint('steady', at(1)), at(1))).toBe('no');
  });

  test.each<[rule: string, given: TargetRecord, answer: 'yes' | 'no']>([
    ['at rest, with nothing that waits', record(), 'no'],
    ['an image waits', waiting(), 'yes'],
    ['an image waits for its place', record({ unplaced: [UNPLACED] }), 'yes'],
    ['a look is planned', record({ observeAt: at(9) }), 'yes'],
    ['a release is on its way', rolling(), 'yes'],
    ['it was never looked at', fresh(), 'yes'],
  ])(
    'after an event that is no hint it is looked at unless nothing is to be done: %s',
    (...row) => {
      const [, given, answer] = row;
      expect(mustLook(given, rose(5), at(5))).toBe(answer);
    },
  );

  test('a push that is on its way already is heard of again, and the planned look is enough', () => {
    const given = bakes({}, { observeAt: at(13) });
    const { event } = { event: when(given, pushed(2)).record };
    expect(mustLook(event, pushed(2), at(5))).toBe('no');
    expect(mustLook({ ...event, observeAt: at(4) }, pushed(2), at(5))).toBe('yes');
    expect(mustLook(when(given, pushed(3)).record, pushed(3), at(5))).toBe('yes');
  });

  /** Looked at when the rollout had ended, 4 seconds after minute 3. */
  function bakes(change: Partial<Baking> = {}, other: Partial<TargetRecord> = {}): TargetRecord {
    return baking(change, { observedAt: at(3) + 4_000, ...other });
  }

  function withRise(): TargetRecord {
    const { phase, ...rest } = asked();
    if (phase.phase !== 'deploying' || phase.goal !== 'forward') throw new Error('?');
    const heard = release({ evidence: { ...release().evidence, rises: [rise(1)] } });
    return { ...rest, phase: { ...phase, release: heard } };
  }

  /** ECS asks it at each step of the release. */
  function hooked({ rollout }: Partial<Attempt> = {}): TargetRecord {
    const { rollout: _, ...unfound } = attempt();
    const hook = { function: 'arn:ours', role: 'arn:role' };
    return rolling({
      release: release({ rules: rules({ hook }) }),
      attempt: { ...unfound, ...(rollout && { rollout }) },
    });
  }

  function undated(moment: number): Hinted {
    return { type: 'Hinted', at: moment, cause: 'ECS', about: 'rollout-ended' };
  }

  function dueAt(moment: number): Hinted {
    return { type: 'Hinted', at: moment, cause: 'tick: look is due', about: 'look-due' };
  }
});

test('when ECS took the request it is looked at as what rolls out is, and once more whatever it was', () => {
  const taken = {
    type: 'RolloutAccepted',
    at: at(1),
    revision: revision(2),
    requestedAt: at(0),
  } as const;
  expect(when(untaken(), taken).record.observeAt).toBe(at(6));
  expect(when(record(), taken).record.observeAt).toBe(at(2));
});

test('what waits to start beside what waits for its place is looked at every minute', () => {
  const unplaced = [
    {
      image: image(5),
      containers: ['app'],
      pushedAt: at(0),
      heardFrom: 'event',
      since: at(0),
      because: 'GitHub does not answer',
    } as const,
  ];
  const red5 = { alarms: { 'web-5xx': red(at(0)) } };
  expect(looked(waiting({ unplaced }), 5, red5).record.observeAt).toBe(at(6));
});

test('a turn is kept until its moment, and a minute longer for a message that gets lost; a look uses it up', () => {
  const kept = keepTurn(waiting({ observedAt: at(4) }), at(7));
  expect(kept).toMatchObject({ turnAt: at(7), observeAt: at(8) });
  const turn = { type: 'Hinted', at: at(7), cause: 'its turn', about: 'turn' } as const;
  expect(mustLook(kept, turn, at(7))).toBe('yes');
  const { record: seen } = looked(kept, 7);
  expect(seen.turnAt).toBeUndefined();
  expect(mustLook(seen, turn, at(7))).toBe('no');
});

test('what was planned in case an announcement does not get out, is not looked at once it is', () => {
  const { record: proven } = looked(baking({}, { actedAt: at(0) }), 16, { service: 2 });
  const delivered = (announcements: readonly string[]) =>
    decide(proven, { type: 'Delivered', announcements, history: [], quarantine: [] }).record;
  expect(proven.observeAt).toBe(at(17));
  expect(delivered(proven.outbox.announcements.map(({ id }) => id)).observeAt).toBeUndefined();
  expect(delivered(['another']).observeAt).toBe(at(17));
});

test('what is planned at rest stays planned when the announcement before it is out', () => {
  const pending = [
    {
      id: 'asked-it',
      of: { what: 'command', command: { do: 'deploy', images: { app: image(2) } } },
      by: 'ada',
      sender: 'AROA:ada',
      because: 'a fix',
      since: at(0),
      until: at(60),
    },
  ] as const;
  const told = record({ pending, observedAt: at(1), observeAt: at(2) });
  expect(whenDelivered(told).observeAt).toBe(at(60) + 1);
  const unprepared = record({
    needsAttention: { because: 'a rollback would fail now', since: at(1), unprepared: true },
    waysBack: { checkedAt: at(1) },
    observedAt: at(1),
    observeAt: at(2),
  });
  expect(whenDelivered(unprepared).observeAt).toBe(at(16));
});

describe('a target that left the config', () => {
  const left = decide(baking({}), { type: 'Retired', at: at(3) }).record;
  const delivered = (given: TargetRecord, announcements: readonly string[]) =>
    decide(given, { type: 'Delivered', announcements, history: [], quarantine: [] }).record;

  test('is visited until what became of it is told, and never again', () => {
    expect(left.observeAt).toBe(at(4));
    expect(delivered(left, ['another']).observeAt).toBe(at(4));
    const told = delivered(left, [left.outbox.announcements[0]?.id ?? '']);
    expect(told.observeAt).toBeUndefined();
    expect(decide(told, { type: 'Retired', at: at(9) }).record).toBe(told);
  });

  test('is visited until whoever speaks to it is answered', () => {
    const silent = delivered(
      left,
      left.outbox.announcements.map(({ id }) => id),
    );
    const spoken = when(silent, person({ do: 'rollback' })).record;
    expect(spoken.outbox.announcements.map(({ kind }) => kind)).toEqual(['refused']);
    expect(spoken.observeAt).toBeDefined();
  });
});
