/** How far a shift of traffic has come, read off DescribeServiceDeployments. */
import { ECSClient } from '@aws-sdk/client-ecs';
import { expect, test } from 'vitest';
import { readSettings } from '../../../shared/aws/connect/client-settings.ts';
import { readServices } from '../../../shared/aws/ecs/read.ts';
import { listeningLog, wire } from '../wire.ts';

const ROLLOUT = 'arn:aws:ecs:eu-west-1:111122223333:service-deployment/production/web/a';
const HOOK = {
  function: 'arn:aws:lambda:eu-west-1:111122223333:function:slipway-lifecycle-hook',
  role: 'arn:aws:iam::111122223333:role/slipway-ecs-hook-eu-west-1',
};

async function shiftOf(deployment: object | undefined) {
  const serviceDeployments = deployment === undefined ? [] : [deployment];
  const far = wire({ DescribeServiceDeployments: [{ serviceDeployments }] });
  const services = readServices(new ECSClient(readSettings(far.settings)), listeningLog());
  return await services.shift(ROLLOUT, HOOK);
}

const weight = (requestedProductionTrafficWeight: number) => ({ requestedProductionTrafficWeight });

test('the stage, the share, and whether ECS waits for our hook', async () => {
  expect(
    await shiftOf({
      lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
      targetServiceRevision: weight(5),
      sourceServiceRevisions: [weight(95)],
      lifecycleHookDetails: [
        { targetArn: 'arn:aws:lambda:eu-west-1:111122223333:function:theirs', status: 'SUCCEEDED' },
        { targetArn: HOOK.function, status: 'IN_PROGRESS' },
      ],
    }),
  ).toEqual({ stage: 'POST_TEST_TRAFFIC_SHIFT', share: 0.05, hookWaits: true });
});

test('weights are compared: 50 beside 950 are 5 %, and two old revisions count once', async () => {
  const seen = { targetServiceRevision: weight(50), lifecycleStage: 'BAKE_TIME' };
  const found = await shiftOf({ ...seen, sourceServiceRevisions: [weight(950), weight(950)] });
  expect(found).toEqual({ stage: 'BAKE_TIME', share: 0.05, hookWaits: false });
});

test('of what ECS does not tell nothing is said', async () => {
  const theirs = { targetArn: 'arn:theirs', status: 'IN_PROGRESS' };
  expect(await shiftOf({ lifecycleHookDetails: [theirs] })).toEqual({ hookWaits: false });
  expect(await shiftOf(undefined)).toBeUndefined();
});
