/** What keeps a release from starting for now, how it is told, and how a hold ends. */
import { describe, expect, test } from 'vitest';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  asking,
  at,
  definition,
  digest,
  green,
  image,
  looked,
  type ObservationChange,
  order,
  person,
  pushed,
  red,
  revision,
  rules,
  twoContainers,
  waiting,
  when,
} from '../../build.ts';

const RED: ObservationChange = { alarms: { 'web-5xx': red(at(-5)) } };

function holdsFor(given: TargetRecord, seen: ObservationChange) {
  const { record, kinds, action } = looked(given, 1, seen);
  expect(action).toBeUndefined();
  expect(kinds).toEqual(['held']);
  return record.waiting.app?.held;
}

test.each<[rule: string, change: Partial<TargetRecord>, seen: ObservationChange, because: string]>([
  [
    'a person holds the target',
    { hold: { by: 'ada', because: 'black friday', since: at(-9) } },
    {},
    'ada holds this target: black friday',
  ],
  [
    'an alarm that is red already could not guard the release: ECS would ignore it',
    {},
    RED,
    'alarm web-5xx is red',
  ],
  [
    'an alarm that does not exist cannot guard the release',
    {},
    { alarms: { 'web-5xx': { state: 'missing' } } },
    'alarm web-5xx does not exist',
  ],
  [
    'an alarm whose state is unknown is not taken for green',
    {},
    { alarms: { 'web-5xx': { state: 'unknown', because: 'ThrottlingException' } } },
    'is unknown: ThrottlingException',
  ],
  [
    'the alarm that condemned the last release is not OK yet',
    { alarmsToClear: ['shared-p99'] },
    { alarms: { 'web-5xx': green(), 'shared-p99': red(at(-5)) } },
    'which condemned the last release',
  ],
  [
    'with much untold nothing new begins: who would hear how it ended?',
    {},
    { undelivered: 16 },
    '16 announcements could not be delivered',
  ],
])('held: %s', (_, change, seen, because) => {
  expect(holdsFor(waiting(change), seen)?.because).toContain(because);
});

test.each([
  ['until somebody ends it', undefined, /^it starts after `resume`$/],
  ['until its own end', at(40), /^it waits .*10:40/],
])('what is held by a person is told how it ends: %s', (_, until, next) => {
  const hold = { by: 'ada', because: 'black friday', since: at(-9), ...(until && { until }) };
  expect(looked(waiting({ hold }), 1).told[0]?.next).toMatch(next);
});

test.each<[rule: string, change: Partial<TargetRecord>, seen: ObservationChange]>([
  ['fifteen that are untold hold nothing', {}, { undelivered: 15 }],
  [
    'an alarm without enough data does not hold',
    {},
    {
      alarms: { 'web-5xx': { state: 'INSUFFICIENT_DATA', since: at(-5) } },
    },
  ],
  [
    'a red alarm does not hold where the config says proceed',
    {
      rules: rules({ whileAlarmRed: 'proceed' }),
    },
    RED,
  ],
  ['without alarms there is nothing to hold for', { rules: rules({ alarms: [] }) }, {}],
  ['green alarms do not hold', {}, {}],
])('%s', (_, change, seen) => {
  expect(looked(waiting(change), 1, seen).action?.type).toBe('RegisterRevision');
});

describe('a hold', () => {
  const held = looked(waiting(), 1, RED).record;

  test('is told once, however often one looks', () => {
    expect(looked(held, 2, RED).kinds).toEqual([]);
    expect(looked(held, 2, RED).record.waiting).toEqual(held.waiting);
  });

  test('ends by itself when the alarm is OK', () => {
    expect(looked(held, 2).action?.type).toBe('RegisterRevision');
  });

  test('is told again for a newer image', () => {
    const newer = when(held, pushed(3)).record;
    expect(looked(newer, 2, RED).kinds).toEqual(['held']);
  });

  test('of an app does not end the hold of a sidecar that came later', () => {
    const given = waiting({ rules: twoContainers() });
    const both = { definition: definition({ app: image(1), sidecar: image(5) }) };
    const first = looked(given, 1, { ...RED, ...both }).record;
    const sidecar = pushed(7, { containers: { sidecar: order(7) } });
    const second = looked(when(first, sidecar).record, 2, { ...RED, ...both });
    expect(second.told[0]?.images).toEqual({ sidecar: image(7) });
    expect(second.record.waiting.app?.held?.since).toBe(at(1));
  });
});

describe('a hold for alarms that outlasts holdMinutes', () => {
  const outlasted = (afterHold: 'ask' | 'refuse' | 'proceed') => {
    const given = waiting({ rules: rules({ afterHold }) });
    return looked(looked(given, 1, RED).record, 61, RED);
  };

  test('asks a person, once, and goes on waiting', () => {
    const then = outlasted('ask');
    expect(then.kinds).toEqual(['needs-attention']);
    expect(then.told[0]?.because).toContain('held for 60 minutes');
    const later = looked(then.record, 62, RED);
    expect(later.kinds).toEqual([]);
    expect(looked(later.record, 63).action?.type).toBe('RegisterRevision');
  });

  test('is refused where the config says so', () => {
    const then = outlasted('refuse');
    expect(then.kinds).toEqual(['refused']);
    expect(then.record.waiting).toEqual({});
  });

  test('goes on where the config says so', () => {
    expect(outlasted('proceed').action?.type).toBe('RegisterRevision');
  });

  test('is still held a minute before', () => {
    const given = waiting({ rules: rules({ afterHold: 'proceed' }) });
    expect(looked(looked(given, 1, RED).record, 60, RED).action).toBeUndefined();
  });

  test('two alarms that are red in turns are one hold, or it would never end', () => {
    const given = waiting({ alarmsToClear: ['p99'] });
    const clearing = looked(given, 1, { alarms: { 'web-5xx': green(), p99: red(at(0)) } });
    const alarm = looked(clearing.record, 40, { alarms: { 'web-5xx': red(at(39)), p99: green() } });
    expect(alarm.record.waiting.app?.held).toMatchObject({ reason: 'alarm', since: at(1) });
    const end = looked(alarm.record, 61, { alarms: { 'web-5xx': red(at(39)), p99: green() } });
    expect(end.kinds).toEqual(['needs-attention']);
  });
});

describe("a person's hold", () => {
  const held = when(waiting(), person({ do: 'hold' })).record;

  test('starts nothing new, for as long as it lasts', () => {
    expect(looked(held, 1).action).toBeUndefined();
    expect(looked(looked(held, 1).record, 10_000).action).toBeUndefined();
  });

  test('ends with resume', () => {
    const resumed = when(looked(held, 1).record, person({ do: 'resume' }, { id: 'word-2' })).record;
    expect(looked(resumed, 2).action?.type).toBe('RegisterRevision');
  });
});

describe('a quarantined image in another container', () => {
  const given = asking(undefined, {
    rules: twoContainers(),
    runs: {
      revision: revision(1),
      images: { app: image(1), sidecar: image(5, { repository: 'shop/proxy' }) },
      since: at(-90),
    },
    rollbackCandidates: [],
    quarantine: [{ digest: digest(1), at: at(-1) }],
    waiting: { sidecar: { image: image(7), order: order(7), since: at(0) } },
  });
  const both = { definition: definition({ app: image(1), sidecar: image(5) }) };

  test('is not started again with a new sidecar', () => {
    const then = looked(given, 1, both);
    expect(then.action).toBeUndefined();
    expect(then.kinds).toEqual(['held']);
    expect(then.told[0]?.because).toContain('container "app" runs the quarantined');
  });

  test('not even where the definition names a tag', () => {
    const tagged = { definition: definition({ app: 'shop/web:latest', sidecar: image(5) }) };
    expect(looked(given, 1, tagged).action).toBeUndefined();
  });

  test('goes when its fix comes: then both start', () => {
    const fixed = when(looked(given, 1, both).record, pushed(8)).record;
    expect(looked(fixed, 2, both).action).toMatchObject({
      type: 'RegisterRevision',
      images: { app: image(8), sidecar: image(7) },
    });
  });
});

test('the next step of a hold is remembered with it, and becomes what a person is asked when it is over', () => {
  const first = looked(waiting({ rules: rules({ whileAlarmRed: 'hold' }) }), 1, RED).record;
  expect(first.waiting.app?.held?.next).toBe(
    'it starts by itself when the alarm is OK; after 60 minutes a person is asked; if it is the fix, deploy it by hand: that is not held',
  );
  const asked = looked(first, 61, RED);
  expect(asked.kinds).toEqual(['needs-attention']);
  const mend =
    'mend the cause: it starts by itself when the alarm is OK; if it is the fix, deploy it by hand: that is not held';
  expect(asked.record.waiting.app?.held?.next).toBe(mend);
  expect(looked(asked.record, 62, RED).record.waiting.app?.held?.next).toBe(mend);
});
