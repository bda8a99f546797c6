/** What every decision does beside its own: it is remembered, what is out is forgotten, and a look becomes due. */
import { describe, expect, test } from 'vitest';
import { decide } from '../../shared/core/decide.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import {
  asking,
  at,
  baking,
  digest,
  image,
  looked,
  person,
  pushed,
  record,
  registering,
  revision,
  rolling,
  rose,
  waiting,
  when,
} from '../build.ts';

const UNPLACED = {
  image: image(5),
  containers: ['app'],
  pushedAt: at(0),
  heardFrom: 'event',
  since: at(0),
  because: 'GitHub does not answer',
} as const;

describe('the history', () => {
  test('has what a decision announced beside its reason', () => {
    const then = looked(baking(), 16, { service: 2 });
    const entry = then.record.outbox.history.at(-1);
    expect(entry).toMatchObject({ sequence: 11, because: then.because, phase: 'idle' });
    expect(entry?.announcements?.map(({ kind }) => kind)).toEqual(['proven']);
  });

  test('says nothing of announcements where there were none', () => {
    const entry = when(record(), pushed(2)).record.outbox.history.at(-1);
    expect(entry).not.toHaveProperty('announcements');
  });
});

test('what is out is forgotten, and nothing else is', () => {
  const owed = when(rolling(), rose(2)).record;
  const other = { ...owed.outbox.quarantine[0], digest: digest(9) } as never;
  const full = {
    ...owed,
    outbox: { ...owed.outbox, quarantine: [...owed.outbox.quarantine, other] },
  };
  const [first] = owed.outbox.history;
  const out = decide(full, {
    type: 'Delivered',
    announcements: owed.outbox.announcements.map(({ id }) => id),
    history: [first?.sequence ?? 0],
    quarantine: [digest(2)],
  }).record.outbox;
  expect(owed.outbox.quarantine.map((one) => one.digest)).toEqual([digest(2)]);
  expect(out.quarantine).toEqual([other]);
  expect([out.announcements, out.history]).toEqual([[], []]);
});

describe('should the handler die before it looks, a look is due', () => {
  test.each<[rule: string, given: TargetRecord, event: Parameters<typeof when>[1], due?: number]>([
    ['at once, where a later one was planned', rolling({}, { observeAt: at(9) }), rose(2), at(2.5)],
    ['when it was due before', rolling({}, { observeAt: at(1) }), rose(2), at(1)],
    [
      'while one image waits to start, and another for its place',
      waiting({ unplaced: [UNPLACED] }),
      pushed(3),
      at(0),
    ],
    ['but not at rest, where nothing waits', record(), person({ do: 'hold' })],
  ])('%s', (_, given, event, due) => {
    const then = when(given, event).record;
    expect(then).not.toBe(given);
    expect(then.observeAt).toBe(due);
  });
});

describe('an answer that nobody waits for changes nothing', () => {
  test('a revision, when another one was taken: it is an orphan', () => {
    const registered = (given: TargetRecord) =>
      when(given, { type: 'RevisionRegistered', at: at(1), revision: revision(7) });
    expect(registered(registering()).record.phase).toMatchObject({
      attempt: { revision: revision(7) },
    });
    for (const given of [rolling(), record(), asking()]) {
      expect(registered(given).record.phase).toEqual(given.phase);
    }
  });

  test('a migration, when none was asked for, or one runs already', () => {
    const started = (given: TargetRecord) =>
      when(given, { type: 'MigrationStarted', at: at(1), task: 'task-7' });
    const { phase } = registering();
    if (phase.phase !== 'deploying' || phase.goal !== 'forward') throw new Error('?');
    const run = { at: at(0), lastAt: at(0), observation: 'look-0' };
    const asked = (migration: typeof run & { task?: string }) =>
      registering({ phase: { ...phase, attempt: { ...phase.attempt, migration } } });
    expect(started(asked(run)).record.phase).toMatchObject({
      attempt: { migration: { ...run, task: 'task-7' } },
    });
    for (const given of [asked({ ...run, task: 'task-1' }), registering(), record()]) {
      expect(started(given).record.phase).toEqual(given.phase);
    }
  });
});
