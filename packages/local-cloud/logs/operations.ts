/**
 * CloudWatch Logs, as much as reading the last lines of a container needs. Nothing is stored: a stream is
 * there once its container began, if its definition has the driver `awslogs`, and its lines are told by
 * what the model knows of the task. Only GetLogEvents, without paging.
 */
import { findTaskDefinition } from '../ecs/names.ts';
import type { TaskRecord } from '../ecs/state.ts';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';

interface GetLogEventsInput {
  readonly logGroupName?: string;
  readonly logStreamName?: string;
  readonly limit?: number;
  readonly startFromHead?: boolean;
}

interface Line {
  readonly at: number;
  readonly message: string;
}

/** API_GetLogEvents: up to 10,000 events. */
const EVENTS_MOST = 10_000;

export const logsOperations = {
  GetLogEvents(world: World, input: GetLogEventsInput) {
    const { logGroupName = '', logStreamName = '', limit = EVENTS_MOST } = input;
    const lines = linesOf(world, logGroupName, logStreamName);
    const shown = input.startFromHead === true ? lines.slice(0, limit) : lines.slice(-limit);
    return {
      events: shown.map(({ at, message }) => ({ timestamp: at, message, ingestionTime: at })),
      nextForwardToken: 'f/end',
      nextBackwardToken: 'b/begin',
    };
  },
};

/** ECS names a stream `<prefix>/<container>/<task id>`. (docs, using_awslogs) */
function linesOf(world: World, group: string, stream: string): readonly Line[] {
  const [id = '', container = '', ...prefix] = stream.split('/').reverse();
  const task = world.ecs.tasks[id];
  const definition = findTaskDefinition(
    world,
    task?.taskDefinition,
  )?.registered.containerDefinitions.find(({ name }) => name === container);
  const options = definition?.logConfiguration?.options ?? {};
  const isThere =
    task !== undefined &&
    began(task) !== undefined &&
    options['awslogs-group'] === group &&
    options['awslogs-stream-prefix'] === prefix.reverse().join('/');
  if (!isThere) {
    // (API_GetLogEvents, ResourceNotFoundException; its text unverified)
    throw new AwsError('ResourceNotFoundException', 'The specified log stream does not exist.');
  }
  return written(task, container);
}

/** When its containers began: one that exits right away never ran for ECS, and wrote all the same. */
function began({ startedAt, exit, executionStoppedAt }: TaskRecord): number | undefined {
  return startedAt ?? (exit?.code === undefined ? undefined : executionStoppedAt);
}

function written(task: TaskRecord, container: string): readonly Line[] {
  const at = began(task) ?? 0;
  const ends = task.executionStoppedAt ?? at;
  const own = task.exit?.container === container ? task.exit : undefined;
  return [
    { at, message: 'starting' },
    ...(task.startedAt === undefined ? [] : [{ at, message: 'listening on port 8080' }]),
    ...(own?.code === undefined ? [] : lastWords(own.code, own.reason, ends)),
  ];
}

/** The kernel kills without a word; who fails by itself says so. */
function lastWords(code: number, reason: string | undefined, at: number): readonly Line[] {
  if (reason !== undefined || code === 137) return [];
  return code === 0
    ? [{ at, message: 'nothing left to do' }]
    : [{ at, message: `Error: cannot go on, exiting with code ${code}` }];
}
