/** What the infrastructure puts into an account, put into the local world: queues, bus, rules, table. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createBus, putRule } from '@slipway/local-cloud/eventbridge/state.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import { addFunction } from '@slipway/local-cloud/lambda/state.ts';
import { createTopic } from '@slipway/local-cloud/sns/operations.ts';
import { createQueue, queueArn, queueUrl } from '@slipway/local-cloud/sqs/state.ts';
import type { ClientSettings } from '../../shared/aws/connect/client-settings.ts';
import { tableDefinition } from '../../shared/aws/table/table.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { prefixOf } from '../../shared/parsing/pipeline-name.ts';
import { ENVIRONMENT, type Environment } from '../../shared/runtime/environment.ts';
import {
  announcementRoute,
  deadLetterQueueName,
  type FunctionQueue,
  kindOf,
  noticeRoute,
  queueName,
  queuesOf,
  routes,
} from '../../shared/runtime/routing.ts';
import {
  FUNCTION_LIMITS,
  FUNCTION_NAMES,
  QUEUE_LIMITS,
  RECEIVES_MAX,
} from '../../shared/runtime/sizes.ts';
import { addGitSecrets } from './git-setup.ts';
import { functionNameOf } from './lambda.ts';
import { invokersOf } from './policies.ts';

/** The target of the rule on our bus: the queue, not a function. */
export const FEEDBACK = 'feedback queue';

/** From an event to the function that its rule names, at most (unverified: typically half a second). */
const DELIVERY_MOST_MS = 1_000;

export async function install(
  world: World,
  pipeline: Pipeline,
  aws: ClientSettings,
): Promise<void> {
  await new DynamoDBClient(aws).send(new CreateTableCommand(tableDefinition(prefixOf(pipeline))));
  createBus(world, prefixOf(pipeline));
  for (const queue of queuesOf(pipeline)) {
    createQueue(world, deadLetterQueueName(pipeline, queue));
    createQueue(world, queueName(pipeline, queue), {
      VisibilityTimeout: String(QUEUE_LIMITS[kindOf(queue)].visibilitySeconds),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queueArn(world, deadLetterQueueName(pipeline, queue)),
        maxReceiveCount: RECEIVES_MAX,
      }),
    });
  }
  world.eventbridge.delivery.mostDelayMs = DELIVERY_MOST_MS;
  addGitSecrets(world, pipeline);
  installRules(world, pipeline);
}

/** Functions and rules alone: a world that goes on with another pipeline than it was saved with. */
export function installRules(world: World, pipeline: Pipeline): void {
  // For those who invoke one and wait: ECS does, at the stages of a deployment.
  for (const name of FUNCTION_NAMES) {
    const { timeoutSeconds } = FUNCTION_LIMITS[name];
    const invokers = invokersOf(pipeline, name);
    addFunction(world, { name: functionNameOf(pipeline, name), timeoutSeconds, invokers });
  }
  for (const { name, pattern, function: target } of routes(pipeline)) {
    putRule(world, { name, pattern, target });
  }
  const announcements = announcementRoute(pipeline);
  if (announcements !== undefined) {
    const { name, pattern } = announcements;
    putRule(world, { name, bus: prefixOf(pipeline), pattern, target: FEEDBACK });
  }
  const notice = noticeRoute(pipeline);
  if (notice !== undefined) {
    const { name, pattern, function: target } = notice;
    putRule(world, { name, bus: prefixOf(pipeline), pattern, target });
  }
  for (const topic of topicsOf(pipeline)) createTopic(world, topic);
}

/** By name: those that the config says people are told by, which their owner made. */
function topicsOf({ notices }: Pipeline): readonly string[] {
  return [notices?.mail, notices?.chat].flatMap((arn) => arn?.split(':').at(-1) ?? []);
}

/** What every function is told in its environment. */
export function environmentOf(
  world: World,
  pipeline: Pipeline,
  table: string = prefixOf(pipeline),
): Environment {
  const url = (queue: FunctionQueue) => queueUrl(world, queueName(pipeline, queue));
  return {
    [ENVIRONMENT.table]: table,
    [ENVIRONMENT.urgentQueue]: url('urgent'),
    [ENVIRONMENT.releasesQueue]: url('releases'),
    [ENVIRONMENT.buildsQueue]: url('builds'),
    [ENVIRONMENT.feedbackQueue]: url('feedback'),
    [ENVIRONMENT.bus]: prefixOf(pipeline),
  };
}
