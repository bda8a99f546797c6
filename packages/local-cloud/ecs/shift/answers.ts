/** What comes back from hooks: answers of functions, a person's word for a PAUSE, and times that ran out. */
import type { ContinueServiceDeploymentCommandInput } from '@aws-sdk/client-ecs';
import { AwsError } from '../../kernel/errors.ts';
import { schedule, type TimerHandlers } from '../../kernel/timers.ts';
import type { World } from '../../kernel/world.ts';
import type { Outcome } from '../../lambda/state.ts';
import { lastPart, serviceDeploymentArn } from '../names.ts';
import { wake } from '../next-look.ts';
import { serviceDeploymentChanges } from '../read-lag.ts';
import { fail, finish } from '../rollout.ts';
import { call, type Deploying, emitHookChange, remember, verdictOf } from './hooks.ts';
import type { HookRun } from './state.ts';

export const hookTimers: TimerHandlers = {
  'ecs.hook-answer': (world, { id, hook, outcome, refusal }) => {
    const found = waiting(world, id as string, hook as string);
    if (found === undefined) return;
    if (refusal !== undefined) refused(world, found, refusal as string);
    else answered(world, found, outcome as Outcome);
  },
  'ecs.hook-call': (world, { id, hook }) => {
    const found = waiting(world, id as string, hook as string);
    if (found !== undefined) call(world, found.deploying, found.run);
  },
  'ecs.hook-expiry': (world, { id, hook }) => {
    const found = waiting(world, id as string, hook as string);
    if (found !== undefined) expired(world, found);
  },
};

interface Found {
  readonly deploying: Deploying;
  readonly run: HookRun;
}

/** The run, while somebody waits for it: not after its deployment ended or turned back. */
function waiting(world: World, id: string, hook: string): Found | undefined {
  const record = world.ecs.serviceDeployments[id];
  const service = record && world.ecs.services[record.service];
  const run = record?.shift?.hooks.find((one) => one.id === hook);
  const isOpen = record?.status === 'IN_PROGRESS' || record?.status === 'ROLLBACK_IN_PROGRESS';
  if (record?.shift === undefined || service === undefined || run === undefined) return undefined;
  if (!isOpen || (run.status !== 'IN_PROGRESS' && run.status !== 'AWAITING_ACTION')) {
    return undefined;
  }
  serviceDeploymentChanges(world, record);
  return { deploying: { service, record, shift: record.shift }, run };
}

function answered(world: World, found: Found, outcome: Outcome): void {
  const { deploying, run } = found;
  remember(deploying, run, outcome);
  const verdict = verdictOf(run, outcome);
  switch (verdict.status) {
    case 'SUCCEEDED':
      succeed(world, found);
      return;
    case 'FAILED':
      refused(world, found, verdict.because);
      return;
    case 'IN_PROGRESS':
      schedule(world, world.now + verdict.again * 1_000, 'ecs.hook-call', {
        id: deploying.record.id,
        hook: run.id,
      });
  }
}

function succeed(world: World, { deploying, run }: Found): void {
  run.status = 'SUCCEEDED';
  emitHookChange(world, deploying, run, 'HOOK_SUCCEEDED');
  wake(world, deploying.service, world.now);
}

/** One that fails on the way back makes the way back fail (public log). */
function refused(world: World, { deploying, run }: Found, because: string): void {
  const { service, record, shift } = deploying;
  if (run.status !== 'TIMED_OUT') {
    run.status = 'FAILED';
    emitHookChange(world, deploying, run, 'HOOK_FAILED');
  }
  if (shift.direction === 'back') finish(world, record, 'ROLLBACK_FAILED');
  else
    fail(
      world,
      service,
      record,
      'hook',
      `because ${run.stage} lifecycle hook(s) failed. ${because}`,
    );
  wake(world, service, world.now);
}

/** The text of a hook that timed out is unverified. */
function expired(world: World, found: Found): void {
  const { deploying, run } = found;
  run.status = 'TIMED_OUT';
  emitHookChange(world, deploying, run, 'HOOK_TIMED_OUT');
  if (run.timeoutAction === 'CONTINUE') wake(world, deploying.service, world.now);
  else refused(world, found, `Lifecycle hook ${run.targetArn ?? run.id} timed out.`);
}

/** The errors that it may have: API reference; which one it is, and the texts, are unverified. */
export function ContinueServiceDeployment(
  world: World,
  input: ContinueServiceDeploymentCommandInput,
) {
  const record = world.ecs.serviceDeployments[lastPart(input.serviceDeploymentArn ?? '')];
  if (record === undefined) {
    throw new AwsError('ServiceDeploymentNotFoundException', 'Service deployment not found.');
  }
  const found = waiting(world, record.id, input.hookId ?? '');
  if (record.status !== 'IN_PROGRESS' || found?.run.status !== 'AWAITING_ACTION') {
    throw new AwsError(
      'InvalidParameterException',
      'The service deployment has no paused lifecycle hook with this hookId.',
    );
  }
  if (input.action === 'ROLLBACK') refused(world, found, 'Rollback was requested.');
  else succeed(world, found);
  return { serviceDeploymentArn: serviceDeploymentArn(world, record) };
}
