/**
 * The aws CLI. Debian's 2.9 speaks the Query protocol to SQS and CloudWatch, and knows no
 * AWS_ENDPOINT_URL; a newer one, which may come first in the PATH, speaks JSON.
 */
import { environmentFor, run, type Tried } from './tried.ts';

interface Step {
  readonly args: readonly string[];
  /** What the output must have; of a refusal, the error output. */
  readonly shows: RegExp;
  readonly refused?: true;
}

const QUEUE_URL = /"QueueUrl": "(http:[^"]+)"/;

function steps(url: string): readonly Step[] {
  const queue = `${url}/123456789012/from-the-cli`;
  const metrics = JSON.stringify([
    { Id: 'rate', Expression: 'errors * 2', ReturnData: true },
    {
      Id: 'errors',
      ReturnData: false,
      MetricStat: { Metric: { Namespace: 'Cli', MetricName: 'Errors' }, Period: 60, Stat: 'Sum' },
    },
  ]);
  const alarm = ['--alarm-name', 'cli', '--evaluation-periods', '1', '--threshold', '5'];
  return [
    { args: ['sts', 'get-caller-identity'], shows: /"Account": "123456789012"/ },
    {
      args: ['ecs', 'list-services', '--cluster', 'production'],
      shows: /service\/production\/web/,
    },
    {
      args: [
        'ecs',
        'describe-services',
        '--cluster',
        'production',
        '--services',
        'web',
        '--query',
        'services[0].[runningCount,deployments[0].rolloutState]',
      ],
      shows: /4,\s*"COMPLETED"/,
    },
    {
      args: ['ecs', 'describe-services', '--cluster', 'none', '--services', 'web'],
      shows: /ClusterNotFoundException/,
      refused: true,
    },
    {
      args: ['ecs', 'list-tasks', '--cluster', 'production', '--max-items', '1'],
      shows: /"NextToken"/,
    },
    {
      args: ['ecs', 'wait', 'services-stable', '--cluster', 'production', '--services', 'web'],
      shows: /^$/,
    },
    {
      args: ['ecs', 'run-task', '--cluster', 'production', '--task-definition', 'web'],
      shows: /UnsupportedOperation.*AWS has ecs:RunTask/,
      refused: true,
    },
    { args: ['ecr', 'describe-images', '--repository-name', 'shop/web'], shows: /"main-0000000"/ },
    {
      args: [
        'sqs',
        'create-queue',
        '--queue-name',
        'from-the-cli',
        '--attributes',
        'VisibilityTimeout=7',
      ],
      shows: QUEUE_URL,
    },
    {
      args: [
        'sqs',
        'send-message',
        '--queue-url',
        queue,
        '--message-body',
        'a <&> "b" ü',
        '--message-attributes',
        '{"k":{"DataType":"String","StringValue":"v"}}',
      ],
      shows: /"MessageId"/,
    },
    {
      args: [
        'sqs',
        'receive-message',
        '--queue-url',
        queue,
        '--attribute-names',
        'ApproximateReceiveCount',
        '--message-attribute-names',
        'All',
      ],
      shows: /a <&> \\"b\\"[\s\S]*"ApproximateReceiveCount": "1"[\s\S]*"StringValue": "v"/,
    },
    {
      args: ['sqs', 'get-queue-attributes', '--queue-url', queue, '--attribute-names', 'All'],
      shows: /"VisibilityTimeout": "7"/,
    },
    { args: ['sqs', 'list-queues'], shows: /from-the-cli/ },
    { args: ['sqs', 'purge-queue', '--queue-url', queue], shows: /^$/ },
    {
      args: ['sqs', 'get-queue-url', '--queue-name', 'none'],
      shows: /NonExistentQueue|QueueDoesNotExist/,
      refused: true,
    },
    {
      args: [
        'cloudwatch',
        'put-metric-data',
        '--namespace',
        'Cli',
        '--metric-name',
        'Errors',
        '--value',
        '3',
      ],
      shows: /^$/,
    },
    { args: ['cloudwatch', 'list-metrics', '--namespace', 'Cli'], shows: /"MetricName": "Errors"/ },
    {
      args: [
        'cloudwatch',
        'put-metric-alarm',
        ...alarm,
        '--comparison-operator',
        'GreaterThanThreshold',
        '--metrics',
        metrics,
      ],
      shows: /^$/,
    },
    {
      args: [
        'cloudwatch',
        'set-alarm-state',
        '--alarm-name',
        'cli',
        '--state-value',
        'ALARM',
        '--state-reason',
        'drill',
      ],
      shows: /^$/,
    },
    {
      args: ['cloudwatch', 'describe-alarms', '--alarm-names', 'cli'],
      shows: /"Expression": "errors \* 2"/,
    },
    {
      args: [
        'cloudwatch',
        'describe-alarm-history',
        '--alarm-name',
        'cli',
        '--history-item-type',
        'StateUpdate',
      ],
      shows: /Alarm updated from/,
    },
    {
      args: [
        'cloudwatch',
        'set-alarm-state',
        '--alarm-name',
        'none',
        '--state-value',
        'OK',
        '--state-reason',
        'x',
      ],
      shows: /ResourceNotFound/,
      refused: true,
    },
    { args: ['events', 'list-rules'], shows: /"EventPattern"/ },
    {
      args: [
        'ssm',
        'put-parameter',
        '--name',
        '/cli/a',
        '--value',
        'v',
        '--type',
        'String',
        '--overwrite',
      ],
      shows: /"Version": \d/,
    },
    { args: ['ssm', 'get-parameter', '--name', '/cli/a'], shows: /"Value": "v"/ },
    {
      args: ['dynamodb', 'scan', '--table-name', 'slipway', '--select', 'COUNT'],
      shows: /"Count": \d+/,
    },
    { args: ['sqs', 'delete-queue', '--queue-url', queue], shows: /^$/ },
    { args: ['ec2', 'describe-vpcs'], shows: /has no service "ec2"/, refused: true },
  ];
}

export async function tryAwsCli(url: string, region: string): Promise<readonly Tried[]> {
  const tried: Tried[] = [];
  for (const program of ['/usr/bin/aws', 'aws']) {
    const version = await run(program, ['--version']);
    if (version === undefined || version.code !== 0) {
      tried.push({ what: program, outcome: 'skipped', detail: 'it is not installed' });
      continue;
    }
    const name = version.stdout.split(' ')[0] ?? program;
    if (tried.some(({ what }) => what.startsWith(name))) continue;
    // Each tries the same things: what one leaves behind does not disturb the next.
    const environment = environmentFor(url, region);
    for (const { args, shows, refused } of steps(url)) {
      const ran = await run(
        program,
        ['--endpoint-url', url, '--output', 'json', ...args],
        environment,
      );
      const text = refused ? ran?.stderr : ran?.stdout;
      const isRight = (ran?.code === 0) === (refused !== true) && shows.test(text?.trim() ?? '');
      tried.push({
        what: `${name} ${args.slice(0, 2).join(' ')}${refused ? ', refused' : ''}`,
        outcome: isRight ? 'passed' : 'failed',
        ...(!isRight && { detail: ran?.stderr.trim() || ran?.stdout.trim() || 'no output' }),
      });
    }
  }
  return tried;
}
