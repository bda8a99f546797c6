/** What one question of ECS costs: calls to AWS, the handler's own CPU time, and the bytes of its bundle. */
import { bundleFunction } from '../../infra/bundle.ts';
import type { Cloud } from '../../local/slipway/slipway-cloud.ts';
import { playScenario, scenarioOf } from '../../local/stories/scenario.ts';
import example from '../../pipeline.config.ts';
import { WAYS } from './cases.ts';

export interface HookCost {
  readonly asks: number;
  /** The most that one took. */
  readonly callsMost: number;
  /** With the local cloud's work, which answers its calls: an upper bound. */
  readonly cpuMicroseconds: number;
  readonly bytes: number;
}

export async function measureHook(): Promise<HookCost> {
  const scenario = scenarioOf(
    JSON.stringify({
      targets: { web: { config: { strategy: WAYS['canary 5 %'] } } },
      steps: [{ at: '1m', push: { repository: 'shop/web', tag: 'main-1' } }],
      until: '16m',
    }),
    example,
  );
  const { cloud } = await playScenario(scenario, example, { seed: 1 });
  const calls: number[] = [];
  let open = 0;
  for (const line of cloud.lines) {
    const { function: name, message, call } = JSON.parse(line);
    if (name !== 'lifecycle-hook') continue;
    if (call !== undefined) open++;
    if (message === 'answered') {
      calls.push(open);
      open = 0;
    }
  }
  const { code } = await bundleFunction('lifecycle-hook', cloud.pipeline);
  return {
    asks: calls.length,
    callsMost: Math.max(...calls),
    cpuMicroseconds: await cpuOfAnAsk(cloud),
    bytes: Buffer.byteLength(code),
  };
}

const ASKS = 300;

/** Of the same question again and again. */
async function cpuOfAnAsk(cloud: Cloud): Promise<number> {
  const { world } = cloud;
  const [record] = Object.values(world.ecs.serviceDeployments).slice(-1);
  const home = `${world.region}:${world.account}`;
  const event = {
    executionId: 'measured',
    lifecycleStage: 'PRE_PRODUCTION_TRAFFIC_SHIFT',
    resourceArn: `arn:aws:ecs:${home}:service-deployment/production/web/${record?.id}`,
    executionDetails: {
      serviceArn: `arn:aws:ecs:${home}:service/production/web`,
      targetServiceRevisionArn: `arn:aws:ecs:${home}:service-revision/production/web/${record?.target}`,
      testTrafficWeights: {},
      productionTrafficWeights: {},
    },
  };
  const ask = async (times: number) => {
    for (let n = 0; n < times; n++) await cloud.invoke('lifecycle-hook', event);
  };
  await ask(ASKS);
  const before = process.cpuUsage();
  await ask(ASKS);
  const { user, system } = process.cpuUsage(before);
  return Math.round((user + system) / ASKS);
}
