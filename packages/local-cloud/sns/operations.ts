/** SNS, as much as publishing to a topic needs: what was published is kept to be read. */
import { AwsError } from '../kernel/errors.ts';
import { randomUuid } from '../kernel/random.ts';
import { table } from '../kernel/tables.ts';
import type { World } from '../kernel/world.ts';

export interface SnsState {
  /** By ARN, what was published to it, oldest first. */
  readonly topics: Record<string, Published[]>;
}

declare module '../kernel/world.ts' {
  interface ServiceStates {
    sns: SnsState;
  }
}

export interface Published {
  readonly at: number;
  readonly subject?: string;
  readonly message: string;
}

/** docs, API_Publish: 262,144 bytes at most. */
const MESSAGE_BYTES_MOST = 262_144;
/** docs, API_Publish: ASCII, beginning with a letter, number or punctuation mark, under 100 characters. */
const SUBJECT = /^[!-~][ -~]{0,98}$/;

export function emptySns(): SnsState {
  return { topics: table() };
}

/** Makes a topic exist; its ARN. */
export function createTopic({ sns, region, account }: World, name: string): string {
  const arn = `arn:aws:sns:${region}:${account}:${name}`;
  sns.topics[arn] ??= [];
  return arn;
}

interface PublishInput {
  readonly TopicArn?: string;
  readonly Subject?: string;
  readonly Message?: string;
}

export const snsOperations = {
  Publish(world: World, { TopicArn = '', Subject, Message = '' }: PublishInput) {
    const topic = world.sns.topics[TopicArn];
    if (topic === undefined) throw new AwsError('NotFoundException', 'Topic does not exist');
    if (Message === '') throw invalid('Empty message');
    if (Buffer.byteLength(Message) > MESSAGE_BYTES_MOST) throw invalid('Message too long');
    if (Subject !== undefined && !SUBJECT.test(Subject)) throw invalid('Subject');
    const subject = Subject === undefined ? {} : { subject: Subject };
    topic.push({ at: world.now, ...subject, message: Message });
    return { MessageId: randomUuid(world) };
  },
};

function invalid(what: string): AwsError {
  return new AwsError('InvalidParameterException', `Invalid parameter: ${what}`);
}
