/** What a look asks: all that the phase needs, and nothing more, since each answer is a call. */
import { describe, expect, test } from 'vitest';
import { defined } from '../../shared/core/model/defined.ts';
import type { Question } from '../../shared/core/model/observation.ts';
import { externalOf } from '../../shared/core/model/record/phase.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import type { Rules } from '../../shared/core/model/rules.ts';
import { isAnswered, questionFor } from '../../shared/core/question.ts';
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
  release,
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

const REQUEST = {
  at: at(0),
  observation: 'look-0',
  lastAt: at(0),
  count: 1,
  ecsRollsBack: true,
} as const;
const DEFERRED = { ...REQUEST, deferred: { at: at(0), because: 'Throttling', carriedOut: 'no' } };
const FOUND = { arn: 'rollout-2', serviceRevision: 'service-revision-2', createdAt: at(0) };
const SHIFTS: (keyof Question)[] = ['alarms', 'rollouts', 'stoppedTasks', 'weights'];
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
  [
    'nothing runs, when its bake would be over',
    baking({ empty: true }),
    17,
    ['alarms', 'stoppedTasks'],
  ],
  [
    'in the bake, what another container runs need not be known yet',
    baking({}, { rules: rules({ containers: { ...rules().containers, sidecar: SIDECAR } }) }),
    5,
    ['alarms', 'stoppedTasks'],
  ],
  ['an alarm that is dated', withRise(rolling()), 1, ['alarms', 'rollouts', 'stoppedTasks']],
  ['an alarm before ECS was asked', withRise(registering()), 1, ['alarms', 'lostRevision', 'stop']],
  ['nobody has begun to register', withAttempt({ register: undefined }), 1, ['alarms', 'stop']],
  ['it is registered', withAttempt({ revision: revision(2) }), 1, ['alarms', 'stop']],
  [
    'AWS put it off: before it is asked again, the gates are',
    withAttempt({ request: DEFERRED }),
    1,
    ['alarms', 'rollouts', 'stop', 'stoppedTasks'],
  ],
  [
    'it shifts traffic, and its rollout is found',
    shifts({ rollout: FOUND }),
    1,
    [...SHIFTS, 'shift'],
  ],
  ['and while it is not', shifts({}), 1, SHIFTS],
  ['its migration runs', migrates({ task: 'task-7' }), 1, ['alarms', 'migration', 'stop']],
  ['ECS has not said that it does', migrates({}), 1, ['alarms', 'stop']],
  ['it has ended', migrates({ task: 'task-7', succeededAt: at(1) }), 1, ['alarms', 'stop']],
  ['watching', observing(), 1, ['alarms', 'images', 'rises', 'stoppedSince', 'stoppedTasks']],
  [
    'what ran before us has no history that counts',
    observing({ bakeMinutes: 0 }),
    1,
    ['alarms', 'images', 'stoppedSince', 'stoppedTasks'],
  ],
  ['stopping', returning(STOPPING), 6, ['rollouts']],
  ['selecting', returning(CHOOSING), 6, ['rollbackTo']],
  ['no candidate is left', returning(CHOOSING, {}, { rollbackCandidates: [] }), 6, []],
  ['redeploying', returning(restoring()), 6, ['rollouts']],
  ['retired', record({ retired: true }), 0, []],
])('%s', (_, given, minutes, keys) => {
  expect(Object.keys(questionFor(given, at(minutes))).sort()).toEqual([...keys].sort());
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
    const first = { ...given, rollbackCandidates: [] };
    expect(questionFor(first, at(0)).alarms).toEqual(['web-5xx', 'p99']);
  });

  test('the history since the start of the rollout, not of the bake', () => {
    expect(questionFor(baking(), at(16)).rises).toEqual({
      alarms: ['web-5xx'],
      since: at(0) + 1_000,
    });
  });

  test('tasks of the revision that is on its way, and of no other', () => {
    expect(questionFor(rolling(), at(5)).stoppedTasks).toBe(revision(2));
    expect(questionFor(baking(), at(5)).stoppedTasks).toBe(revision(2));
  });

  test('tasks that had stopped before somebody deployed their revision again speak against nobody', () => {
    const given = observing();
    expect(questionFor(given, at(5)).stoppedSince).toBe(externalOf(given.phase)?.createdAt);
  });

  test('whether the images that wait are still in the registry', () => {
    expect(questionFor(waiting(), at(0)).waiting).toEqual([image(2)]);
  });

  test('the candidate that would be next', () => {
    expect(questionFor(returning(CHOOSING), at(6)).rollbackTo).toEqual(candidate(1));
  });
});

/** Of release 2, on its way, what was done for it so far. */
function withAttempt(change: object, how: Partial<Rules> = {}): TargetRecord {
  const { phase, ...rest } = registering();
  if (phase.phase !== 'deploying' || phase.goal !== 'forward') throw new Error('?');
  const attempt = defined({ ...phase.attempt, ...change });
  return { ...rest, phase: { ...phase, release: release({ rules: rules(how) }), attempt } };
}

function shifts(change: object): TargetRecord {
  return withAttempt(
    { revision: revision(2), request: REQUEST, ...change },
    { strategy: { kind: 'blueGreen', bakeMinutes: 5 } },
  );
}

function migrates(change: object): TargetRecord {
  const run = { at: at(0), lastAt: at(0), observation: 'look-0', ...change };
  const migration = { command: ['migrate'], container: 'app', minutes: 5 };
  return withAttempt({ revision: revision(2), migration: run }, { migration });
}

describe('what was asked is enough', () => {
  const enough = (wanted: Question, given: Question) => isAnswered(wanted, given);

  test('when it has everything that is wanted, whatever else', () => {
    expect(enough({ stop: true }, { stop: true, alarms: [] })).toBe(true);
    expect(enough({ stop: true, alarms: [] }, { stop: true })).toBe(false);
    expect(enough({}, { stop: true })).toBe(true);
  });

  test('and of the candidate only when it is the same one', () => {
    const to = (n: number): Question => ({ rollbackTo: candidate(n) });
    expect([enough(to(1), to(1)), enough(to(1), to(2)), enough(to(1), {})]).toEqual([
      true,
      false,
      false,
    ]);
    expect(enough({ stop: true }, { stop: true, ...to(2) })).toBe(true);
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
