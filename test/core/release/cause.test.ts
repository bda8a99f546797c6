/** Each sample of a stopped task and of a service's event has its cause; those of events/ and those beside this file. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { stoppedTask } from '../../../shared/aws/ecs/answers.ts';
import type { StoppedTask } from '../../../shared/core/model/observation.ts';
import { causeOfServiceEvent, causeOfTask } from '../../../shared/core/release/cause/cause.ts';
import { failureOf } from '../../../shared/core/release/cause/diagnosis.ts';
import { crashed } from '../../build.ts';

interface Sample {
  readonly name: string;
  readonly detail: Parameters<typeof stoppedTask>[0] & { eventName?: string; reason?: string };
}

const FOLDERS = ['../../../events/', './causes/'].map((path) =>
  fileURLToPath(new URL(path, import.meta.url)),
);

function samples(prefix: string): readonly Sample[] {
  return FOLDERS.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.startsWith(prefix))
      .map((name) => ({
        name: name.slice(prefix.length, -'.json'.length),
        detail: {
          ...JSON.parse(readFileSync(folder + name, 'utf8')).detail,
          // A moment of the SDK; here it is text.
          stoppedAt: undefined,
        },
      })),
  );
}

const TASKS: Readonly<Record<string, string>> = {
  'cannot-pull-image-not-found': 'image-missing',
  'cannot-pull-permission': 'image-forbidden',
  'container-health-check-failed': 'container-health',
  'elb-health-check-failed': 'load-balancer-health',
  'essential-container-exited-nonzero': 'exit-nonzero',
  'essential-container-exited-zero': 'exit-zero',
  oom: 'out-of-memory',
  'resource-initialization-error': 'secret',
  'scaling-activity': 'scaled-in',
  'termination-notice': 'maintenance',
  'user-initiated': 'stopped-by-person',
  worker: 'exit-nonzero',
};

/** undefined: it goes well. */
const SERVICE: Readonly<Record<string, string | undefined>> = {
  'action-deployment-completed': undefined,
  'action-deployment-failed': undefined,
  'action-deployment-in-progress': undefined,
  'capacity-provider-steady-state': undefined,
  'daemon-placement-constraint-violated': 'placement',
  'desired-count-updated': undefined,
  'discovery-instance-unhealthy': 'load-balancer-health',
  'discovery-operation-throttled': 'throttled',
  'health-unknown': 'network',
  'operation-throttled': 'throttled',
  'rebalancing-completed': undefined,
  'rebalancing-started': undefined,
  'steady-state': undefined,
  'steady-web': undefined,
  'task-configuration-failure': 'role',
  'task-placement-failure-ec2-cpu': 'placement',
  'task-placement-failure-fargate-spot': 'capacity',
  'task-start-impaired': 'starts-impaired',
  'tasks-stopped': undefined,
  'taskset-steady-state': undefined,
  'vpc-lattice-target-unhealthy': 'load-balancer-health',
};

test('every sample has its row, and every row its sample', () => {
  expect(
    samples('ecs-task-stopped-')
      .map(({ name }) => name)
      .sort(),
  ).toEqual(Object.keys(TASKS).sort());
  expect(
    samples('ecs-service-')
      .map(({ name }) => name)
      .sort(),
  ).toEqual(Object.keys(SERVICE).sort());
});

test.each(samples('ecs-task-stopped-').map((each) => [each.name, each] as const))(
  'a stopped task: %s',
  (name, { detail }) => {
    const cause = causeOfTask(stoppedTask(detail));
    expect(cause.kind).toBe(TASKS[name]);
    expect(cause.says).not.toBe('');
    expect(cause.todo).not.toBe('');
  },
);

test.each(samples('ecs-service-').map((each) => [each.name, each] as const))(
  "a service's event: %s",
  (name, { detail }) => {
    const { eventName = '', reason = '' } = detail;
    expect(causeOfServiceEvent(`${eventName} ${reason}`)?.kind).toBe(SERVICE[name]);
  },
);

const task = (change: Partial<StoppedTask>) => crashed('task', 2, change);
const noStart = (stoppedReason: string) =>
  task({ stopCode: 'TaskFailedToStart', stoppedReason, containers: [] });

describe('what the samples lack', () => {
  test.each([
    [
      'CannotPullContainerError: httpReadSeeker: failed open: unexpected status code 429: toomanyrequests: You have reached your pull rate limit',
      'image-rate-limited',
    ],
    [
      'CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref docker.io/library/redis:7: failed to do request: dial tcp 34.226.69.105:443: i/o timeout',
      'image-unreachable',
    ],
    [
      'CannotPullContainerError: image Manifest does not contain descriptor matching platform "linux/amd64"',
      'wrong-architecture',
    ],
    [
      'ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist.',
      'log-driver',
    ],
    [
      'ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: stderr: Failed to resolve "fs-1.efs.eu-central-1.amazonaws.com"',
      'file-system',
    ],
    [
      'CannotStartContainerError: failed to create shim task: OCI runtime create failed: exec: "./web": executable file not found in $PATH',
      'command',
    ],
    [
      'Capacity is unavailable at this time. Please try again later or in a different availability zone',
      'capacity',
    ],
    ['Something that nobody has seen before', 'not-known'],
  ])('%s', (reason, kind) => {
    expect(causeOfTask(noStart(reason)).kind).toBe(kind);
  });

  test('137 alone is not called out of memory, and its reason is', () => {
    const killed = { stopCode: 'EssentialContainerExited' as const };
    expect(
      causeOfTask(task({ ...killed, containers: [{ name: 'app', exitCode: 137 }] })).kind,
    ).toBe('killed');
    const reason = 'OutOfMemoryError: Container killed due to memory usage';
    expect(
      causeOfTask(task({ ...killed, containers: [{ name: 'app', exitCode: 137, reason }] })).kind,
    ).toBe('out-of-memory');
  });

  test('what failed by itself counts, and not what ECS ended beside it', () => {
    const containers = [
      { name: 'proxy', exitCode: 137 },
      { name: 'app', exitCode: 3 },
    ];
    expect(causeOfTask(task({ stopCode: 'EssentialContainerExited', containers })).says).toBe(
      'a container ended with exit code 3',
    );
  });

  test.each([
    ['none that ended well or that ECS ended, where one failed', [0, 143, 137, 3], 'exit-nonzero'],
    ['one that ECS ended, where none failed', [0, 143], 'exit-nonzero'],
    ['one that was killed', [0, 137], 'killed'],
    ['none but one that ended well', [0], 'exit-zero'],
    ['none that says how it ended', [undefined], 'not-known'],
  ] as const)('of the containers that ended %s counts', (_, codes, kind) => {
    const containers = codes.map((exitCode, n) => ({
      name: `c${n}`,
      ...(exitCode !== undefined && { exitCode }),
    }));
    expect(causeOfTask(task({ stopCode: 'EssentialContainerExited', containers })).kind).toBe(kind);
  });

  test('what nobody has seen before is told as ECS says it, or that ECS does not say', () => {
    expect(causeOfTask(noStart('Something new')).says).toBe(
      'the task failed to start: Something new',
    );
    const { stoppedReason: _, ...silent } = task({ stopCode: undefined as never, containers: [] });
    expect(causeOfTask(silent).says).toBe('ECS does not say why');
    expect(causeOfTask({ ...silent, stoppedReason: '' }).says).toBe('ECS does not say why');
    expect(causeOfTask({ ...silent, stoppedReason: 'gone' }).says).toBe('the task stopped: gone');
  });

  test('a container that could not run its program names the architecture', () => {
    const reason = 'exec /web: exec format error';
    const containers = [{ name: 'app', exitCode: 255, reason }, { name: 'log' }];
    expect(causeOfTask(task({ stopCode: 'EssentialContainerExited', containers })).kind).toBe(
      'wrong-architecture',
    );
  });

  test('Spot is told from a failure', () => {
    expect(causeOfTask(task({ stopCode: 'SpotInterruption' })).kind).toBe('spot');
  });

  test.each([
    ['(service web) has reached a steady state.', undefined],
    ['(service web) has started 2 tasks: (task 1) (task 2).', undefined],
    [
      '(service web) was unable to place a task because no container instance met all of its requirements.',
      'placement',
    ],
    [
      '(service web) was unable to place a task. Reason: Capacity is unavailable at this time.',
      'capacity',
    ],
    ['(service web) is unable to consistently start tasks successfully.', 'starts-impaired'],
    ['(service web) operations are being throttled. Will try again later.', 'throttled'],
    [
      '(service web) (port 8080) is unhealthy in (target-group arn:aws:…) due to (reason Health checks failed with these codes: [502])',
      'load-balancer-health',
    ],
  ])("ECS's prose: %s", (text, kind) => {
    expect(causeOfServiceEvent(text)?.kind).toBe(kind);
  });
});

/** Causes for which no release is blamed: what condemns one and what explains it must not differ. */
const BLAMELESS = [
  'scaled-in',
  'stopped-by-person',
  'maintenance',
  'spot',
  'image-rate-limited',
  'capacity',
];

test.each(samples('ecs-task-stopped-').map((each) => [each.name, each] as const))(
  'blame and cause agree: %s',
  (_, { detail }) => {
    const seen = stoppedTask(detail);
    expect(failureOf(seen) === undefined).toBe(BLAMELESS.includes(causeOfTask(seen).kind));
  },
);
