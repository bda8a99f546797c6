/** What a look asks: all that the phase needs, and nothing more, since each answer is a call. */
import { describe, expect, test } from 'vitest';
import type { Question } from '../../shared/core/model/observation.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import { questionFor } from '../../shared/core/question.ts';
import {
  asked,
  asking,
  at,
  baking,
  CHOOSING,
  candidate,
  fresh,
  image,
  observing,
  record,
  registering,
  restoring,
  returning,
  revision,
  rolling,
  rules,
  STOPPING,
  scanRules,
  signatureRules,
  waiting,
} from '../build.ts';

const SIDECAR = { registry: image(1).registry, repository: 'shop/sidecar' };
const GATED = rules({ ...scanRules(), ...signatureRules() });

const CHECKED = { waysBack: { checkedAt: at(0) } };

test.each<[when: string, given: TargetRecord, minutes: number, keys: (keyof Question)[]]>([
  ['first', fresh(), 0, ['alarms', 'images']],
  ['at rest nothing but the service', record(CHECKED), 0, []],
  ['at rest, and its ways back were checked an hour ago', record(CHECKED), 60, ['waysBack']],
  ['in watch mode there is no way of ours', record({ rules: rules({ mode: 'watch' }) }), 0, []],
  ['asking, nothing but the service', asking({}, CHECKED), 0, []],
  ['an image waits', waiting(CHECKED), 0, ['alarms', 'definition', 'stop', 'waiting']],
  ['its scan counts, and nothing waits', record({ rules: GATED, ...CHECKED }), 0, []],
  [
    'an image waits, and its scan and signature count',
    waiting({ rules: GATED, ...CHECKED }),
    0,
    ['alarms', 'definition', 'scans', 'signatures', 'stop', 'waiting'],
  ],
  [
    'rolling, whatever counts before',
    rolling({}, { rules: GATED }),
    5,
    ['alarms', 'rollouts', 'stoppedTasks'],
  ],
  ['registering', registering(), 1, ['alarms', 'lostRevision', 'stop']],
  ['asked for', asked(), 1, ['alarms', 'rollouts', 'stoppedTasks']],
  ['deploying', rolling(), 5, ['alarms', 'rollouts', 'stoppedTasks']],
  ['baking', baking(), 5, ['alarms', 'stoppedTasks']],
  ['the bake is over, and not judged yet', baking(), 13, ['alarms', 'stoppedTasks']],
  ['its alarms have judged the whole bake', baking(), 16, ['alarms', 'rises', 'stoppedTasks']],
  [
    'and another container is ours, which the release did not bring',
    baking({}, { rules: rules({ containers: { ...rules().containers, sidecar: SIDECAR } }) }),
    16,
    ['alarms', 'images', 'rises', 'stoppedTasks'],
  ],
  [
    'an alarm waits to be dated by the beginning of the rollout',
    withRise(asked()),
    1,
    ['rollouts'],
  ],
  ['nothing runs', baking({ empty: true }), 13, ['alarms', 'stoppedTasks']],
  ['watching', observing(), 1, ['alarms', 'images', 'rises', 'stoppedTasks']],
  [
    'what ran before us has no history that counts',
    observing({ bakeMinutes: 0 }),
    1,
    ['alarms', 'images', 'stoppedTasks'],
  ],
  ['stopping', returning(STOPPING), 6, ['rollouts']],
  ['selecting', returning(CHOOSING), 6, ['rollbackTo']],
  ['no candidate is left', returning(CHOOSING, {}, { rollbackCandidates: [] }), 6, []],
  ['redeploying', returning(restoring()), 6, ['rollouts']],
  ['retired', record({ retired: true }), 0, []],
])('%s', (_, given, minutes, keys) => {
  expect(Object.keys(questionFor(given, at(minutes))).sort()).toEqual(keys);
});

describe('the values', () => {
  test('rollouts since two minutes before the first request: our clock is not that of AWS', () => {
    expect(questionFor(rolling(), at(5)).rollouts?.since).toBe(at(-2));
  });

  test('a rollout that is known spares a call', () => {
    expect(Object.values(questionFor(rolling(), at(5)).rollouts?.known ?? {})).toEqual([
      revision(2),
    ]);
    expect(questionFor(asked(), at(1)).rollouts?.known).toEqual({});
  });

  test('alarms that must clear are asked beside those of the config, each once', () => {
    const given = waiting({ alarmsToClear: ['p99', 'web-5xx'] });
    expect(questionFor(given, at(0)).alarms).toEqual(['web-5xx', 'p99']);
  });

  test('the history since the start of the rollout, not of the bake', () => {
    expect(questionFor(baking(), at(16)).rises).toEqual({
      alarms: ['web-5xx'],
      since: at(0) + 1_000,
    });
  });

  test('whether the images that wait are still in the registry', () => {
    expect(questionFor(waiting(), at(0)).waiting).toEqual([image(2)]);
  });

  test('the candidate that would be next', () => {
    expect(questionFor(returning(CHOOSING), at(6)).rollbackTo).toEqual(candidate(1));
  });
});

/** An alarm was heard before its rollout was found. */
function withRise(given: TargetRecord): TargetRecord {
  const { phase } = given;
  if (phase.phase !== 'deploying' || phase.goal !== 'forward')
    throw new Error('it is not on its way');
  const rises = [{ alarm: 'web-5xx', at: at(1), reason: '' }];
  const release = { ...phase.release, evidence: { ...phase.release.evidence, rises } };
  return { ...given, phase: { ...phase, release } };
}

/** ECS calls of a look: DescribeServices always, and those that its question needs. */
function ecsCalls(question: Question): number {
  const known = Object.keys(question.rollouts?.known ?? {}).length > 0;
  return (
    1 +
    (question.definition ? 1 : 0) +
    (question.images ? 1 : 0) +
    (question.rollouts ? (known ? 2 : 3) : 0) +
    (question.stoppedTasks ? 2 : 0) +
    (question.lostRevision ? 1 : 0) +
    (question.rollbackTo ? 1 : 0)
  );
}

describe('budgets', () => {
  test('from an image to UpdateService four ECS calls: two to look, Register, Update', () => {
    expect(ecsCalls(questionFor(waiting(), at(1))) + 2).toBe(4);
  });

  test('at rest a look is one ECS call and none to CloudWatch', () => {
    const question = questionFor(record(), at(1));
    expect(ecsCalls(question)).toBe(1);
    expect(question.alarms ?? []).toEqual([]);
  });

  test('from an alarm in the bake to UpdateService three ECS calls', () => {
    expect(ecsCalls(questionFor(returning(CHOOSING), at(6))) + 1).toBe(3);
  });
});
