/** What the infrastructure puts into an account, put into the local world: queues, bus, rules, table. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { ClientSettings } from '../shared/aws/client-settings.ts';
import { tableDefinition } from '../shared/aws/table.ts';
import type { Pipeline } from '../shared/config.ts';
import { ENVIRONMENT, type Environment } from '../shared/environment.ts';
import { deadLetterQueueNames, queueNames, routes } from '../shared/routing.ts';
import { QUEUE_LIMITS, RECEIVES_MAX } from '../shared/sizes.ts';
import { createBus, putRule } from './eventbridge.ts';
import { createQueue, queueArn, queueUrl } from './sqs.ts';
import type { World } from './world.ts';

export const BUS = 'slipway';
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
  for (const queue of ['urgent', 'releases'] as const) {
    createQueue(world, deadLetterQueueNames[queue]);
    createQueue(world, queueNames[queue], {
      VisibilityTimeout: String(QUEUE_LIMITS[queue].visibilitySeconds),
      RedrivePolicy: JSON.stringify({
        deadLetterTargetArn: queueArn(world, deadLetterQueueNames[queue]),
        maxReceiveCount: RECEIVES_MAX,
      }),
    });
  }
  world.eventbridge.delivery.mostDelayMs = DELIVERY_MOST_MS;
  for (const { name, pattern, function: target } of routes(pipeline)) {
    putRule(world, { name, pattern, target });
  }
}

/** What every function is told in its environment. */
export function environmentOf(world: World): Environment {
  return {
    [ENVIRONMENT.table]: TABLE,
    [ENVIRONMENT.urgentQueue]: queueUrl(world, queueNames.urgent),
    [ENVIRONMENT.releasesQueue]: queueUrl(world, queueNames.releases),
    [ENVIRONMENT.bus]: BUS,
  };
}
