/** A service that shifts its traffic between two groups of a load balancer, and what tests see of it. */
import type { DeploymentConfiguration, LoadBalancer } from '@aws-sdk/client-ecs';
import type { Behaviour } from '../../../ecr/behaviour.ts';
import type { Unknowns } from '../../../ecs/shift/state.ts';
import { weightsAt } from '../../../elbv2/forward.ts';
import { loadBalancerPath, targetGroupPath } from '../../../elbv2/state.ts';
import type { World } from '../../../kernel/world.ts';
import { addFunction, type ScriptedAnswer } from '../../../lambda/state.ts';
import { addTraffic } from '../../../traffic/state.ts';
import { type Balanced, makeBalancer, tune } from '../../elbv2/elbv2-world.ts';
import {
  MINUTE,
  pass,
  release,
  serviceDeployments,
  update,
  worldWithService,
} from '../ecs-world.ts';

export const HOOK_ROLE = 'arn:aws:iam::123456789012:role/hooks';
export const BLUE_GREEN = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 } as const;
export const CANARY = {
  strategy: 'CANARY',
  bakeTimeInMinutes: 5,
  canaryConfiguration: { canaryPercent: 5, canaryBakeTimeInMinutes: 10 },
} as const;
export const LINEAR = {
  strategy: 'LINEAR',
  bakeTimeInMinutes: 5,
  linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 2 },
} as const;
export const BREAKER = { deploymentCircuitBreaker: { enable: true, rollback: true } } as const;

export interface Shifting extends Balanced {
  readonly world: World;
}

export interface ShiftSetting {
  readonly config?: DeploymentConfiguration;
  readonly unknowns?: Unknowns;
  readonly seed?: number;
  readonly withoutTestRule?: true;
}

/** One whose first deployment, of two good tasks, is over; 50 requests a second follow the rule. */
export function shifting({ config = BLUE_GREEN, ...more }: ShiftSetting = {}): Shifting {
  const world = worldWithService({ desiredCount: 0, seed: more.seed ?? 7 });
  if (more.unknowns !== undefined) world.ecs.unknowns = more.unknowns;
  const web = makeBalancer(world);
  tune(world, web.blue, web.green);
  update(world, {
    desiredCount: 2,
    loadBalancers: balancersOf(web, more),
    deploymentConfiguration: config,
  });
  addTraffic(world, {
    cluster: 'main',
    service: 'web',
    loadBalancer: loadBalancerPath(web.balancer),
    targetGroup: targetGroupPath(web.blue),
    rule: web.rule,
    requestsPerSecond: 50,
  });
  pass(world, 60 * MINUTE);
  return { world, ...web };
}

export function balancersOf(
  { blue, green, rule, testRule }: Balanced,
  { withoutTestRule }: ShiftSetting = {},
): LoadBalancer[] {
  return [
    {
      targetGroupArn: blue,
      containerName: 'app',
      containerPort: 8080,
      advancedConfiguration: {
        alternateTargetGroupArn: green,
        productionListenerRule: rule,
        ...(withoutTestRule !== true && { testListenerRule: testRule }),
        roleArn: 'arn:aws:iam::123456789012:role/infrastructure',
      },
    },
  ];
}

/** A function that answers so, asked at these stages. */
export function hook(
  world: World,
  stages: NonNullable<DeploymentConfiguration['lifecycleHooks']>[number]['lifecycleStages'],
  script: readonly ScriptedAnswer[],
) {
  const name = `hook-${world.sequence++}`;
  const hookTargetArn = addFunction(world, { name, timeoutSeconds: 60, script: [...script] });
  return { hookTargetArn, roleArn: HOOK_ROLE, lifecycleStages: stages ?? [] };
}

export const SAYS = {
  yes: { answer: { hookStatus: 'SUCCEEDED' } },
  no: { answer: { hookStatus: 'FAILED' } },
  wait: { answer: { hookStatus: 'IN_PROGRESS' } },
  nothing: {},
} as const;

/** The shares of the two groups behind a rule, in percent, in the order of their names: "blue 5". */
export function sharesAt({ world, blue }: Shifting, rule: string): string {
  const weights = weightsAt(world, rule) ?? [];
  const sum = weights.reduce((total, { weight }) => total + weight, 0);
  return weights
    .filter(({ weight }) => weight > 0)
    .map(({ targetGroup, weight }) => {
      const name = targetGroup === blue ? 'blue' : 'green';
      return `${name} ${(weight * 100) / sum}`;
    })
    .join(', ');
}

/** The newest service deployment. */
export function newest(world: World) {
  const [found] = serviceDeployments(world);
  if (found === undefined) throw new Error('there is no service deployment');
  return found;
}

/** Passes time until the newest service deployment has ended; answers its stages as they were seen. */
export function stagesUntilEnd(world: World, mostMs = 3 * 60 * MINUTE): string[] {
  const seen: string[] = [];
  const end = world.now + mostMs;
  for (;;) {
    const { lifecycleStage, status = '' } = newest(world);
    if (lifecycleStage !== undefined && seen.at(-1) !== lifecycleStage) seen.push(lifecycleStage);
    if (ENDED.has(status)) return seen;
    if (world.now > end) throw new Error(`still ${status} ${lifecycleStage}`);
    pass(world, 250);
  }
}

const ENDED = new Set(['SUCCESSFUL', 'STOPPED', 'ROLLBACK_SUCCESSFUL', 'ROLLBACK_FAILED']);

/** Passes time until the newest service deployment is in that stage. */
export function passToStage(world: World, stage: string, times = 1): void {
  for (let count = 0; count < times; count++) {
    const end = world.now + 3 * 60 * MINUTE;
    const isThere = () => newest(world).lifecycleStage === stage;
    if (count > 0) while (isThere() && world.now < end) pass(world, 250);
    while (!isThere()) {
      if (world.now > end) throw new Error(`never ${stage}: ${newest(world).statusReason}`);
      pass(world, 250);
    }
  }
}

export function startRelease({ world }: Shifting, behaviour: Behaviour = {}): void {
  release(world, behaviour);
  pass(world, 6_000);
}
