/** A program of a user: clients of the AWS SDK without any option. Prints what was tried, as JSON. */
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import {
  ClusterNotFoundException,
  DescribeServicesCommand,
  ECSClient,
  paginateListTasks,
  UpdateServiceCommand,
  waitUntilServicesStable,
} from '@aws-sdk/client-ecs';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';

const ecs = new ECSClient();
const SERVICE = { cluster: 'production', services: ['web'] };

async function tried(what: string, attempt: () => Promise<void>): Promise<void> {
  try {
    await attempt();
    console.log(JSON.stringify({ what, outcome: 'passed' }));
  } catch (error) {
    console.log(JSON.stringify({ what, outcome: 'failed', detail: String(error) }));
  }
}

function must(isTrue: boolean, what: string): void {
  if (!isTrue) throw new Error(what);
}

await tried('ECS: pages of tasks', async () => {
  let count = 0;
  const pages = paginateListTasks({ client: ecs, pageSize: 2 }, { cluster: 'production' });
  for await (const { taskArns = [] } of pages) count += taskArns.length;
  must(count >= 6, `${count} tasks`);
});

await tried('ECS: a forced deployment, and the waiter for a stable service', async () => {
  await ecs.send(
    new UpdateServiceCommand({ cluster: 'production', service: 'web', forceNewDeployment: true }),
  );
  const deployments = async () => {
    const { services } = await ecs.send(new DescribeServicesCommand(SERVICE));
    return services?.[0]?.deployments?.length;
  };
  // Reads of ECS lag behind writes: a waiter that looks too early sees the service of before.
  while ((await deployments()) === 1);
  const patience = { client: ecs, maxWaitTime: 90, minDelay: 1, maxDelay: 1 };
  await waitUntilServicesStable(patience, SERVICE);
  must((await deployments()) === 1, 'one deployment');
});

await tried('ECS: the exceptions of its model', async () => {
  const asked = ecs.send(new DescribeServicesCommand({ cluster: 'none', services: ['web'] }));
  const error = await asked.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  must(error instanceof ClusterNotFoundException, String(error));
});

await tried('CloudWatch: alarms, with dates', async () => {
  const { MetricAlarms = [] } = await new CloudWatchClient().send(new DescribeAlarmsCommand());
  must(
    MetricAlarms.some(({ StateUpdatedTimestamp }) => StateUpdatedTimestamp instanceof Date),
    'a date',
  );
});

await tried('SQS: a queue by the URL that it was given', async () => {
  const sqs = new SQSClient();
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'from-javascript' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello' }));
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  must(Messages?.[0]?.Body === 'hello', 'the message');
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  const gone = await sqs
    .send(new ReceiveMessageCommand({ QueueUrl }))
    .catch((error: unknown) => error);
  must(gone instanceof QueueDoesNotExist, String(gone));
});
