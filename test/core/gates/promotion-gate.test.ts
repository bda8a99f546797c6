/** After another target: an image starts by itself when that one has proven the same digest, and stood by it. */
import { describe, expect, test } from 'vitest';
import { proofOf } from '../../../shared/core/gates/proof.ts';
import type { Proof } from '../../../shared/core/model/observation.ts';
import { questionFor } from '../../../shared/core/question.ts';
import {
  at,
  baking,
  candidate,
  digest,
  image,
  looked,
  order,
  pushed,
  record,
  registering,
  revision,
  rolling,
  rules,
  waiting,
  when,
} from '../../build.ts';

const STAGING = { id: 'web-staging', key: 'ecs/staging/web' } as const;
const comesAfter = (soakMinutes = 0) => ({
  rules: rules({ after: { targets: [STAGING], soakMinutes } }),
});
const saying = (proof: Proof, n = 2) => ({ proofs: { 'web-staging': { [digest(n)]: proof } } });
const PROVEN = { state: 'proven', at: at(-5) } as const;
const TRIAL = saying({ state: 'trial' });

/** Looked at one minute after its push. */
const then = (proof: Proof, soakMinutes = 0) =>
  looked(waiting(comesAfter(soakMinutes)), 1, saying(proof));

describe('what waits for its proof elsewhere', () => {
  test('is asked about', () => {
    expect(questionFor(waiting(comesAfter()), at(1)).proofs).toEqual({
      targets: [STAGING],
      images: [image(2)],
    });
    expect(questionFor(waiting(), at(1)).proofs).toBeUndefined();
  });

  test.each<[rule: string, proof: Proof, because: string]>([
    ['was never heard of there', { state: 'absent' }, 'has not begun in web-staging'],
    ['waits there itself', { state: 'absent', newest: order(2) }, 'has not begun in web-staging'],
    ['is on trial there', { state: 'trial' }, 'is on its way in web-staging, and not proven yet'],
  ])(
    'is held when it %s, and told how it goes on and how a person goes through',
    (_, proof, why) => {
      const { told, action } = then(proof);
      expect(action).toBeUndefined();
      expect(told).toMatchObject([
        {
          kind: 'held',
          because: expect.stringContaining(why),
          next: 'it starts by itself when web-staging has proven it; if it cannot wait, deploy it by hand: that is not held',
        },
      ]);
    },
  );

  test('is held while nobody knows, and a proof that is not known is no proof', () => {
    const { told, action } = then({ state: 'unknown', because: 'the role cannot be taken on' });
    expect(action).toBeUndefined();
    expect(told).toMatchObject([
      {
        kind: 'held',
        because:
          'nobody knows whether web-staging has proven shop/web:main-2 (sha256:000000000000): the role cannot be taken on',
        next: 'it starts by itself when that can be read, and web-staging has proven it; if it cannot wait, deploy it by hand: that is not held',
      },
    ]);
  });

  test('starts when it is proven there', () => {
    expect(then(PROVEN).action).toMatchObject({
      type: 'RegisterRevision',
      images: { app: image(2) },
    });
  });

  test('must have stood there for its soak, to the minute', () => {
    // Proven at 9:55, and 30 minutes later it may go on.
    const soaking = then(PROVEN, 30);
    expect(soaking.told[0]?.because).toContain('web-staging has proven shop/web:main-2');
    expect(soaking.told[0]?.because).toContain('it must stand there until 10:25');
    const trial = then({ state: 'trial' }, 30).told[0]?.next;
    expect(trial).toContain('when web-staging has proven it, and 30 minutes later');
    expect(then({ state: 'trial' }).told[0]?.next).toMatch(/when web-staging has proven it;/);
    expect(looked(soaking.record, 24, saying(PROVEN)).action).toBeUndefined();
    expect(looked(soaking.record, 25, saying(PROVEN)).action?.type).toBe('RegisterRevision');
  });

  test('is refused when it went back there', () => {
    const { kinds, told, record: left } = then({ state: 'condemned' });
    expect(kinds).toEqual(['refused']);
    expect(told[0]?.because).toContain('is quarantined in web-staging');
    expect(left.waiting).toEqual({});
  });

  test('makes way when a newer one took its place there, which is no verdict on it', () => {
    const { kinds, record: left } = then({ state: 'absent', newest: order(3) });
    expect(kinds).toEqual(['superseded']);
    expect(left.waiting).toEqual({});
    expect(when(left, pushed(3)).record.waiting.app?.image).toEqual(image(3));
  });

  test('is not asked for a word before', () => {
    const approvals = {
      commands: [],
      minutes: 60,
      release: { before: 'start', minutes: 240, otherwise: 'rollback' },
    } as const;
    const given = waiting({ rules: { ...comesAfter().rules, approvals } });
    expect(looked(given, 1, TRIAL).record.startWord).toBeUndefined();
    expect(looked(given, 1, saying(PROVEN)).record.startWord).toBeDefined();
  });
});

describe('a newer push', () => {
  test('takes the place of what has not begun there', () => {
    const held = then({ state: 'absent' }).record;
    expect(when(held, pushed(3)).record.waiting.app?.image).toEqual(image(3));
  });

  test('does not take the place of what is on trial there: nothing would ever come through', () => {
    const held = then({ state: 'trial' }).record;
    const newer = when(held, pushed(3));
    expect(newer.record.waiting).toEqual(held.waiting);
    expect(newer.kinds).toEqual([]);
    // The sweep offers it when the place is free.
    const started = looked(newer.record, 3, saying(PROVEN)).record;
    const swept = when(started, { ...pushed(3), heardFrom: 'sweep' as const });
    expect(swept.record.waiting.app?.image).toEqual(image(3));
  });
});

test('what a person deploys does not wait for another target', () => {
  const given = waiting({
    ...comesAfter(),
    waiting: { app: { image: image(2), order: order(2), since: at(0), by: 'ada' } },
  });
  const nothing = looked(given, 1, saying({ state: 'absent', newest: order(3) }));
  expect(nothing.action?.type).toBe('RegisterRevision');
  expect(looked(given, 1, saying({ state: 'condemned' })).action?.type).toBe('RegisterRevision');
});

test('nothing starts by a look that did not ask', () => {
  const given = looked(waiting(comesAfter()), 1);
  expect(given.action).toBeUndefined();
  expect(given.because).toBe('the next look asks what a start needs to know');
});

test('a release carries neither its promotion nor its freeze: they were asked before its start', () => {
  const { phase } = then(PROVEN).record;
  if (phase.phase !== 'deploying' || phase.goal !== 'forward') throw new Error('another phase');
  expect(phase.release.rules).not.toHaveProperty('after');
  expect(phase.release.rules).not.toHaveProperty('freeze');
});

test('a release that has begun is not asked for its proof again', () => {
  const found = { lostRevision: { found: revision(2) } };
  expect(looked(registering(comesAfter()), 2, found).action?.type).toBe('StartRollout');
});

test.each<[rule: string, upstream: Parameters<typeof proofOf>[0], n: number, proof: Proof]>([
  ['nothing, of a target that nobody looked at', undefined, 2, { state: 'absent' }],
  ['nothing, of an image that waits', waiting(), 2, { state: 'absent', newest: order(2) }],
  ['trial, while it is rolled out', rolling(), 2, { state: 'trial' }],
  ['trial, while it bakes', baking(), 2, { state: 'trial' }],
  [
    'proven, and since when',
    record({ rollbackCandidates: [candidate(2, { provenAt: at(-7) }), candidate(1)] }),
    2,
    { state: 'proven', at: at(-7) },
  ],
  [
    'condemned, whatever it was before',
    record({
      rollbackCandidates: [candidate(2)],
      quarantine: [{ digest: digest(2), at: at(-1) }],
    }),
    2,
    { state: 'condemned' },
  ],
])('its record says %s', (_, upstream, n, proof) => {
  expect(proofOf(upstream, image(n))).toEqual(proof);
});

test('what another repository was offered there does not pass it over', () => {
  const upstream = waiting();
  expect(proofOf(upstream, image(1, { repository: 'shop/other', digest: digest(9) }))).toEqual({
    state: 'absent',
  });
});
