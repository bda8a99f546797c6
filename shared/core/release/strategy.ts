/** The `deploymentConfiguration` that is sent with a rollout, and which services this version can drive. */
import { defined } from '../model/defined.ts';
import type { Json } from '../model/json.ts';
import type { FoundService } from '../model/observation.ts';
import type { Rules } from '../model/rules.ts';
import { howItComesBack, whyGone } from './gone.ts';

/** Why this service cannot be driven, with the next step; undefined: it can. */
export function whyUnsupported(service: FoundService): string | undefined {
  const seen = { state: 'found', ...service } as const;
  const gone = whyGone(seen);
  if (gone !== undefined) return `${gone}: ${howItComesBack(seen)}`;
  const strategy = service.deploymentConfiguration.strategy ?? 'ROLLING';
  if (strategy !== 'ROLLING') {
    return `the service deploys by ${String(strategy)}, and this version drives ROLLING only: set the strategy to ROLLING, or leave the service to its own pipeline`;
  }
  return undefined;
}

/**
 * Whole, since it is not documented whether ECS merges a part: what DescribeServices returned, with
 * only what the config names changed. ECS may roll back by itself only where its last completed
 * deployment is a proven one (`ecsRollsBack`); our own way back is never undone by ECS or an alarm.
 */
export function deploymentConfiguration(
  current: FoundService['deploymentConfiguration'],
  rules: Rules,
  purpose: { readonly forward: true; readonly ecsRollsBack: boolean } | { readonly forward: false },
): Readonly<Record<string, Json>> {
  const { rollout } = rules;
  const ecsRollsBack = purpose.forward && purpose.ecsRollsBack;
  return {
    ...current,
    ...defined({
      minimumHealthyPercent: rollout.minimumHealthyPercent,
      maximumPercent: rollout.maximumPercent,
    }),
    bakeTimeInMinutes: purpose.forward ? rollout.ecsBakeMinutes : 0,
    deploymentCircuitBreaker: circuitBreaker(current, rules, ecsRollsBack),
    ...alarms(current, rules, purpose.forward, ecsRollsBack),
  };
}

function circuitBreaker(
  current: FoundService['deploymentConfiguration'],
  rules: Rules,
  ecsRollsBack: boolean,
): Json {
  const now = asObject(current.deploymentCircuitBreaker);
  const named = rules.rollout.circuitBreaker;
  const enable = named?.enable ?? now.enable === true;
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

function alarms(
  current: FoundService['deploymentConfiguration'],
  rules: Rules,
  forward: boolean,
  ecsRollsBack: boolean,
): Readonly<Record<string, Json>> {
  if (rules.alarms.length > 0) {
    return {
      alarms: { alarmNames: [...rules.alarms], enable: forward, rollback: ecsRollsBack },
    };
  }
  // Alarms that the service brought along stay its own; only who returns is ours to say.
  const now = asObject(current.alarms);
  return Object.keys(now).length === 0 ? {} : { alarms: { ...now, rollback: ecsRollsBack } };
}

function asObject(value: Json | undefined): Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, Json>>)
    : {};
}
