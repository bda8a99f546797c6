/** The port `Topics`: SNS. */
import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Topics } from '../ports.ts';
import { ask } from './refusal.ts';

export function createTopics(client: SNSClient): Topics {
  return {
    publish: async (topic, { subject, message }) => {
      await ask(`sns:Publish to ${topic}`, () =>
        client.send(
          new PublishCommand({
            TopicArn: topic,
            Message: message,
            ...(subject === undefined ? {} : { Subject: subject }),
          }),
        ),
      );
    },
  };
}
