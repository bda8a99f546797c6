/** In a freeze of the config nothing new starts by itself; a person's deploy does, and a rollback does. */
import { describe, expect, test } from 'vitest';
import {
  at,
  baking,
  digest,
  image,
  looked,
  order,
  person,
  pushed,
  red,
  registering,
  revision,
  rules,
  scanRules,
  waiting,
  when,
} from '../../build.ts';

/** Minute 0 is a Saturday, 11:00 in Berlin; it ends at minute 60. */
const freeze = {
  timeZone: 'Europe/Berlin',
  windows: [{ from: 'Fri 16:00', to: 'Sat 12:00', because: 'nobody is there' }],
};
const OVER = 60;
const frozen = { rules: rules({ freeze }) };
const byHand = {
  waiting: { app: { image: image(2), order: order(2), since: at(0), by: 'ada' } },
};

describe('while releases are frozen', () => {
  const then = looked(waiting(frozen), 1);

  test('what was pushed is held, and told until when and how a person goes through', () => {
    expect(then.action).toBeUndefined();
    expect(then.told).toMatchObject([
      {
        kind: 'held',
        because: 'releases are frozen until Sat 2026-11-21 12:00 (Europe/Berlin): nobody is there',
        next: 'it starts by itself at Sat 2026-11-21 12:00 (Europe/Berlin); if it cannot wait, deploy it by hand: that is not held',
      },
    ]);
  });

  test('is told once, and a person is never asked for it', () => {
    const later = looked(then.record, OVER - 1);
    expect(later.kinds).toEqual([]);
    expect(later.record.needsAttention).toBeUndefined();
  });

  test('is looked at every minute while something else holds it as well', () => {
    const both = waiting({ rules: rules({ freeze, ...scanRules() }) });
    const pending = { [digest(2)]: { state: 'pending', because: 'it is queued' } } as const;
    const { record } = looked(both, 1, { scans: pending });
    expect(record.waiting.app?.held?.reason).toBe('scan');
    expect(record.observeAt).toBe(at(2));
  });

  test('is looked at every quarter of an hour, and when the freeze ends', () => {
    expect(then.record.observeAt).toBe(at(16));
    expect(looked(then.record, 50).record.observeAt).toBe(at(OVER));
  });

  test('starts by itself when it is over', () => {
    expect(looked(then.record, OVER).action?.type).toBe('RegisterRevision');
  });

  test('of two that came the newer one starts', () => {
    const two = when(then.record, pushed(3)).record;
    expect(looked(looked(two, 2).record, OVER).action).toMatchObject({ images: { app: image(3) } });
  });

  test('what a person deploys starts, and says that it does in a freeze', () => {
    const started = looked(waiting({ ...frozen, ...byHand }), 1);
    expect(started.action?.type).toBe('RegisterRevision');
    expect(started.because).toContain('though releases are frozen until Sat 2026-11-21 12:00');
  });

  test('what a person deploys is held by what holds persons, and says so', () => {
    const given = waiting({ ...byHand, rules: rules({ freeze, ...scanRules() }) });
    const held = looked(given, 1, {
      scans: { [image(2).digest]: { state: 'pending', because: 'IN_PROGRESS' } },
    });
    expect(held.action).toBeUndefined();
    expect(held.record.waiting.app?.held?.reason).toBe('scan');
  });

  test('what a person deploys waits for the word of another one all the same', () => {
    const approvals = {
      commands: [],
      minutes: 60,
      release: { before: 'start', minutes: 240, otherwise: 'rollback' },
    } as const;
    const held = looked(waiting({ ...byHand, rules: rules({ freeze, approvals }) }), 1);
    expect(held.action).toBeUndefined();
    expect(held.record.waiting.app?.held?.reason).toBe('approval');
  });

  test('a release that is condemned goes back', () => {
    const given = baking({}, { rules: rules({ freeze }) });
    const condemned = looked(given, 5, { alarms: { 'web-5xx': red(at(2)) } });
    expect(condemned.standing).toBe('rolling-back');
  });

  test('a person rolls back', () => {
    const then = when(baking({}, frozen), person({ do: 'rollback' }));
    expect(then.standing).toBe('rolling-back');
  });

  test('a word is not asked for before it is over', () => {
    const approvals = {
      commands: [],
      minutes: 60,
      release: { before: 'start', minutes: 240, otherwise: 'rollback' },
    } as const;
    const given = looked(waiting({ rules: rules({ freeze, approvals }) }), 1).record;
    expect(given.waiting.app?.held?.reason).toBe('freeze');
    expect(given.startWord).toBeUndefined();
    expect(looked(given, OVER).record.startWord).toBeDefined();
  });
});

describe('a freeze that begins between the start of a release and its rollout', () => {
  const late = { ...freeze, windows: [{ from: '11:02', to: '12:00', because: 'lunch' }] };
  const found = { lostRevision: { found: revision(2) } };

  test('has it wait, since nothing runs of it yet', () => {
    const then = looked(registering({ rules: rules({ freeze: late }) }), 2, found);
    expect(then.kinds).toEqual(['held']);
    expect(then.record.waiting.app?.held?.reason).toBe('freeze');
  });

  test('has not what a person deploys', () => {
    const given = registering({ rules: rules({ freeze: late }) });
    const { phase } = given;
    if (phase.phase !== 'deploying' || phase.goal !== 'forward') throw new Error('another phase');
    const mine = { ...given, phase: { ...phase, release: { ...phase.release, by: 'ada' } } };
    expect(looked(mine, 2, found).action?.type).toBe('StartRollout');
  });
});
