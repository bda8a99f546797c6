/**
 * What 0.2.0 stored is read as what this version would have stored. The old records were written by
 * 0.2.0's own builders and decisions, one for each phase and step, and are kept as they were.
 */
import { describe, expect, test } from 'vitest';
import { replay } from '../../../shared/core/explain/replay.ts';
import { readEntry, readRecord1 } from '../../../shared/core/model/format-1.ts';
import { readSourceEntry, readSourceRecord1 } from '../../../shared/core/source/format-1.ts';
import {
  asking,
  at,
  baking,
  CHOOSING,
  digest,
  fresh,
  image,
  looked,
  observing,
  order,
  person,
  record,
  registering,
  restoring,
  returning,
  revision,
  rolling,
  STOPPING,
  waiting,
  when,
} from '../../build.ts';
import { branch, building, push, whenSource } from '../../build-source.ts';
import stored from './format-1.json' with { type: 'json' };

type Name = keyof typeof stored.targets;

const EXPECTED: Readonly<Record<Name, object>> = {
  introduced: fresh(),
  resting: record({
    requests: [{ revision: revision(1), at: at(0) }],
    condemnedRevisions: [{ revision: revision(9), digests: [digest(9)] }],
    finishedRollouts: ['arn:old'],
    takeovers: [{ at: at(0), ours: revision(1), theirs: revision(2) }],
    handledCommands: ['id-1'],
    alarmsToClear: ['web-5xx'],
    observedAt: at(3),
    observeAt: at(4),
    lastRefusal: { digest: digest(4), because: 'older', at: at(2) },
  }),
  waiting: waiting({
    waiting: {
      app: {
        image: image(2),
        order: order(2),
        since: at(1),
        held: { reason: 'undelivered', because: 'x', since: at(1), escalated: true },
      },
    },
    unplaced: [
      {
        image: image(3),
        containers: ['app'],
        pushedAt: at(0),
        heardFrom: 'event',
        since: at(1),
        because: 'GitHub is away',
        announced: true,
        escalated: true,
      },
    ],
  }),
  rolling: rolling(),
  registering: registering(),
  baking: baking(),
  observing: observing(),
  stopping: returning(STOPPING),
  choosing: returning(CHOOSING),
  restoring: returning(restoring()),
  asking: asking(),
  retired: record({ retired: true }),
  owed: looked(waiting(), 3).record,
  asked: when(record(), person({ do: 'hold' })).record,
};

/** As it comes out of the table. */
const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value, withoutNewFields));

/** Format 1 did not ask how long an alarm takes to judge, read the stop switch unasked, and forgot the offer. */
function withoutNewFields(key: string, value: unknown): unknown {
  const isNew = key === 'judgesInMs' || key === 'offeredAt' || (key === 'stop' && value === true);
  return isNew ? undefined : value;
}

describe('a record of format 1 is read as one of format 2', () => {
  test.each(Object.keys(EXPECTED) as Name[])('%s', (name) => {
    expect(asJson(readRecord1(stored.targets[name]))).toEqual(asJson(EXPECTED[name]));
  });

  test('names that people chose are no words of ours: a container may be called "ladder"', () => {
    const old = {
      ...stored.targets.waiting,
      waiting: { ladder: { since: 1 }, owed: { since: 2 } },
    };
    expect(readRecord1(old).waiting).toEqual({ ladder: { since: 1 }, owed: { since: 2 } });
  });
});

describe('a record of a branch', () => {
  test.each([
    ['branch', branch()],
    ['building', building()],
    ['owed', whenSource(branch(), push(1, 2)).record],
  ] as const)('%s', (name, expected) => {
    expect(asJson(readSourceRecord1(stored.sources[name]))).toEqual(asJson(expected));
  });

  test('whose build must stop', () => {
    const { builds, deliveries, observedAt, observeAt } = readSourceRecord1(
      stored.sources.stopping,
    );
    expect(builds.web?.running[0]?.stop).toEqual({
      because: 'newer',
      observation: 'look-9',
      acceptedAt: 5,
    });
    expect({ deliveries, observedAt, observeAt }).toEqual({
      deliveries: ['d1'],
      observedAt: 1,
      observeAt: 2,
    });
  });
});

describe('an entry of the history', () => {
  const entries = stored.targets.owed.owed.history;

  test('says what it said, in the words of today', () => {
    expect(entries.map(readEntry).map(({ event, phase }) => [event.type, phase])).toEqual([
      ['Observed', 'deploying'],
    ]);
    const [{ event } = { event: undefined }] = entries.map(readEntry);
    expect(event).toMatchObject({ observation: { undelivered: 0, question: { waiting: [{}] } } });
  });

  test('one of this format is read as it is', () => {
    const [entry] = looked(waiting(), 3).record.outbox.history;
    expect(readEntry(asJson(entry) as object)).toEqual(asJson(entry));
    const [source] = whenSource(branch(), push(1, 2)).record.outbox.history;
    expect(readSourceEntry(asJson(source) as object)).toEqual(asJson(source));
  });

  test('a history of 0.2.0 can be replayed', () => {
    const first = { type: 'Configured', at: 1, id: 'web', rules: stored.targets.introduced.rules };
    const history = [
      { sequence: 1, event: first, because: 'introduced by the config', phase: 'introduced' },
    ];
    const { steps } = replay('ecs/production/web', history.map(readEntry));
    expect(steps).toMatchObject([{ phase: 'new', agrees: true }]);
  });
});
