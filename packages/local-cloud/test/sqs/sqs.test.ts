import { beforeEach, describe, expect, it } from 'vitest';
import { nextTimerAt } from '../../kernel/timers.ts';
import type { World } from '../../kernel/world.ts';
import { advance, emptyWorld } from '../../services.ts';
import { sqsOperations } from '../../sqs/operations.ts';

const START = Date.UTC(2026, 10, 21, 10, 0, 0);
const QueueUrl = 'https://sqs.eu-west-1.amazonaws.com/123456789012/urgent';
let world: World;

beforeEach(() => {
  world = emptyWorld({ now: START, seed: 5, account: '123456789012', region: 'eu-west-1' });
  sqsOperations.CreateQueue(world, { QueueName: 'urgent' });
});

function send(MessageBody: string, DelaySeconds?: number) {
  return sqsOperations.SendMessage(world, {
    QueueUrl,
    MessageBody,
    ...(DelaySeconds === undefined ? {} : { DelaySeconds }),
  });
}

function receive(more: object = {}) {
  return (
    sqsOperations.ReceiveMessage(world, {
      QueueUrl,
      MaxNumberOfMessages: 10,
      MessageSystemAttributeNames: ['All'],
      ...more,
    }).Messages ?? []
  );
}

function bodies(more: object = {}) {
  return receive(more).map(({ Body }) => Body);
}

function seconds(count: number) {
  advance(world, world.now + count * 1000);
}

describe('queues', () => {
  it('are found by name', () => {
    expect(sqsOperations.GetQueueUrl(world, { QueueName: 'urgent' })).toEqual({ QueueUrl });
    expect(() => sqsOperations.GetQueueUrl(world, { QueueName: 'no' })).toThrow(
      expect.objectContaining({ code: 'QueueDoesNotExist' }),
    );
  });

  it('may be created again with the same attributes, not with others', () => {
    const create = (VisibilityTimeout: string) => () =>
      sqsOperations.CreateQueue(world, { QueueName: 'q', Attributes: { VisibilityTimeout } });
    create('60')();
    expect(create('60')).not.toThrow();
    expect(create('61')).toThrow(expect.objectContaining({ code: 'QueueNameExists' }));
  });

  it('count what is visible, in flight and delayed', () => {
    send('a');
    send('b');
    send('later', 60);
    receive({ MaxNumberOfMessages: 1 });
    const { Attributes } = sqsOperations.GetQueueAttributes(world, {
      QueueUrl,
      AttributeNames: ['All'],
    });
    expect(Attributes).toMatchObject({
      QueueArn: 'arn:aws:sqs:eu-west-1:123456789012:urgent',
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
      ApproximateNumberOfMessagesDelayed: '1',
      CreatedTimestamp: '1795255200',
    });
  });
});

describe('a message', () => {
  it('comes as it was sent, with its MD5 and its count', () => {
    const { MessageId } = sqsOperations.SendMessage(world, {
      QueueUrl,
      MessageBody: 'hello',
      MessageAttributes: { target: { DataType: 'String', StringValue: 'web' } },
    });
    seconds(2);
    expect(receive({ MessageAttributeNames: ['All'] })).toEqual([
      {
        MessageId,
        ReceiptHandle: expect.any(String),
        MD5OfBody: '5d41402abc4b2a76b9719d911017c592',
        Body: 'hello',
        Attributes: {
          SenderId: '123456789012',
          SentTimestamp: String(START),
          ApproximateReceiveCount: '1',
          ApproximateFirstReceiveTimestamp: String(START + 2000),
        },
        MessageAttributes: { target: { DataType: 'String', StringValue: 'web' } },
      },
    ]);
  });

  it('is hidden while somebody works on it, then comes again and counts', () => {
    send('a');
    expect(bodies({ VisibilityTimeout: 30 })).toEqual(['a']);
    seconds(29);
    expect(bodies()).toEqual([]);
    seconds(1);
    expect(receive()[0]?.Attributes).toMatchObject({ ApproximateReceiveCount: '2' });
  });

  it('with a delay comes when it has passed, and the clock knows the moment', () => {
    send('a', 90);
    expect(bodies()).toEqual([]);
    expect(nextTimerAt(world)).toBe(START + 90_000);
    seconds(90);
    expect(bodies()).toEqual(['a']);
  });

  it('is gone once deleted', () => {
    send('a');
    const [message] = receive({ VisibilityTimeout: 1 });
    sqsOperations.DeleteMessage(world, { QueueUrl, ReceiptHandle: message?.ReceiptHandle ?? '' });
    seconds(60);
    expect(bodies()).toEqual([]);
  });

  it('is not deleted by an outdated receipt handle, though that succeeds', () => {
    send('a');
    const [first] = receive({ VisibilityTimeout: 1 });
    seconds(1);
    receive({ VisibilityTimeout: 1 });
    sqsOperations.DeleteMessage(world, { QueueUrl, ReceiptHandle: first?.ReceiptHandle ?? '' });
    seconds(1);
    expect(bodies()).toEqual(['a']);
  });

  it('can be kept hidden longer, or shown at once', () => {
    send('a');
    const [message] = receive({ VisibilityTimeout: 10 });
    const change = (VisibilityTimeout: number) =>
      sqsOperations.ChangeMessageVisibility(world, {
        QueueUrl,
        ReceiptHandle: message?.ReceiptHandle ?? '',
        VisibilityTimeout,
      });
    change(100);
    seconds(99);
    expect(bodies()).toEqual([]);
    change(0);
    expect(bodies()).toEqual(['a']);
  });

  it('that nobody holds has no visibility to change', () => {
    send('a');
    const [message] = receive({ VisibilityTimeout: 1 });
    seconds(2);
    expect(() =>
      sqsOperations.ChangeMessageVisibility(world, {
        QueueUrl,
        ReceiptHandle: message?.ReceiptHandle ?? '',
        VisibilityTimeout: 5,
      }),
    ).toThrow(expect.objectContaining({ code: 'MessageNotInflight' }));
  });

  it('is forgotten after the retention period', () => {
    send('a');
    seconds(345_601);
    expect(bodies()).toEqual([]);
  });
});

it('a message received three times in vain goes to the dead-letter queue', () => {
  sqsOperations.CreateQueue(world, { QueueName: 'dead' });
  sqsOperations.SetQueueAttributes(world, {
    QueueUrl,
    Attributes: {
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:123456789012:dead',
        maxReceiveCount: 3,
      }),
    },
  });
  send('poison');
  for (let time = 0; time < 3; time++) {
    expect(bodies({ VisibilityTimeout: 1 })).toEqual(['poison']);
    seconds(1);
  }
  expect(bodies()).toEqual([]);
  expect(receive({ QueueUrl: QueueUrl.replace('urgent', 'dead') })[0]).toMatchObject({
    Body: 'poison',
    Attributes: { DeadLetterQueueSourceArn: 'arn:aws:sqs:eu-west-1:123456789012:urgent' },
  });
});

describe('batches', () => {
  const entry = (Id: string, MessageBody = Id) => ({ Id, MessageBody });
  const batch = (Entries: object[]) => () =>
    sqsOperations.SendMessageBatch(world, { QueueUrl, Entries });

  it('succeed and fail entry by entry', () => {
    const output = batch([entry('good'), { Id: 'bad', MessageBody: 'x', DelaySeconds: 901 }])();
    expect(output.Successful).toEqual([expect.objectContaining({ Id: 'good' })]);
    expect(output.Failed).toEqual([
      expect.objectContaining({ Id: 'bad', SenderFault: true, Code: 'InvalidParameterValue' }),
    ]);
    expect(bodies()).toEqual(['good']);
  });

  it.each([
    ['none', [], 'EmptyBatchRequest'],
    [
      'eleven',
      Array.from({ length: 11 }, (_, index) => entry(`e${index}`)),
      'TooManyEntriesInBatchRequest',
    ],
    ['two with one id', [entry('a'), entry('a')], 'BatchEntryIdsNotDistinct'],
    ['an id with a space', [entry('a b')], 'InvalidBatchEntryId'],
    [
      'over 1 MiB together',
      [entry('a', 'x'.repeat(600_000)), entry('b', 'x'.repeat(600_000))],
      'BatchRequestTooLong',
    ],
  ])('of %s are refused', (_name, entries, code) => {
    expect(batch(entries)).toThrow(expect.objectContaining({ code }));
  });

  it('delete several messages', () => {
    batch([entry('a'), entry('b')])();
    const Entries = receive().map(({ ReceiptHandle = '' }, index) => ({
      Id: `${index}`,
      ReceiptHandle,
    }));
    expect(sqsOperations.DeleteMessageBatch(world, { QueueUrl, Entries })).toEqual({
      Successful: [{ Id: '0' }, { Id: '1' }],
    });
    seconds(60);
    expect(bodies()).toEqual([]);
  });
});

it.each([
  ['\u0000', '#x0'],
  ['\u001b', '#x1B'],
  ['\ud800', '#xD800'],
  ['\ufffe', '#xFFFE'],
  ['\uffff', '#xFFFF'],
])('a message with the character %j is refused', (character, number) => {
  expect(() => send(`a${character}b`)).toThrow(
    expect.objectContaining({
      code: 'InvalidMessageContents',
      message: expect.stringContaining(`Invalid binary character '${number}'`),
    }),
  );
});

it('a message with tabs, line ends and characters above the first plane is taken', () => {
  const body = '\t\r\n \ud7ff\ue000\ufffd\u{1f680}\u{10ffff}';
  send(body);
  expect(bodies()).toEqual([body]);
});

it('a message of more than 1 MiB is refused', () => {
  expect(() => send('x'.repeat(1_048_577))).toThrow('Message must be shorter than 1048576 bytes.');
});

it('a queue can be purged, once a minute', () => {
  send('a');
  sqsOperations.PurgeQueue(world, { QueueUrl });
  expect(bodies()).toEqual([]);
  expect(() => sqsOperations.PurgeQueue(world, { QueueUrl })).toThrow(
    expect.objectContaining({ code: 'PurgeQueueInProgress' }),
  );
});
