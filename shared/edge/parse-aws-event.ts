/**
 * The one way in for what AWS tells us. Nothing of an event is believed before its schema has read
 * it, and nothing that is not needed is read.
 */
import * as z from 'zod/mini';
import { words } from '../parsing/fields.ts';
import { read, shown, UnreadableEvent } from '../parsing/unreadable.ts';
import { parseAlarmAction, parseAlarmEvent, parseAlarmNotification } from './alarm.ts';
import {
  type AwsEvent,
  elsewhere,
  type Here,
  ignored,
  type ParsedEvent,
  readEvent,
} from './event.ts';
import { parseImageEvent } from './image.ts';
import { parseServiceEvent, parseTaskEvent } from './rollout.ts';
import { parseBasicScan, parseEnhancedScan } from './scan.ts';

export { UnreadableEvent } from '../parsing/unreadable.ts';
export type { Here, ParsedEvent } from './event.ts';

/** A new source is one line here and one file beside this one. */
const PARSERS = new Map<string, (event: AwsEvent) => ParsedEvent>([
  ['aws.ecr ECR Image Action', parseImageEvent],
  ['aws.ecr ECR Image Scan', parseBasicScan],
  ['aws.inspector2 Inspector2 Scan', parseEnhancedScan],
  ['aws.ecs ECS Deployment State Change', parseServiceEvent],
  ['aws.ecs ECS Service Action', parseServiceEvent],
  ['aws.ecs ECS Task State Change', parseTaskEvent],
  ['aws.cloudwatch CloudWatch Alarm State Change', parseAlarmEvent],
]);

/**
 * The parsed input of a function: an event of EventBridge, an alarm's own action (`alarmData`), or
 * an alarm in a notification of SNS. What is readable and not ours is `ignored`, for one log line.
 * Throws `UnreadableEvent` for an event that we claim to know and cannot read.
 */
export function parseAwsEvent(input: unknown, here: Here): ParsedEvent {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new UnreadableEvent('the input of this function', input, 'an event, which is an object');
  }
  if (Object.hasOwn(input, 'alarmData')) return parseAlarmAction(input, here);
  if (Object.hasOwn(input, 'Records')) return parseNotification(input, here);

  const { source, 'detail-type': detailType } = input as Record<string, unknown>;
  if (typeof source !== 'string' || typeof detailType !== 'string') {
    return ignored('it has no source and detail-type: no event of AWS');
  }
  const parse = PARSERS.get(`${source} ${detailType}`);
  if (parse === undefined) {
    return ignored(`nobody here listens to ${shown(detailType)} from ${shown(source)}`);
  }
  const event = readEvent(input, source, detailType);
  const other = elsewhere(event.account, event.region, here);
  return other === undefined ? parse(event) : ignored(other);
}

const ONE = 'exactly one record of SNS: a queue of SQS belongs to reconcile';
const records = z.object({
  Records: z.tuple(
    [
      z.object(
        {
          Sns: z.object(
            {
              MessageId: words(256, 'the id of the notification'),
              Message: z.string({ error: 'the text of the notification' }),
            },
            { error: ONE },
          ),
        },
        { error: ONE },
      ),
    ],
    { error: ONE },
  ),
});

/** SNS invokes a function with one record. Anything but an alarm in it is for other subscribers. */
function parseNotification(input: object, here: Here): ParsedEvent {
  const [{ Sns }] = read('the input of this function', records, input).Records;
  let message: unknown;
  try {
    message = JSON.parse(Sns.Message);
  } catch {
    return ignored('a notification of SNS that is not JSON, so no alarm');
  }
  if (typeof message !== 'object' || message === null || !Object.hasOwn(message, 'AlarmName')) {
    return ignored('a notification of SNS that tells of no alarm');
  }
  return parseAlarmNotification(message, Sns.MessageId, here);
}
