/** What is watched: since when, by which alarms, for how long, and which rises were muted. */
import { describe, expect, test } from 'vitest';
import type { Observation } from '../../../shared/core/model/observation.ts';
import { ownRelease } from '../../../shared/core/model/record/phase.ts';
import type { Strategy } from '../../../shared/core/model/rules.ts';
import { attentionAt, slowestAlarm } from '../../../shared/core/release/bake-window.ts';
import { causeOfTask } from '../../../shared/core/release/cause/cause.ts';
import { doubtOf } from '../../../shared/core/release/doubt.ts';
import { alarmsToAskForMuting, rememberMuted } from '../../../shared/core/release/muting.ts';
import { openCandidates, restoreTag } from '../../../shared/core/release/rollback-candidates.ts';
import { watchedNow } from '../../../shared/core/release/watched.ts';
import { awaitedRelease } from '../../../shared/core/release/word.ts';
import {
  asked,
  at,
  attempt,
  baking,
  CHOOSING,
  candidate,
  condemned,
  crashed,
  digest,
  green,
  looked,
  record,
  red,
  registering,
  release,
  returning,
  revision,
  rise,
  rolling,
  rules,
  seen,
} from '../../build.ts';

describe('an alarm speaks against a release', () => {
  const from = (given: ReturnType<typeof rolling>) => watchedNow(given)?.window.from;
  const { rollout: _, ...unfound } = attempt();
  const late = { ...unfound, request: { ...unfound.request, at: at(3) } as never };

  test.each([
    ['since its rollout began', rolling(), at(0) + 1_000],
    [
      'until that is found, since two minutes before it was asked for',
      rolling({ attempt: late }),
      at(1),
    ],
    ['or since two minutes before it began', registering(), at(-2)],
  ])('%s', (_name, given, expected) => {
    expect(from(given)).toBe(expected);
  });
});

describe('a bake', () => {
  const of = (bakeMinutes: number, strategy?: Strategy) => {
    const given = rules({ bakeMinutes, ...(strategy && { strategy }) });
    const { phase } = baking({ release: release({ rules: given }) });
    if (phase.phase !== 'baking' || phase.of !== 'release') throw new Error('?');
    return attentionAt(phase);
  };

  test('that cannot be judged goes on for as long again, and at least for ten minutes', () => {
    expect([of(60), of(10), of(5)]).toEqual([at(126), at(26), at(21)]);
  });

  test('that is over when ECS says SUCCESSFUL asks nobody before the old tasks have stopped', () => {
    const shifted = (bakeMinutes: number): Strategy => ({ kind: 'blueGreen', bakeMinutes });
    expect([of(5, shifted(0)), of(5, shifted(30)), of(60, shifted(30))]).toEqual([
      at(21),
      at(43),
      at(126),
    ]);
  });

  test('is judged when the slowest of its alarms has', () => {
    const two = rules({ alarms: ['web-5xx', 'p99'] });
    const slowest = (alarms: Observation['alarms']) => slowestAlarm(two, alarms ? { alarms } : {});
    const slow = { ...green(), judgesInMs: 300_000 };
    expect(slowest({ 'web-5xx': slow, p99: green() })).toBe(300_000);
    expect(slowest({ 'web-5xx': green(), p99: slow })).toBe(300_000);
    expect(slowest({ 'web-5xx': green() })).toBeUndefined();
    expect(slowest({ 'web-5xx': green(), p99: { state: 'missing' } })).toBeUndefined();
    expect(slowest(undefined)).toBeUndefined();
  });
});

describe('whether an alarm was muted', () => {
  const evidence = { ...release().evidence, rises: [rise(2)] };
  const heard = rolling({ release: release({ evidence }) });
  const look = (change: Partial<Observation>) => ({ at: at(5), ...change }) as Observation;
  const RED = (minutes: number) => ({ alarms: { 'web-5xx': red(at(minutes)) } });

  test('is asked of rises that no event told, and that are in its window', () => {
    expect(alarmsToAskForMuting(heard, look(RED(2)))).toEqual([]);
    expect(alarmsToAskForMuting(heard, look(RED(3)))).toEqual(['web-5xx']);
    expect(alarmsToAskForMuting(heard, look(RED(-1)))).toEqual([]);
    const other = { ...evidence, rises: [rise(3, { alarm: 'p99' })] };
    const ofOther = rolling({ release: release({ evidence: other }) });
    expect(alarmsToAskForMuting(ofOther, look(RED(3)))).toEqual(['web-5xx']);
    expect(alarmsToAskForMuting(record(), look(RED(3)))).toEqual([]);
  });

  test('a rule mutes what rises after it was put, to the second', () => {
    const muted = (since: number) =>
      rememberMuted(heard, look({ ...RED(3), mutedSince: { 'web-5xx': since } })).mutedRises;
    expect(muted(at(3))).toEqual({ 'web-5xx': [at(3)] });
    expect(muted(at(3) + 999)).toEqual({ 'web-5xx': [at(3)] });
    expect(muted(at(3) + 1_000)).toBeUndefined();
  });

  test('is remembered once, also of an alarm that the config names no longer', () => {
    const old = rolling({ release: release({ rules: rules({ alarms: ['old'] }) }) });
    const seen = look({ alarms: { old: red(at(3)) }, mutedSince: { old: at(1) } });
    const once = rememberMuted(old, seen);
    expect(once.mutedRises).toEqual({ old: [at(3)] });
    expect(rememberMuted(once, seen)).toBe(once);
  });

  test('one that was red before the release and is muted does not make its bake longer', () => {
    const before = { service: 2, alarms: { 'web-5xx': red(at(-5)) } };
    const since = (given: ReturnType<typeof baking>) => {
      const own = ownRelease(looked(given, 5, before).record.phase);
      return own?.release.evidence.redBeforeAt;
    };
    expect(since(baking())).toBe(at(5));
    expect(since(baking({}, { mutedRises: { 'web-5xx': [at(-5)] } }))).toBeUndefined();
  });
});

test('why a history is not known is said, where it is known', () => {
  const doubt = (rises: Observation['rises']) =>
    doubtOf(baking(), ['web-5xx'], 'asked', {
      ...seen(baking(), 17, { service: 2 }),
      ...(rises ? { rises } : { rises: {} }),
    });
  expect(doubt({ 'web-5xx': { state: 'unknown', because: 'Throttling' } })).toBe(
    'the history of alarm web-5xx is unknown: Throttling',
  );
  expect(doubt(undefined)).toBe('the history of alarm web-5xx is unknown');
});

test('what ended by itself explains a task, and not what ECS ended after it', () => {
  const ended = (...codes: readonly number[]) =>
    causeOfTask(
      crashed('a', 2, {
        containers: codes.map((exitCode, n) => ({ name: `c${n}`, exitCode })),
      }),
    ).says;
  expect(ended(143, 1)).toBe('a container ended with exit code 1');
  expect(ended(137, 1)).toBe('a container ended with exit code 1');
  expect(ended(0, 143)).toBe('a container ended with exit code 143');
});

test('a way back goes to what is neither condemned nor was skipped, and its copy is named for the release', () => {
  const { phase, ...rest } = returning(CHOOSING, {
    skipped: [{ revision: revision(3), because: 'gone' }],
  });
  if (phase.phase !== 'deploying' || phase.goal !== 'back') throw new Error('?');
  const given = { ...rest, phase, rollbackCandidates: [candidate(3), candidate(2), candidate(1)] };
  expect(openCandidates(given, phase)).toEqual([candidate(1)]);
  expect(restoreTag(given, phase)).toBe('ecs/production/web/2/return-0');
  const { release: _, ...nameless } = condemned();
  expect(restoreTag(given, { ...phase, condemned: nameless })).toBe('ecs/production/web/return-0');
});

test('who asked for a release by hand is known when its word is awaited', () => {
  const word = {
    before: 'traffic',
    minutes: 60,
    otherwise: 'rollback',
    asked: { id: '00-x', digests: [digest(2)], since: at(0), until: at(60) },
  } as const;
  const awaited = (change: object) =>
    awaitedRelease(asked({ phase: of({ word, ...change }) as never }));
  const of = (change: object) => ({ ...rolling({ release: release(change) }).phase });
  expect(awaited({ by: 'ada', sender: 'AROA:ada' })).toMatchObject({
    by: 'ada',
    senders: ['AROA:ada'],
  });
  expect(awaited({})).toMatchObject({ by: 'a push', senders: [] });
  expect(awaited({ word: { ...word, given: { at: at(1), because: 'fine' } } })).toBeUndefined();
});
