/** A message that has to wait goes back into its queue, and the log says truly why. */
import { expect, test } from 'vitest';
import type { Announcement } from '../../shared/core/model/announcement.ts';
import type { TargetRecord } from '../../shared/core/model/record/target-record.ts';
import type { Envelope } from '../../shared/edge/message.ts';
import type { Ports } from '../../shared/ports.ts';
import { reconcileBatch } from '../../shared/reconcile/reconcile-batch.ts';
import { listeningLog } from '../aws/wire.ts';
import { at, record, waiting } from '../build.ts';
import { keepingQueues, pipeline } from '../functions/sent.ts';

const INVOCATION = { timeLeft: () => 30_000, signal: new AbortController().signal };

const cause = { id: 'e1', source: 'aws.ecs', detailType: 'ECS Service Action' };
const target = 'ecs/production/web';
const HINT: Envelope = {
  target,
  message: { type: 'Hinted', cause: 'ECS', happenedAt: at(1) },
  cause,
};
const TURN: Envelope = {
  target,
  message: { type: 'Hinted', cause: 'its turn to ask AWS has come', about: 'turn' },
  cause,
};

async function handled(stored: TargetRecord, envelope: Envelope, queue?: string) {
  const saved: TargetRecord[] = [];
  const told: Announcement[] = [];
  const log = listeningLog();
  const { sent, queues } = keepingQueues();
  const ports = {
    clock: { now: () => at(1), newId: () => 'an id', timeLeft: () => 30_000 },
    records: {
      load: async () => ({ record: stored, version: 1 }),
      stop: async () => undefined,
      save: async (decided: TargetRecord) => {
        saved.push(decided);
        return 'saved';
      },
      addHistory: async () => undefined,
    },
    announcements: {
      tell: async (all: readonly Announcement[]) => {
        told.push(...all);
        return all.map(({ id }) => id);
      },
    },
    budget: { reserve: async () => at(1) + 90_500, giveBack: async () => undefined },
    log,
  } as unknown as Ports;
  const from = queue === undefined ? {} : { eventSourceARN: `arn:aws:sqs:eu:1:${queue}` };
  const attributes = { SenderId: 'AIDAEXAMPLE' };
  const body = JSON.stringify(envelope);
  const batch = { Records: [{ messageId: 'm1', body, attributes, ...from }] };
  const deps = { pipeline, log, queues, ports: () => ports };
  expect(await reconcileBatch(batch, INVOCATION, deps)).toEqual({ batchItemFailures: [] });
  return { sent, saved, told, lines: log.lines };
}

test('a hint waits when the target was looked at a moment ago', async () => {
  const { sent, lines } = await handled(record({ observedAt: at(1) - 1_000 }), HINT);
  expect(sent).toEqual([{ queue: 'releases', envelope: HINT, delaySeconds: 5 }]);
  expect(lines.find(({ message }) => message === 'comes back later')?.facts).toMatchObject({
    because: 'it was looked at a moment ago, and one more look answers for all',
    delaySeconds: 5,
  });
});

test('when the account has spent its API calls, one message brings the target at its turn', async () => {
  const { sent, lines } = await handled(waiting(), HINT);
  expect(sent).toEqual([{ queue: 'releases', envelope: TURN, delaySeconds: 91 }]);
  expect(lines.find(({ message }) => message === 'comes at its turn')?.facts).toMatchObject({
    because: 'it waits for its turn to ask AWS',
    delaySeconds: 91,
  });
});

test('whoever has a turn gets no second one, whatever else is heard', async () => {
  const given = waiting({ turnAt: at(15) });
  expect((await handled(given, HINT)).sent).toEqual([]);
  // SQS keeps a message for 15 minutes at most: it goes back until the turn has come.
  expect((await handled(given, TURN)).sent).toMatchObject([{ delaySeconds: 840 }]);
});

test('a turn is nobody’s once the target was looked at meanwhile', async () => {
  expect((await handled(waiting({ observedAt: at(0) }), TURN)).sent).toEqual([]);
});

test('a command to a target that left the config is refused, and whoever said it hears why', async () => {
  const key = 'ecs/production/left';
  const command: Envelope = {
    target: key,
    message: {
      type: 'CommandReceived',
      by: 'ada',
      because: 'checkout is slow',
      saidAt: at(1),
      command: { do: 'rollback' },
    },
    cause: { id: 'word-1', source: 'slipway.operator', detailType: 'word of a person' },
  };
  const { saved, told } = await handled(record({ key, id: 'left' }), command, 'slipway-commands');
  expect(saved[0]).toMatchObject({ retired: true, handledCommands: ['word-1'] });
  expect(told).toMatchObject([
    { kind: 'retired' },
    {
      kind: 'refused',
      because:
        'the config that is deployed names this target no longer (ada asked: checkout is slow)',
    },
  ]);
  const hint = await handled(record({ key, id: 'left' }), { ...HINT, target: key });
  expect(hint.told.map(({ kind }) => kind)).toEqual(['retired']);
});
