/** From git push to the queue of builds, in the template: who may knock, who reads which secret, who builds. */
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { type FunctionName, functionsOf } from '../../infra/names.ts';
import { fittingPolicies } from '../../infra/permissions/statements.ts';
import { checkSettings } from '../../infra/settings-check.ts';
import { BUILD_VARIABLES } from '../../shared/aws/builds.ts';
import type { Pipeline } from '../../shared/config/config.ts';
import { isAllowed } from './iam.ts';
import { pipelineWith, resourcesOf, settingsFor, templateOf, withSources } from './made.ts';

const template = templateOf(withSources);
const without = templateOf(pipelineWith({ web: {}, api: {}, docs: {} }));

const namesIn = (from: Template, type: string, property: string) =>
  resourcesOf(from, type).map(({ Properties }) => Properties[property]);

function may(
  name: FunctionName,
  action: string,
  resource: string,
  of: Pipeline = withSources,
  context: Readonly<Record<string, readonly string[]>> = {},
) {
  const { statements } = fittingPolicies(of, checkSettings(of, settingsFor(of)));
  return isAllowed(statements[name].flat(), { action, resource, context });
}

const arn = (service: string, resource: string) =>
  `arn:aws:${service}:eu-central-1:123456789012:${resource}`;
const OF_SOURCES = ['github-push', 'build-changed', 'build', 'feedback'] as const;

describe('a pipeline without sources', () => {
  test('has five functions and three queues, and nothing that builds or listens to GitHub', () => {
    expect(namesIn(without, 'AWS::Lambda::Function', 'FunctionName')).toEqual([
      'slipway-image-pushed',
      'slipway-rollout-changed',
      'slipway-alarm-changed',
      'slipway-reconcile',
      'slipway-tick',
    ]);
    expect(namesIn(without, 'AWS::SQS::Queue', 'QueueName')).toEqual([
      'slipway-commands-dead',
      'slipway-urgent-dead',
      'slipway-releases-dead',
      'slipway-unheard',
      'slipway-commands',
      'slipway-urgent',
      'slipway-releases',
    ]);
    for (const type of ['AWS::Lambda::Url', 'AWS::CodeBuild::Project', 'AWS::ECR::Repository']) {
      without.resourceCountIs(type, 0);
    }
    expect(JSON.stringify(without.toJSON())).not.toMatch(/codebuild|secretsmanager|github|builds/i);
  });

  test('is watched by 20 alarms, one with sources by 32', () => {
    without.resourceCountIs('AWS::CloudWatch::Alarm', 20);
    template.resourceCountIs('AWS::CloudWatch::Alarm', 32);
  });
});

test('the dashboard counts builds as they are announced, where there are some', () => {
  const patterns = namesIn(template, 'AWS::Logs::MetricFilter', 'FilterPattern');
  expect(patterns).toContain('{ $.message = "Slipway Build Failed" }');
  const body = (from: Template) =>
    JSON.stringify(namesIn(from, 'AWS::CloudWatch::Dashboard', 'DashboardBody'));
  expect(body(template)).toContain('"Builds');
  expect(body(without)).not.toContain('"Builds');
});

describe('the webhook', () => {
  test('is a function URL that asks for no credentials of AWS, and answers at once', () => {
    expect(resourcesOf(template, 'AWS::Lambda::Url').map(({ Properties }) => Properties)).toEqual([
      expect.objectContaining({ AuthType: 'NONE', InvokeMode: 'BUFFERED' }),
    ]);
    template.hasOutput('GitHubWebhook', {
      Value: { 'Fn::GetAtt': [Match.stringLikeRegexp('githubpush'), 'FunctionUrl'] },
    });
  });

  test('is the only function that the world may invoke, and only by its URL', () => {
    const open = resourcesOf(template, 'AWS::Lambda::Permission').filter(
      ({ Properties }) => Properties.Principal === '*',
    );
    expect(open.map(({ Properties }) => Properties)).toEqual([
      {
        Action: 'lambda:InvokeFunctionUrl',
        FunctionName: { 'Fn::GetAtt': [expect.stringMatching(/^githubpush/), 'Arn'] },
        FunctionUrlAuthType: 'NONE',
        Principal: '*',
      },
      {
        Action: 'lambda:InvokeFunction',
        FunctionName: { 'Fn::GetAtt': [expect.stringMatching(/^githubpush/), 'Arn'] },
        InvokedViaFunctionUrl: true,
        Principal: '*',
      },
    ]);
  });

  test.each([
    [{}, 10],
    [{ concurrency: { urgent: 2, releases: 2, webhook: 3 } }, 3],
  ])('a flood takes no more of the account than the settings allow: %j', (settings, most) => {
    const made = templateOf(withSources, settingsFor(withSources, settings));
    made.hasResourceProperties('AWS::Lambda::Function', {
      FunctionName: 'slipway-github-push',
      ReservedConcurrentExecutions: most,
    });
  });
});

describe('queues', () => {
  test.each([
    ['builds', 'build', 10, 5],
    ['feedbackqueue', 'feedback', 10, 2],
  ])('%s feeds %s, ten at a time, and a message fails alone', (queue, reader, size, most) => {
    template.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp(`^${queue}[0-9A-F]{8}$`), 'Arn'] },
      FunctionName: { Ref: Match.stringLikeRegexp(`^${reader}[0-9A-F]{8}$`) },
      BatchSize: size,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: most },
    });
  });

  test('what is announced reaches feedback from our own bus, without a function between', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      Name: 'slipway-announced-feedback',
      EventBusName: { Ref: Match.stringLikeRegexp('^bus') },
      EventPattern: { source: ['slipway'], account: ['123456789012'], region: ['eu-central-1'] },
      Targets: [
        Match.objectLike({
          Arn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^feedbackqueue'), 'Arn'] },
          DeadLetterConfig: Match.anyValue(),
        }),
      ],
    });
  });
});

describe('secrets', () => {
  const webhook = arn('secretsmanager', 'secret:slipway/github-webhook-AbCdEf');
  const credentials = arn('secretsmanager', 'secret:slipway/github-AbCdEf');
  const readers = (resource: string, of = withSources) =>
    functionsOf(of).filter((name) => may(name, 'secretsmanager:GetSecretValue', resource, of));

  test('are not made by the stack, and no value of one stands in the template', () => {
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
    expect(JSON.stringify(template.toJSON())).not.toContain('resolve:secretsmanager');
  });

  test('each is read by whoever needs it, and by nobody else', () => {
    expect(readers(webhook)).toEqual(['github-push']);
    expect(readers(credentials)).toEqual(['build', 'feedback']);
    expect(readers(arn('secretsmanager', 'secret:slipway/other-AbCdEf'))).toEqual([]);
    expect(readers(arn('secretsmanager', 'secret:slipway/github-webhook-old-AbCdEf'))).toEqual([]);
    expect(
      readers('arn:aws:secretsmanager:eu-central-1:999999999999:secret:slipway/github-AbCdEf'),
    ).toEqual([]);
  });

  test('have the names that the config gives', () => {
    const { sources } = { sources: { shop: { repository: 'acme/shop', images } } };
    const named = pipelineWith(
      { web: {} },
      { sources, github: { webhookSecret: 'ours/hook', credentials: 'ours/app' } },
    );
    expect(readers(arn('secretsmanager', 'secret:ours/hook-AbCdEf'), named)).toEqual([
      'github-push',
    ]);
    expect(readers(webhook, named)).toEqual([]);
  });

  test('are only read', () => {
    for (const name of OF_SOURCES) {
      for (const action of ['PutSecretValue', 'DescribeSecret', 'DeleteSecret']) {
        expect(may(name, `secretsmanager:${action}`, webhook)).toBe(false);
      }
    }
  });
});

const images = { web: { repository: 'shop/web' } };

describe('only build may build', () => {
  test.each([
    ['codebuild:StartBuild', 'project/slipway-shop-web', true],
    ['codebuild:StopBuild', 'project/slipway-shop-api', true],
    ['codebuild:BatchGetBuilds', 'project/the-docs', true],
    ['codebuild:ListBuildsForProject', 'project/the-docs', true],
    ['codebuild:StartBuild', 'project/slipway-shop-docs', false],
    ['codebuild:StartBuild', 'project/nightly', false],
    ['codebuild:UpdateProject', 'project/slipway-shop-web', false],
    ['codebuild:StartBuildBatch', 'project/slipway-shop-web', false],
  ])('%s on %s: %s', (action, project, allowed) => {
    expect(may('build', action, arn('codebuild', project))).toBe(allowed);
    for (const name of functionsOf(withSources).filter((each) => each !== 'build')) {
      expect(may(name, action, arn('codebuild', project)), name).toBe(false);
    }
  });
});

describe('what comes before the image cannot deploy', () => {
  test.each(OF_SOURCES)('%s', (name) => {
    const { statements } = fittingPolicies(
      withSources,
      checkSettings(withSources, settingsFor(withSources)),
    );
    const actions = statements[name].flat().flatMap(({ Action }) => Action);
    expect(actions.filter((action) => /^(ecs|iam|ecr|ssm|lambda):/.test(action))).toEqual([]);
    expect(actions.join()).not.toContain('*');
  });

  test('a build is started as its project is: nothing of it is overridden but commit and tag', () => {
    const start = (context: Readonly<Record<string, readonly string[]>>) =>
      may('build', 'codebuild:StartBuild', arn('codebuild', 'project/the-docs'), withSources, {
        'codebuild:environment.environmentVariables.name': ['SLIPWAY_COMMIT', 'SLIPWAY_IMAGE_TAG'],
        ...context,
      });
    expect(start({})).toBe(true);
    for (const key of ['source.buildspec', 'source.location', 'environment.image', 'serviceRole']) {
      expect(start({ [`codebuild:${key}`]: ['anything'] }), key).toBe(false);
    }
    const ours = Object.values(BUILD_VARIABLES);
    expect(start({ 'codebuild:environment.environmentVariables.name': ours })).toBe(true);
    const another = ['SLIPWAY_COMMIT', 'SLIPWAY_BUILDKIT_IMAGE'];
    expect(start({ 'codebuild:environment.environmentVariables.name': another })).toBe(false);
  });

  test.each([
    ['github-push', ['builds']],
    ['build-changed', ['builds', 'unheard']],
    ['build', ['releases']],
    ['feedback', ['feedback']],
    ['tick', ['urgent', 'releases', 'builds', 'unheard']],
  ] as const)('%s sends to %j only', (name, queues) => {
    const all = ['commands', 'urgent', 'releases', 'builds', 'feedback', 'unheard'];
    const allowed = all.filter((queue) =>
      may(name, 'sqs:SendMessage', arn('sqs', `slipway-${queue}`)),
    );
    expect(allowed).toEqual(queues);
  });
});

test('reconcile asks where a commit stands only if something is built', () => {
  const table = arn('dynamodb', 'table/slipway');
  const label = arn('ecr', 'repository/shop/web');
  for (const [of, allowed] of [
    [withSources, true],
    [pipelineWith({ web: {} }), false],
  ] as const) {
    const keys = { 'dynamodb:LeadingKeys': ['git/acme/shop'] };
    expect(may('reconcile', 'dynamodb:Query', table, of, keys)).toBe(allowed);
    expect(may('reconcile', 'ecr:BatchGetImage', label, of)).toBe(allowed);
    expect(may('reconcile', 'ecr:GetDownloadUrlForLayer', label, of)).toBe(allowed);
  }
});

test('reconcile asks whether a build made an image, whatever the order of the images is', () => {
  const of = pipelineWith(
    { web: { newer: 'push-time' } },
    { sources: { shop: { repository: 'acme/shop', images: { web: { repository: 'shop/web' } } } } },
  );
  expect(of.targets.web?.rules.containers.app).toMatchObject({ onlyBuiltFrom: ['acme/shop'] });
  const keys = { 'dynamodb:LeadingKeys': ['git/acme/shop'] };
  const mayOnTable = (action: string) =>
    may('reconcile', action, arn('dynamodb', 'table/slipway'), of, keys);
  expect(mayOnTable('dynamodb:GetItem')).toBe(true);
  expect(mayOnTable('dynamodb:Query')).toBe(false);
  expect(may('reconcile', 'ecr:BatchGetImage', arn('ecr', 'repository/shop/web'), of)).toBe(false);
});

test('reconcile reads the credentials for GitHub where a task definition stands in git, and nowhere else', () => {
  const credentials = arn('secretsmanager', 'secret:slipway/github-AbCdEf');
  const reads = (of: Pipeline) =>
    may('reconcile', 'secretsmanager:GetSecretValue', credentials, of);
  const [[id, target] = []] = Object.entries(withSources.targets);
  if (id === undefined || target === undefined) throw new Error('no target');
  const definition = { file: 'taskdef.json', container: 'app', leave: [], roles: [] };
  const rules = { ...target.rules, definition };
  const targets = { ...withSources.targets, [id]: { ...target, rules } };
  expect([reads(withSources), reads({ ...withSources, targets })]).toEqual([false, true]);
  const webhook = arn('secretsmanager', 'secret:slipway/github-webhook-AbCdEf');
  const of = { ...withSources, targets };
  expect(may('reconcile', 'secretsmanager:GetSecretValue', webhook, of)).toBe(false);
});

describe('a source whose images are built elsewhere', () => {
  const images = { web: { repository: 'shop/web' } };
  const elsewhere = pipelineWith(
    { web: {} },
    { sources: { shop: { repository: 'acme/shop', builtBy: 'elsewhere', images } } },
  );

  test('has no project, no rule and no right for builds', () => {
    const made = templateOf(elsewhere);
    made.resourceCountIs('AWS::CodeBuild::Project', 0);
    expect(JSON.stringify(made.toJSON())).not.toMatch(/codebuild:|aws\.codebuild/);
  });

  test('lets build read what an image says in that repository alone', () => {
    for (const action of ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer']) {
      expect(may('build', action, arn('ecr', 'repository/shop/web'), elsewhere)).toBe(true);
      expect(may('build', action, arn('ecr', 'repository/shop/api'), elsewhere)).toBe(false);
      expect(may('build', action, arn('ecr', 'repository/shop/web'))).toBe(false);
    }
    expect(may('build', 'ecr:PutImage', arn('ecr', 'repository/shop/web'), elsewhere)).toBe(false);
  });

  test('lets image-pushed speak to it, which another pipeline does not', () => {
    const queue = arn('sqs', 'slipway-builds');
    expect(may('image-pushed', 'sqs:SendMessage', queue, elsewhere)).toBe(true);
    expect(may('image-pushed', 'sqs:SendMessage', queue)).toBe(false);
  });
});
