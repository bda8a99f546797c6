/**
 * What the functions between git and the image may do; they are there when the config names sources.
 * None of them can deploy, only `build` can build, and each reads its own secret alone.
 */
import type { Pipeline } from '../../shared/config/config.ts';
import { webhookSecrets } from '../../shared/config/git/webhook-secrets.ts';
import { type Queue, queueName } from '../../shared/runtime/routing.ts';
import { arnIn, busName, type FunctionName, tableName } from '../names.ts';
import type { Permission, RightsSettings } from './permission.ts';
import { unique } from './scope.ts';
import { startsAsItIs } from './start-build.ts';
import { FEEDBACK_KEYS, onKeys, SOURCE_KEYS } from './table-keys.ts';

export function sourcePermissions(
  pipeline: Pipeline,
  settings: RightsSettings,
): readonly Permission[] {
  if (Object.keys(pipeline.sources).length === 0) return [];
  return [
    ...definitions(pipeline, settings),
    ...githubPush(pipeline, settings),
    send(pipeline, 'build-changed', 'builds', 'passes on what concerns a source'),
    ...claims(pipeline),
    ...build(pipeline, settings),
    ...feedback(pipeline, settings),
  ];
}

function githubPush(pipeline: Pipeline, settings: RightsSettings): readonly Permission[] {
  const checks = 'checks the signature of a delivery';
  return [
    ...webhookSecrets(pipeline).map((name) => readSecret(pipeline, 'github-push', name, checks)),
    ...decrypt(pipeline, 'github-push', settings),
    send(pipeline, 'github-push', 'builds', 'passes on what concerns a source'),
  ];
}

/** Only where a target has its task definition in git: otherwise `reconcile` knows nothing of GitHub. */
function definitions(pipeline: Pipeline, settings: RightsSettings): readonly Permission[] {
  const targets = Object.values(pipeline.targets);
  if (!targets.some(({ rules }) => rules.definition !== undefined)) return [];
  const { credentials } = pipeline.github;
  const why = 'reads the task definition of a commit';
  return [
    readSecret(pipeline, 'reconcile', credentials, why),
    ...decrypt(pipeline, 'reconcile', settings),
  ];
}

function build(pipeline: Pipeline, settings: RightsSettings): readonly Permission[] {
  const of = { home: pipeline, table: settings.table ?? tableName(pipeline) };
  return [
    ...builds(projectArns(pipeline)),
    onKeys(of, {
      function: 'build',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      keys: [SOURCE_KEYS],
      why: 'remembers',
    }),
    {
      function: 'build',
      actions: ['events:PutEvents'],
      on: `bus ${busName(pipeline)}`,
      resources: [arnIn(pipeline, 'events', `event-bus/${busName(pipeline)}`)],
      why: 'announces',
    },
    readSecret(
      pipeline,
      'build',
      pipeline.github.credentials,
      'asks GitHub whether a branch has a commit, and where it stands when a push was missed',
    ),
    ...decrypt(pipeline, 'build', settings),
    send(pipeline, 'build', 'releases', 'offers what was built to the targets'),
    reads(pipeline, 'build', 'builds'),
  ];
}

/** None: all images are built elsewhere. */
function builds(projects: readonly string[]): readonly Permission[] {
  if (projects.length === 0) return [];
  const on = 'the projects of the sources';
  return [
    ...startsAsItIs(projects),
    {
      function: 'build',
      actions: ['codebuild:StopBuild', 'codebuild:BatchGetBuilds'],
      on,
      resources: projects,
      why: 'stops what a newer one supersedes, asks what became of a build',
    },
    {
      function: 'build',
      actions: ['codebuild:ListBuildsForProject'],
      on,
      resources: projects,
      why: 'finds the build that it started',
      seldom: 'when the answer of a start was lost (find in shared/aws/builds.ts)',
    },
  ];
}

/** What an image that others built says of its commit is read in its own repository alone. */
function claims(pipeline: Pipeline): readonly Permission[] {
  const repositories = Object.values(pipeline.sources)
    .flatMap(({ rules }) => Object.values(rules.elsewhere ?? {}))
    .map(({ repository }) => repository);
  if (repositories.length === 0) return [];
  return [
    send(pipeline, 'image-pushed', 'builds', 'passes on whose commit is to be found'),
    {
      function: 'build',
      actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      on: 'the repositories whose images are built elsewhere',
      resources: unique(repositories).map((name) => arnIn(pipeline, 'ecr', `repository/${name}`)),
      why: 'reads the label with the commit',
    },
  ];
}

function feedback(pipeline: Pipeline, settings: RightsSettings): readonly Permission[] {
  const of = { home: pipeline, table: settings.table ?? tableName(pipeline) };
  return [
    onKeys(of, {
      function: 'feedback',
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      keys: [FEEDBACK_KEYS],
      why: 'remembers what GitHub was told',
    }),
    readSecret(pipeline, 'feedback', pipeline.github.credentials, 'tells GitHub'),
    ...decrypt(pipeline, 'feedback', settings),
    send(pipeline, 'feedback', 'feedback', 'puts a message back until GitHub takes it'),
    reads(pipeline, 'feedback', 'feedback'),
  ];
}

/** Each once: several images may have one project. */
function projectArns(pipeline: Pipeline): readonly string[] {
  const projects = Object.values(pipeline.sources).flatMap(({ rules }) =>
    Object.values(rules.images).map(({ project }) => project),
  );
  return unique(projects).map((name) => arnIn(pipeline, 'codebuild', `project/${name}`));
}

/** Secrets Manager adds a hyphen and six characters to the name. (reference_iam-permissions) */
function readSecret(
  pipeline: Pipeline,
  name: FunctionName,
  secret: string,
  why: string,
): Permission {
  return {
    function: name,
    actions: ['secretsmanager:GetSecretValue'],
    on: `secret ${secret}`,
    resources: [arnIn(pipeline, 'secretsmanager', `secret:${secret}-??????`)],
    why,
  };
}

/** Secrets under a key of the user's own; AWS's key for Secrets Manager needs no such right. */
function decrypt(
  { region }: Pipeline,
  name: FunctionName,
  { secretKeys = [] }: RightsSettings,
): readonly Permission[] {
  if (secretKeys.length === 0) return [];
  return [
    {
      function: name,
      actions: ['kms:Decrypt'],
      on: 'the keys that infra.secretKeys names, through Secrets Manager only',
      resources: secretKeys,
      conditions: {
        StringEquals: { 'kms:ViaService': [`secretsmanager.${region}.amazonaws.com`] },
      },
      why: 'reads its secret',
      implied: 'Secrets Manager decrypts with the rights of its caller (security-encryption)',
    },
  ];
}

function send(pipeline: Pipeline, name: FunctionName, queue: Queue, why: string): Permission {
  return {
    function: name,
    actions: ['sqs:SendMessage'],
    on: `queue ${queueName(pipeline, queue)}`,
    resources: [arnIn(pipeline, 'sqs', queueName(pipeline, queue))],
    why,
  };
}

function reads(pipeline: Pipeline, name: FunctionName, queue: Queue): Permission {
  return {
    function: name,
    actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
    on: `queue ${queueName(pipeline, queue)}`,
    resources: [arnIn(pipeline, 'sqs', queueName(pipeline, queue))],
    why: 'is invoked with messages',
    implied: 'Lambda polls the queue with the role of the function',
  };
}
