/**
 * Strategies that shift traffic: what ECS is sent for them, what a service must have for them, and how
 * long they take of themselves.
 */
import { asObject, type Json } from '../model/json.ts';
import type { FoundService } from '../model/observation.ts';
import { ASKED_STAGES, type Hook, MINUTE, type Strategy } from '../model/rules.ts';

type Configuration = FoundService['deploymentConfiguration'];

const ECS_NAMES = { blueGreen: 'BLUE_GREEN', canary: 'CANARY', linear: 'LINEAR' } as const;

/** As ECS calls it. */
function ecsStrategy({ kind }: Strategy): (typeof ECS_NAMES)[keyof typeof ECS_NAMES] {
  return ECS_NAMES[kind];
}

/**
 * What stands in the deployment configuration of a release by this strategy; the part of another strategy
 * must not stand beside it (ECS refuses that). Hooks of the service stay its own, and ours comes beside.
 */
export function shiftForward(
  current: Configuration,
  strategy: Strategy,
  hook: Hook | undefined,
): Configuration {
  const theirs = hooksBeside(current, hook);
  return {
    ...withoutSteps(current),
    strategy: ecsStrategy(strategy),
    bakeTimeInMinutes: strategy.bakeMinutes,
    ...stepsOf(strategy),
    ...(hook && { lifecycleHooks: [...theirs, askingHook(hook)] }),
  };
}

/**
 * On the way back the whole traffic goes at once, and nobody waits for a bake: the old revision comes up
 * beside the bad one, and the rule moves as soon as it is healthy.
 */
export function shiftBack(current: Configuration, hook: Hook | undefined): Configuration {
  const theirs = hooksBeside(current, hook);
  return {
    ...withoutSteps(current),
    strategy: 'BLUE_GREEN',
    bakeTimeInMinutes: 0,
    ...(current.lifecycleHooks === undefined ? {} : { lifecycleHooks: theirs }),
  };
}

/** A stage that was not answered in a day is taken back, as ECS does by itself. */
export const STAGE_MINUTES = 1_440;

function askingHook({ function: hookTargetArn, role: roleArn }: Hook): Json {
  return {
    hookTargetArn,
    roleArn,
    lifecycleStages: ASKED_STAGES,
    timeoutConfiguration: { timeoutInMinutes: STAGE_MINUTES, action: 'ROLLBACK' },
  };
}

function hooksBeside({ lifecycleHooks }: Configuration, hook: Hook | undefined): readonly Json[] {
  const all: readonly Json[] = Array.isArray(lifecycleHooks) ? lifecycleHooks : [];
  return all.filter((one) => asObject(one).hookTargetArn !== hook?.function);
}

function withoutSteps({
  canaryConfiguration: _,
  linearConfiguration: __,
  ...rest
}: Configuration): Configuration {
  return rest;
}

function stepsOf(strategy: Strategy): Readonly<Record<string, Json>> {
  switch (strategy.kind) {
    case 'blueGreen':
      return {};
    case 'canary': {
      const { percent: canaryPercent, canaryBakeMinutes: canaryBakeTimeInMinutes } = strategy;
      return { canaryConfiguration: { canaryPercent, canaryBakeTimeInMinutes } };
    }
    case 'linear': {
      const { stepPercent, stepBakeMinutes: stepBakeTimeInMinutes } = strategy;
      return { linearConfiguration: { stepPercent, stepBakeTimeInMinutes } };
    }
  }
}

/**
 * How long ECS waits by its configuration before it says SUCCESSFUL: its bake, and those of its steps
 * (`stepPercent` 25: three of them, none after the last).
 */
export function ecsBakesMs(configuration: Configuration): number {
  const { strategy, bakeTimeInMinutes, canaryConfiguration, linearConfiguration } = configuration;
  const canary =
    strategy === 'CANARY' ? numberIn(canaryConfiguration, 'canaryBakeTimeInMinutes') : 0;
  const step = strategy === 'LINEAR' ? numberIn(linearConfiguration, 'stepBakeTimeInMinutes') : 0;
  const percent = numberIn(linearConfiguration, 'stepPercent');
  const steps = percent > 0 ? Math.ceil(100 / percent - 1e-9) - 1 : 0;
  const own = typeof bakeTimeInMinutes === 'number' ? bakeTimeInMinutes : 0;
  return (own + canary + step * steps) * MINUTE;
}

function numberIn(value: Json | undefined, name: string): number {
  const found = asObject(value)[name];
  return typeof found === 'number' ? found : 0;
}

/**
 * What the service lacks for this strategy, and how it gets it; undefined: nothing that DescribeServices
 * would show. Without load balancer and Service Connect only blue/green goes, which then shifts nothing.
 */
export function whyNoShift(
  service: FoundService,
  strategy: Strategy,
): { readonly because: string; readonly next: string } | undefined {
  const name = ecsStrategy(strategy);
  const { balancers = 0, shiftable = 0, connects = false } = service.traffic ?? {};
  if (shiftable < balancers) {
    return {
      because: `${name} moves traffic between two target groups, and ${balancers - shiftable} of the service's ${balancers} load balancers lack the second one`,
      next: 'give each advancedConfiguration { alternateTargetGroupArn, productionListenerRule, roleArn }, as docs/strategies.md shows',
    };
  }
  if (balancers === 0 && !connects && strategy.kind !== 'blueGreen') {
    return {
      because: `${name} needs a load balancer or Service Connect, and the service has neither`,
      next: 'give it one of them; or take blueGreen(), which then shifts nothing, or rolling()',
    };
  }
  return undefined;
}
