/** Each rule with its answer: the same that `decide` comes to, for it asks the same functions. */
import { describe, expect, test } from 'vitest';
import { explain } from '../../../shared/core/explain/explain.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import {
  asked,
  asking,
  at,
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
  restoring,
  returning,
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
          /^no alarm rose since it started, and its tasks stand: 3 tasks failed/,
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
      'it is retired',
      record({ retired: true }),
      1,
      {},
      ['the config names this target: it is retired'],
    ],
  ])('%s', (_, given, minutes, look, expected) => {
    expect(noes(given, minutes, look)).toEqual(expected);
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
