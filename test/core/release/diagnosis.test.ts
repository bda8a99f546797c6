/** Why a task stopped, and whether that speaks against its release. */
import { describe, expect, test } from 'vitest';
import type { StoppedTask } from '../../../shared/core/model/observation.ts';
import { failureOf } from '../../../shared/core/release/cause/diagnosis.ts';
import { crashed } from '../../build.ts';

const stopped = (change: Partial<StoppedTask>) => failureOf(crashed('task', 2, change))?.because;
const blamed = (containers: StoppedTask['containers']) =>
  failureOf(crashed('task', 2, { containers }))?.container;

describe('no release is blamed for', () => {
  test.each<[rule: string, change: Partial<StoppedTask>]>([
    [
      'a drain: the scheduler scales the old deployment down',
      {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason: 'Scaling activity initiated by (deployment ecs-svc/1)',
        containers: [{ name: 'app', exitCode: 143 }],
      },
    ],
    ['a person', { stopCode: 'UserInitiated' }],
    [
      'a registry that limits pulls',
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason:
          'CannotPullContainerError: httpReadSeeker: failed open: unexpected status code: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit',
      },
    ],
    [
      'AWS that has no capacity',
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'Capacity is unavailable at this time. Please try again later',
      },
    ],
    ['spot capacity that was taken away', { stopCode: 'SpotInterruption' }],
    ['a host that goes', { stopCode: 'TerminationNotice' }],
    ['ill infrastructure', { stopCode: 'InfrastructureHealth' }],
    [
      'an old answer without a stop code, whose containers ended well',
      { stopCode: undefined as never, containers: [{ name: 'app', exitCode: 0 }] },
    ],
  ])('%s', (_, change) => {
    expect(stopped(change)).toBeUndefined();
  });
});

describe('a release is blamed for', () => {
  test.each<[rule: string, change: Partial<StoppedTask>, sentence: string]>([
    ['a crash', {}, 'container "app" exited with code 1'],
    [
      'an end with code 0: a service task must not end',
      { containers: [{ name: 'app', exitCode: 0 }] },
      'container "app" exited with code 0 (a service task must not end)',
    ],
    [
      'too little memory',
      {
        containers: [
          {
            name: 'app',
            exitCode: 137,
            reason: 'OutOfMemoryError: Container killed due to memory usage',
          },
        ],
      },
      'container "app" was killed for its memory (exit code 137)',
    ],
    [
      'a segmentation fault',
      { containers: [{ name: 'app', exitCode: 139 }] },
      'container "app" exited with code 139 (segmentation fault)',
    ],
    [
      'the container that failed, not its neighbour',
      {
        containers: [
          { name: 'log', exitCode: 0 },
          { name: 'app', exitCode: 2 },
        ],
      },
      'container "app" exited with code 2',
    ],
    [
      'health checks of the load balancer',
      {
        stopCode: 'ServiceSchedulerInitiated',
        stoppedReason:
          'Task failed ELB health checks in (target-group arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/web-blue/ccb1c7ee670051a0)',
      },
      'it failed the health check of the load balancer; ECS says: Task failed ELB health checks in (target-group web-blue)',
    ],
    [
      'an image that cannot be pulled',
      {
        stopCode: 'TaskFailedToStart',
        stoppedReason: 'CannotPullContainerError: not found',
        containers: [],
      },
      'the image is not in the registry; ECS says: CannotPullContainerError: not found',
    ],
    [
      'a start that failed without a reason',
      { stopCode: 'TaskFailedToStart', stoppedReason: '', containers: [] },
      'the task failed to start: ECS gives no reason',
    ],
    [
      'an exit code in an old answer without a stop code',
      { stopCode: undefined as never },
      'container "app" exited with code 1',
    ],
  ])('%s', (_, change, sentence) => {
    expect(stopped(change)).toBe(sentence);
  });
});

describe('a task that failed to start', () => {
  const start = (change: Partial<StoppedTask>) => {
    const { stoppedReason: _, ...task } = crashed('t', 2, {
      stopCode: 'TaskFailedToStart',
      ...change,
    });
    return failureOf({
      ...task,
      ...(change.stoppedReason && { stoppedReason: change.stoppedReason }),
    });
  };

  test('says why by the task, else by its first container, else that ECS does not say', () => {
    const containers = [{ name: 'app' }, { name: 'log', reason: 'CannotPull: no' }];
    expect(start({ stoppedReason: 'no role', containers })?.because).toBe(
      'the task failed to start: no role',
    );
    expect(start({ containers })).toEqual({
      because: 'the task failed to start: CannotPull: no',
      container: 'log',
    });
    expect(start({ containers: [] })).toEqual({
      because: 'the task failed to start: ECS gives no reason',
    });
  });

  test('of two containers that tell, none is blamed for certain', () => {
    const containers = [
      { name: 'app', reason: 'no' },
      { name: 'log', reason: 'neither' },
    ];
    expect(start({ containers })).toEqual({ because: 'the task failed to start: no' });
  });

  test('for the world’s reason that a container alone tells, nobody is blamed', () => {
    const containers = [{ name: 'app', reason: 'toomanyrequests' }, { name: 'log' }];
    expect(start({ stoppedReason: 'no', containers })).toBeUndefined();
  });
});

describe('what is told of the container that failed', () => {
  const exits = (...containers: StoppedTask['containers']) => stopped({ containers });

  test.each<[StoppedTask['containers'][number], string]>([
    [{ name: 'app' }, 'exited with code unknown'],
    [{ name: 'app', exitCode: 3, reason: 'oops' }, 'exited with code 3: oops'],
    [{ name: 'app', reason: 'OutOfMemoryError' }, 'was killed for its memory (exit code 137)'],
    [
      { name: 'app', exitCode: 1, reason: 'OutOfMemoryError' },
      'was killed for its memory (exit code 1)',
    ],
  ])('%o: %s', (container, sentence) => {
    expect(exits(container)).toBe(`container "app" ${sentence}`);
  });

  test('out of memory is its own failure, though ECS killed it', () => {
    const containers = [
      { name: 'proxy', exitCode: 143 },
      { name: 'app', exitCode: 137, reason: 'OutOfMemoryError' },
    ];
    expect(blamed(containers)).toBe('app');
  });

  test('where none failed by itself the first that did not end well is told, else the first', () => {
    const [well, killed, told] = [
      { name: 'app', exitCode: 0 },
      { name: 'log', exitCode: 137 },
      { name: 'web', reason: 'stopped' },
    ];
    expect(exits(well, killed, told)).toContain('container "log"');
    expect(exits(well, told)).toContain('container "web"');
    expect(exits({ name: 'none' }, killed)).toContain('container "log"');
    expect(exits(well, { name: 'none' })).toContain('container "app"');
    expect(exits()).toBe('an essential container exited');
  });

  test('an old answer without a stop code tells by the exit code', () => {
    const old = (exitCode?: number) =>
      stopped({
        stopCode: undefined as never,
        containers: [{ name: 'app', ...(exitCode !== undefined && { exitCode }) }],
      });
    expect(old(1)).toBe('container "app" exited with code 1');
    expect(old()).toBeUndefined();
  });
});

describe('which container is blamed', () => {
  test('the one that failed by itself, not those that ECS ended after it', () => {
    const killed = { name: 'app', exitCode: 137 };
    expect(blamed([killed, { name: 'sidecar', exitCode: 1 }])).toBe('sidecar');
    expect(stopped({ containers: [killed, { name: 'sidecar', exitCode: 1 }] })).toBe(
      'container "sidecar" exited with code 1',
    );
  });

  test('nobody for certain, when two failed, or when none says that it failed', () => {
    expect(
      blamed([
        { name: 'app', exitCode: 1 },
        { name: 'sidecar', exitCode: 2 },
      ]),
    ).toBeUndefined();
    expect(
      blamed([
        { name: 'app', exitCode: 137 },
        { name: 'sidecar', exitCode: 143 },
      ]),
    ).toBeUndefined();
  });
});
