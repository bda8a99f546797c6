/**
 * What must always hold, shown on values: each sentence by an example, and the safe ones on random
 * walks through everything that the decision table knows.
 */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decide } from '../../shared/core/decide.ts';
import { intendedCall } from '../../shared/core/intended-call.ts';
import type { Event } from '../../shared/core/model/event.ts';
import type { RolloutStatus } from '../../shared/core/model/observation.ts';
import { backOf, ownRelease } from '../../shared/core/model/record/phase.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import { standingOf } from '../../shared/core/model/standing.ts';
import {
  asked,
  at,
  baking,
  CHOOSING,
  candidate,
  crashed,
  digest,
  fresh,
  image,
  looked,
  type ObservationChange,
  order,
  person,
  primary,
  pushed,
  record,
  red,
  returning,
  revision,
  rolling,
  rollout,
  rose,
  rules,
  STOPPING,
  seen,
  service,
  waiting,
  when,
} from '../build.ts';

test('1. two rollouts that we started are never in flight on purpose: a push waits', () => {
  const given = when(rolling(), pushed(3)).record;
  expect(looked(given, 2, { rollouts: [rollout(2)] }).action).toBeUndefined();
});

test('1. and if a late call makes it so, the next look ends it', () => {
  const given = rolling({}, { requests: [{ revision: revision(7), at: at(0) }] });
  const both = [rollout(7, { createdAt: at(2) }), rollout(2)];
  const then = looked(given, 3, { service: 7, rollouts: both });
  expect(then.action).toMatchObject({ type: 'StartRollout', revision: revision(2) });
});

describe('2. no decision made after a quarantine starts that digest', () => {
  const given = record({ quarantine: [{ digest: digest(2), at: at(0) }], newest: {} });
  test('offered by an event', () => {
    expect(when(given, pushed(2)).record.waiting).toEqual({});
  });
  test('asked for by a person', () => {
    const word = person({ do: 'deploy', images: { app: image(2) } });
    expect(when(given, word).record.waiting).toEqual({});
  });
  test('waiting already', () => {
    const then = looked(waiting({ quarantine: given.quarantine }), 1);
    expect(then.action).toBeUndefined();
    expect(then.kinds).toEqual(['refused']);
  });
  test('on the rollbackCandidates: a condemned digest takes its candidates with it', () => {
    const then = when(rolling({}, { rollbackCandidates: [candidate(2), candidate(1)] }), rose(2));
    expect(then.record.rollbackCandidates.map((one) => one.revision)).toEqual([revision(1)]);
  });
  test('if a late call does, the next look removes it', () => {
    const late = record({ requests: [{ revision: revision(2), at: at(0) }] });
    expect(looked(late, 1, { service: 2 }).standing).toBe('rolling-back');
  });
});

test('3. a rollback goes to a proven release, or stops and asks; never to "the previous number"', () => {
  const proven = returning(CHOOSING, {}, { rollbackCandidates: [candidate(7)] });
  expect(looked(proven, 6, { service: 2 }).action).toMatchObject({ revision: revision(7) });
  const none = returning(CHOOSING, {}, { rollbackCandidates: [] });
  expect(looked(none, 6, { service: 2 }).kinds).toEqual(['needs-attention']);
});

test('5. an older push never replaces a newer one', () => {
  const given = record({ newest: { app: order(5) } });
  expect(when(given, pushed(4)).record.waiting).toEqual({});
  expect(when(given, pushed(6)).record.waiting.app?.image).toEqual(image(6));
});

test('6. a rolled-back release is never called a success', () => {
  const condemned = when(baking(), rose(6)).record;
  const steps = [
    looked(condemned, 13, { service: 2 }),
    looked(condemned, 13, { service: 1 }),
    looked(condemned, 100, { service: 2 }),
  ];
  for (const step of steps) expect(step.kinds).not.toContain('proven');
  expect(looked(baking(), 16, { service: 2 }).kinds).toEqual(['proven']);
});

test('7. an alarm that rose before a release started never rolls that release back', () => {
  const alarms = { 'web-5xx': red(at(-1)) };
  expect(when(rolling(), rose(-1)).standing).toBe('deploying');
  expect(looked(rolling(), 2, { rollouts: [rollout(2)], alarms }).action).toBeUndefined();
  const inside = { 'web-5xx': red(at(1)) };
  expect(looked(rolling(), 2, { rollouts: [rollout(2)], alarms: inside }).action?.type).toBe(
    'StopRollout',
  );
});

test('8. a rollback is asked for within one handling of the alarm, or tick asks', () => {
  const heard = when(rolling(), rose(2)).record;
  expect(looked(heard, 3, { rollouts: [rollout(2)] }).action?.type).toBe('StopRollout');
  expect(heard.observeAt).toBeLessThanOrEqual(at(2.5));
  const cannot = looked(when(asked(), rose(2)).record, 3, { rollouts: [] });
  expect(cannot.record.observeAt).toBe(at(4));
});

test('9. a release that changes nothing registers no revision and starts no rollout', () => {
  const same = waiting({
    waiting: { app: { image: image(1), order: order(2), since: at(0) } },
  });
  const then = looked(same, 1);
  expect(then.action).toBeUndefined();
  expect(then.record.releases).toBe(1);
});

test('10. what we do not own is never changed', () => {
  const mine = service(1, { desired: 7, deploymentConfiguration: { maximumPercent: 133, new: 1 } });
  const given = asked({ phase: { ...asked().phase } });
  const action = intendedCall(given, { ...seen(given, 1, { service: mine }), id: 'look-0' });
  expect(action).toMatchObject({ deploymentConfiguration: { maximumPercent: 133, new: 1 } });
  expect(JSON.stringify(action)).not.toContain('desired');
});

/** Somewhere in the life of a target, and what may be seen or heard next. */
const START: readonly TargetRecord[] = [
  record(),
  waiting(),
  rolling(),
  asked(),
  baking(),
  returning(STOPPING),
  returning(CHOOSING, {}, { rollbackCandidates: [candidate(1), candidate(30)] }),
  fresh({ rollbackCandidates: [] }),
];

const STATUSES: readonly RolloutStatus[] = [
  'PENDING',
  'IN_PROGRESS',
  'SUCCESSFUL',
  'STOP_REQUESTED',
  'STOPPED',
  'ROLLBACK_REQUESTED',
  'ROLLBACK_IN_PROGRESS',
  'ROLLBACK_SUCCESSFUL',
  'ROLLBACK_FAILED',
];

type Deed = (given: TargetRecord, minute: number) => Event;

const n = fc.integer({ min: 1, max: 9 });
const hears: fc.Arbitrary<Deed> = fc.oneof(
  n.map(
    (i): Deed =>
      (_, minute) =>
        pushed(i, { at: at(minute) }),
  ),
  fc.tuple(fc.integer({ min: -10, max: 10 }), fc.boolean()).map(
    ([ago, muted]): Deed =>
      (_, minute) =>
        rose(minute - ago, { at: at(minute), muted }),
  ),
  fc
    .constantFrom<Parameters<typeof person>[0]>(
      { do: 'hold' },
      { do: 'resume' },
      { do: 'rollback' },
      { do: 'unquarantine', digest: digest(2) },
      { do: 'deploy', images: { app: image(3) } },
    )
    .map(
      (ask): Deed =>
        (_, minute) =>
          person(ask, { at: at(minute), id: `word-${minute}` }),
    ),
  n.map(
    (i): Deed =>
      (_, minute) => ({ type: 'RevisionRegistered', at: at(minute), revision: revision(i) }),
  ),
  fc.constantFrom('AccessDeniedException', 'ConflictException', 'InvalidParameterException').map(
    (code): Deed =>
      (_, minute) => ({
        type: 'CallRefused',
        at: at(minute),
        action: 'StartRollout',
        code,
        message: '',
      }),
  ),
  fc.constant<Deed>((_, minute) => ({
    type: 'Configured',
    at: at(minute),
    id: 'web',
    rules: rules(),
  })),
);

const looks: fc.Arbitrary<Deed> = fc
  .record({
    runs: n,
    state: fc.constantFrom('COMPLETED', 'IN_PROGRESS', 'FAILED'),
    running: fc.constantFrom(0, 1, 2),
    deployments: fc.constantFrom(1, 1, 1, 2),
    ago: fc.integer({ min: 0, max: 20 }),
    status: fc.constantFrom(...STATUSES),
    back: fc.option(n, { nil: undefined }),
    isRed: fc.boolean(),
    tasks: fc.integer({ min: 0, max: 3 }),
    gone: fc.constantFrom(false, false, false, true),
    missing: fc.constantFrom(false, false, false, false, true),
  })
  .map(
    (w): Deed =>
      (given, minute) => {
        const created = at(minute - w.ago);
        const deployment = primary(w.runs, {
          createdAt: created,
          rolloutState: w.state as 'COMPLETED',
        });
        const { question } = seen(given, minute);
        const rungSeen = question.rollbackTo && {
          candidate: w.gone
            ? ({
                state: 'gone',
                revision: question.rollbackTo.revision,
                because: 'deleted',
              } as const)
            : ({ state: 'usable', revision: question.rollbackTo.revision } as const),
        };
        const change: ObservationChange = {
          service: w.missing
            ? 'missing'
            : service(w.runs, {
                primary: deployment,
                running: w.running,
                deployments: w.deployments,
              }),
          ...(question.rollouts && {
            rollouts: [
              rollout(w.runs, {
                arn: `rollout-${w.runs}-${minute - w.ago}`,
                createdAt: created,
                status: w.status,
                ...(w.back === undefined ? {} : { rolledBackTo: revision(w.back) }),
              }),
            ],
          }),
          ...(question.alarms && w.isRed && { alarms: { 'web-5xx': red(created) } }),
          ...(question.stoppedTasks && {
            stoppedTasks: Array.from({ length: w.tasks }, (_, i) =>
              crashed(`${minute}-${i}`, w.runs),
            ),
          }),
          ...rungSeen,
        };
        return {
          type: 'Observed',
          observation: { ...seen(given, minute, change), id: `look-${minute}` },
        };
      },
  );

/** All goes well: what should run, runs. */
const calm: fc.Arbitrary<Deed> = fc.constant<Deed>((given, minute) => {
  const { phase } = given;
  const step = backOf(phase)?.step;
  const way = step?.step === 'selecting' ? undefined : step;
  const attempt = (ownRelease(phase) ?? way)?.attempt;
  const arn = attempt?.revision ?? given.runs?.revision ?? revision(1);
  const runs = Number(arn.slice(arn.lastIndexOf(':') + 1));
  const createdAt = attempt?.request?.lastAt ?? given.runs?.since ?? at(0);
  const done = rollout(runs, {
    arn: `rollout-${runs}-${createdAt}`,
    createdAt,
    status: 'SUCCESSFUL',
    finishedAt: createdAt + 1,
  });
  const { question } = seen(given, minute);
  const change: ObservationChange = {
    service: service(runs, { primary: primary(runs, { createdAt }) }),
    ...(question.rollouts && { rollouts: [done] }),
  };
  return {
    type: 'Observed',
    observation: { ...seen(given, minute, change), id: `look-${minute}` },
  };
});

const walks = fc.record({
  start: fc.constantFrom(...START),
  deeds: fc.array(
    fc.oneof(
      { arbitrary: looks, weight: 2 },
      { arbitrary: hears, weight: 2 },
      { arbitrary: calm, weight: 4 },
    ),
    {
      minLength: 1,
      maxLength: 40,
    },
  ),
});

/** Objects that must not change: decisions are made of values. */
function frozen<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const part of Object.values(value)) frozen(part);
  }
  return value;
}

describe('on random walks', () => {
  function walk(check: (before: TargetRecord, event: Event, after: TargetRecord) => void) {
    fc.assert(
      fc.property(walks, ({ start, deeds }) => {
        let given = frozen(start);
        for (const [i, deed] of deeds.entries()) {
          const event = frozen(deed(given, 5 + i * 2));
          const after = frozen(decide(given, event).record);
          check(given, event, after);
          given = after;
        }
      }),
      { numRuns: 400, seed: 42 },
    );
  }

  test('decide changes nothing that it was given, never throws, and says why', () => {
    walk((before, event) => {
      expect(decide(before, event).because).not.toBe('');
      expect(decide(before, event)).toEqual(decide(before, event));
    });
  });

  test('2. what we ask for holds no quarantined digest', () => {
    walk((before, _, after) => {
      const [newest] = after.requests;
      if (newest === undefined || newest === before.requests[0]) return;
      const step = backOf(after.phase)?.step;
      const images =
        ownRelease(after.phase)?.release.images ??
        (step?.step === 'redeploying' ? step.candidate.images : {});
      const digests = Object.values(images).map((one) => one.digest);
      expect(digests).not.toEqual([]);
      for (const one of after.quarantine) expect(digests).not.toContain(one.digest);
    });
  });

  test('2. no candidate holds a quarantined digest, and no revision stands on two', () => {
    walk((_, __, after) => {
      const bad = after.quarantine.map((one) => one.digest);
      for (const { images } of after.rollbackCandidates) {
        for (const one of Object.values(images)) expect(bad).not.toContain(one.digest);
      }
      const revisions = after.rollbackCandidates.map((one) => one.revision);
      expect(new Set(revisions).size).toBe(revisions.length);
    });
  });

  test('3. what we restore is a candidate, and what we bring back stands on the rollbackCandidates', () => {
    walk((before, _, after) => {
      const step = backOf(after.phase)?.step;
      if (step?.step === 'redeploying') {
        const { release } = step.candidate;
        const was = backOf(before.phase)?.step;
        const known = was?.step === 'redeploying' ? [was.candidate.release] : [];
        expect([...known, ...before.rollbackCandidates.map((one) => one.release)]).toContain(
          release,
        );
      }
    });
  });

  test('6. proven is said of a release that was baking, and never of one that was condemned', () => {
    walk((before, _, after) => {
      for (const { kind, release } of after.outbox.announcements.slice(
        before.outbox.announcements.length,
      )) {
        if (kind !== 'proven') continue;
        expect(['deploying', 'baking']).toContain(standingOf(before));
        const ended = before.outbox.announcements.filter((one) => one.release === release);
        expect(ended.map((one) => one.kind)).not.toContain('rolled-back');
      }
    });
  });

  test('6. a release that leaves its phase is announced or on its way back', () => {
    walk((before, _, after) => {
      const own = ownRelease(before.phase);
      if (own === undefined) return;
      if (ownRelease(after.phase) !== undefined || backOf(after.phase) !== undefined) return;
      const { id, images } = own.release;
      const told = after.outbox.announcements
        .slice(before.outbox.announcements.length)
        .some((one) => one.release === id);
      const waits = Object.entries(images).every(
        ([name, one]) => after.waiting[name]?.image.digest === one.digest,
      );
      expect(told || waits).toBe(true);
    });
  });

  test('8. what is on its way is looked at again', () => {
    walk((_, event, after) => {
      const quiet = ['idle', 'needs-attention', 'retired'].includes(standingOf(after));
      if (event.type === 'Observed' && !quiet) expect(after.observeAt).toBeDefined();
      if (!quiet && event.type !== 'Observed' && event.type !== 'Configured') {
        expect(after.observeAt ?? at(0)).toBeDefined();
      }
    });
  });

  test('5. the place of what was accepted only rises', () => {
    walk((before, _, after) => {
      const [was, is] = [before.newest.app, after.newest.app];
      if (was !== undefined) expect(is?.pushedAt).toBeGreaterThanOrEqual(was.pushedAt);
    });
  });

  test('every list keeps its bound', () => {
    walk((_, __, after) => {
      expect(after.rollbackCandidates.length).toBeLessThanOrEqual(10);
      for (const list of [
        after.requests,
        after.condemnedRevisions,
        after.finishedRollouts,
        after.handledCommands,
      ]) {
        expect(list.length).toBeLessThanOrEqual(10);
      }
    });
  });

  test('and they reach every phase: a walk that stands still proves nothing', () => {
    const reached = new Set<string>();
    const kinds = new Set<string>();
    walk((_, __, after) => {
      const back = backOf(after.phase);
      reached.add(back === undefined ? standingOf(after) : `rolling-back ${back.step.step}`);
      for (const { kind } of after.outbox.announcements) kinds.add(kind);
    });
    expect([...reached].sort()).toEqual([
      'baking',
      'deploying',
      'idle',
      'needs-attention',
      'new',
      'rolling-back redeploying',
      'rolling-back selecting',
      'rolling-back stopping',
      'watching',
    ]);
    for (const kind of [
      'proven',
      'rolled-back',
      'failed',
      'needs-attention',
      'held',
      'superseded',
    ]) {
      expect([...kinds]).toContain(kind);
    }
  });
});
