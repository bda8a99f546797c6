/** What a release costs in calls, exactly: time and chance are virtual, so the counts are the same each time. */
import { expect, test } from 'vitest';
import { countCalls } from '../../bench/calls.ts';
import { RELEASE } from '../../bench/cost/measured.ts';
import { sum } from '../../bench/release-calls.ts';

test('a healthy release and the ways back make these calls, and no other', async () => {
  const { release, wayBackInFlight, wayBackInBake } = await countCalls();
  expect(release.before.aws).toEqual({
    'ecr:DescribeImages': 2,
    'ecs:DescribeServices': 1,
    'ecs:DescribeTaskDefinition': 1,
    'cloudwatch:DescribeAlarms': 1,
    'ecs:RegisterTaskDefinition': 1,
    'ecs:UpdateService': 1,
  });
  // When the rollout has ended, at the end of the bake, and when its alarms have judged all of it.
  expect(release.after.aws).toEqual({
    'ecs:DescribeServices': 3,
    'ecs:ListServiceDeployments': 1,
    'ecs:ListTasks': 3,
    'ecs:DescribeTasks': 3,
    'cloudwatch:DescribeAlarms': 3,
    'cloudwatch:DescribeAlarmHistory': 1,
    // The sweep of ECR's images, once in a quarter of an hour.
    'ecr:DescribeImages': 1,
  });
  expect(wayBackInFlight.aws).toEqual({
    'ecs:DescribeServices': 1,
    'ecs:ListServiceDeployments': 1,
    'ecs:StopServiceDeployment': 1,
  });
  expect(wayBackInBake.aws).toEqual({
    'ecs:DescribeServices': 1,
    'ecs:DescribeTaskDefinition': 1,
    'ecr:DescribeImages': 1,
    'ecs:UpdateService': 1,
  });
  expect(sum(release.before.own)).toBeLessThanOrEqual(14);
  expect(sum(release.after.own)).toBeLessThanOrEqual(30);
  // What docs/cost.md reckons with: `npm run cost -- --measure` counts it anew.
  const both = (operation: string) =>
    (release.before.own[operation] ?? 0) + (release.after.own[operation] ?? 0);
  expect(both('sqs:SendMessageBatch')).toBeLessThanOrEqual(RELEASE.sends);
  expect(both('dynamodb:GetItem') + both('dynamodb:Query')).toBeLessThanOrEqual(RELEASE.tableReads);
  expect(both('eventbridge:PutEvents')).toBeLessThanOrEqual(RELEASE.announcements);
  expect(sum(wayBackInFlight.own)).toBeLessThanOrEqual(8);
  expect(sum(wayBackInBake.own)).toBeLessThanOrEqual(8);
});
