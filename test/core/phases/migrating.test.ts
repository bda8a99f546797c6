/** The one-off task of a release: asked for once, waited for, and what it leads to. */
import { describe, expect, test } from 'vitest';
import type { ObservedTask } from '../../../shared/core/model/observation.ts';
import type { Attempt, MigrationRun } from '../../../shared/core/model/record/release.ts';
import type { TargetRecord } from '../../../shared/core/model/record/target-record.ts';
import { at, attempt, looked, registering, release, revision, rules, when } from '../../build.ts';

const TASK = 'arn:aws:ecs:eu-central-1:123456789012:task/production/0a1b2c3d';
const WITH = rules({
  migration: { command: ['npm', 'run', 'migrate'], container: 'app', minutes: 15 },
});
const ASKED: MigrationRun = { at: at(1), lastAt: at(1), observation: 'look-1' };
const RUNS: MigrationRun = { ...ASKED, task: TASK };

/** Registered; with a migration that has come so far. */
function registered(migration?: MigrationRun, other: Partial<TargetRecord> = {}): TargetRecord {
  const { request: _, rollout: __, ...bare } = attempt();
  const next: Attempt = { ...bare, ...(migration && { migration }) };
  return registering({
    rules: WITH,
    phase: {
      phase: 'deploying',
      goal: 'forward',
      release: release({ rules: WITH }),
      attempt: next,
    },
    ...other,
  });
}
const runOf = ({ phase }: TargetRecord) =>
  phase.phase === 'deploying' && phase.goal === 'forward' ? phase.attempt.migration : undefined;
const look = (record: TargetRecord, minutes: number, migration?: ObservedTask) =>
  looked(record, minutes, migration && { migration });
const stopped = (seen: Partial<Extract<ObservedTask, { state: 'stopped' }>>): ObservedTask => ({
  state: 'stopped',
  ...seen,
});

describe('it is run by the new revision, before the rollout', () => {
  test('written down before the call, with a token of the release', () => {
    const then = look(registered(), 1);
    expect(then.because).toBe('runs its migration: `npm run migrate`');
    expect(runOf(then.record)).toEqual(ASKED);
    expect(then.action).toEqual({
      type: 'RunMigration',
      revision: revision(2),
      container: 'app',
      command: ['npm', 'run', 'migrate'],
      token: `ecs/production/web/2/${at(0).toString(36)}`,
    });
  });

  test('no other handler makes the call, and another look waits', () => {
    const then = look(registered(ASKED), 1.5);
    expect([then.action, then.because]).toEqual([undefined, 'ECS was asked to run its migration']);
  });

  test('not while somebody holds the target', () => {
    const hold = { by: 'ada', because: 'the sale', since: at(0) };
    const then = look(registered(undefined, { hold }), 1);
    expect([then.kinds, then.action]).toEqual([['held'], undefined]);
  });

  test('an answer that was lost is asked for again, with the same token', () => {
    const then = look(registered(ASKED), 2);
    expect(then.action).toMatchObject({
      type: 'RunMigration',
      token: `ecs/production/web/2/${at(0).toString(36)}`,
    });
    expect(runOf(then.record)).toEqual({ at: at(1), lastAt: at(2), observation: 'look-2' });
  });

  test('once ECS runs it, it is not asked for again', () => {
    const { record } = when(registered(ASKED), {
      type: 'MigrationStarted',
      at: at(1),
      task: TASK,
    });
    expect(runOf(record)?.task).toBe(TASK);
    const then = look(record, 5, { state: 'runs' });
    expect([then.action, then.because]).toEqual([undefined, 'its migration runs: 0a1b2c3d']);
    const late = when(record, { type: 'MigrationStarted', at: at(2), task: 'another' });
    expect(runOf(late.record)?.task).toBe(TASK);
  });

  test('of a release without one nothing is asked', () => {
    const bare = registered(undefined, { rules: rules() });
    if (bare.phase.phase !== 'deploying' || bare.phase.goal !== 'forward') throw new Error('?');
    const phase = { ...bare.phase, release: release() };
    expect(look({ ...bare, phase }, 1).action?.type).toBe('StartRollout');
  });
});

describe('when it has ended', () => {
  test('well: the rollout begins, by the same look', () => {
    const then = look(registered(RUNS), 4, stopped({ exitCode: 0 }));
    expect(then.action).toMatchObject({ type: 'StartRollout', revision: revision(2) });
    expect(runOf(then.record)?.succeededAt).toBe(at(4));
  });

  test('well, and a gate has closed meanwhile: the release waits', () => {
    const hold = { by: 'ada', because: 'the sale', since: at(3) };
    const then = look(registered(RUNS, { hold }), 4, stopped({ exitCode: 0 }));
    expect([then.kinds, then.action, then.standing]).toEqual([['held'], undefined, 'idle']);
    expect(look(registered(RUNS, { hold }), 3.5, { state: 'runs' }).standing).toBe('deploying');
  });

  test.each<[string, Partial<Extract<ObservedTask, { state: 'stopped' }>>, string]>([
    [
      'with another code',
      { exitCode: 3, because: 'Essential container in task exited', lines: ['no', 'table users'] },
      'container "app" exited with code 3 (Essential container in task exited); its last lines: no | table users',
    ],
    [
      'without having run',
      { because: 'CannotPullContainerError: not found', log: '/ecs/web app/app/0a1b2c3d' },
      'container "app" did not run (CannotPullContainerError: not found); its log: /ecs/web app/app/0a1b2c3d',
    ],
  ])('%s: the release is refused, and nothing is quarantined', (_, seen, how) => {
    const then = look(registered(RUNS), 4, stopped(seen));
    expect(then.kinds).toEqual(['failed']);
    expect(then.told[0]).toMatchObject({
      release: 'ecs/production/web/2',
      because: `its migration failed (\`npm run migrate\`): ${how}`,
      next: 'mend it and push again; or deploy it by hand: the migration is run again then',
    });
    expect(then.record.quarantine).toEqual([]);
    expect(then.standing).toBe('needs-attention');
    expect(then.action).toBeUndefined();
  });

  test('what is advised works: a deploy by hand runs it again, with another token', () => {
    const failed = look(registered(RUNS), 4, stopped({ exitCode: 1 })).record;
    const { release: _, ...end } = failed.lastEnded ?? { release: '' };
    expect(end).toMatchObject({ kind: 'failed' });
    const again = { ...registered(), releases: 3 };
    if (again.phase.phase !== 'deploying' || again.phase.goal !== 'forward') throw new Error('?');
    const third = release({ id: 'ecs/production/web/3', startedAt: at(10), rules: WITH });
    const then = look({ ...again, phase: { ...again.phase, release: third } }, 11);
    expect(then.action).toMatchObject({ token: `ecs/production/web/3/${at(10).toString(36)}` });
  });
});

describe('it must have ended in its minutes', () => {
  test('one that runs for longer is left alone, and the release is refused', () => {
    expect(look(registered(RUNS), 16, { state: 'runs' }).kinds).toEqual([]);
    const then = look(registered(RUNS), 16.1, { state: 'runs' });
    expect(then.told[0]).toMatchObject({
      kind: 'failed',
      because:
        'its migration has not ended within 15 minutes; task 0a1b2c3d still runs, and nobody stops it in the middle',
    });
  });

  test('one that ECS does not tell of is waited for as long', () => {
    expect(look(registered(RUNS), 5, { state: 'unknown' }).kinds).toEqual([]);
    expect(look(registered(RUNS), 16.1, { state: 'unknown' }).kinds).toEqual(['failed']);
    expect(look(registered(ASKED), 16.1).kinds).toEqual(['failed']);
  });

  test('for which ECS has no room is asked for again', () => {
    const deferred = when(registered(ASKED), {
      type: 'CallDeferred',
      at: at(1),
      action: 'RunMigration',
      code: 'NoTask',
      message: 'RESOURCE:MEMORY',
      carriedOut: 'no',
    });
    expect(deferred.because).toBe('AWS could not take ecs:RunTask: NoTask: RESOURCE:MEMORY');
    expect(look(deferred.record, 2).action?.type).toBe('RunMigration');
  });
});

test('what AWS refuses to run refuses the release', () => {
  const then = when(registered(ASKED), {
    type: 'CallRefused',
    at: at(1),
    action: 'RunMigration',
    code: 'AccessDeniedException',
    message: 'not authorized to perform: ecs:RunTask',
  });
  expect(then.kinds).toEqual(['failed']);
  expect(then.because).toMatch(/^AWS refused ecs:RunTask: AccessDeniedException/);
});
