/** Could it roll back now, and to what: what a person's word would lead to. */
import { describe, expect, test } from 'vitest';
import { couldReturn } from '../../../shared/core/explain/can-roll-back.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  at,
  baking,
  CHOOSING,
  candidate,
  fresh,
  image,
  person,
  record,
  registering,
  returning,
  revision,
  rolling,
  rules,
  when,
} from '../../build.ts';

const LADDER = [candidate(2), candidate(1)];
const runsTwo = (change: Partial<TargetRecord> = {}) =>
  record({
    rollbackCandidates: LADDER,
    runs: { revision: revision(2), images: { app: image(2) }, since: at(-60) },
    ...change,
  });

test('to the newest proven release that does not run', () => {
  expect(couldReturn(runsTwo(), at(1))).toEqual({ possible: true, candidate: candidate(1) });
});

test.each([
  ['deploying', rolling()],
  ['rolling, not asked yet', registering()],
  ['baking', baking()],
])('while a release is %s: to what ran before', (_, given) => {
  expect(couldReturn(given, at(1))).toEqual({ possible: true, candidate: candidate(1) });
});

test('to the one that a person chose', () => {
  const given = runsTwo({ rollbackCandidates: [...LADDER, candidate(0)] });
  expect(couldReturn(given, at(1), { to: candidate(0).release })).toEqual({
    possible: true,
    candidate: candidate(0),
  });
});

test('in watch mode, too, it says where', () => {
  const given = runsTwo({ rules: rules({ mode: 'watch' }) });
  expect(couldReturn(given, at(1))).toMatchObject({ possible: true });
});

describe('not', () => {
  test('where nothing else is proven, with what runs', () => {
    expect(couldReturn(record(), at(1))).toEqual({
      possible: false,
      because: expect.stringMatching(
        /^the only proven release runs already: shop\/web:main-1 .*, web:1$/,
      ),
    });
  });

  test('while a first release bakes: it is the only one that is known', () => {
    expect(couldReturn(baking({}, { rollbackCandidates: [] }), at(4))).toEqual({
      possible: false,
      because: 'no other release is proven',
    });
  });

  test('where IAM would refuse it, with the reason', () => {
    const forbidden = [{ revision: revision(1), because: 'it may not pass role/web' }];
    const waysBack = { checkedAt: at(0), forbidden };
    expect(couldReturn(runsTwo({ waysBack }), at(1))).toEqual({
      possible: false,
      because: 'ecs/production/web/1: it may not pass role/web',
    });
  });

  test('while a rollback is on its way', () => {
    expect(couldReturn(returning(CHOOSING), at(6))).toEqual({
      possible: false,
      because: 'a rollback is on its way already',
    });
  });

  test('before the first look', () => {
    const given = fresh();
    expect(couldReturn(given, at(1))).toEqual({
      possible: false,
      because: 'the target is new',
    });
  });

  test('when every place that is left is gone, each with its reason', () => {
    const gone = [
      { revision: revision(1), because: 'web:1 was deregistered', gone: true as const },
    ];
    expect(couldReturn(runsTwo(), at(1), { gone })).toEqual({
      possible: false,
      because: 'web:1 was deregistered',
    });
  });
});

test('it is what a person’s word leads to, and asking changes nothing', () => {
  const given = runsTwo();
  const answer = couldReturn(given, at(1));
  const asked = when(given, person({ do: 'rollback' })).record;
  expect(asked.phase).toMatchObject({
    phase: 'deploying',
    goal: 'back',
    step: { step: 'selecting' },
  });
  expect(answer).toMatchObject({
    possible: true,
    candidate: { release: asked.rollbackCandidates[0]?.release },
  });
  expect(given).toEqual(runsTwo());
});
