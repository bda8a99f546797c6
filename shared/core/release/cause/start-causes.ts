/**
 * Why a task did not start, read off ECS's prose: a table of its own, since the failure of a task and the
 * diagnosis of a release both ask it. "Stopped tasks error messages" in the ECS developer guide.
 */
export interface Row extends Cause {
  readonly when: RegExp;
}

/** Of a task that did not start: the first row that fits counts, so the narrow ones stand first. */
export const DID_NOT_START: readonly Row[] = [
  {
    kind: 'image-rate-limited',
    when: /toomanyrequests|rate limit|rate exceeded|throttl/i,
    says: 'the registry limits how often images are pulled',
    todo: 'it passes by itself; mirror the image into ECR, for example by a pull-through cache, if it comes again',
  },
  {
    kind: 'wrong-architecture',
    when: /exec format error|does not match the (?:specified|detected) platform|descriptor matching platform|no matching manifest/i,
    says: 'the image is built for another architecture than the tasks run on',
    todo: 'build it for the platform that runtimePlatform of the task definition names (docker build --platform), and push again',
  },
  {
    kind: 'image-unreachable',
    when: /(?:pull|registry).*(?:i\/o timeout|dial tcp|no such host|connection (?:refused|reset)|deadline exceeded|Client\.Timeout|TLS handshake)/i,
    says: 'the task has no route to the registry',
    todo: 'check the subnet: a public IP, a NAT gateway, or endpoints for ecr.api, ecr.dkr and S3, and that the security group lets port 443 out',
  },
  {
    kind: 'image-forbidden',
    when: /CannotPull.*(?:has the permissions|403|forbidden|denied|no basic auth|not authorized|unauthorized)/i,
    says: 'the task may not pull the image',
    todo: 'let the execution role pull from this repository (ecr:GetAuthorizationToken, BatchGetImage, GetDownloadUrlForLayer), and look at the policy of the repository',
  },
  {
    kind: 'image-missing',
    when: /CannotPull.*(?:not found|manifest unknown|does not exist|no such image)/i,
    says: 'the image is not in the registry',
    todo: 'push it again; look whether a lifecycle policy of the repository deletes images that are deployed',
  },
  {
    kind: 'secret',
    when: /ResourceInitializationError.*(?:secret|ssm|asm|parameter)/i,
    says: 'a secret or parameter of the task definition could not be had',
    todo: 'check that it exists, that the execution role may read it (and use its KMS key), and that the subnet has a route to Secrets Manager or SSM',
  },
  {
    kind: 'log-driver',
    when: /log(?:ging)? ?driver|logger args|awslogs|log group/i,
    says: 'the log driver of a container could not start',
    todo: 'create the log group, or allow the execution role to (logs:CreateLogGroup, CreateLogStream, PutLogEvents), and check the route to CloudWatch Logs',
  },
  {
    kind: 'file-system',
    when: /\befs\b|mount\.nfs|file ?system/i,
    says: 'a file system could not be mounted',
    todo: 'check the mount target in the subnets of the tasks, port 2049 in its security group, the access point, and the task role',
  },
  {
    kind: 'role',
    when: /unable to assume the role|AssumeRole/i,
    says: 'ECS may not use a role of the task definition',
    todo: 'check that the role exists and that ecs-tasks.amazonaws.com may assume it',
  },
  {
    kind: 'command',
    when: /executable file not found|init \w+ caused|no such file or directory|CannotStartContainer/i,
    says: "the container's command could not be started",
    todo: 'check entryPoint and command against what is in the image',
  },
  {
    kind: 'capacity',
    when: /capacity is unavailable|RESOURCE:FARGATE/i,
    says: 'AWS has no capacity for the task just now',
    todo: 'ECS tries again by itself; more subnets in other zones, or another capacity provider beside Spot, help',
  },
  {
    kind: 'network',
    when: /network interface|\bENI\b|insufficient free addresses|security group/i,
    says: 'the network of the task could not be made',
    todo: 'check free addresses in the subnets, the quota of network interfaces, and the security groups',
  },
];

export function firstThatFits(rows: readonly Row[], text: string): Cause | undefined {
  const row = rows.find(({ when }) => when.test(text));
  return row && { kind: row.kind, says: row.says, todo: row.todo };
}

export interface Cause {
  readonly kind: CauseKind;
  /** What it is, in words, without a full stop. */
  readonly says: string;
  /** What a person does about it. */
  readonly todo: string;
}

export type CauseKind =
  | 'image-missing'
  | 'image-forbidden'
  | 'image-rate-limited'
  | 'image-unreachable'
  | 'wrong-architecture'
  | 'secret'
  | 'log-driver'
  | 'file-system'
  | 'role'
  | 'network'
  | 'command'
  | 'out-of-memory'
  | 'segmentation-fault'
  | 'killed'
  | 'exit-zero'
  | 'exit-nonzero'
  | 'container-health'
  | 'load-balancer-health'
  | 'capacity'
  | 'placement'
  | 'spot'
  | 'throttled'
  | 'starts-impaired'
  | 'scaled-in'
  | 'stopped-by-person'
  | 'maintenance'
  | 'not-known';
