/** A batch of queue messages, each an announcement of ours: what `feedback` does. */
import type { SQSBatchResponse } from 'aws-lambda';
import { parseAnnounced } from '../edge/announced.ts';
import type { Queues } from '../ports.ts';
import type { Invocation } from '../runtime/lambda.ts';
import type { BoundLog } from '../runtime/log.ts';
import { takeBatch } from '../runtime/queue-batch.ts';
import { type Delivered, deliver } from './deliver.ts';
import type { FeedbackPorts } from './ports.ts';
import type { AnyAnnouncement } from './say.ts';

export interface FeedbackDeps {
  readonly log: BoundLog;
  readonly queues: Queues;
  readonly ports: (timeLeft: () => number) => FeedbackPorts;
  /** Told of what came of each message. */
  readonly onDelivered?: (announcement: AnyAnnouncement, delivered: Delivered) => void;
}

/**
 * GitHub wants to be asked in turn, so the messages of a batch follow one another.
 * (docs.github.com, rest/using-the-rest-api/best-practices-for-using-the-rest-api)
 */
const ONE_AFTER_THE_OTHER = 'github';

/** What failed goes back to the queue. Throws only for what is no batch of SQS. */
export async function feedbackBatch(
  event: unknown,
  invocation: Invocation,
  deps: FeedbackDeps,
): Promise<SQSBatchResponse> {
  return await takeBatch<AnyAnnouncement>(event, {
    function: 'feedback',
    log: deps.log,
    invocation,
    parse: parseAnnounced,
    keyOf: () => ONE_AFTER_THE_OTHER,
    facts: ({ id, kind }) => ({ cause: { id, source: 'slipway', detailType: kind } }),
    work: (announcement, body, log) =>
      tell(announcement, body, log, deps.ports(invocation.timeLeft), deps),
  });
}

async function tell(
  announcement: AnyAnnouncement,
  body: string,
  log: BoundLog,
  ports: FeedbackPorts,
  { queues, onDelivered }: FeedbackDeps,
): Promise<void> {
  const delivered = await deliver(announcement, ports);
  switch (delivered.outcome) {
    case 'told':
      log.info('GitHub was told');
      break;
    case 'known':
      log.info('ignored', { because: 'GitHub was told this before, or something newer' });
      break;
    case 'nothing':
      log.info('ignored', { because: 'of this nothing stands on a commit' });
      break;
    case 'later': {
      // Waiting is no failure: sent anew, it is never counted towards the dead-letter queue.
      const { seconds, because } = delivered;
      await queues.send('feedback', [{ body, delaySeconds: seconds }]);
      log.info('GitHub is told later', { delaySeconds: seconds, because });
      break;
    }
    case 'given-up':
      log.warn('GitHub was not told, and will not be: it is too long ago', {
        because: delivered.because,
      });
      break;
  }
  onDelivered?.(announcement, delivered);
}
