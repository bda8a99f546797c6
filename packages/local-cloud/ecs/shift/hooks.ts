/**
 * Lifecycle hooks: who is asked at a stage, what a function is told, what its answer means (docs,
 * lambda-lifecycle-hooks). A hook fails closed: what is no answer rolls back.
 */
import type { DeploymentLifecycleHook } from '@aws-sdk/client-ecs';
import { emit } from '../../eventbridge/state.ts';
import { randomHex, randomUuid } from '../../kernel/random.ts';
import { schedule } from '../../kernel/timers.ts';
import type { World } from '../../kernel/world.ts';
import { invoke, type Outcome } from '../../lambda/state.ts';
import { iso } from '../events.ts';
import { clusterArn, revisionArn, serviceArn, serviceDeploymentArn } from '../names.ts';
import type { ServiceDeploymentRecord, ServiceRecord } from '../state.ts';
import type { HookRun, Shift, Stage } from './state.ts';

const MINUTE_MS = 60_000;
/** docs, lambda-lifecycle-hooks: without `callBackDelay`. */
const CALL_BACK_SECONDS = 30;
/** API reference, DeploymentLifecycleHookTimeoutConfiguration; read back even where it was not sent (public log). */
export const HOOK_TIMEOUT = { timeoutInMinutes: 1_440, action: 'ROLLBACK' } as const;
/** How soon a throttled function is tried again, where it is (a choice of the world). */
const RETRY_MS = 10_000;

export interface Deploying {
  readonly service: ServiceRecord;
  readonly record: ServiceDeploymentRecord;
  readonly shift: Shift;
}

/** Begins the hooks of a stage; all of them run at once. Answers whether there are some. */
export function startHooks(world: World, deploying: Deploying, stage: Stage): boolean {
  const { shift, record } = deploying;
  const hooks = record.deploymentConfiguration.lifecycleHooks ?? [];
  const runs = hooks.flatMap((hook, index) =>
    (hook.lifecycleStages ?? []).some((one) => one === stage)
      ? [newRun(world, hook, { index, stage })]
      : [],
  );
  shift.hooks.push(...runs);
  for (const run of runs) {
    schedule(world, run.expiresAt, 'ecs.hook-expiry', { id: record.id, hook: run.id });
    if (run.targetType === 'PAUSE') emitHookChange(world, deploying, run, 'HOOK_AWAITING_ACTION');
    else call(world, deploying, run);
  }
  return runs.length > 0;
}

function newRun(
  world: World,
  { targetType = 'AWS_LAMBDA', hookTargetArn, timeoutConfiguration }: DeploymentLifecycleHook,
  { index, stage }: Pick<HookRun, 'index' | 'stage'>,
): HookRun {
  const { timeoutInMinutes, action } = { ...HOOK_TIMEOUT, ...timeoutConfiguration };
  const isPause = targetType === 'PAUSE';
  return {
    id: `ecs-${isPause ? 'pause' : 'hook'}-${randomHex(world, 43)}`,
    index,
    stage,
    execution: randomUuid(world),
    targetType: isPause ? 'PAUSE' : 'AWS_LAMBDA',
    ...(hookTargetArn !== undefined && { targetArn: hookTargetArn }),
    status: isPause ? 'AWAITING_ACTION' : 'IN_PROGRESS',
    expiresAt: world.now + (timeoutInMinutes ?? 1_440) * MINUTE_MS,
    timeoutAction: action ?? 'ROLLBACK',
  };
}

/** Asks the function of a hook that is still IN_PROGRESS. */
export function call(world: World, deploying: Deploying, run: HookRun): void {
  const { record } = deploying;
  const { roleArn: role = '' } = hookOf(record, run);
  const data = { id: record.id, hook: run.id };
  const arn = run.targetArn ?? '';
  const payload = payloadOf(world, deploying, run);
  const refusal = invoke(world, { arn, role, payload, hearer: { kind: 'ecs.hook-answer', data } });
  if (refusal === undefined) return;
  if (refusal === 'throttled' && world.ecs.unknowns?.throttledHook === 'retried') {
    schedule(world, world.now + RETRY_MS, 'ecs.hook-call', data);
    return;
  }
  schedule(world, world.now, 'ecs.hook-answer', { ...data, refusal: whyNot(arn, role, refusal) });
}

/** The words: docs, troubleshooting-blue-green; those of the other two are unverified. */
function whyNot(arn: string, role: string, refusal: string): string {
  const name = arn.slice(arn.lastIndexOf(':') + 1);
  const unable = `ECS was unable to invoke hook target ${name} due to`;
  if (refusal === 'not-authorized') {
    const user = `${role.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/')}/ECS-Lambda-Execution`;
    return `${unable} User: ${user} is not authorized to perform: lambda:InvokeFunction on resource: ${arn} because no identity-based policy allows the lambda:InvokeFunction action`;
  }
  return refusal === 'throttled'
    ? `${unable} Rate Exceeded.`
    : `${unable} Function not found: ${arn}`;
}

function hookOf(
  { deploymentConfiguration }: ServiceDeploymentRecord,
  { index }: HookRun,
): DeploymentLifecycleHook {
  return deploymentConfiguration.lifecycleHooks?.[index] ?? {};
}

/** As real ones were (captures: hook-payloads.real): the weights are empty where nothing is shifted. */
function payloadOf(world: World, { service, record, shift }: Deploying, run: HookRun): object {
  const { stage } = run;
  const isProduction = /^(PRE_)?PRODUCTION_TRAFFIC_SHIFT$/.test(stage);
  const weights = (percent: number) => weightsOf(world, record, shift, percent);
  const details = shift.remembered[run.index] ?? hookOf(record, run).hookDetails;
  return {
    executionId: run.execution,
    lifecycleStage: stage,
    resourceArn: serviceDeploymentArn(world, record),
    executionDetails: {
      serviceArn: serviceArn(world, service),
      targetServiceRevisionArn: revisionArn(world, service.key, record.target),
      testTrafficWeights: stage === 'TEST_TRAFFIC_SHIFT' ? weights(shift.test) : {},
      productionTrafficWeights: isProduction ? weights(shift.production) : {},
    },
    ...(details !== undefined && { hookDetails: details }),
  };
}

function weightsOf(
  world: World,
  { service, target }: ServiceDeploymentRecord,
  { source }: Shift,
  percent: number,
): Record<string, number> {
  const key = (revision: string) =>
    world.ecs.unknowns?.weightKeys === 'short'
      ? `${service.slice(0, service.indexOf('/'))}/${revision}`
      : revisionArn(world, service, revision);
  return {
    [key(target)]: percent,
    ...(source !== undefined && { [key(source)]: Math.round((100 - percent) * 10) / 10 }),
  };
}

/** What the outcome of a call means; `again`: asked once more so many seconds later. */
export type Verdict =
  | { readonly status: 'SUCCEEDED' }
  | { readonly status: 'FAILED'; readonly because: string }
  | { readonly status: 'IN_PROGRESS'; readonly again: number };

/** Throwing, timing out and answering something else are one (public log, twice). */
export function verdictOf(run: HookRun, outcome: Outcome): Verdict {
  const answer = outcome.kind === 'answered' ? outcome.payload : undefined;
  const { hookStatus, callBackDelay } = (answer ?? {}) as Record<string, unknown>;
  switch (hookStatus) {
    case 'SUCCEEDED':
      return { status: 'SUCCEEDED' };
    case 'FAILED':
      return {
        status: 'FAILED',
        because: `Lifecycle hook target ${run.targetArn} returned FAILED status.`,
      };
    case 'IN_PROGRESS': {
      const again = typeof callBackDelay === 'number' && callBackDelay >= 0;
      return { status: 'IN_PROGRESS', again: again ? callBackDelay : CALL_BACK_SECONDS };
    }
    default:
      return {
        status: 'FAILED',
        because: `ECS was unable to parse the response from ${run.targetArn} due to: HookStatus must not be null`,
      };
  }
}

/** What an answer says is merged with what was said before; what is no object replaces it (unverified). */
export function remember({ record, shift }: Deploying, run: HookRun, outcome: Outcome): void {
  if (outcome.kind !== 'answered') return;
  const { hookDetails } = (outcome.payload ?? {}) as Record<string, unknown>;
  if (hookDetails === undefined) return;
  const before = shift.remembered[run.index] ?? hookOf(record, run).hookDetails;
  shift.remembered[run.index] =
    isPlain(before) && isPlain(hookDetails) ? { ...before, ...hookDetails } : hookDetails;
}

function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

type HookEvent = 'HOOK_AWAITING_ACTION' | 'HOOK_SUCCEEDED' | 'HOOK_FAILED' | 'HOOK_TIMED_OUT';

/** Of PAUSE hooks only (docs, ecs_hook_state_change_events). */
export function emitHookChange(
  world: World,
  { service, record }: Deploying,
  run: HookRun,
  eventName: HookEvent,
): void {
  if (run.targetType !== 'PAUSE') return;
  const isGood = eventName === 'HOOK_AWAITING_ACTION' || eventName === 'HOOK_SUCCEEDED';
  emit(world, {
    source: 'aws.ecs',
    detailType: 'ECS Hook State Change',
    resources: [],
    detail: {
      eventType: isGood ? 'INFO' : 'ERROR',
      eventName,
      hookId: run.id,
      hookType: 'PAUSE',
      expiresAt: iso(run.expiresAt),
      lifecycleStage: run.stage,
      clusterArn: clusterArn(world, service.cluster),
      serviceArn: serviceArn(world, service),
      serviceDeploymentArn: serviceDeploymentArn(world, record),
      updatedAt: iso(world.now),
    },
  });
}
