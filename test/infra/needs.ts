/**
 * What a call to AWS asks of IAM: its action, on every resource that it names, and the permissions
 * that it implies. Resource types: Service Authorization Reference. Throws for a call that is not
 * here, so that a new one cannot go unseen.
 */
import type { CallMade } from '../../local/stories/timeline.ts';
import { clusterArn, serviceArn } from '../../shared/parsing/names.ts';
import type { IamRequest } from './iam.ts';

interface Home {
  readonly account: string;
  readonly region: string;
}

type Call = Pick<CallMade, 'service' | 'operation' | 'input'>;

/** As the inputs of the SDK have them; all of them, since each call has some. */
interface Input {
  readonly cluster: string;
  readonly service: string;
  readonly services: readonly string[];
  readonly tasks: readonly string[];
  readonly serviceDeploymentArn: string;
  readonly serviceDeploymentArns: readonly string[];
  readonly serviceRevisionArns: readonly string[];
  readonly family: string;
  readonly tags?: readonly unknown[];
  readonly taskRoleArn?: string;
  readonly executionRoleArn?: string;
  readonly repositoryName: string;
  readonly QueueUrl: string;
  readonly TableName: string;
  readonly IndexName?: string;
  readonly Key?: Readonly<Record<string, unknown>>;
  readonly Item?: Readonly<Record<string, unknown>>;
  readonly KeyConditionExpression: string;
  readonly ExpressionAttributeValues: Readonly<Record<string, unknown>>;
  readonly Name: string;
  readonly Entries: readonly { readonly EventBusName?: string }[];
  readonly SecretId: string;
  readonly projectName: string;
  readonly id: string;
  readonly ids: readonly string[];
}

export function needsOf(home: Home, { service, operation, input }: Call): readonly IamRequest[] {
  const it = input as Input;
  const call = `${service}:${operation}`;
  const arn = (prefix: string, resource: string) =>
    serviceArn(home, '', '').replace(
      /:ecs:.*$/,
      `:${prefix}:${home.region}:${home.account}:${resource}`,
    );
  const on = (action: string, resources: readonly string[], context?: IamRequest['context']) =>
    resources.map((resource) => ({ action, resource, ...(context && { context }) }));

  // GitHub asks for a token, and nothing of IAM.
  if (service === 'github') return [];
  switch (call) {
    case 'ecs:DescribeServices':
      return on(
        call,
        it.services.map((name) => serviceArn(home, it.cluster, name)),
      );
    case 'ecs:ListServiceDeployments':
    case 'ecs:UpdateService':
      return on(call, [serviceArn(home, it.cluster, it.service)]);
    case 'ecs:DescribeServiceDeployments':
      return on(call, it.serviceDeploymentArns.flatMap(withService));
    case 'ecs:DescribeServiceRevisions':
      return on(call, it.serviceRevisionArns.flatMap(withService));
    case 'ecs:StopServiceDeployment':
      return on(call, withService(it.serviceDeploymentArn));
    case 'ecs:DescribeTasks':
      return on(call, it.tasks);
    case 'ecs:ListTasks': {
      const cluster = clusterArn(home, it.cluster);
      const instance = cluster.replace(':cluster/', ':container-instance/').concat('/any');
      return on(call, [instance], { 'ecs:cluster': cluster });
    }
    case 'ecs:DescribeTaskDefinition':
    case 'ecs:ListTaskDefinitions':
      return on(call, ['*']);
    case 'ecs:RegisterTaskDefinition': {
      const revision = [arn('ecs', `task-definition/${it.family}:1`)];
      const roles = [it.taskRoleArn, it.executionRoleArn].filter((role) => role !== undefined);
      return [
        ...on(call, revision),
        ...(it.tags?.length
          ? on('ecs:TagResource', revision, { 'ecs:CreateAction': operation })
          : []),
        ...on('iam:PassRole', roles, { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' }),
      ];
    }
    case 'cloudwatch:DescribeAlarms':
    case 'cloudwatch:DescribeAlarmHistory':
    case 'cloudwatch:ListAlarmMuteRules':
      return on(call, ['*']);
    // It is allowed by the action that reads manifests. (API_ListImageReferrers)
    case 'ecr:ListImageReferrers':
      return on('ecr:BatchGetImage', [arn('ecr', `repository/${it.repositoryName}`)]);
    case 'ecr:BatchGetImage':
    case 'ecr:GetDownloadUrlForLayer':
    case 'ecr:DescribeImageScanFindings':
    case 'ecr:DescribeImages':
      return on(call, [arn('ecr', `repository/${it.repositoryName}`)]);
    case 'dynamodb:GetItem':
    case 'dynamodb:PutItem':
    case 'dynamodb:UpdateItem':
      return on(call, [arn('dynamodb', `table/${it.TableName}`)], keysOf(it.Key ?? it.Item));
    case 'dynamodb:Query': {
      const index = it.IndexName === undefined ? '' : `/index/${it.IndexName}`;
      // Of an index it is the index's own partition key.
      const [, value = ''] = /^\w+ = (:\w+)/.exec(it.KeyConditionExpression) ?? [];
      const keys = keysOf({ pk: it.ExpressionAttributeValues[value] });
      return on(call, [arn('dynamodb', `table/${it.TableName}${index}`)], keys);
    }
    case 'eventbridge:PutEvents': {
      const buses = new Set(it.Entries.map(({ EventBusName }) => EventBusName ?? 'default'));
      return on(
        'events:PutEvents',
        [...buses].map((bus) => arn('events', `event-bus/${bus}`)),
      );
    }
    case 'ssm:PutParameter':
      return on(call, [arn('ssm', `parameter${it.Name}`)]);
    // Six characters that nobody chooses follow the name.
    case 'secretsmanager:GetSecretValue':
      return on(call, [arn('secretsmanager', `secret:${it.SecretId}-AbCdEf`)]);
    case 'codebuild:StartBuild':
    case 'codebuild:ListBuildsForProject':
      return on(call, [arn('codebuild', `project/${it.projectName}`)]);
    // Of a build, its project is the resource.
    case 'codebuild:StopBuild':
      return on(call, [arn('codebuild', `project/${projectOf(it.id)}`)]);
    case 'codebuild:BatchGetBuilds':
      return on(
        call,
        it.ids.map((id) => arn('codebuild', `project/${projectOf(id)}`)),
      );
    // A batch is allowed by the action of the single one. (sqs-api-permissions-reference)
    case 'sqs:SendMessageBatch':
      return on('sqs:SendMessage', [arn('sqs', it.QueueUrl.split('/').at(-1) ?? '')]);
    default:
      throw new Error(`${call} is not in test/infra/needs.ts: what does it ask of IAM?`);
  }
}

/** The partition key, as the client of documents has it. */
function keysOf(item: Readonly<Record<string, unknown>> = {}): IamRequest['context'] {
  return { 'dynamodb:LeadingKeys': [String(item.pk)] };
}

/** `<project>:<uuid>` */
function projectOf(build: string): string {
  return build.slice(0, build.indexOf(':'));
}

/** These actions want the service as well as what hangs below it. */
function withService(arn: string): readonly string[] {
  const [, head, cluster, service] = /^(.*):service-[a-z]+\/([^/]+)\/([^/]+)\//.exec(arn) ?? [];
  return [arn, `${head}:service/${cluster}/${service}`];
}
