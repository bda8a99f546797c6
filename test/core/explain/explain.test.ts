/** Each rule with its answer: the same that `decide` comes to, for it asks the same functions. */
import { describe, expect, test } from 'vitest';
import { explain } from '../../../shared/core/explain/explain.ts';
import type { Judged } from '../../../shared/core/model/observation.ts';
import type { MigrationRun } from '../../../shared/core/model/record/release.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  asked,
  asking,
  at,
  attempt,
  baking,
  CHOOSING,
  crashed,
  definition,
  digest,
  image,
  looked,
  type ObservationChange,
  observing,
  primary,
  record,
  red,
  registering,
  release,
  restoring,
  returning,
  revision,
  rise,
  rolling,
  rollout,
  rules,
  STOPPING,
  scanned,
  scanRules,
  seen,
  service,
  signatureRules,
  twoContainers,
  waiting,
} from '../../build.ts';

const answers = (given: TargetRecord, minutes: number, change: ObservationChange = {}) =>
  explain(given, seen(given, minutes, change));
const noes = (given: TargetRecord, minutes: number, change: ObservationChange = {}) =>
  answers(given, minutes, change)
    .filter(({ verdict }) => verdict === 'no')
    .map(({ rule, because }) => `${rule}: ${because}`);

const STOP = { by: 'ada', because: 'black friday', since: at(-10) };
const RESTORING = restoring() as Extract<ReturnType<typeof restoring>, { step: 'redeploying' }>;
/** web:7 was asked for by a call of ours that was given up. */
const LATE = {
  requests: [{ revision: revision(7), at: at(0) }],
  condemnedRevisions: [{ revision: revision(7), digests: [digest(7)] }],
};
const RUN: MigrationRun = { at: at(1), lastAt: at(1), observation: 'look-1' };
const RED = { alarms: { 'web-5xx': red(at(-5)) } };

describe('an image that waits', () => {
  test('starts when every rule says yes', () => {
    expect(noes(waiting(), 1)).toEqual([]);
    expect(looked(waiting(), 1).action?.type).toBe('RegisterRevision');
  });

  test.each<[closed: string, change: Partial<TargetRecord>, seen: ObservationChange]>([
    ['nobody has stopped the account', {}, { stop: STOP }],
    ['nobody holds this target', { hold: STOP }, {}],
    ['announcements are delivered', {}, { undelivered: 16 }],
    [
      'no other container runs a quarantined image',
      { rules: twoContainers(), quarantine: [{ digest: digest(5), at: at(0) }] },
      { definition: definition({ app: image(1), sidecar: image(5) }) },
    ],
    [
      'the scan lets it through',
      { rules: rules(scanRules()) },
      { scans: { [digest(2)]: { state: 'pending', because: 'it is queued' } } },
    ],
    [
      'its signature is good',
      { rules: rules(signatureRules()) },
      { signatures: { [digest(2)]: { state: 'unsigned', because: 'there is none' } } },
    ],
    ['the alarms of the last release are OK', { alarmsToClear: ['web-5xx'] }, RED],
    ['no red alarm keeps it from being guarded', {}, RED],
  ])('is held where this rule says no, for the same reason: %s', (closed, change, look) => {
    const given = waiting(change);
    const { because } = looked(given, 1, look);
    const no = answers(given, 1, look).find(({ verdict }) => verdict === 'no');
    expect(no?.rule).toBe(closed);
    expect(because).toBe(`held: ${no?.because}`);
  });

  test.each<
    [rule: string, change: Partial<TargetRecord>, seen: ObservationChange, because: string]
  >([
    [
      'shop/web:main-2 (sha256:000000000000) can start in container "app"',
      { rules: rules(scanRules()) },
      { scans: { [digest(2)]: scanned(['CVE-1', 'CRITICAL']) } },
      'found 1 finding above MEDIUM: CVE-1 CRITICAL',
    ],
    [
      'shop/web:main-2 (sha256:000000000000) can start in container "app"',
      {},
      { waiting: { [digest(2)]: 'missing' } },
      'is no longer in ECR',
    ],
    [
      "nobody's deployment is in flight",
      {},
      { service: service(1, { deployments: 2, primary: primary(1, { createdAt: at(0) }) }) },
      'it is waited for, not superseded',
    ],
    ['what was left running, runs', {}, { service: 8 }, 'somebody else deployed web:8'],
    ['it may act', { rules: rules({ mode: 'watch' }) }, {}, 'watch mode: nothing is changed'],
  ])('does not start where this rule says no: %s', (rule, change, look, because) => {
    const given = waiting(change);
    expect(looked(given, 1, look).action).toBeUndefined();
    const no = answers(given, 1, look).find((one) => one.rule === rule);
    expect(no).toMatchObject({ verdict: 'no', because: expect.stringContaining(because) });
  });

  test('each rule answers yes where the look asked all of them', () => {
    const all = answers(waiting(), 1);
    expect(all.filter(({ verdict }) => verdict !== 'yes')).toEqual([]);
    expect(all.map(({ rule }) => rule)).toContain('no red alarm keeps it from being guarded');
  });

  test('what a person deploys starts under a red alarm, and nothing but alarms gives way', () => {
    const { app } = waiting().waiting;
    const byHand = waiting({ waiting: app ? { app: { ...app, by: 'ada' } } : {}, hold: STOP });
    const of = (name: string) => answers(byHand, 1, RED).find(({ rule }) => rule === name);
    expect(of('no red alarm keeps it from being guarded')).toMatchObject({
      verdict: 'yes',
      because: expect.stringContaining('; what a person asked for starts all the same'),
    });
    expect(of('nobody holds this target')?.verdict).toBe('no');
    expect(noes(waiting(), 1, RED)).toHaveLength(1);
  });

  test('what the look did not ask is unknown, not yes', () => {
    const given = waiting();
    const { alarms: _, ...blind } = seen(given, 1);
    const scan = explain(given, blind).find(({ rule }) => rule === 'the scan lets it through');
    expect(scan).toEqual({
      rule: 'the scan lets it through',
      verdict: 'unknown',
      because: 'the next look asks',
    });
  });
});

describe('each phase', () => {
  test.each<
    [about: string, given: TargetRecord, minutes: number, look: ObservationChange, noes: unknown]
  >([
    ['at rest nothing waits', record(), 1, {}, ['an image waits: nothing is to be done']],
    [
      'a service that is gone ends the questions',
      waiting(),
      1,
      { service: 'missing' },
      ['the service exists, and ECS drives it: ECS knows no service "web" in cluster "production"'],
    ],
    [
      'a person is asked',
      asking(),
      1,
      {},
      ['no person is asked: nothing to return to', 'an image waits: nothing is to be done'],
    ],
    [
      'nothing is registered yet',
      registering(),
      1,
      {},
      ['its revision is registered: RegisterTaskDefinition comes first'],
    ],
    ['ECS lists nothing yet', asked(), 1, {}, ['ECS lists its rollout: not yet']],
    [
      'ECS works on it',
      rolling(),
      1,
      { service: 2, rollouts: [rollout(2)] },
      ['ECS calls it SUCCESSFUL: ECS says IN_PROGRESS'],
    ],
    [
      'an alarm rose in a rollout',
      rolling(),
      2,
      { service: 2, rollouts: [rollout(2)], alarms: { 'web-5xx': red(at(1)) } },
      [
        'no alarm rose since it started, and its tasks stand: alarm web-5xx rose at 10:01:00 UTC: 30 was greater than the threshold (5)',
        'ECS calls it SUCCESSFUL: ECS says IN_PROGRESS',
      ],
    ],
    [
      'a rollout that takes too long',
      rolling(),
      31,
      { service: 2, rollouts: [rollout(2)] },
      [
        'ECS goes on with it, for 30 minutes at most: it did not finish within 30 minutes (ECS says IN_PROGRESS)',
        'ECS calls it SUCCESSFUL: ECS says IN_PROGRESS',
      ],
    ],
    [
      'its bake goes on',
      baking(),
      5,
      { service: 2 },
      [
        'it is watched for 10 minutes: its bake ends at 10:13:00 UTC',
        'its alarms have judged all of that time: metrics come late: they have by 10:16:00 UTC',
      ],
    ],
    ['its bake is over, and nothing speaks against it', baking(), 17, { service: 2 }, []],
    [
      'three tasks failed in the bake',
      baking(),
      17,
      { service: 2, stoppedTasks: ['a', 'b', 'c'].map((id) => crashed(id, 2)) },
      [
        expect.stringMatching(
          /^no alarm rose since it started, and its tasks stand: 3 of its tasks failed/,
        ),
        'it is watched for 10 minutes: its bake ends at 10:27:00 UTC',
        'its alarms have judged all of that time: metrics come late: they have by 10:30:00 UTC',
      ],
    ],
    [
      "somebody else's deployment is watched",
      observing(),
      1,
      { service: service(9) },
      [expect.stringMatching(/^it is watched for 10 minutes: until 10:/)],
    ],
    [
      'ECS is asked to return, and has not begun',
      returning(STOPPING),
      6,
      {},
      ['ECS lists its rollout: not yet'],
    ],
    ['the newest candidate is sought', returning(CHOOSING), 6, { service: 2 }, []],
    [
      'no candidate is left',
      returning(CHOOSING, {}, { rollbackCandidates: [] }),
      6,
      { service: 2 },
      ['a proven release is left to return to: there is no proven release to return to'],
    ],
    [
      'the candidate cannot be started again',
      returning(CHOOSING),
      6,
      {
        service: 2,
        rollbackTo: {
          state: 'gone',
          revision: record().rollbackCandidates[0]?.revision as never,
          because: 'it was deregistered',
        },
      },
      ['ecs/production/web/1 can be started again: it was deregistered'],
    ],
    [
      'our rollback is overdue',
      returning(restoring()),
      21,
      { service: 2, rollouts: [rollout(1, { createdAt: at(5) })] },
      ['it takes at most 15 minutes: the next way is tried'],
    ],
    [
      'our rollback is not asked for yet',
      returning({ ...RESTORING, attempt: { ...RESTORING.attempt, request: undefined as never } }),
      6,
      { service: 2 },
      ['ECS was asked for it: UpdateService comes next'],
    ],
    [
      'our rollback is followed',
      returning(RESTORING),
      6,
      { service: 2 },
      ['ECS lists its rollout: not yet'],
    ],
    [
      'two rollbacks of ours did not end it',
      returning(CHOOSING, { started: 2 }),
      6,
      { service: 2 },
      [expect.stringMatching(/^a proven release is left to return to: /)],
    ],
    [
      'it is retired',
      record({ retired: true }),
      1,
      {},
      ['the config names this target: it is retired'],
    ],
  ])('%s', (_, given, minutes, look, expected) => {
    expect(noes(given, minutes, look)).toEqual(expected);
  });

  test('at rest nothing else is asked: no gate is told that nothing stands before', () => {
    expect(answers(record(), 1).map(({ rule }) => rule)).toEqual([
      'the service exists, and ECS drives it',
      'what was left running, runs',
      'an image waits',
    ]);
  });

  test('a freeze is told at rest, too', () => {
    const freeze = { timeZone: 'UTC', windows: [{ from: '09:00', to: '12:00', because: 'sale' }] };
    const given = record({ rules: rules({ freeze: freeze as never }) });
    expect(noes(given, 1).map((said) => said.split(':')[0])).toContain(
      'no freeze of the config is on',
    );
  });

  test.each<[who: string, given: TargetRecord, n: number]>([
    ['somebody else’s', baking(), 8],
    ['one that was proven', baking(), 1],
    ['of a late call of ours', baking({}, LATE), 7],
    ['somebody else’s, where that of another is watched', observing(), 8],
  ])('whose is what runs stands first in a bake: %s', (_, given, n) => {
    const change = { service: service(n, { primary: primary(n, { createdAt: at(4) }) }) };
    const [, first] = answers(given, 5, change);
    expect(first).toMatchObject({ verdict: 'no', because: `web:${n} runs` });
    expect(answers(baking(), 5, { service: 2 })[1]).toEqual({
      rule: 'it is what runs',
      verdict: 'yes',
    });
  });

  test('of a bake, what is asked last is unknown until the rest holds, and then answered', () => {
    const doubt = (minutes: number) =>
      answers(baking(), minutes, { service: 2 }).find(
        ({ rule }) => rule === 'nothing about it is in doubt',
      );
    expect(doubt(5)).toEqual({
      rule: 'nothing about it is in doubt',
      verdict: 'unknown',
      because: 'asked when those before it hold',
    });
    expect(doubt(17)?.verdict).toBe('yes');
    const few = { service: service(2, { running: 1 }) };
    const last = answers(baking(), 17, few).filter(({ verdict }) => verdict !== 'yes');
    expect(last.map(({ rule, verdict }) => [rule, verdict])).toEqual([
      ['nothing about it is in doubt', 'no'],
      ['its alarms had data', 'unknown'],
    ]);
  });

  test.each<[ran: MigrationRun | undefined, verdict: string, because: string]>([
    [undefined, 'no', 'RunTask comes next, when no gate is closed'],
    [RUN, 'no', 'ECS was asked to run it'],
    [{ ...RUN, task: 'task-7' }, 'no', 'it runs: task-7'],
    [{ ...RUN, task: 'task-7', succeededAt: at(2) }, 'yes', 'at 10:02:00 UTC'],
  ])('how far the migration before a rollout has come: %j', (ran, verdict, because) => {
    const migration = { command: ['migrate'], container: 'app', minutes: 5 };
    const { request: _, rollout: __, ...ready } = attempt(ran && { migration: ran });
    const phase = { release: release({ rules: rules({ migration }) }), attempt: ready };
    const of = answers(rolling(phase), 3).filter(({ rule }) => rule.includes('migration'));
    expect(of).toEqual([{ rule: 'its migration has ended well', verdict, because }]);
  });

  test.each<
    [mode: 'watch' | 'act' | undefined, state: Judged['state'] | undefined, wanted: unknown]
  >([
    [undefined, 'condemned', undefined],
    ['act', undefined, ['unknown', 'the judge has not looked at it yet']],
    ['act', 'harmless', ['yes', 'the judge at 10:04:00 UTC: harmless: of 550, 0 failed']],
    ['act', 'condemned', ['no', 'the judge at 10:04:00 UTC: condemned: of 550, 0 failed']],
    ['act', 'waiting', ['unknown', 'the judge at 10:04:00 UTC: waiting: of 550, 0 failed']],
    ['watch', 'alone', ['no', 'the judge at 10:04:00 UTC: alone: of 550, 0 failed']],
  ])('what the judge has said, where it was asked: %s, %s', (judge, state, wanted) => {
    const judged = state && { state, because: 'of 550, 0 failed', at: at(4), since: at(4) };
    const evidence = { rises: [], failures: [], failed: 0, ...(judged && { judged }) };
    const bound = release({ rules: rules(judge && { judge }), evidence });
    const said = answers(baking({ release: bound }), 5, { service: 2 }).find(({ rule }) =>
      rule.startsWith('it does not fail more than what ran before'),
    );
    expect(said && [said.verdict, said.because]).toEqual(wanted);
    expect(said?.rule.endsWith('(it only watches)') ?? false).toBe(judge === 'watch');
  });

  test('what a stop of the account closes is told at rest, too', () => {
    expect(noes(record(), 1, { stop: STOP })).toContain(
      'nobody has stopped the account: ada holds all targets of this account: black friday',
    );
  });

  test('a rise that does not count is no reason', () => {
    const before = { rises: { 'web-5xx': { state: 'known', rises: [rise(-30)] } } } as const;
    expect(noes(baking(), 17, { service: 2, ...before })).toEqual([]);
  });
});
