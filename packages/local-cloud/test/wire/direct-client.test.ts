import { DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CreateQueueCommand, GetQueueUrlCommand, QueueDoesNotExist } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import type { CallResult, Fault } from '../../kernel/call.ts';
import { emptyWorld } from '../../services.ts';
import { directClient } from '../../wire/direct-client.ts';

function newWorld() {
  return emptyWorld({ now: 0, seed: 1, account: '123456789012', region: 'eu-west-1' });
}

describe('the direct client', () => {
  it('takes the commands of the SDK and answers what its clients answer', async () => {
    const sqs = directClient(newWorld(), 'sqs');
    expect(await sqs.send(new CreateQueueCommand({ QueueName: 'urgent' }))).toMatchObject({
      QueueUrl: 'https://sqs.eu-west-1.amazonaws.com/123456789012/urgent',
      $metadata: { httpStatusCode: 200 },
    });
    const cloudwatch = directClient(newWorld(), 'monitoring');
    expect(await cloudwatch.send(new DescribeAlarmsCommand({}))).toMatchObject({
      MetricAlarms: [],
    });
  });

  it('throws what is an exception of the SDK for `instanceof`', async () => {
    const call = directClient(newWorld(), 'sqs').send(new GetQueueUrlCommand({ QueueName: 'no' }));
    await expect(call).rejects.toBeInstanceOf(QueueDoesNotExist);
    await expect(call).rejects.toMatchObject({
      $fault: 'client',
      $metadata: { httpStatusCode: 400 },
    });
    const alarm = directClient(newWorld(), 'monitoring').send(
      new SetAlarmStateCommand({ AlarmName: 'no', StateValue: 'OK', StateReason: 'x' }),
    );
    await expect(alarm).rejects.toMatchObject({ name: 'ResourceNotFound' });
  });

  it('has the same faults as the wire, and tells of each call', async () => {
    const world = newWorld();
    const calls: CallResult[] = [];
    const faults: Fault[] = ['throttle', 'timeout', 'lost-answer'];
    const sqs = directClient(world, 'sqs', {
      onCall: (result) => calls.push(result),
      fault: () => faults.shift() ?? 'none',
    });
    const create = () => sqs.send(new CreateQueueCommand({ QueueName: 'urgent' }));
    await expect(create()).rejects.toMatchObject({ name: 'ThrottlingException' });
    await expect(create()).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(world.sqs.queues).toEqual({});
    await expect(create()).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(world.sqs.queues).toHaveProperty('urgent');
    await create();
    expect(calls.map(({ fault }) => fault)).toEqual(['throttle', 'timeout', 'lost-answer', 'none']);
  });
});
