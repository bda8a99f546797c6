/** What made a release end, out of its stopped tasks, its service's events and what was announced. */
import { describe, expect, test } from 'vitest';
import { diagnose, type Facts } from '../../../shared/core/incident/diagnose.ts';
import type { LastRelease } from '../../../shared/core/incident/last-release.ts';
import { at, crashed } from '../../build.ts';

const ALARM = 'alarm web-5xx rose at 10:05:00 UTC: 25 % of answers were errors';
const failed = (change: Partial<LastRelease> = {}): LastRelease => ({
  became: 'rolled-back',
  at: at(12),
  because: ALARM,
  ...change,
});
const of = (facts: Partial<Facts>) =>
  diagnose({ last: undefined, tasks: [], messages: [], ...facts });
const scaledIn = crashed('in', 2, {
  stopCode: 'ServiceSchedulerInitiated',
  stoppedReason: 'Scaling activity initiated by deployment',
});
const spot = crashed('spot', 2, { stopCode: 'SpotInterruption', stoppedReason: 'interrupted' });
const byHand = crashed('hand', 2, { stopCode: 'UserInitiated', stoppedReason: 'by hand' });
const UNPLACED = { at: at(9), text: 'service web was unable to place a task.' };

test('nothing is known of it, and nothing speaks against it', () => {
  expect(of({})).toEqual({
    kind: 'none',
    says: 'nothing speaks against it',
    todo: 'nothing',
    evidence: [],
  });
});

describe('a task that failed', () => {
  test('is told before the alarm that it set off, with how many failed so', () => {
    const tasks = [crashed('a', 2), crashed('b', 2), spot];
    const answer = of({ last: failed(), tasks });
    expect(answer).toMatchObject({ kind: 'exit-nonzero', failed: { task: 'b', container: 'app' } });
    expect(answer.says).toBe('a container ended with exit code 1 (2 tasks)');
  });

  test('alone is not counted, and neither is one that failed otherwise', () => {
    const ended = crashed('end', 2, { containers: [{ name: 'app', exitCode: 0 }] });
    expect(of({ tasks: [ended, crashed('a', 2)] }).says).toBe('a container ended with exit code 1');
  });

  test('says which container failed; of several the first that ended ill; else the first', () => {
    const container = (containers: Parameters<typeof crashed>[2]) =>
      of({ tasks: [crashed('a', 2, containers)] }).failed;
    const both = (one: object, other: object) => ({
      containers: [
        { name: 'app', ...one },
        { name: 'log', ...other },
      ],
    });
    expect(container(both({ exitCode: 0 }, { exitCode: 2 }))).toEqual({
      task: 'a',
      container: 'log',
    });
    expect(container(both({ exitCode: 0 }, { exitCode: 137 }))?.container).toBe('log');
    expect(container(both({ exitCode: 0 }, { reason: 'CannotPull' }))?.container).toBe('log');
    expect(container(both({ exitCode: 0 }, { exitCode: 0 }))?.container).toBe('app');
    expect(container({ containers: [] })).toEqual({ task: 'a' });
  });
});

describe('a task that nobody is to blame for', () => {
  test('is told where nothing else is known', () => {
    expect(of({ tasks: [spot, scaledIn, byHand] })).toMatchObject({
      kind: 'spot',
      says: 'Fargate Spot took the task back',
      failed: { task: 'spot' },
    });
  });

  test('is no cause where an alarm condemned it', () => {
    expect(of({ last: failed(), tasks: [spot] })).toMatchObject({ kind: 'alarm', says: ALARM });
  });

  test('fewer are wanted, or a person stopped it: that is not told', () => {
    expect(of({ tasks: [scaledIn] }).kind).toBe('none');
    expect(of({ tasks: [byHand] })).toMatchObject({ kind: 'none', evidence: [] });
  });
});

describe('no task tells', () => {
  test.each(['proven', 'adopted'] as const)('of what is %s nothing is told', (became) => {
    const last = failed({ became, because: 'it stood its bake' });
    expect(of({ last, messages: [UNPLACED] })).toMatchObject({
      kind: 'none',
      says: 'nothing speaks against it',
      todo: 'nothing',
    });
  });

  test('an alarm that rose is the cause', () => {
    expect(of({ last: failed(), messages: [UNPLACED] })).toMatchObject({
      kind: 'alarm',
      says: ALARM,
      todo: 'compare what it answers with the release before; its log tells what the errors are',
    });
  });

  test('then an event of the service, if one tells of trouble', () => {
    const steady = { at: at(8), text: 'service web has reached a steady state.' };
    const answer = of({ messages: [steady, UNPLACED] });
    expect(answer.kind).toBe('placement');
    expect(answer.evidence).toEqual([{ from: 'service event', ...UNPLACED }]);
    expect(of({ messages: [steady] })).toMatchObject({ kind: 'none', evidence: [] });
  });

  test('then what was announced: a person wanted it, or another reason', () => {
    expect(of({ last: failed({ because: 'ada asked: too slow' }) })).toMatchObject({
      kind: 'person',
      says: 'ada asked: too slow',
      todo: 'see what was announced of it: slipway history',
    });
    expect(of({ last: failed({ because: 'it did not finish' }) })).toMatchObject({
      kind: 'none',
      says: 'it did not finish',
    });
  });
});

describe('what it is read from', () => {
  test('what was announced and AWS said to it, the task, and the events; four at most', () => {
    const task = crashed('0123456789ab', 2, {
      stoppedAt: at(8),
      containers: [
        { name: 'app', exitCode: 1, reason: 'oops' },
        { name: 'log', reason: 'Essential container in task exited' },
        { name: 'web', exitCode: 0 },
      ],
    });
    const facts = { last: failed({ aws: 'Threshold Crossed' }), tasks: [task] };
    const evidence = [
      { from: 'Slipway', text: ALARM, at: at(12) },
      { from: 'CloudWatch', text: 'Threshold Crossed' },
      {
        from: 'stopped task',
        text: 'task 01234567; Essential container in task exited; app: exit code 1 oops; web: exit code 0',
        at: at(8),
      },
      { from: 'service event', ...UNPLACED },
    ];
    expect(of({ ...facts, messages: [UNPLACED, UNPLACED] }).evidence).toEqual(evidence);
  });

  test('what is not known is left out', () => {
    const task = crashed('a', 2, { stoppedReason: '', containers: [{ name: 'app', reason: '' }] });
    const { stoppedReason: _, ...bare } = task;
    expect(of({ tasks: [bare] }).evidence).toEqual([{ from: 'stopped task', text: 'task a' }]);
    expect(of({ tasks: [task] }).evidence[0]).not.toHaveProperty('at');
  });
});
