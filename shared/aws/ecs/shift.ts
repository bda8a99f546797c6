/** How far a rollout that shifts traffic has come: DescribeServiceDeployments of that one. */
import {
  DescribeServiceDeploymentsCommand,
  type ECSClient,
  type ServiceDeployment,
} from '@aws-sdk/client-ecs';
import { defined } from '../../core/model/defined.ts';
import type { ObservedShift } from '../../core/model/observation.ts';
import type { Hook } from '../../core/model/rules.ts';
import { askUnlessGone } from '../refusal.ts';

export async function describeShift(
  client: ECSClient,
  rollout: string,
  hook: Hook | undefined,
): Promise<ObservedShift | undefined> {
  const answer = await askUnlessGone('ecs:DescribeServiceDeployments', () =>
    client.send(new DescribeServiceDeploymentsCommand({ serviceDeploymentArns: [rollout] })),
  );
  const found = answer?.serviceDeployments?.[0];
  return found && shiftSeen(found, hook);
}

/** That the hooks of Lambda are listed while they are asked is in the SDK's text; it was not seen yet. */
function shiftSeen(
  { lifecycleStage, lifecycleHookDetails = [], ...found }: ServiceDeployment,
  hook: Hook | undefined,
): ObservedShift {
  const waits = lifecycleHookDetails.some(
    ({ targetArn, status }) => targetArn === hook?.function && status === 'IN_PROGRESS',
  );
  return defined({ stage: lifecycleStage, share: shareOf(found), hookWaits: waits });
}

/** Weights are no percents for certain: they are compared with each other. */
function shareOf({
  targetServiceRevision,
  sourceServiceRevisions = [],
}: Pick<ServiceDeployment, 'targetServiceRevision' | 'sourceServiceRevisions'>):
  | number
  | undefined {
  const own = targetServiceRevision?.requestedProductionTrafficWeight;
  if (own === undefined) return undefined;
  // Two sources were seen with the same weight, each of the whole of the old revisions.
  const others = sourceServiceRevisions.map((one) => one.requestedProductionTrafficWeight ?? 0);
  const total = own + Math.max(0, ...others);
  return total === 0 ? undefined : own / total;
}
