/** Where people are told: what a config may say, and what it is told when it cannot work. */
import { expect, test } from 'vitest';
import { parsePipeline } from '../../shared/config/config.ts';

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:releases';

function withNotices(notices: object) {
  return parsePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    targets: {
      web: {
        type: 'ecs-service',
        mode: 'act',
        cluster: 'production',
        service: 'web',
        containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
        alarms: ['web-5xx'],
      },
    },
    notices,
  });
}

test('what ends badly, needs a person, or is proven is told unless the config says otherwise', () => {
  const kinds = ['rolled-back', 'failed', 'needs-attention', 'refused', 'proven'];
  expect(withNotices({ mail: TOPIC }).notices).toEqual({ mail: TOPIC, of: kinds });
  expect(withNotices({ chat: TOPIC, of: ['failed'] }).notices?.of).toEqual(['failed']);
});

test.each([
  [{}, 'mail, chat, or both'],
  [{ mail: 'ops@example.com' }, 'the ARN of a standard topic of SNS'],
  [{ mail: `${TOPIC}.fifo` }, 'the ARN of a standard topic of SNS'],
  [{ chat: TOPIC.replace('eu-central-1', 'us-east-1') }, 'a topic in 123456789012, eu-central-1'],
  [{ chat: TOPIC.replace('123456789012', '210987654321') }, 'a topic in 123456789012'],
  [{ mail: TOPIC, of: [] }, 'at least one kind'],
  [{ mail: TOPIC, of: ['rolled'] }, "'rolled-back'"],
])('%o is refused', (notices, expected) => {
  expect(() => withNotices(notices)).toThrow(expected);
});
