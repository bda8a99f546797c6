/** A service of the config behind two target groups of a load balancer, and Slipway in that cloud. */
import type { Behaviour } from '@slipway/local-cloud/ecr/behaviour.ts';
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import { servedBy } from '@slipway/local-cloud/traffic/state.ts';
import { Cloud } from '../../../local/slipway/slipway-cloud.ts';
import { worldOf } from '../../../local/stories/setup/scenario-world.ts';
import { definePipeline, ecsService } from '../../../shared/config/config.ts';
import type { EcsServiceInput } from '../../../shared/config/input.ts';

const MINUTE = 60_000;

function pipelineWith(strategy: EcsServiceInput['strategy'], more: Partial<EcsServiceInput>) {
  return definePipeline({
    account: '123456789012',
    region: 'eu-central-1',
    targets: {
      web: ecsService({
        mode: 'act',
        cluster: 'production',
        service: 'web',
        containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
        alarms: ['web-5xx'],
        rollout: { circuitBreaker: { enable: true } },
        strategy,
        // What the judge would have said is announced, too: `judge.test.ts` asks it.
        judge: 'off',
        ...more,
      }),
    },
  });
}

export interface Shifting {
  readonly cloud: Cloud;
  readonly rule: string;
}

/** Its targets are checked every 10 s and drain for 300 s; an alarm at 1 % in two of three minutes. */
const SETUP = {
  loadBalancer: { healthCheckSeconds: 10, healthyChecks: 2, drainSeconds: 300 },
  alarms: { 'web-5xx': { errorPercent: 1, minimumRequests: 0 } },
};

/** It has rolled into its load balancer; 50 requests a second come by the rule. */
export async function shifting(
  strategy: EcsServiceInput['strategy'],
  seed = 1,
  more: Partial<EcsServiceInput> = {},
): Promise<Shifting> {
  const pipeline = pipelineWith(strategy, more);
  const world = worldOf(pipeline, { targets: { web: SETUP } }, seed);
  const cloud = await Cloud.start({ world, pipeline, seed });
  await cloud.runUntil(world.now + 3 * MINUTE);
  return { cloud, rule: world.traffic.sources[0]?.rule ?? '' };
}

/** The same world with another config, as after a deployment of the stack. */
export async function reconfigured(
  { cloud, rule }: Shifting,
  strategy: EcsServiceInput['strategy'],
): Promise<Shifting> {
  const { world, dynamo } = cloud;
  const pipeline = pipelineWith(strategy, {});
  const next = await Cloud.start({ world, pipeline, seed: 1, dynamo, saved: cloud.save() });
  return { cloud: next, rule };
}

/** Pushes an image that behaves so, and lets so much time pass; answers the bad requests. */
export async function badAfterPush(
  { cloud }: Shifting,
  { minutes, ...behaviour }: Behaviour & { readonly minutes: number },
): Promise<number> {
  const { world } = cloud;
  const before = servedBy(world, 'production', 'web').bad;
  pushImage(world, { repository: 'shop/web', tag: 'main-1', behaviour });
  await cloud.runUntil(world.now + minutes * MINUTE);
  return servedBy(world, 'production', 'web').bad - before;
}
