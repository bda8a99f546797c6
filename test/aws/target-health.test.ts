/** What is wrong with the targets of a load balancer, in its own words; those that are well are left out. */
import {
  DescribeTargetHealthCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, expect, test } from 'vitest';
import { sickTargets } from '../../shared/aws/target-health.ts';
import { TransientError } from '../../shared/ports.ts';

const balancers = mockClient(ElasticLoadBalancingV2Client);
// Files share their modules: what is mocked here would be mocked in the next one.
afterAll(() => balancers.restore());
const client = new ElasticLoadBalancingV2Client({ region: 'eu-central-1' });

test('a target that answers with 500 is told with its reason; one that begins is not sick', async () => {
  const Target = { Id: '10.0.1.7', Port: 8080 };
  balancers.on(DescribeTargetHealthCommand).resolves({
    TargetHealthDescriptions: [
      { Target: { Id: '10.0.1.5', Port: 8080 }, TargetHealth: { State: 'healthy' } },
      {
        Target: { Id: '10.0.1.6', Port: 8080 },
        TargetHealth: { State: 'initial', Reason: 'Elb.RegistrationInProgress' },
      },
      {
        Target,
        TargetHealth: {
          State: 'unhealthy',
          Reason: 'Target.ResponseCodeMismatch',
          Description: 'Health checks failed with these codes: [500]',
        },
      },
    ],
  });
  expect(await sickTargets(client, ['arn:group'])).toEqual([
    {
      target: '10.0.1.7:8080',
      state: 'unhealthy',
      because: 'Target.ResponseCodeMismatch: Health checks failed with these codes: [500]',
    },
  ]);
});

test('without the right to ask it is unknown, and not well', async () => {
  balancers.on(DescribeTargetHealthCommand).rejects(new Error('AccessDenied'));
  await expect(sickTargets(client, ['arn:group'])).rejects.toThrow(TransientError);
});
