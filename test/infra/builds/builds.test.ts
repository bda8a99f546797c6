/** The CodeBuild projects of the stack: what they run, with which rights, and what they leave alone. */
import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { TOOLS } from '../../../infra/settings-check-builds.ts';
import type { BuildSettings } from '../../../shared/config/infra.ts';
import { isAllowed, type PolicyStatement } from '../iam.ts';
import { pipelineWith, resourcesOf, settingsFor, templateOf, withSources } from '../made.ts';
import { ENVIRONMENT } from './code-build.ts';

const templateWith = (builds: BuildSettings) =>
  templateOf(withSources, settingsFor(withSources, { builds }));
const template = templateWith({});

function projectOf(name: string, from = template) {
  const found = resourcesOf(from, 'AWS::CodeBuild::Project').find(
    ({ Properties }) => Properties.Name === name,
  );
  return found?.Properties as {
    readonly Source: Readonly<Record<string, unknown>>;
    readonly Environment: {
      readonly EnvironmentVariables: readonly { readonly Name: string; readonly Value: string }[];
    } & Readonly<Record<string, unknown>>;
    readonly ServiceRole: { readonly 'Fn::GetAtt': readonly [string, string] };
  } & Readonly<Record<string, unknown>>;
}

function statementsOf(name: string, from = template): readonly PolicyStatement[] {
  const [role] = projectOf(name, from).ServiceRole['Fn::GetAtt'];
  const found = from.findResources('AWS::IAM::Role')[role]?.Properties as {
    Policies: readonly { PolicyDocument: { Statement: PolicyStatement[] } }[];
  };
  return found.Policies.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
}

const arn = (service: string, resource: string) =>
  `arn:aws:${service}:eu-central-1:123456789012:${resource}`;
const CONNECTION =
  'arn:aws:codeconnections:eu-central-1:123456789012:connection/0f6f1f7e-1d2c-4a55-9f2e-6a4b0f1e8a11';

const BUILDKIT = `moby/buildkit@sha256:${'01'.repeat(32)}`;

test('no tool of the builds is named by a tag that may move', () => {
  for (const image of Object.values(TOOLS)) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
});

test('there is one for each image that has no project of its own', () => {
  const names = resourcesOf(template, 'AWS::CodeBuild::Project').map(
    ({ Properties }) => Properties.Name,
  );
  expect(names).toEqual(['slipway-shop-web', 'slipway-shop-api']);
});

describe('a project', () => {
  const web = projectOf('slipway-shop-web');

  test('runs the commands of infra/buildspec.yml, to the letter', () => {
    const file = readFileSync(new URL('../../../infra/buildspec.yml', import.meta.url), 'utf8');
    expect(web.Source.BuildSpec).toBe(file);
  });

  test('reads the repository when it is told to, and reports to nobody', () => {
    expect(web).toMatchObject({
      Source: {
        Type: 'GITHUB',
        Location: 'https://github.com/acme/shop.git',
        ReportBuildStatus: false,
      },
      Artifacts: { Type: 'NO_ARTIFACTS' },
      Visibility: 'PRIVATE',
      TimeoutInMinutes: 60,
      QueuedTimeoutInMinutes: 60,
    });
    expect(web.Source).not.toHaveProperty('Auth');
    expect(web).not.toHaveProperty('Triggers');
    expect(web).not.toHaveProperty('ConcurrentBuildLimit');
  });

  test('gives the buildspec what StartBuild does not, and nothing that it does not read', () => {
    const variables = Object.fromEntries(
      web.Environment.EnvironmentVariables.map(({ Name, Value }) => [Name, Value]),
    );
    expect(variables).toEqual({
      SLIPWAY_DOCKERFILE: 'web/Dockerfile',
      SLIPWAY_CONTEXT: '.',
      SLIPWAY_PLATFORMS: 'linux/amd64',
      SLIPWAY_CACHE:
        '123456789012.dkr.ecr.eu-central-1.amazonaws.com/slipway/cache/slipway-shop-web:layers',
      SLIPWAY_BUILDKIT_IMAGE: expect.stringMatching(/^moby\/buildkit:v[\d.]+@sha256:[0-9a-f]{64}$/),
      SLIPWAY_SBOM_IMAGE: expect.stringMatching(/-scanner:stable-1@sha256:[0-9a-f]{64}$/),
      SLIPWAY_EMULATOR_IMAGE: expect.stringMatching(/\/binfmt:qemu-v[\d.]+@sha256:[0-9a-f]{64}$/),
    });
    expect(Object.keys(ENVIRONMENT)).toEqual(expect.arrayContaining(Object.keys(variables)));
  });

  test('is of the processor that it builds for', () => {
    expect(web.Environment).toMatchObject({
      Type: 'LINUX_CONTAINER',
      Image: 'aws/codebuild/amazonlinux-x86_64-standard:6.0',
      ComputeType: 'BUILD_GENERAL1_MEDIUM',
      PrivilegedMode: true,
    });
    expect(projectOf('slipway-shop-api').Environment).toMatchObject({
      Type: 'ARM_CONTAINER',
      Image: 'aws/codebuild/amazonlinux-aarch64-standard:4.0',
    });
  });

  test('logs where the settings say for how long', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/aws/codebuild/slipway-shop-web',
      RetentionInDays: 30,
    });
    expect(web.LogsConfig).toMatchObject({ CloudWatchLogs: { Status: 'ENABLED' } });
  });
});

test('the settings reach every project', () => {
  const tuned = templateWith({
    codeConnectionArn: CONNECTION,
    compute: 'LARGE',
    timeoutMinutes: 15,
    parallel: 3,
    tools: { buildkit: BUILDKIT },
  });
  for (const name of ['slipway-shop-web', 'slipway-shop-api']) {
    expect(projectOf(name, tuned)).toMatchObject({
      Source: { Auth: { Type: 'CODECONNECTIONS', Resource: CONNECTION } },
      Environment: {
        ComputeType: 'BUILD_GENERAL1_LARGE',
        EnvironmentVariables: expect.arrayContaining([
          { Name: 'SLIPWAY_BUILDKIT_IMAGE', Value: BUILDKIT, Type: 'PLAINTEXT' },
        ]),
      },
      TimeoutInMinutes: 15,
      ConcurrentBuildLimit: 3,
    });
  }
});

test("a server of one's own is read at its own address", () => {
  const pipeline = pipelineWith(
    { web: {} },
    {
      sources: { shop: { repository: 'acme/shop', images: { web: { repository: 'shop/web' } } } },
      github: { apiUrl: 'https://git.example.com/api/v3' },
    },
  );
  expect(projectOf('slipway-shop-web', templateOf(pipeline)).Source).toMatchObject({
    Type: 'GITHUB_ENTERPRISE',
    Location: 'https://git.example.com/acme/shop.git',
  });
});

describe('the role of a project', () => {
  const may = (action: string, resource: string, from = template) =>
    isAllowed(statementsOf('slipway-shop-web', from), { action, resource });

  test.each([
    ['ecr:PutImage', 'repository/shop/web', true],
    ['ecr:UploadLayerPart', 'repository/slipway/cache/slipway-shop-web', true],
    ['ecr:UploadLayerPart', 'repository/slipway/cache/slipway-shop-api', false],
    ['ecr:BatchGetImage', 'repository/slipway/cache/slipway-shop-api', false],
    ['ecr:BatchGetImage', 'repository/shop/web', true],
    ['ecr:PutImage', 'repository/shop/api', false],
    ['ecr:BatchGetImage', 'repository/shop/api', false],
    ['ecr:PutImage', 'repository/shop/web2', false],
    ['ecr:BatchDeleteImage', 'repository/shop/web', false],
    ['ecr:PutImageTagMutability', 'repository/shop/web', false],
    ['ecr:SetRepositoryPolicy', 'repository/shop/web', false],
    ['ecr:CreateRepository', 'repository/shop/web', false],
  ])('%s on %s: %s', (action, resource, allowed) => {
    expect(may(action, arn('ecr', resource))).toBe(allowed);
  });

  test('may write its own log, and no other', () => {
    const stream = (project: string) =>
      arn('logs', `log-group:/aws/codebuild/${project}:log-stream:1`);
    expect(may('logs:PutLogEvents', stream('slipway-shop-web'))).toBe(true);
    expect(may('logs:PutLogEvents', stream('slipway-shop-api'))).toBe(false);
    expect(may('logs:CreateLogGroup', stream('slipway-shop-web'))).toBe(false);
  });

  test('reaches nothing of ours: no queue, no table, no secret, no function, no service', () => {
    const actions = statementsOf('slipway-shop-web').flatMap(({ Action }) => Action);
    expect(new Set(actions.map((action) => action.split(':')[0]))).toEqual(
      new Set(['ecr', 'logs']),
    );
    expect(actions.join()).not.toContain('*');
  });

  test('pulls from what the settings name, and pushes nothing there', () => {
    const pulling = templateWith({ pullsFrom: ['docker-hub/*', 'shop/base'] });
    const hub = arn('ecr', 'repository/docker-hub/library/node');
    expect(may('ecr:BatchGetImage', hub, pulling)).toBe(true);
    expect(may('ecr:BatchImportUpstreamImage', hub, pulling)).toBe(true);
    expect(may('ecr:BatchGetImage', arn('ecr', 'repository/shop/base'), pulling)).toBe(true);
    expect(may('ecr:PutImage', hub, pulling)).toBe(false);
    expect(may('ecr:BatchGetImage', hub)).toBe(false);
  });

  test('uses the connection that the settings name, and no other', () => {
    const connected = templateWith({ codeConnectionArn: CONNECTION });
    for (const action of ['GetConnectionToken', 'GetConnection']) {
      expect(may(`codeconnections:${action}`, CONNECTION, connected)).toBe(true);
      expect(may(`codeconnections:${action}`, `${CONNECTION}0`, connected)).toBe(false);
      expect(may(`codeconnections:${action}`, CONNECTION)).toBe(false);
    }
    const old = CONNECTION.replace('codeconnections', 'codestar-connections');
    const before = templateWith({ codeConnectionArn: old });
    expect(may('codestar-connections:GetConnectionToken', old, before)).toBe(true);
  });

  test('is for this project alone', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'codebuild.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': '123456789012' },
              ArnEquals: { 'aws:SourceArn': arn('codebuild', 'project/slipway-shop-web') },
            },
          }),
        ],
      },
    });
  });
});

describe('the repository of layers', () => {
  test('has tags that move, and forgets what is old', () => {
    const [cache, ...others] = resourcesOf(template, 'AWS::ECR::Repository');
    expect(others).toHaveLength(1);
    expect(cache?.Properties).toMatchObject({
      RepositoryName: 'slipway/cache/slipway-shop-web',
      ImageTagMutability: 'MUTABLE',
      EmptyOnDelete: true,
    });
    const policy = cache?.Properties.LifecyclePolicy as { LifecyclePolicyText: string };
    const { rules } = JSON.parse(policy.LifecyclePolicyText) as { rules: { selection: object }[] };
    expect(rules.map(({ selection }) => selection)).toEqual([
      { tagStatus: 'untagged', countType: 'sinceImagePushed', countNumber: 1, countUnit: 'days' },
      { tagStatus: 'any', countType: 'sinceImagePushed', countNumber: 30, countUnit: 'days' },
    ]);
  });

  test.each([
    ['two branches', { branches: ['main', 'dev'] }],
    ['a glob of branches', { branches: ['release/*'] }],
    ['tags beside a branch', { tags: ['v*'] }],
    ['tags alone', { branches: [], tags: ['v1'] }],
  ])('is not there for %s: what one build leaves the next would take', (_, refs) => {
    const pipeline = pipelineWith(
      { web: {} },
      {
        sources: {
          shop: { repository: 'acme/shop', ...refs, images: { web: { repository: 'shop/web' } } },
        },
      },
    );
    const alone = templateOf(pipeline);
    alone.resourceCountIs('AWS::ECR::Repository', 0);
    expect(JSON.stringify(alone.toJSON())).not.toContain('slipway/cache');
    const { EnvironmentVariables } = projectOf('slipway-shop-web', alone).Environment;
    expect(EnvironmentVariables).toContainEqual(
      expect.objectContaining({ Name: 'SLIPWAY_CACHE', Value: 'none' }),
    );
    const builds = { sharedLayersBecause: 'only maintainers push here' };
    const shared = templateOf(pipeline, settingsFor(pipeline, { builds }));
    shared.resourceCountIs('AWS::ECR::Repository', 1);
  });

  test('is not there when nothing is built by us', () => {
    const theirs = pipelineWith(
      { web: {} },
      {
        sources: {
          shop: {
            repository: 'acme/shop',
            images: { web: { repository: 'shop/web', project: 'ours' } },
          },
        },
      },
    );
    const made = templateOf(theirs);
    made.resourceCountIs('AWS::ECR::Repository', 0);
    made.resourceCountIs('AWS::CodeBuild::Project', 0);
  });
});
