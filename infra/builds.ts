/**
 * From a commit to an image: a CodeBuild project for each image that has none of the user's own, all
 * with the commands of `buildspec.yml`, and a repository for the layers of each where they may be kept. The
 * repositories of the images are the user's.
 */
import { readFileSync } from 'node:fs';
import {
  aws_codebuild as codebuild,
  Duration,
  aws_ecr as ecr,
  aws_iam as iam,
  aws_logs as logs,
  RemovalPolicy,
  Validations,
} from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Pipeline } from '../shared/config/config.ts';
import { arnIn, buildLogGroupName } from './names.ts';
import { type BuildProject, buildProjectsOf, buildRights, cacheOf } from './permissions/builds.ts';
import { acknowledgeRights } from './permissions/nag.ts';
import { statementOf } from './permissions/statements.ts';
import type { CheckedSettings } from './settings-check.ts';

const BUILDSPEC = new URL('buildspec.yml', import.meta.url);
const PUBLIC_API = 'https://api.github.com';
/** A build that has not begun by then is one that a person should look at. */
const QUEUED_MINUTES = 60;
const CACHE_DAYS = 30;

/** The roles of the projects. */
export function createBuilds(
  scope: Construct,
  pipeline: Pipeline,
  settings: CheckedSettings,
): readonly iam.Role[] {
  return buildProjectsOf(pipeline).map((project) => {
    const cache = cacheOf(project, settings.builds);
    if (cache !== undefined) createCache(scope, project, cache);
    return createProject(scope, project, pipeline, settings);
  });
}

/** Its tags move with every build, and nothing is deployed from it: a lost layer is built again. */
function createCache(scope: Construct, { name }: BuildProject, repositoryName: string): void {
  new ecr.Repository(scope, `build-${name}-cache`, {
    repositoryName,
    imageTagMutability: ecr.TagMutability.MUTABLE,
    removalPolicy: RemovalPolicy.DESTROY,
    emptyOnDelete: true,
    lifecycleRules: [
      {
        rulePriority: 1,
        description: 'What a newer build has replaced',
        tagStatus: ecr.TagStatus.UNTAGGED,
        maxImageAge: Duration.days(1),
      },
      {
        rulePriority: 2,
        description: 'Of what is no longer built',
        tagStatus: ecr.TagStatus.ANY,
        maxImageAge: Duration.days(CACHE_DAYS),
      },
    ],
  });
}

function createProject(
  scope: Construct,
  project: BuildProject,
  pipeline: Pipeline,
  { builds, logDays }: CheckedSettings,
): iam.Role {
  const { name, source } = project;
  const { codeConnectionArn, parallel } = builds;
  const logGroup = new logs.LogGroup(scope, `build-${name}-log`, {
    logGroupName: buildLogGroupName(name),
    retention: logDays,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
  const { apiUrl } = pipeline.github;
  const role = createRole(scope, project, pipeline, builds);
  const made = new codebuild.CfnProject(scope, `build-${name}`, {
    name,
    description: `Builds ${project.repository} from ${source}. From infra/buildspec.yml.`,
    serviceRole: role.roleArn,
    source: {
      type: apiUrl === PUBLIC_API ? 'GITHUB' : 'GITHUB_ENTERPRISE',
      location: `${webUrl(apiUrl)}/${source}.git`,
      buildSpec: readFileSync(BUILDSPEC, 'utf8'),
      // Whoever starts a build names the commit; Slipway tells GitHub what came of it.
      reportBuildStatus: false,
      ...(codeConnectionArn && { auth: { type: 'CODECONNECTIONS', resource: codeConnectionArn } }),
    },
    environment: environmentOf(project, pipeline, builds),
    artifacts: { type: 'NO_ARTIFACTS' },
    logsConfig: { cloudWatchLogs: { status: 'ENABLED', groupName: logGroup.logGroupName } },
    timeoutInMinutes: builds.timeoutMinutes,
    queuedTimeoutInMinutes: QUEUED_MINUTES,
    ...(parallel === undefined ? {} : { concurrentBuildLimit: parallel }),
    visibility: 'PRIVATE',
  });
  Validations.of(made).acknowledge({
    id: 'AwsSolutions-CB4',
    reason: 'The key is for artifacts in S3, and it makes none: images are encrypted by ECR.',
  });
  return role;
}

/** x86, unless only ARM is asked for: what is built for the machine itself is not emulated. */
function environmentOf(
  project: BuildProject,
  { registry }: Pipeline,
  builds: CheckedSettings['builds'],
): codebuild.CfnProject.EnvironmentProperty {
  const { dockerfile, context, platforms } = project;
  const { compute, tools } = builds;
  const cache = cacheOf(project, builds);
  const isArm = platforms.every((platform) => platform === 'linux/arm64');
  const image = isArm
    ? codebuild.LinuxArmBuildImage.AMAZON_LINUX_2023_STANDARD_4_0
    : codebuild.LinuxBuildImage.AMAZON_LINUX_2023_6;
  const variables = {
    SLIPWAY_DOCKERFILE: dockerfile,
    SLIPWAY_CONTEXT: context,
    SLIPWAY_PLATFORMS: platforms.join(','),
    SLIPWAY_CACHE: cache === undefined ? 'none' : `${registry}/${cache}:layers`,
    SLIPWAY_BUILDKIT_IMAGE: tools.buildkit,
    SLIPWAY_SBOM_IMAGE: tools.sbom,
    SLIPWAY_EMULATOR_IMAGE: tools.emulator,
  };
  return {
    type: image.type,
    image: image.imageId,
    computeType: `BUILD_GENERAL1_${compute}`,
    // BuildKit runs in a container of its own.
    privilegedMode: true,
    environmentVariables: Object.entries(variables).map(([variable, value]) => ({
      name: variable,
      value,
      type: 'PLAINTEXT',
    })),
  };
}

/** Nothing is added to it later: what a build may do stands in permissions/builds.ts. */
function createRole(
  scope: Construct,
  project: BuildProject,
  pipeline: Pipeline,
  builds: CheckedSettings['builds'],
): iam.Role {
  const rights = buildRights(pipeline, project, builds);
  const role = new iam.Role(scope, `build-${project.name}-role`, {
    description: `What the builds of ${project.name} may do: infra/permissions/builds.ts`,
    assumedBy: new iam.ServicePrincipal('codebuild.amazonaws.com', {
      conditions: {
        StringEquals: { 'aws:SourceAccount': pipeline.account },
        ArnEquals: { 'aws:SourceArn': arnIn(pipeline, 'codebuild', `project/${project.name}`) },
      },
    }),
    inlinePolicies: {
      permissions: iam.PolicyDocument.fromJson({
        Version: '2012-10-17',
        Statement: rights.map(statementOf),
      }),
    },
  });
  acknowledgeRights(role, rights);
  return role;
}

/** `https://github.com` of `https://api.github.com`, or the address of a server of one's own. */
function webUrl(apiUrl: string): string {
  return apiUrl === PUBLIC_API ? 'https://github.com' : new URL(apiUrl).origin;
}
