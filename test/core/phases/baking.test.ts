/** ECS says SUCCESSFUL: the release is watched until its bake is over, and then proven, or not. */
import { describe, expect, test } from 'vitest';
import type { PrimaryDeployment } from '../../../shared/core/model/observation.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { alarmsToAskForMuting } from '../../../shared/core/release/muting.ts';
import {
  asked,
  at,
  baking,
  candidate,
  crashed,
  definition,
  green,
  image,
  looked,
  type ObservationChange,
  observing,
  order,
  primary,
  pushed,
  record,
  red,
  release,
  revision,
  rise,
  rollout,
  rose,
  rules,
  seen,
  service,
  twoContainers,
  when,
} from '../../build.ts';

const two: ObservationChange = { service: 2 };
const unknown = { 'web-5xx': { state: 'unknown', because: 'ThrottlingException' } } as const;

test('a release is proven when its bake passed, and becomes the newest candidate', () => {
  const then = looked(baking(), 16, two);
  expect(then.kinds).toEqual(['proven']);
  expect(then.standing).toBe('idle');
  expect(then.record.rollbackCandidates.map((candidate) => candidate.release)).toEqual([
    'ecs/production/web/2',
    'ecs/production/web/1',
  ]);
  expect(then.record.rollbackCandidates[0]).toMatchObject({
    revision: revision(2),
    images: { app: image(2) },
    changed: ['app'],
    window: { from: at(0) + 1_000, to: at(13), alarms: ['web-5xx'] },
  });
});

test('a minute before the end of its bake it is not', () => {
  const then = looked(baking(), 12, two);
  expect(then.kinds).toEqual([]);
  expect(then.standing).toBe('baking');
  expect(then.record.observeAt).toBe(at(13));
});

test('before proven the alarm history since the start is read, not only the state now', () => {
  const rises = { 'web-5xx': { state: 'known' as const, rises: [rise(2)] } };
  const then = looked(baking(), 16, { ...two, rises });
  expect(then.standing).toBe('rolling-back');
  expect(then.because).toContain('alarm web-5xx rose at 10:02:00 UTC');
});

describe('what cannot be judged extends the bake, bounded, then asks', () => {
  const doubts: [doubt: string, seen: ObservationChange][] = [
    ['the history of alarm web-5xx is unknown', { ...two, rises: unknown }],
    ['alarm web-5xx is unknown', { ...two, alarms: unknown }],
    ['alarm web-5xx does not exist', { ...two, alarms: { 'web-5xx': { state: 'missing' } } }],
    ['1 of 2 desired tasks run', { service: service(2, { running: 1 }) }],
    ['another deployment is in flight', { service: service(2, { deployments: 2 }) }],
    ['this look is a stale one', { service: 1 }],
  ];
  test.each(doubts)('%s', (doubt, seen) => {
    const extended = looked(baking(), 16, seen);
    expect(extended.kinds).toEqual([]);
    expect(extended.record.phase).toMatchObject({ phase: 'baking' });
    expect(extended.because).toContain(doubt);
    expect(looked(extended.record, 25, seen).standing).toBe('baking');
    const asked = looked(extended.record, 26, seen);
    expect(asked.kinds).toEqual(['needs-attention']);
    expect(asked.standing).toBe('baking');
    expect(asked.record.needsAttention).toMatchObject({ since: at(26) });
    expect(looked(asked.record, 27, seen).kinds).toEqual([]);
    expect(asked.record.rollbackCandidates).toHaveLength(1);
  });

  test('and it is proven as soon as it can be judged', () => {
    const extended = looked(baking(), 16, { ...two, rises: unknown }).record;
    expect(looked(extended, 18, two).kinds).toEqual(['proven']);
  });

  test('an alarm that rises while the bake goes on past its end counts', () => {
    const extended = looked(baking(), 16, { service: service(2, { running: 1 }) }).record;
    const then = looked(extended, 19, { ...two, alarms: { 'web-5xx': red(at(15)) } });
    expect(then.standing).toBe('rolling-back');
  });
});

describe('a breach counts by the time of its data, however late it is published', () => {
  const told = (breachStartsAt: number | undefined, minutes: number) => {
    const data = breachStartsAt === undefined ? {} : { breachStartsAt: at(breachStartsAt) };
    const rises = {
      'web-5xx': { state: 'known' as const, rises: [rise(minutes, data)] },
    };
    return looked(baking(), 20, { ...two, rises });
  };

  test('data of the last minute of the bake, an alarm three minutes after it', () => {
    expect(told(12, 15).standing).toBe('rolling-back');
    expect(told(12, 19).standing).toBe('rolling-back');
  });

  test('without the time of its data, until the bake is judged', () => {
    expect(told(undefined, 15.9).standing).toBe('rolling-back');
    expect(told(undefined, 16.1).kinds).toEqual(['proven']);
  });

  test('data that begin after the bake are another story, however late the look', () => {
    expect(told(13, 14.5).kinds).toEqual(['proven']);
  });

  test('the same heard as an event, before and after it was proven', () => {
    const event = rose(15, { breachStartsAt: at(12), breachEndsAt: at(14) });
    expect(when(baking(), event).standing).toBe('rolling-back');
    const proven = looked(baking(), 16, two).record;
    expect(when(proven, event).standing).toBe('rolling-back');
    const later = rose(15, { breachStartsAt: at(13), breachEndsAt: at(14) });
    expect(when(baking(), later).standing).toBe('baking');
    expect(when(proven, later).standing).toBe('idle');
  });
});

describe('proven is said only when each alarm has judged data up to the end of the bake', () => {
  test('not in the minutes that the slowest alarm still needs', () => {
    const slow = { 'web-5xx': { ...green(), judgesInMs: 300_000 } };
    const over = looked(baking(), 13, { ...two, alarms: slow });
    expect(over.kinds).toEqual([]);
    expect(over.because).toBe('the bake is over; its alarms have judged all of it by 10:20:00 UTC');
    expect(looked(over.record, 19.9, { ...two, alarms: slow }).kinds).toEqual([]);
    expect(looked(over.record, 20, { ...two, alarms: slow }).kinds).toEqual(['proven']);
  });

  test('an alarm that names no period is given five minutes', () => {
    const composite = { 'web-5xx': { state: 'OK', since: at(-1000) } } as const;
    const over = looked(baking({ judgesInMs: undefined as never }), 13, {
      ...two,
      alarms: composite,
    });
    expect(looked(over.record, 19.9, { ...two, alarms: composite }).kinds).toEqual([]);
    expect(looked(over.record, 20, { ...two, alarms: composite }).kinds).toEqual(['proven']);
  });

  test('without an alarm, when the bake is over', () => {
    const bare = release({ rules: rules({ alarms: [] }) });
    expect(looked(baking({ release: bare }), 13, two).kinds).toEqual(['proven']);
  });
});

describe('a release is never called proven while one of its alarms is red', () => {
  test('the bake goes on with its window open, and the next look condemns', () => {
    const alarms = { 'web-5xx': red(at(18)) };
    const doubtful = looked(baking(), 20, { ...two, alarms });
    expect(doubtful.kinds).toEqual([]);
    expect(doubtful.because).toContain('the bake goes on past its end: alarm web-5xx is red');
    const then = looked(doubtful.record, 21, { ...two, alarms });
    expect(then.because).toContain('condemned: alarm web-5xx rose at 10:18:00 UTC');
  });

  test('one that is red since before it started does not condemn it, and proves nothing', () => {
    const alarms = { 'web-5xx': red(at(-5)) };
    const doubtful = looked(baking(), 16, { ...two, alarms });
    expect(doubtful.kinds).toEqual([]);
    expect(looked(doubtful.record, 17, { ...two, alarms }).standing).toBe('baking');
  });
});

test('a candidate is not called pinned because ECS told no digest at the look that proved it', () => {
  const bare = {
    ...primary(2),
    images: undefined,
    pinned: undefined,
  } as unknown as PrimaryDeployment;
  // A container that the release did not bring, by whatever tag the service had it: nobody knows.
  const { containers } = rules();
  const sidecar = { registry: image(1).registry, repository: 'shop/sidecar' };
  const besideSidecar = () =>
    baking({}, { rules: rules({ containers: { ...containers, sidecar } }) });
  const proven = looked(besideSidecar(), 16, { service: service(2, { primary: bare }) });
  expect(proven.kinds).toEqual(['proven']);
  expect(proven.record.rollbackCandidates[0]?.pinned).toBe(false);
  // We registered its revision ourselves, with a digest for each container of the config.
  const whole = looked(baking(), 16, { service: service(2, { primary: bare }) });
  expect(whole.record.rollbackCandidates[0]?.pinned).toBe(true);
  expect(looked(baking(), 16, two).record.rollbackCandidates[0]?.pinned).toBe(true);
});

test('an alarm that is OK for want of data is told apart from a quiet one', () => {
  const alarms = { 'web-5xx': { ...green(), okForWantOfData: true } } as const;
  const then = looked(baking(), 16, { ...two, alarms });
  expect(then.told[0]?.because).toContain(
    'its alarms never rose; alarm web-5xx was last OK for want of data: no request may look the same',
  );
  expect(looked(baking(), 16, two).told[0]?.because).not.toContain('want of data');
});

describe('a muted or suppressed alarm is no evidence, whoever shows it', () => {
  const alarms = { 'web-5xx': red(at(6)) };

  test('the look after the event of a muted alarm does not condemn by the same rise', () => {
    const muted = when(baking(), rose(6, { muted: true })).record;
    expect(looked(muted, 7, { ...two, alarms }).standing).toBe('baking');
    const rises = { 'web-5xx': { state: 'known' as const, rises: [rise(6)] } };
    const end = looked(muted, 16, { ...two, alarms, rises });
    expect(end.kinds).toEqual(['proven']);
  });

  test('a look that sees it red before the event, where CloudWatch says that a rule mutes it', () => {
    const mutedSince = { 'web-5xx': at(5) };
    const then = looked(baking(), 7, { ...two, alarms, mutedSince });
    expect(then.standing).toBe('baking');
    expect(then.record.mutedRises).toEqual({ 'web-5xx': [at(6)] });
    // The rule has ended, and the alarm is red still: it is not asked again, and says nothing.
    expect(alarmsToAskForMuting(then.record, seen(then.record, 8, { ...two, alarms }))).toEqual([]);
    const later = looked(then.record, 8, { ...two, alarms });
    expect(later.standing).toBe('baking');
  });

  test('a rule that was put after the alarm rose does not say that it was muted then', () => {
    const mutedSince = { 'web-5xx': at(6.5) };
    const then = looked(baking(), 7, { ...two, alarms, mutedSince });
    expect(then.standing).toBe('rolling-back');
  });

  test('of an alarm that flaps while it is muted, each rise is remembered', () => {
    const first = when(baking(), rose(5, { muted: true })).record;
    const second = when(first, rose(6, { muted: true })).record;
    expect(second.mutedRises).toEqual({ 'web-5xx': [at(6), at(5)] });
    const rises = { 'web-5xx': { state: 'known' as const, rises: [rise(5), rise(6)] } };
    expect(looked(second, 16, { ...two, alarms, rises }).kinds).toEqual(['proven']);
  });

  test('it is asked only of an alarm that guards and rose in the window, unheard', () => {
    const ask = (given: TargetRecord, change: ObservationChange) =>
      alarmsToAskForMuting(given, seen(given, 7, { ...two, ...change }));
    expect(ask(baking(), { alarms })).toEqual(['web-5xx']);
    expect(ask(baking(), {})).toEqual([]);
    expect(ask(baking(), { alarms: { 'web-5xx': red(at(-5)) } })).toEqual([]);
    expect(ask(baking(), { alarms: { other: red(at(6)) } })).toEqual([]);
    expect(ask(record(), { alarms })).toEqual([]);
    const heard = when(asked(), rose(6)).record;
    expect(ask(heard, { alarms })).toEqual([]);
    expect(ask(asked(), { alarms })).toEqual(['web-5xx']);
    expect(ask(observing(), { alarms })).toEqual(['web-5xx']);
  });

  test('when it rises again and is not muted, it counts', () => {
    const muted = when(baking(), rose(6, { muted: true })).record;
    const again = { 'web-5xx': red(at(8)) };
    expect(looked(muted, 9, { ...two, alarms: again }).standing).toBe('rolling-back');
  });

  test('a composite whose actions are suppressed, in an event and in a look', () => {
    const event = when(baking(), rose(6, { suppressed: true }));
    expect(event.standing).toBe('baking');
    const suppressed = { 'web-5xx': { ...red(at(6)), suppressedBy: 'Alarm' } } as const;
    expect(looked(event.record, 7, { ...two, alarms: suppressed }).standing).toBe('baking');
    expect(looked(event.record, 8, { ...two, alarms }).standing).toBe('rolling-back');
  });
});

describe('a bake that cannot be proven does not forget its window', () => {
  const one: ObservationChange = { service: service(2, { running: 1 }) };
  const extended = looked(baking(), 16, one).record;
  const asked = looked(extended, 26, one);

  test('what is told is true: it goes on, and mending the cause is enough', () => {
    expect(asked.told[0]).toMatchObject({
      kind: 'needs-attention',
      release: 'ecs/production/web/2',
      because: 'it could not be proven: 1 of 2 desired tasks run',
    });
    expect(asked.told[0]?.next).toContain('mend the cause and it is proven by itself');
    const proven = looked(asked.record, 40, two);
    expect(proven.kinds).toEqual(['proven']);
    expect(proven.record.needsAttention).toBeUndefined();
  });

  test('a rollback is advised only where there is another proven image to go to', () => {
    const next = (other: Partial<TargetRecord>) =>
      looked(looked(baking({}, other), 16, one).record, 26, one).told[0]?.next;
    const advice = 'mend the cause and it is proven by itself';
    expect(next({})).toContain(`${advice}, push a newer image, or roll back by hand`);
    // A rollback would quarantine what both of them run.
    const sameImage = next({ rollbackCandidates: [candidate(1, { images: { app: image(2) } })] });
    expect(sameImage).toMatch(new RegExp(`${advice}, or push a newer image$`));
    expect(next({ rollbackCandidates: [] })).not.toContain('roll back');
    const boundary = { name: 'main-2', at: at(0) };
    expect(next({ rules: rules({ notSafeBelow: 'main-2' }), boundary })).not.toContain('roll back');
  });

  test('an alarm an hour later still finds its release', () => {
    const then = when(asked.record, rose(86));
    expect(then.standing).toBe('rolling-back');
    expect(then.record.needsAttention).toBeUndefined();
  });

  test('a newer push need not wait for it', () => {
    const then = looked(when(asked.record, pushed(3)).record, 30, one);
    expect(then.kinds).toEqual(['superseded']);
    expect(then.standing).toBe('idle');
    expect(then.record.needsAttention).toBeUndefined();
    expect(looked(then.record, 31, two).action?.type).toBe('RegisterRevision');
  });
});

describe('what was never measured proves nothing', () => {
  const silent = { state: 'INSUFFICIENT_DATA', since: at(-5000), judgesInMs: 60_000 } as const;
  const alarms = { 'web-5xx': silent };

  test('a first proof waits for data, bounded, and then says so', () => {
    const waits = looked(baking(), 16, { ...two, alarms });
    expect(waits.kinds).toEqual([]);
    expect(waits.because).toContain('alarm web-5xx had no data in the whole bake');
    expect(looked(waits.record, 25.9, { ...two, alarms }).kinds).toEqual([]);
    const then = looked(waits.record, 26, { ...two, alarms });
    expect(then.kinds).toEqual(['proven']);
    expect(then.told[0]?.because).toContain('alarm web-5xx had no data, so it says nothing');
    expect(then.told[0]?.because).not.toContain('never rose');
  });

  test('data that come meanwhile are enough', () => {
    const waits = looked(baking(), 16, { ...two, alarms }).record;
    expect(looked(waits, 17, two).told[0]?.because).toContain('its alarms never rose');
  });

  test('an alarm that had none for the release before is only told', () => {
    const window = { from: at(-90), to: at(-70), alarms: ['web-5xx'], unmeasured: ['web-5xx'] };
    const given = baking({}, { rollbackCandidates: [candidate(1, { window })] });
    const then = looked(given, 16, { ...two, alarms });
    expect(then.kinds).toEqual(['proven']);
    expect(then.told[0]?.because).toContain('had no data');
  });

  test('data that end within the bake are data', () => {
    const since = { 'web-5xx': { ...silent, since: at(8) } };
    expect(looked(baking(), 16, { ...two, alarms: since }).kinds).toEqual(['proven']);
  });
});

describe('an alarm that was red before the release proves nothing until it was OK for a bake', () => {
  const alarms = { 'web-5xx': red(at(-5)) };
  const still = looked(baking(), 12, { ...two, alarms });

  test('the bake begins again when it is OK', () => {
    expect(still.standing).toBe('baking');
    expect(looked(still.record, 16, two).kinds).toEqual([]);
    expect(looked(still.record, 24.9, two).kinds).toEqual([]);
    expect(looked(still.record, 25, two).kinds).toEqual(['proven']);
  });

  test('bounded: then a person is asked beside the bake', () => {
    expect(looked(still.record, 42.9, { ...two, alarms }).kinds).toEqual([]);
    const asked = looked(still.record, 43, { ...two, alarms });
    expect(asked.kinds).toEqual(['needs-attention']);
    expect(asked.told[0]?.because).toContain('red since before it started');
    expect(asked.standing).toBe('baking');
  });
});

describe('task failures', () => {
  const fails = (id: string, minutes: number) => crashed(id, 2, { stoppedAt: at(minutes) });

  test('without a limit in the config, half of the desired count and at least two condemn', () => {
    const { maxTaskFailures: _, ...bare } = rules();
    const verdict = (desired: number, failed: number) => {
      const tasks = Array.from({ length: failed }, (_, i) => fails(`t${i}`, 8));
      return looked(baking({ release: release({ rules: bare }) }), 9, {
        service: service(2, { desired, running: desired }),
        stoppedTasks: tasks,
      }).standing;
    };
    expect([verdict(1, 1), verdict(1, 2)]).toEqual(['baking', 'rolling-back']);
    expect([verdict(2, 1), verdict(2, 2)]).toEqual(['baking', 'rolling-back']);
    expect([verdict(5, 2), verdict(5, 3)]).toEqual(['baking', 'rolling-back']);
    expect([verdict(16, 7), verdict(16, 8)]).toEqual(['baking', 'rolling-back']);
  });

  test('below the limit begin the bake again: its tasks stood is true', () => {
    const failed = looked(baking(), 9, { ...two, stoppedTasks: [fails('a', 8)] });
    expect(failed.because).toContain('the bake began again: one of its tasks failed');
    expect(looked(failed.record, 20.9, { ...two, stoppedTasks: [fails('a', 8)] }).kinds).toEqual(
      [],
    );
    const then = looked(failed.record, 21, { ...two, stoppedTasks: [fails('a', 8)] });
    expect(then.kinds).toEqual(['proven']);
    expect(then.record.rollbackCandidates[0]?.window?.to).toBe(at(18));
  });

  test('of the rollout do not make the bake longer', () => {
    const then = looked(baking(), 16, { ...two, stoppedTasks: [fails('a', 2)] });
    expect(then.kinds).toEqual(['proven']);
  });

  test('again and again, below the limit: a person is asked beside the bake', () => {
    const many = release({ rules: rules({ maxTaskFailures: 50 }) });
    let given = baking({ release: many });
    const kinds: string[] = [];
    for (let minute = 9; minute < 60; minute += 9) {
      const then = looked(given, minute, { ...two, stoppedTasks: [fails(`${minute}`, minute)] });
      kinds.push(...then.kinds);
      given = then.record;
    }
    expect(kinds).toEqual(['needs-attention']);
    expect(given.phase.phase).toBe('baking');
  });

  test('a hundred ordinary stops of other revisions beside them change nothing', () => {
    const others = Array.from({ length: 10 }, (_, i) => crashed(`o${i}`, 1));
    const mine = ['a', 'b', 'c'].map((id) => fails(id, 8));
    const then = looked(baking(), 9, { ...two, stoppedTasks: [...others, ...mine] });
    expect(then.standing).toBe('rolling-back');
  });

  test('are counted once, however often they are listed', () => {
    const twice = [fails('a', 8), fails('b', 8)];
    const first = looked(baking(), 9, { ...two, stoppedTasks: twice }).record;
    expect(looked(first, 10, { ...two, stoppedTasks: twice }).record.phase).toMatchObject({
      phase: 'baking',
      release: { evidence: { failed: 2 } },
    });
  });
});

describe('blame is narrow', () => {
  const sidecar = image(7, { repository: 'shop/proxy' });
  const both = release({ images: { app: image(2), sidecar }, rules: twoContainers() });
  const dead = ['a', 'b', 'c'].map((id) =>
    crashed(id, 2, {
      containers: [
        { name: 'app', exitCode: 137 },
        { name: 'sidecar', exitCode: 1 },
      ],
    }),
  );
  const given = baking(
    { release: both },
    { newest: { app: order(2), sidecar: order(7, { digest: sidecar.digest }) } },
  );

  test('when the evidence names a container, only its digest is quarantined', () => {
    const then = looked(given, 9, { ...two, stoppedTasks: dead });
    expect(then.record.quarantine.map(({ digest }) => digest)).toEqual([sidecar.digest]);
    expect(then.record.newest.app?.again).toBe(true);
    expect(then.record.newest.sidecar?.again).toBeUndefined();
  });

  test('the announcement says which digest, and what becomes of the other', () => {
    const gone = looked(given, 9, { ...two, stoppedTasks: dead }).record;
    const back = looked(gone, 12, {
      service: service(1, { primary: primary(1, { createdAt: at(10) }) }),
      rollouts: [rollout(1, { status: 'SUCCESSFUL', createdAt: at(10) })],
    });
    expect(back.kinds).toEqual(['rolled-back']);
    expect(back.told[0]?.next).toBe(
      'push a fix; shop/proxy:main-7 (sha256:000000000000) stays quarantined: if it was not to blame, lift that and deploy it by hand; shop/web:main-2 (sha256:000000000000) is not blamed and is offered again',
    );
  });

  test('an alarm names no container: all of the release is quarantined', () => {
    expect(when(given, rose(8)).record.quarantine).toHaveLength(2);
  });

  test('a container that somebody deployed, and that never stood, fails by itself', () => {
    const theirs = image(9, { repository: 'shop/proxy' });
    const sidecar = { containers: [{ name: 'sidecar', exitCode: 1 }] };
    const given = baking(
      { release: release({ rules: twoContainers() }) },
      {
        runs: {
          revision: revision(2),
          images: { app: image(2), sidecar: theirs },
          since: at(0) + 1_000,
        },
      },
    );
    const stoppedTasks = ['a', 'b', 'c'].map((id) => crashed(id, 2, sidecar));
    const then = looked(given, 9, { ...two, stoppedTasks });
    expect(then.record.phase).toMatchObject({ goal: 'back', condemned: { blamed: [] } });
    expect(then.record.quarantine).toEqual([]);
    expect(then.record.newest.app?.again).toBe('push');
    const ended = looked(then.record, 12, {
      service: service(1, { primary: primary(1, { createdAt: at(10) }) }),
    });
    expect(ended.told[0]).toMatchObject({ kind: 'rolled-back' });
    expect(ended.told[0]?.next).toContain(
      'main-2 (sha256:000000000000) is not blamed: deploy it by hand',
    );
    // The same sidecar was proven: then it is the release that it does not stand beside.
    const [stood] = given.rollbackCandidates;
    const proven = {
      ...given,
      rollbackCandidates:
        stood === undefined ? [] : [{ ...stood, images: { ...stood.images, sidecar: theirs } }],
    };
    expect(looked(proven, 9, { ...two, stoppedTasks }).record.quarantine).toHaveLength(1);
  });

  test('an image beside that ECR no longer has fails by itself, however long it stood', () => {
    const theirs = image(9, { repository: 'shop/proxy' });
    const images = { app: image(2), sidecar: theirs };
    const given = baking(
      { release: release({ rules: twoContainers() }) },
      {
        runs: { revision: revision(2), images, since: at(0) + 1_000 },
        rollbackCandidates: [candidate(1, { images: { ...images, app: image(1) } })],
      },
    );
    const notPulled = {
      stopCode: 'TaskFailedToStart',
      stoppedReason: 'CannotPullContainerError: pull image manifest has been retried 5 time(s)',
      containers: [{ name: 'app' }, { name: 'sidecar', reason: 'CannotPullContainerError: gone' }],
    };
    const stoppedTasks = ['a', 'b', 'c'].map((id) => crashed(id, 2, notPulled));
    const then = looked(given, 9, { ...two, stoppedTasks });
    expect(then.record.phase).toMatchObject({ goal: 'back', condemned: { blamed: [] } });
    expect(then.record.quarantine).toEqual([]);
  });

  test('nor does a failure of a container whose image is not new', () => {
    const old = release({ rules: twoContainers() });
    const then = looked(baking({ release: old }), 9, { ...two, stoppedTasks: dead });
    expect(then.record.quarantine.map(({ digest }) => digest)).toEqual([image(2).digest]);
  });
});

describe('task failures of a bake', () => {
  const tasks = ['a', 'b', 'c'].map((id) => crashed(id, 2));

  test('condemn within the bake too: a crash after success, with no alarm configured', () => {
    const bare = release({ rules: rules({ alarms: [] }) });
    const then = looked(baking({ release: bare }), 8, { ...two, stoppedTasks: tasks });
    expect(then.standing).toBe('rolling-back');
    expect(then.because).toContain('3 of its tasks failed');
  });

  test('of the release before are not blamed on this one, even by a stale look', () => {
    const old = ['a', 'b', 'c'].map((id) => crashed(id, 1));
    expect(looked(baking(), 8, { service: 1, stoppedTasks: old }).standing).toBe('baking');
  });
});

describe('desired count 0 proves nothing', () => {
  const none: ObservationChange = { service: service(2, { desired: 0, running: 0 }) };
  const empty = looked(baking(), 4, none);

  test.each([
    ['tasks are wanted and none runs yet', { desired: 2, running: 0 }],
    ['none is wanted and the last ones still run', { desired: 0, running: 2 }],
  ])('the bake has not begun while %s', (_, counts) => {
    const then = looked(empty.record, 64, { service: service(2, counts) });
    expect(then.because).toContain('nothing runs, so nothing is proven');
    expect(then.record.phase).toMatchObject({ phase: 'baking', empty: true, succeededAt: at(3) });
  });

  test('told once, and looked at rarely', () => {
    expect(empty.kinds).toEqual(['held']);
    expect(empty.record.observeAt).toBe(at(64));
    expect(looked(empty.record, 64, none).kinds).toEqual([]);
    expect(looked(empty.record, 64, none).standing).toBe('baking');
  });

  test('the bake begins when tasks run', () => {
    const then = looked(empty.record, 100, two);
    expect(then.record.phase).toMatchObject({ phase: 'baking', succeededAt: at(100) });
    expect(looked(then.record, 113, two).kinds).toEqual(['proven']);
  });

  test('an alarm that rises while nothing runs is nobody’s, heard or not', () => {
    expect(when(empty.record, rose(10)).standing).toBe('baking');
    const rises = { 'web-5xx': { state: 'known', rises: [rise(10)] } } as const;
    const runs = looked(empty.record, 100, { ...two, rises });
    expect(runs.standing).toBe('baking');
    expect(looked(runs.record, 113, { ...two, rises }).kinds).toEqual(['proven']);
  });

  test('one that rises since tasks run speaks against it; one that is red since before makes the bake wait', () => {
    const runs = looked(empty.record, 100, two);
    expect(when(runs.record, rose(101)).standing).toBe('rolling-back');
    const since = { ...two, alarms: { 'web-5xx': red(at(90)) } };
    expect(looked(runs.record, 113, since).standing).toBe('baking');
    expect(looked(runs.record, 113, since).kinds).toEqual([]);
  });

  test('a newer image need not wait for it', () => {
    const then = looked(when(empty.record, pushed(3)).record, 65, none);
    expect(then.kinds).toEqual(['superseded']);
    expect(then.standing).toBe('idle');
    expect(looked(then.record, 66, none).action?.type).toBe('RegisterRevision');
  });
});

describe('something else runs', () => {
  const foreign = service(9, { primary: primary(9, { createdAt: at(6) }) });

  test("somebody else's deployment ends the bake: left alone and watched", () => {
    const then = looked(baking(), 7, { service: foreign });
    expect(then.kinds).toEqual(['superseded']);
    expect(then.record.phase).toMatchObject({
      phase: 'baking',
      of: 'external',
      revision: revision(9),
    });
    expect(then.record.quarantine).toEqual([]);
  });

  test('a late call of ours goes again', () => {
    const given = baking({}, { requests: [{ revision: revision(9), at: at(3.5) }] });
    const then = looked(given, 7, { service: foreign });
    expect(then.record.phase).toMatchObject({
      phase: 'deploying',
      goal: 'back',
      condemned: { revision: revision(9) },
    });
  });

  test('an older deployment is a stale look', () => {
    expect(looked(baking(), 7, { service: 1 }).standing).toBe('baking');
  });
});

test('pushes wait through the bake', () => {
  const given = when(baking(), pushed(3)).record;
  expect(looked(given, 5, two).action).toBeUndefined();
  const proven = looked(given, 16, two).record;
  const seen = { ...two, definition: definition({ app: image(2) }, 2) };
  expect(looked(proven, 16, seen).action).toMatchObject({
    type: 'RegisterRevision',
    base: revision(2),
  });
});

test('a model that does nothing proves nothing: without a look no bake ends', () => {
  const given: TargetRecord = baking();
  expect(when(given, { type: 'Hinted', at: at(99), cause: 'x' }).record).toBe(given);
  expect([record().rollbackCandidates.length, observing().rollbackCandidates.length]).toEqual([
    1, 1,
  ]);
});
