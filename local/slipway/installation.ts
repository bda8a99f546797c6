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
import { ENVIRONMENT, type Environment } from '../../shared/runtime/environment.ts';
import {
  announcementRoute,
  deadLetterQueueName,
  kindOf,
  noticeRoute,
  queueName,
  queueNames,
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

export const BUS = 'slipway';
/** The target of the rule on our bus: the queue, not a function. */
export const FEEDBACK = 'feedback queue';
const TABLE = 'slipway';

/** From an event to the function that its rule names, at most (unverified: typically half a second). */
const DELIVERY_MOST_MS = 1_000;

export async function install(
  world: World,
  pipeline: Pipeline,
  aws: ClientSettings,
): Promise<void> {
  await new DynamoDBClient(aws).send(new CreateTableCommand(tableDefinition(TABLE)));
  createBus(world, BUS);
  for (const queue of queuesOf(pipeline)) {
    createQueue(world, deadLetterQueueName(queue));
    createQueue(world, queueName(queue), {
      VisibilityTimeout: String(QUEUE_LIMITS[kindOf(queue)].visibilitySeconds),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queueArn(world, deadLetterQueueName(queue)),
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
    const invokers = invokersOf(world, name);
    addFunction(world, { name: functionNameOf(name), timeoutSeconds, invokers });
  }
  for (const { name, pattern, function: target } of routes(pipeline)) {
    putRule(world, { name, pattern, target });
  }
  const announcements = announcementRoute(pipeline);
  if (announcements !== undefined) {
    const { name, pattern } = announcements;
    putRule(world, { name, bus: BUS, pattern, target: FEEDBACK });
  }
  const notice = noticeRoute(pipeline);
  if (notice !== undefined) {
    const { name, pattern, function: target } = notice;
    putRule(world, { name, bus: BUS, pattern, target });
  }
  for (const topic of topicsOf(pipeline)) createTopic(world, topic);
}

/** By name: those that the config says people are told by, which their owner made. */
function topicsOf({ notices }: Pipeline): readonly string[] {
  return [notices?.mail, notices?.chat].flatMap((arn) => arn?.split(':').at(-1) ?? []);
}

/** What every function is told in its environment. */
export function environmentOf(world: World, table: string = TABLE): Environment {
  return {
    [ENVIRONMENT.table]: table,
    [ENVIRONMENT.urgentQueue]: queueUrl(world, queueNames.urgent),
    [ENVIRONMENT.releasesQueue]: queueUrl(world, queueNames.releases),
    [ENVIRONMENT.buildsQueue]: queueUrl(world, queueNames.builds),
    [ENVIRONMENT.feedbackQueue]: queueUrl(world, queueNames.feedback),
    [ENVIRONMENT.bus]: BUS,
  };
}
