/**
 * What ECS refuses of strategies that shift traffic, at the call. The texts about load balancers: docs,
 * troubleshooting-blue-green; those about ranges and hooks are unverified. What is wrong with rules and
 * groups as they are is found later, and rolls back (`shift/balancers.ts`).
 */
import type {
  DeploymentConfiguration,
  DeploymentLifecycleHook,
  LoadBalancer,
} from '@aws-sdk/client-ecs';
import { loadBalancersOf, weightsAt } from '../../elbv2/forward.ts';
import { AwsError } from '../../kernel/errors.ts';
import type { World } from '../../kernel/world.ts';
import type { Settings } from '../state.ts';

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

const STRATEGIES = ['ROLLING', 'BLUE_GREEN', 'LINEAR', 'CANARY'];
const HOOKS_MOST = 10;
const MINUTES_MOST = 1_440;
const PAUSE_MINUTES_MOST = 20_160;
/** API reference: a PAUSE cannot stand where traffic is just being shifted. */
const NO_PAUSE: readonly string[] = ['TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT'];

/** `config` and `settings` as they would be after the call. */
export function refuseBadStrategy(
  world: World,
  config: DeploymentConfiguration,
  settings: Settings,
): void {
  const { strategy = 'ROLLING' } = config;
  if (!STRATEGIES.includes(strategy)) {
    throw invalid(`Deployment strategy should be one of [${STRATEGIES.join(',')}]`);
  }
  refuseBadSteps(config);
  refuseBadHooks(config.lifecycleHooks ?? []);
  const balancers = settings.loadBalancers ?? [];
  refuseMixedBalancers(balancers);
  if (strategy === 'ROLLING') return;
  const connects = settings.serviceConnectConfiguration?.enabled === true;
  if (strategy !== 'BLUE_GREEN' && balancers.length === 0 && !connects) {
    throw invalid(
      `The ${strategy} deployment strategy requires a load balancer or Service Connect.`,
    );
  }
  if (balancers.some(({ advancedConfiguration }) => advancedConfiguration === undefined)) {
    throw invalid(
      'advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy',
    );
  }
  for (const balancer of balancers) refuseBadBalancer(world, balancer);
}

function refuseBadSteps(config: DeploymentConfiguration): void {
  const { strategy, canaryConfiguration: canary, linearConfiguration: linear } = config;
  if (strategy === 'BLUE_GREEN' && config.bakeTimeInMinutes === undefined) {
    throw invalid('bakeTimeInMinutes is required for the BLUE_GREEN deployment strategy');
  }
  if (canary !== undefined && strategy !== 'CANARY') {
    throw invalid('canaryConfiguration is only valid with the CANARY deployment strategy');
  }
  if (linear !== undefined && strategy !== 'LINEAR') {
    throw invalid('linearConfiguration is only valid with the LINEAR deployment strategy');
  }
  refusePercent('canaryPercent', canary?.canaryPercent, 0.1);
  refusePercent('stepPercent', linear?.stepPercent, 3);
  refuseMinutes('canaryBakeTimeInMinutes', canary?.canaryBakeTimeInMinutes);
  refuseMinutes('stepBakeTimeInMinutes', linear?.stepBakeTimeInMinutes);
}

function refusePercent(name: string, percent: number | undefined, least: number): void {
  if (percent === undefined) return;
  const tenths = Math.round(percent * 1e6) / 1e5;
  if (percent >= least && percent <= 100 && Number.isInteger(tenths)) return;
  throw invalid(`${name} must be between ${least.toFixed(1)} and 100.0 in steps of 0.1`);
}

function refuseMinutes(name: string, minutes: number | undefined): void {
  if (minutes === undefined) return;
  if (Number.isInteger(minutes) && minutes >= 0 && minutes <= MINUTES_MOST) return;
  throw invalid(`${name} must be between 0 and ${MINUTES_MOST}`);
}

function refuseBadHooks(hooks: readonly DeploymentLifecycleHook[]): void {
  const pauses = hooks.filter(({ targetType }) => targetType === 'PAUSE');
  if (pauses.length > HOOKS_MOST || hooks.length - pauses.length > HOOKS_MOST) {
    throw invalid(
      `A service can have at most ${HOOKS_MOST} AWS_LAMBDA and ${HOOKS_MOST} PAUSE hooks`,
    );
  }
  for (const hook of hooks) {
    const isPause = hook.targetType === 'PAUSE';
    const most = isPause ? PAUSE_MINUTES_MOST : MINUTES_MOST;
    const minutes = hook.timeoutConfiguration?.timeoutInMinutes ?? 1;
    if (!(minutes >= 1 && minutes <= most)) {
      throw invalid(`timeoutInMinutes must be between 1 and ${most}`);
    }
    if (!isPause && (hook.hookTargetArn === undefined || hook.roleArn === undefined)) {
      throw invalid('hookTargetArn and roleArn are required for AWS_LAMBDA lifecycle hooks');
    }
    if (isPause && (hook.lifecycleStages ?? []).some((stage) => NO_PAUSE.includes(stage))) {
      throw invalid(`PAUSE lifecycle hooks are not supported at ${NO_PAUSE.join(' and ')}`);
    }
  }
}

function refuseMixedBalancers(balancers: readonly LoadBalancer[]): void {
  const advanced = balancers.filter(
    ({ advancedConfiguration }) => advancedConfiguration !== undefined,
  );
  if (advanced.some(({ loadBalancerName }) => loadBalancerName !== undefined)) {
    throw invalid('advancedConfiguration field is not allowed with ELBv1 loadBalancers');
  }
  if (advanced.length > 0 && advanced.length < balancers.length) {
    throw invalid(
      'Either all or none of the provided loadBalancers must have advancedConfiguration defined',
    );
  }
  const groups = advanced.flatMap(({ targetGroupArn, advancedConfiguration }) => [
    targetGroupArn ?? '',
    advancedConfiguration?.alternateTargetGroupArn ?? '',
  ]);
  const twice = groups.find((group, index) => groups.indexOf(group) < index);
  if (twice !== undefined) throw invalid(`Duplicate targetGroupArn found: ${twice}`);
}

const RULE = /:listener-rule\/app\/|:listener\/net\//;

function refuseBadBalancer(
  world: World,
  { targetGroupArn = '', advancedConfiguration = {} }: LoadBalancer,
): void {
  const { productionListenerRule: rule = '', testListenerRule: test } = advancedConfiguration;
  const alternate = advancedConfiguration.alternateTargetGroupArn ?? '';
  if (!RULE.test(rule)) {
    throw invalid(
      `productionListenerRule has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. Got: ${rule}`,
    );
  }
  if (rule === test) {
    throw invalid(
      `The following rules cannot be used as both production and test listener rules: ${rule}`,
    );
  }
  const named = new Set((weightsAt(world, rule) ?? []).map(({ targetGroup }) => targetGroup));
  const hasBoth = named.has(targetGroupArn) && named.has(alternate);
  if (rule.includes('/app/') && test === undefined && !hasBoth) {
    throw invalid(
      'For Application LoadBalancer, testListenerRule is required when productionListenerRule is not associated with both targetGroup and alternateTargetGroup',
    );
  }
  for (const group of [targetGroupArn, alternate]) {
    if (loadBalancersOf(world, group).length > 0) continue;
    throw invalid(
      `The target group with targetGroupArn ${group} does not have an associated load balancer.`,
    );
  }
}
