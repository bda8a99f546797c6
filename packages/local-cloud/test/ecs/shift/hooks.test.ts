/** Lifecycle hooks: what they are told, what their answers do, and what happens to those who wait. */
import { ContinueServiceDeploymentCommand, ECSClient } from '@aws-sdk/client-ecs';
import { describe, expect, it } from 'vitest';
import { ecsOperations as ecs } from '../../../ecs/operations.ts';
import type { World } from '../../../kernel/world.ts';
import { addFunction, answerInvocation, takeInvocations } from '../../../lambda/state.ts';
import { clientSettings } from '../../../wire/client-settings.ts';
import { createTransport } from '../../../wire/transport.ts';
import {
  busEvents,
  MINUTE,
  pass,
  refusal,
  release,
  statuses,
  tasks,
  update,
} from '../ecs-world.ts';
import {
  BLUE_GREEN,
  CANARY,
  HOOK_ROLE,
  hook,
  LINEAR,
  newest,
  passToStage,
  SAYS,
  type Shifting,
  sharesAt,
  shifting,
  stagesUntilEnd,
} from './shift-world.ts';

type Hooks = NonNullable<Parameters<typeof update>[1]['deploymentConfiguration']>['lifecycleHooks'];

function withHooks(web: Shifting, ...lifecycleHooks: NonNullable<Hooks>): void {
  update(web.world, { deploymentConfiguration: { lifecycleHooks } });
}

/** A function that the test answers itself. */
function ownHook(world: World, stages: NonNullable<Hooks>[number]['lifecycleStages'], more = {}) {
  const hookTargetArn = addFunction(world, { name: 'own', timeoutSeconds: 60, ...more });
  return { hookTargetArn, roleArn: HOOK_ROLE, lifecycleStages: stages ?? [] };
}

/** Passes time until a function is asked; answers what it was told. */
function nextCall(world: World) {
  for (let seconds = 0; seconds < 7_200; seconds++) {
    const [call] = takeInvocations(world);
    if (call !== undefined) return { id: call.id, event: call.payload as HookEvent };
    pass(world, 1_000);
  }
  throw new Error('nobody was asked');
}

interface HookEvent {
  readonly executionId: string;
  readonly lifecycleStage: string;
  readonly resourceArn: string;
  readonly executionDetails: {
    readonly productionTrafficWeights: Readonly<Record<string, number>>;
    readonly testTrafficWeights: Readonly<Record<string, number>>;
  };
  readonly hookDetails?: unknown;
}

function say(world: World, id: string, payload: unknown): void {
  answerInvocation(world, id, { kind: 'answered', payload });
}

describe('a hook is told', () => {
  it('which deployment and revision, and no weights where nothing is shifted', () => {
    const web = shifting();
    withHooks(web, ownHook(web.world, ['PRE_SCALE_UP']));
    release(web.world);
    const { event } = nextCall(web.world);
    const { serviceDeploymentArn, serviceArn, targetServiceRevision } = newest(web.world);
    expect(event).toEqual({
      executionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      lifecycleStage: 'PRE_SCALE_UP',
      resourceArn: serviceDeploymentArn,
      executionDetails: {
        serviceArn,
        targetServiceRevisionArn: targetServiceRevision?.arn,
        testTrafficWeights: {},
        productionTrafficWeights: {},
      },
    });
  });

  it('the weights before a step, and those just written at the step', () => {
    const web = shifting({ config: CANARY });
    withHooks(
      web,
      ownHook(web.world, ['PRE_PRODUCTION_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT']),
    );
    release(web.world);
    const seen: string[] = [];
    for (let count = 0; count < 4; count++) {
      const { id, event } = nextCall(web.world);
      const { productionTrafficWeights } = event.executionDetails;
      const target = newest(web.world).targetServiceRevision?.arn ?? '';
      seen.push(`${event.lifecycleStage} ${productionTrafficWeights[target]}`);
      expect(Object.values(productionTrafficWeights).reduce((sum, one) => sum + one)).toBe(100);
      say(web.world, id, { hookStatus: 'SUCCEEDED' });
    }
    expect(seen).toEqual([
      'PRE_PRODUCTION_TRAFFIC_SHIFT 0',
      'PRODUCTION_TRAFFIC_SHIFT 5',
      'PRE_PRODUCTION_TRAFFIC_SHIFT 5',
      'PRODUCTION_TRAFFIC_SHIFT 100',
    ]);
  });

  it('at TEST_TRAFFIC_SHIFT the test weights; by short keys where the world plays the public log', () => {
    const web = shifting({ unknowns: { weightKeys: 'short' } });
    withHooks(web, ownHook(web.world, ['TEST_TRAFFIC_SHIFT']));
    release(web.world);
    const { event } = nextCall(web.world);
    expect(Object.keys(event.executionDetails.testTrafficWeights)[0]).toMatch(/^main\/\d{19}$/);
    expect(Object.values(event.executionDetails.testTrafficWeights)).toEqual([100, 0]);
  });

  it('on the way back its own revision at 0, at TEST_ and PRODUCTION_TRAFFIC_SHIFT only', () => {
    const web = shifting();
    withHooks(
      web,
      ownHook(web.world, ['POST_SCALE_UP', 'PRODUCTION_TRAFFIC_SHIFT', 'TEST_TRAFFIC_SHIFT']),
    );
    release(web.world);
    for (let count = 0; count < 3; count++) {
      say(web.world, nextCall(web.world).id, { hookStatus: 'SUCCEEDED' });
    }
    passToStage(web.world, 'BAKE_TIME');
    ecs.StopServiceDeployment(web.world, {
      serviceDeploymentArn: newest(web.world).serviceDeploymentArn,
    });
    const first = nextCall(web.world);
    expect(first.event.lifecycleStage).toBe('PRODUCTION_TRAFFIC_SHIFT');
    expect(Object.values(first.event.executionDetails.productionTrafficWeights)).toEqual([0, 100]);
    say(web.world, first.id, { hookStatus: 'SUCCEEDED' });
    const second = nextCall(web.world);
    expect(second.event.lifecycleStage).toBe('TEST_TRAFFIC_SHIFT');
    say(web.world, second.id, { hookStatus: 'SUCCEEDED' });
    pass(web.world, MINUTE);
    expect(statuses(web.world)[0]).toBe('ROLLBACK_SUCCESSFUL');
  });
});

describe('a hook that answers', () => {
  it('FAILED at PRE_SCALE_UP ends it within 5 s, before a task was started', () => {
    const web = shifting();
    const no = hook(web.world, ['PRE_SCALE_UP'], [SAYS.no]);
    withHooks(web, no);
    release(web.world);
    stagesUntilEnd(web.world);
    const { statusReason, status, startedAt, finishedAt } = newest(web.world);
    expect(status).toBe('ROLLBACK_SUCCESSFUL');
    expect(statusReason).toBe(
      `Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target ${no.hookTargetArn} returned FAILED status.`,
    );
    expect((finishedAt?.getTime() ?? 0) - (startedAt?.getTime() ?? 0)).toBeLessThan(7_000);
    expect(tasks(web.world)).toHaveLength(2);
  });

  it.each([
    ['FAILED', [SAYS.no]],
    ['nothing that can be read', [{ answer: 'yes' }]],
    ['by throwing', [SAYS.nothing]],
    ['too late for its function', [{ ...SAYS.yes, afterSeconds: 61 }]],
  ])('%s, at the canary step: the traffic goes back', (_, script) => {
    const web = shifting({ config: CANARY });
    withHooks(web, hook(web.world, ['PRODUCTION_TRAFFIC_SHIFT'], [...script, SAYS.yes]));
    release(web.world);
    stagesUntilEnd(web.world);
    expect(newest(web.world).status).toBe('ROLLBACK_SUCCESSFUL');
    expect(newest(web.world).statusReason).toContain(
      'because PRODUCTION_TRAFFIC_SHIFT lifecycle hook(s) failed.',
    );
    expect(sharesAt(web, web.rule)).toBe('green 100');
  });

  it('IN_PROGRESS is asked again after its delay, with what it remembered; others after 30 s', () => {
    const web = shifting();
    withHooks(web, { ...ownHook(web.world, ['POST_SCALE_UP']), hookDetails: { bucket: 'b' } });
    release(web.world);
    const first = nextCall(web.world);
    expect(first.event.hookDetails).toEqual({ bucket: 'b' });
    const asked = web.world.now;
    say(web.world, first.id, {
      hookStatus: 'IN_PROGRESS',
      callBackDelay: 90,
      hookDetails: { round: 1 },
    });
    const second = nextCall(web.world);
    expect(web.world.now - asked).toBe(90_000);
    expect(second.event.hookDetails).toEqual({ bucket: 'b', round: 1 });
    expect(second.event.executionId).toBe(first.event.executionId);
    say(web.world, second.id, { hookStatus: 'IN_PROGRESS' });
    nextCall(web.world);
    expect(web.world.now - asked).toBe(120_000);
  });

  it('IN_PROGRESS for ever meets the limit of its time: ROLLBACK, or CONTINUE if it says so', () => {
    for (const [action, status] of [
      ['ROLLBACK', 'ROLLBACK_SUCCESSFUL'],
      ['CONTINUE', 'SUCCESSFUL'],
    ] as const) {
      const web = shifting();
      const wait = hook(web.world, ['POST_SCALE_UP'], [SAYS.wait]);
      withHooks(web, { ...wait, timeoutConfiguration: { timeoutInMinutes: 10, action } });
      release(web.world);
      passToStage(web.world, 'POST_SCALE_UP');
      pass(web.world, 9 * MINUTE);
      expect(newest(web.world).lifecycleStage).toBe('POST_SCALE_UP');
      pass(web.world, 20 * MINUTE);
      expect(newest(web.world).status).toBe(status);
      const [detail] = newest(web.world).lifecycleHookDetails ?? [];
      expect(detail?.status).toBe('TIMED_OUT');
    }
  });

  it('after its deployment was stopped is nobody any more', () => {
    const web = shifting();
    withHooks(web, ownHook(web.world, ['POST_SCALE_UP']));
    release(web.world);
    const { id } = nextCall(web.world);
    ecs.StopServiceDeployment(web.world, {
      serviceDeploymentArn: newest(web.world).serviceDeploymentArn,
    });
    pass(web.world, 5_000);
    say(web.world, id, { hookStatus: 'SUCCEEDED' });
    pass(web.world, MINUTE);
    expect(statuses(web.world)[0]).toBe('ROLLBACK_SUCCESSFUL');
  });
});

describe('a hook that says FAILED too late', () => {
  const late = (overtake: (web: Shifting) => void) => {
    const web = shifting();
    withHooks(web, ownHook(web.world, ['POST_SCALE_UP']));
    release(web.world);
    const { id } = nextCall(web.world);
    withHooks(web);
    overtake(web);
    say(web.world, id, { hookStatus: 'FAILED' });
    pass(web.world, 1_000);
    return web;
  };

  it('after somebody asked for the way back is not why it goes back', () => {
    const web = late(({ world }) => {
      const { serviceDeploymentArn } = newest(world);
      ecs.StopServiceDeployment(world, { serviceDeploymentArn });
    });
    stagesUntilEnd(web.world);
    expect(newest(web.world).statusReason).toBe('Service deployment rolled back by user');
  });

  it('of a deployment that was overtaken does not fail the newer one', () => {
    const web = late(({ world }) => release(world));
    stagesUntilEnd(web.world);
    expect(statuses(web.world).slice(0, 2)).toEqual(['SUCCESSFUL', 'STOPPED']);
  });
});

describe('hooks of one stage', () => {
  it('run at once, all must say yes, and one that says no takes it back', () => {
    const web = shifting();
    const slow = hook(web.world, ['POST_SCALE_UP'], [{ ...SAYS.yes, afterSeconds: 50 }]);
    const quick = hook(web.world, ['POST_SCALE_UP'], [SAYS.yes]);
    withHooks(web, slow, quick);
    release(web.world);
    passToStage(web.world, 'POST_SCALE_UP');
    pass(web.world, 5_000);
    const states = newest(web.world).lifecycleHookDetails?.map(({ status }) => status);
    expect(states).toEqual(['IN_PROGRESS', 'SUCCEEDED']);
    stagesUntilEnd(web.world);
    expect(statuses(web.world)[0]).toBe('SUCCESSFUL');
  });
});

describe("a function's limits", () => {
  it('throttled: the hook fails, or is tried again where the world plays that', () => {
    for (const [throttledHook, status] of [
      ['fails', 'ROLLBACK_SUCCESSFUL'],
      ['retried', 'SUCCESSFUL'],
    ] as const) {
      const web = shifting({ unknowns: { throttledHook } });
      const own = ownHook(web.world, ['POST_SCALE_UP'], { concurrency: 0, script: [SAYS.yes] });
      withHooks(web, own);
      release(web.world);
      passToStage(web.world, 'POST_SCALE_UP');
      pass(web.world, 30_000);
      const record = web.world.lambda.functions.own;
      if (record !== undefined) delete record.concurrency;
      stagesUntilEnd(web.world);
      expect(statuses(web.world)[0]).toBe(status);
    }
  });

  it('a role that may not invoke it rolls back, in the words of the documentation', () => {
    const web = shifting();
    withHooks(web, ownHook(web.world, ['POST_SCALE_UP'], { invokers: ['somebody else'] }));
    release(web.world);
    stagesUntilEnd(web.world);
    expect(newest(web.world).statusReason).toMatch(
      /lifecycle hook\(s\) failed\. ECS was unable to invoke hook target own due to User: .*assumed-role\/hooks\/ECS-Lambda-Execution is not authorized to perform: lambda:InvokeFunction/,
    );
  });
});

const PAUSE = { targetType: 'PAUSE', lifecycleStages: ['PRE_PRODUCTION_TRAFFIC_SHIFT'] } as const;
const pause = { ...PAUSE, lifecycleStages: [...PAUSE.lifecycleStages] };

function paused(world: World) {
  const waiting = newest(world).lifecycleHookDetails?.filter(
    ({ status }) => status === 'AWAITING_ACTION',
  );
  return waiting?.[0];
}

function goOn(world: World, action?: 'CONTINUE' | 'ROLLBACK') {
  return ecs.ContinueServiceDeployment(world, {
    serviceDeploymentArn: newest(world).serviceDeploymentArn,
    hookId: paused(world)?.hookId,
    ...(action && { action }),
  });
}

describe('a PAUSE', () => {
  it('waits at each step for a word, by a new id each time, and events tell of it', () => {
    const web = shifting({ config: { ...LINEAR, linearConfiguration: { stepPercent: 50 } } });
    withHooks(web, pause);
    release(web.world);
    const ids = new Set<string>();
    for (let step = 0; step < 2; step++) {
      passToStage(web.world, 'PRE_PRODUCTION_TRAFFIC_SHIFT');
      pass(web.world, 30 * MINUTE);
      expect(newest(web.world).lifecycleStage).toBe('PRE_PRODUCTION_TRAFFIC_SHIFT');
      ids.add(paused(web.world)?.hookId ?? '');
      goOn(web.world);
      pass(web.world, 5_000);
    }
    stagesUntilEnd(web.world);
    expect(ids.size).toBe(2);
    expect(statuses(web.world)[0]).toBe('SUCCESSFUL');
    const told = busEvents(web.world, 'ECS Hook State Change').map(
      ({ detail }) => detail.eventName,
    );
    expect(told).toEqual([
      'HOOK_AWAITING_ACTION',
      'HOOK_SUCCEEDED',
      'HOOK_AWAITING_ACTION',
      'HOOK_SUCCEEDED',
    ]);
  });

  it('tells of itself as the sample of AWS does', () => {
    const web = shifting();
    withHooks(web, pause);
    release(web.world);
    passToStage(web.world, 'PRE_PRODUCTION_TRAFFIC_SHIFT');
    pass(web.world, 1_000);
    const [event] = busEvents(web.world, 'ECS Hook State Change');
    expect(event?.detail).toEqual({
      eventType: 'INFO',
      eventName: 'HOOK_AWAITING_ACTION',
      hookId: expect.stringMatching(/^ecs-pause-/),
      hookType: 'PAUSE',
      expiresAt: expect.any(String),
      lifecycleStage: 'PRE_PRODUCTION_TRAFFIC_SHIFT',
      clusterArn: expect.any(String),
      serviceArn: expect.any(String),
      serviceDeploymentArn: newest(web.world).serviceDeploymentArn,
      updatedAt: expect.any(String),
    });
  });

  it('that is refused rolls back; a second word for it is refused', () => {
    const web = shifting();
    withHooks(web, pause);
    release(web.world);
    passToStage(web.world, 'PRE_PRODUCTION_TRAFFIC_SHIFT');
    pass(web.world, 1_000);
    const hookId = paused(web.world)?.hookId ?? '';
    const { serviceDeploymentArn = '' } = newest(web.world);
    goOn(web.world, 'ROLLBACK');
    expect(
      refusal(() => ecs.ContinueServiceDeployment(web.world, { serviceDeploymentArn, hookId })),
    ).toMatch(/^InvalidParameterException/);
    stagesUntilEnd(web.world);
    expect(statuses(web.world)[0]).toBe('ROLLBACK_SUCCESSFUL');
    expect(sharesAt(web, web.rule)).toBe('green 100');
  });

  it('that nobody answers rolls back after a day, or when its own time is over', () => {
    const web = shifting();
    withHooks(web, { ...pause, timeoutConfiguration: { timeoutInMinutes: 2_880 } });
    release(web.world);
    passToStage(web.world, 'PRE_PRODUCTION_TRAFFIC_SHIFT');
    pass(web.world, 47 * 60 * MINUTE);
    expect(statuses(web.world)[0]).toBe('IN_PROGRESS');
    pass(web.world, 61 * MINUTE);
    expect(statuses(web.world)[0]).toBe('ROLLBACK_SUCCESSFUL');
  });

  it('is continued by a client, too', async () => {
    const web = shifting();
    withHooks(web, pause);
    release(web.world);
    passToStage(web.world, 'PRE_PRODUCTION_TRAFFIC_SHIFT');
    pass(web.world, 1_000);
    const client = new ECSClient(
      clientSettings({ world: web.world, transport: createTransport({ world: web.world }) }),
    );
    const { serviceDeploymentArn } = newest(web.world);
    const asked = await client.send(
      new ContinueServiceDeploymentCommand({
        serviceDeploymentArn,
        hookId: paused(web.world)?.hookId,
      }),
    );
    expect(asked.serviceDeploymentArn).toBe(serviceDeploymentArn);
    stagesUntilEnd(web.world);
    expect(statuses(web.world)[0]).toBe('SUCCESSFUL');
  });
});

it('a hook that was not given a time is read back with a day and ROLLBACK', () => {
  const web = shifting();
  withHooks(web, hook(web.world, ['POST_SCALE_UP'], [SAYS.yes]));
  release(web.world);
  stagesUntilEnd(web.world);
  expect(newest(web.world).deploymentConfiguration?.lifecycleHooks).toMatchObject([
    {
      targetType: 'AWS_LAMBDA',
      timeoutConfiguration: { timeoutInMinutes: 1_440, action: 'ROLLBACK' },
    },
  ]);
  expect(newest(web.world).deploymentConfiguration).toMatchObject(BLUE_GREEN);
});

it('the hooks of a step are asked before its bake, or after it where the world plays that', () => {
  for (const [stepBake, mostMs] of [
    ['after-hooks', MINUTE],
    ['before-hooks', 11 * MINUTE],
  ] as const) {
    const web = shifting({ config: CANARY, unknowns: { stepBake } });
    withHooks(web, ownHook(web.world, ['PRODUCTION_TRAFFIC_SHIFT']));
    release(web.world);
    passToStage(web.world, 'PRODUCTION_TRAFFIC_SHIFT');
    const began = web.world.now;
    nextCall(web.world);
    expect(web.world.now - began).toBeLessThan(mostMs);
    if (stepBake === 'before-hooks') expect(web.world.now - began).toBeGreaterThan(10 * MINUTE);
  }
});
