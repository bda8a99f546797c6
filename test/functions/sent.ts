/** What functions are given in tests: a pipeline, a context, and queues that keep what they get. */
import type { Context } from 'aws-lambda';
import { definePipeline, ecsService, noAlarms } from '../../shared/config/config.ts';
import type { Envelope } from '../../shared/edge/message.ts';
import type { Outgoing, Queues } from '../../shared/ports.ts';
import type { Invocation } from '../../shared/runtime/lambda.ts';

export const pipeline = definePipeline({
  account: '123456789012',
  region: 'eu-central-1',
  targets: {
    web: ecsService({
      mode: 'act',
      cluster: 'production',
      service: 'web',
      containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
      alarms: ['web-5xx'],
    }),
    worker: ecsService({
      mode: 'act',
      cluster: 'production',
      service: 'worker',
      containers: { worker: { repository: 'shop/worker', tags: { glob: 'main-*' } } },
      alarms: noAlarms('it answers no requests'),
    }),
  },
});

export function keepingQueues() {
  const sent: { queue: string; envelope: Envelope; delaySeconds?: number }[] = [];
  const queues: Queues = {
    send: async (queue, messages: readonly Outgoing[]) => {
      for (const { body, delaySeconds } of messages) {
        const envelope: Envelope = JSON.parse(body);
        sent.push({ queue, envelope, ...(delaySeconds === undefined ? {} : { delaySeconds }) });
      }
    },
  };
  return { sent, queues };
}

export function contextWith(timeLeft: number): Context {
  return { awsRequestId: 'request-1', getRemainingTimeInMillis: () => timeLeft } as Context;
}

/** What a batch is told of its invocation. */
export function invocationWith(
  timeLeft: number,
  signal = new AbortController().signal,
): Invocation {
  return { timeLeft: () => timeLeft, signal };
}
