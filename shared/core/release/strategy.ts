/** The `deploymentConfiguration` that is sent with a rollout, and which services this version can drive. */
import { defined } from '../model/defined.ts';
import { asObject, type Json } from '../model/json.ts';
import type { FoundService } from '../model/observation.ts';
import type { Rules } from '../model/rules.ts';
import { shiftBack, shiftForward } from './shift.ts';

/** Why this service, which stands, cannot be driven, with the next step; undefined: it can. */
export function whyUnsupported(
  service: FoundService,
  { strategy: wanted }: Pick<Rules, 'strategy'>,
): string | undefined {
  // What it lacks for that can be given to it while the release waits.
  if (wanted !== undefined) return undefined;
  const strategy = service.deploymentConfiguration.strategy ?? 'ROLLING';
  if (strategy !== 'ROLLING') {
    return `the service deploys by ${String(strategy)}, and pipeline.config.ts says nothing of it: say so there by \`strategy\`, or set the service to ROLLING`;
  }
  return undefined;
}

/** Why ECS is asked. */
export type Purpose =
  | {
      readonly forward: true;
      /** Its last completed deployment is a proven one: ECS may return to it by itself. */
      readonly ecsRollsBack: boolean;
      /** Nothing is proven, so we know of no way back: ECS's own stays as the owner of the service set it. */
      readonly asOwnerSet?: true | undefined;
      /** The service's own `bakeTimeInMinutes`, which a way back of ours had set to 0. */
      readonly ownBakeMinutes?: number | undefined;
    }
  | {
      readonly forward: false;
      /** ECS refused those that the service brought along: one of them may have been deleted. */
      readonly withoutAlarms?: true | undefined;
    };

/**
 * Whole, since it is not documented whether ECS merges a part: what DescribeServices returned, with
 * only what the config names changed. ECS may roll back by itself only where its last completed
 * deployment is a proven one; our own way back is never undone by ECS.
 */
export function deploymentConfiguration(
  current: FoundService['deploymentConfiguration'],
  rules: Rules,
  purpose: Purpose,
): Readonly<Record<string, Json>> {
  const { rollout, strategy, hook } = rules;
  return {
    ...(strategy === undefined ? current : shifted(current, strategy, hook, purpose)),
    ...defined({
      minimumHealthyPercent: rollout.minimumHealthyPercent,
      maximumPercent: rollout.maximumPercent,
      bakeTimeInMinutes: bakeMinutes(current, rules, purpose),
    }),
    deploymentCircuitBreaker: circuitBreaker(current, rules, purpose),
    ...alarms(current, rules, purpose),
  };
}

function shifted(
  current: FoundService['deploymentConfiguration'],
  strategy: NonNullable<Rules['strategy']>,
  hook: Rules['hook'],
  { forward }: Purpose,
): FoundService['deploymentConfiguration'] {
  return forward ? shiftForward(current, strategy, hook) : shiftBack(current, hook);
}

/** A strategy that shifts traffic says its own. */
function bakeMinutes(
  { bakeTimeInMinutes: now }: FoundService['deploymentConfiguration'],
  { rollout, strategy }: Rules,
  purpose: Purpose,
): number | undefined {
  if (!purpose.forward) return 0;
  if (strategy !== undefined) return strategy.bakeMinutes;
  const { ownBakeMinutes } = purpose;
  if (rollout.ecsBakeMinutes !== undefined) return rollout.ecsBakeMinutes;
  return typeof now === 'number' && now > 0 ? now : ownBakeMinutes;
}

function circuitBreaker(
  current: FoundService['deploymentConfiguration'],
  rules: Rules,
  purpose: Purpose,
): Json {
  const now = asObject(current.deploymentCircuitBreaker);
  const named = rules.rollout.circuitBreaker;
  const enable = named?.enable ?? now.enable === true;
  const asSet = purpose.forward && purpose.asOwnerSet === true && now.rollback === true;
  // Ended without a way back, a shift would leave the traffic split, and the next one would fail for it.
  const shifts = purpose.forward && rules.strategy !== undefined;
  const ecsRollsBack = asSet || shifts || (purpose.forward && purpose.ecsRollsBack);
  return {
    ...now,
    enable,
    rollback: enable && ecsRollsBack,
    ...defined({
      resetOnHealthyTask: named?.resetOnHealthyTask,
      thresholdConfiguration: named?.threshold && { ...named.threshold },
    }),
  };
}

/**
 * ECS is given no alarm of ours. It would stay in the service, fail a fix that somebody deploys by hand
 * while it is red, and judge a release by data of before it; we hear of it within seconds, and
 * StopServiceDeployment returns as fast. Those that the service brought along stay its own, but for
 * who returns; of those that the config names, too, we take care.
 */
function alarms(
  current: FoundService['deploymentConfiguration'],
  rules: Rules,
  purpose: Purpose,
): Readonly<Record<string, Json>> {
  const now = asObject(current.alarms);
  if (Object.keys(now).length === 0 || (purpose.forward && purpose.asOwnerSet)) return {};
  const names = Array.isArray(now.alarmNames) ? now.alarmNames : [];
  const areOurs = names.every((name) => typeof name === 'string' && rules.alarms.includes(name));
  const areRefused = !purpose.forward && purpose.withoutAlarms === true;
  return {
    alarms:
      areOurs || areRefused
        ? { alarmNames: [], enable: false, rollback: false }
        : {
            ...now,
            rollback: purpose.forward && (purpose.ecsRollsBack || rules.strategy !== undefined),
          },
  };
}
