/** Register, then ask, each written down before the call: what happens when answers get lost. */
import { describe, expect, test } from 'vitest';
import type { RolloutStatus } from '../../../shared/core/model/observation.ts';
import { ownRelease } from '../../../shared/core/model/record/phase.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  asked,
  at,
  digest,
  image,
  looked,
  order,
  person,
  primary,
  pushed,
  red,
  registering,
  revision,
  rollout,
  seen,
  service,
  waiting,
  when,
} from '../../build.ts';

const askOf = ({ phase }: TargetRecord) => ownRelease(phase)?.attempt.request;

test('the whole way: register, ask, and the look before Register also serves Update', () => {
  const look = seen(waiting(), 1);
  const begun = when(waiting(), { type: 'Observed', observation: look });
  expect(begun.action?.type).toBe('RegisterRevision');
  const registered = when(begun.record, {
    type: 'RevisionRegistered',
    at: at(1),
    revision: revision(2),
  });
  const askedFor = when(registered.record, { type: 'Observed', observation: look });
  expect(askedFor.action).toMatchObject({ type: 'StartRollout', revision: revision(2) });
  expect(askOf(askedFor.record)).toMatchObject({ at: at(1), observation: look.id, count: 1 });
  const answered = when(askedFor.record, {
    type: 'RolloutAccepted',
    at: at(1),
    revision: revision(2),
    requestedAt: at(1),
  });
  expect(answered.kinds).toEqual(['started']);
});

describe('a lost answer to Register', () => {
  test('only the handler whose look decided to register registers', () => {
    const begun = looked(waiting(), 1);
    expect(looked(begun.record, 1.5).action).toBeUndefined();
  });

  test('a later look searches by the tag before anybody registers again', () => {
    const given = registering();
    expect(seen(given, 1).question.lostRevision).toEqual({
      base: revision(1),
      release: 'ecs/production/web/2',
    });
    const then = looked(given, 1, { lostRevision: { found: revision(2) } });
    expect(then.action).toMatchObject({ type: 'StartRollout', revision: revision(2) });
  });

  test('it registers again only when a look a minute later finds nothing', () => {
    expect(looked(registering(), 0.9).action).toBeUndefined();
    expect(looked(registering(), 1).action?.type).toBe('RegisterRevision');
  });

  test('it gives up after the time of a rollout', () => {
    const then = looked(registering(), 31);
    expect(then.kinds).toEqual(['failed']);
    expect(then.standing).toBe('needs-attention');
  });

  test("a loser of the write uses the winner's revision: the second one is not taken", () => {
    const winner = { type: 'RevisionRegistered', at: at(1), revision: revision(2) } as const;
    const loser = { ...winner, revision: revision(3) };
    const then = when(when(registering(), winner).record, loser);
    expect(then.record.phase).toMatchObject({ attempt: { revision: revision(2) } });
  });
});

describe('a lost answer to Update', () => {
  const given = asked();

  test.each<RolloutStatus>(['PENDING', 'IN_PROGRESS', 'STOP_REQUESTED', 'ROLLBACK_REQUESTED'])(
    'a rollout that is found %s is ours, and is not asked for again',
    (status) => {
      const then = looked(given, 1, { rollouts: [rollout(2, { status })] });
      expect(then.record.phase).toMatchObject({
        phase: 'deploying',
        attempt: { rollout: { arn: rollout(2).arn } },
      });
      expect(then.action).toBeUndefined();
    },
  );

  test('one that the breaker has rolled back already failed, and is not started again', () => {
    const back = rollout(2, { status: 'ROLLBACK_SUCCESSFUL', rolledBackTo: revision(1) });
    const then = looked(given, 1, { rollouts: [back] });
    expect(then.kinds).toEqual(['rolled-back']);
    expect(then.action).toBeUndefined();
  });

  test('one that succeeded meanwhile bakes', () => {
    const done = rollout(2, { status: 'SUCCESSFUL', finishedAt: at(3) });
    expect(looked(given, 4, { service: 2, rollouts: [done] }).standing).toBe('baking');
  });

  test('a rollout from before we asked is not ours', () => {
    const old = rollout(2, { createdAt: at(-3) });
    expect(looked(given, 1, { rollouts: [old] }).because).toContain('no rollout of ours yet');
  });

  test("it is ours though AWS's clock is two minutes behind", () => {
    const early = rollout(2, { createdAt: at(-2) });
    expect(looked(given, 1, { rollouts: [early] }).record.phase).toMatchObject({
      attempt: { rollout: { createdAt: at(-2) } },
    });
  });

  test('it asks again only when two looks a minute apart find none, and three times at most', () => {
    const first = looked(given, 1);
    expect(first.action).toBeUndefined();
    expect(looked(first.record, 1.9).action).toBeUndefined();
    const second = looked(first.record, 2);
    expect(second.action?.type).toBe('StartRollout');
    expect(askOf(second.record)).toMatchObject({ at: at(0), lastAt: at(2), count: 2 });
    const third = looked(looked(second.record, 3).record, 4);
    expect(askOf(third.record)?.count).toBe(3);
    const end = looked(looked(third.record, 5).record, 6);
    expect(end.kinds).toEqual(['failed']);
    expect(end.action).toBeUndefined();
  });

  test('while the service names the revision already, only the list lags: nothing is asked', () => {
    const lagging = { service: 2 };
    const then = looked(looked(given, 1, lagging).record, 5, lagging);
    expect(then.action).toBeUndefined();
    expect(then.standing).toBe('deploying');
  });

  test('the window begins with the first request, however often it is repeated', () => {
    const again = looked(looked(given, 1).record, 2).record;
    expect(seen(again, 3).question.rollouts?.since).toBe(at(-2));
  });
});

describe('every request is written down before it is made', () => {
  test('askedAt and the revision stand in the record that is saved before the call', () => {
    const then = looked(registering(), 1, { lostRevision: { found: revision(2) } });
    expect(then.action?.type).toBe('StartRollout');
    expect(then.record.requests[0]).toEqual({ revision: revision(2), at: at(1) });
    expect(then.record.actedAt).toBe(at(1));
  });

  test('a look of somebody else makes no call', () => {
    const then = looked(asked(), 1);
    expect(then.action).toBeUndefined();
  });
});

describe('somebody deploys before we asked', () => {
  const foreign = { service: service(9, { primary: primary(9, { createdAt: at(0.5) }) }) };

  test('the image waits again, and theirs is watched', () => {
    const then = looked(registering(), 1, foreign);
    expect(then.record.phase).toMatchObject({
      phase: 'baking',
      of: 'external',
      revision: revision(9),
    });
    expect(then.record.waiting.app?.image).toEqual(image(2));
    expect(then.kinds).toEqual(['superseded']);
    expect(then.action).toBeUndefined();
  });

  test('the image keeps its place in the order: over theirs, which was pushed later, it does not start', () => {
    const given = registering({ newest: { app: order(2, { pushedAt: at(-2) }) } });
    const waits = looked(given, 1, foreign).record;
    expect(waits.waiting.app?.order).toEqual(order(2, { pushedAt: at(-2) }));
    const pushedAt = { app: at(0) };
    const theirs = service(9, { primary: { ...primary(9, { createdAt: at(0.5) }), pushedAt } });
    const then = looked(waits, 2, { service: theirs });
    expect([then.kinds, then.record.waiting]).toEqual([['refused'], {}]);
    expect(then.told[0]?.because).toContain('which somebody deployed meanwhile');
  });

  test('what a person deploys has no place in the order, and waits', () => {
    const given = registering({ newest: { app: order(2) } });
    const { phase } = given;
    if (phase.phase !== 'deploying' || phase.goal !== 'forward') throw new Error('it rolls out');
    const meant = { ...given, phase: { ...phase, release: { ...phase.release, by: 'ana' } } };
    expect(looked(meant, 1, foreign).record.waiting.app?.order).toBeUndefined();
  });

  test('seconds before a request that AWS did not take: its image waits again, and does not replace theirs', () => {
    const deferred = when(asked(), {
      type: 'CallDeferred',
      at: at(1),
      action: 'StartRollout',
      code: 'ThrottlingException',
      message: 'Rate exceeded',
      carriedOut: 'no',
    }).record;
    const theirs = { service: service(9, { primary: primary(9, { createdAt: at(-0.1) }) }) };
    const lists = [rollout(9, { status: 'SUCCESSFUL', createdAt: at(-0.1) })];
    const then = looked(deferred, 5, { ...theirs, rollouts: lists });
    expect(then.record.phase).toMatchObject({ of: 'external', revision: revision(9) });
    expect(then.record.waiting.app?.image).toEqual(image(2));
    expect(then.action).toBeUndefined();
    // Where nobody did, it is asked again.
    expect(looked(deferred, 5).action?.type).toBe('StartRollout');
  });

  test('seconds before a request that was lost: it is not made again over theirs', () => {
    const theirs = {
      service: service(9, { primary: primary(9, { createdAt: at(-0.1) }) }),
      rollouts: [rollout(9, { status: 'SUCCESSFUL', createdAt: at(-0.1) })],
    };
    // One look that finds nothing of ours may come too early.
    const first = looked(asked(), 1, theirs);
    expect([first.standing, first.action]).toEqual(['deploying', undefined]);
    const then = looked(first.record, 2, theirs);
    expect(then.record.phase).toMatchObject({ of: 'external', revision: revision(9) });
    expect(then.record.waiting.app?.image).toEqual(image(2));
    expect([then.kinds, then.action]).toEqual([['superseded'], undefined]);
  });

  test('a newer image that waits keeps its place, and the older one is told', () => {
    const given = when(registering(), pushed(3)).record;
    const then = looked(given, 1, foreign);
    expect(then.record.waiting.app?.image).toEqual(image(3));
    expect(then.told.map(({ images }) => images)).toContainEqual({ app: image(2) });
  });

  test('an older deployment, seen by a stale look, is no reason to go back', () => {
    const stale = { service: service(9, { primary: primary(9, { createdAt: at(-100) }) }) };
    const given = registering({
      runs: { revision: revision(1), images: { app: image(1) }, since: at(0) },
    });
    expect(looked(given, 1, stale).standing).toBe('deploying');
  });
});

describe('AWS refuses', () => {
  const refused = (action: 'RegisterRevision' | 'StartRollout', code = 'ClientException') =>
    ({ type: 'CallRefused', at: at(1), action, code, message: 'no' }) as const;

  test.each(['RegisterRevision', 'StartRollout'] as const)(
    '%s: the release failed, and the next one may come',
    (action) => {
      const then = when(asked(), refused(action));
      expect(then.kinds).toEqual(['failed']);
      expect(then.standing).toBe('needs-attention');
      expect(then.told[0]?.because).toContain('ClientException: no');
      expect(looked(when(then.record, pushed(3)).record, 2).action?.type).toBe('RegisterRevision');
    },
  );
});

test('ECS may return by itself only where its last completed deployment is proven', () => {
  const ask = (given: TargetRecord, change = {}) =>
    askOf(looked(given, 1, { lostRevision: { found: revision(2) }, ...change }).record)
      ?.ecsRollsBack;
  expect(ask(registering())).toBe(true);
  expect(ask(registering({ rollbackCandidates: [] }))).toBe(false);
  const busy = service(1, { primary: primary(1, { rolloutState: 'IN_PROGRESS' }) });
  expect(ask(registering(), { service: busy })).toBe(false);
});

describe('the gates are asked again right before ECS is', () => {
  const found = { lostRevision: { found: revision(2) } };
  const stop = { by: 'ada', because: 'incident', since: at(1) };

  test.each([
    ['a hold of the target', when(registering(), person({ do: 'hold' })).record, {}],
    ['a hold of the account', registering(), { stop }],
    ['an alarm that went red since', registering(), { alarms: { 'web-5xx': red(at(10)) } }],
  ] as const)('%s: the release waits again, and is told so', (_, given, change) => {
    const then = looked(given, 20, { ...found, ...change });
    expect(then.action).toBeUndefined();
    expect(then.kinds).toEqual(['held']);
    expect(then.standing).toBe('idle');
    expect(then.record.waiting.app?.image.digest).toBe(digest(2));
    expect(then.record.requests).toEqual([]);
  });

  test('and before it is asked once more, when AWS did not take it', () => {
    const deferred = when(asked(), {
      type: 'CallDeferred',
      at: at(1),
      action: 'StartRollout',
      code: 'ThrottlingException',
      message: 'Rate exceeded',
      carriedOut: 'no',
    }).record;
    expect(looked(deferred, 2).action?.type).toBe('StartRollout');
    const then = looked(deferred, 2, { stop });
    expect(then.kinds).toEqual(['held']);
    expect(then.record.waiting.app?.image.digest).toBe(digest(2));
  });

  test('what it was let past at its start holds it no more', () => {
    const then = looked(registering(), 20, { ...found, alarms: { 'web-5xx': red(at(-10)) } });
    expect(then.action?.type).toBe('StartRollout');
  });
});
