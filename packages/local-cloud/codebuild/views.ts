/** Projects and builds as CodeBuild's API shows them. */
import type { Build, BuildPhase, Project } from '@aws-sdk/client-codebuild';
import type { World } from '../kernel/world.ts';
import { logLink, logNames } from './events.ts';
import {
  type BuildState,
  buildArn,
  currentPhase,
  isInProgress,
  type PhaseState,
  type ProjectState,
  projectArn,
} from './state.ts';

export function viewProject(world: World, project: ProjectState): Project {
  const { name, createdAt, description, settings, concurrentBuildLimit } = project;
  return {
    name,
    arn: projectArn(world, name),
    ...(description !== undefined && { description }),
    ...settings,
    secondarySources: [],
    secondarySourceVersions: [],
    artifacts: { type: 'NO_ARTIFACTS' },
    cache: { type: 'NO_CACHE' },
    encryptionKey: encryptionKey(world),
    tags: [],
    created: new Date(createdAt),
    lastModified: new Date(createdAt),
    badge: { badgeEnabled: false },
    ...(concurrentBuildLimit !== undefined && { concurrentBuildLimit }),
    projectVisibility: 'PRIVATE',
  };
}

export function viewBuild(world: World, build: BuildState): Build {
  const { settings, endedAt, resolvedSourceVersion } = build;
  const { autoRetryLimit, sourceVersion, ...shown } = settings;
  const exported = Object.entries(build.exported);
  return {
    id: build.id,
    arn: buildArn(world, build.id),
    buildNumber: build.number,
    startTime: new Date(build.startedAt),
    ...(endedAt !== undefined && { endTime: new Date(endedAt) }),
    currentPhase: currentPhase(build).type,
    buildStatus: build.status,
    ...(sourceVersion !== undefined && { sourceVersion }),
    ...(resolvedSourceVersion !== undefined && { resolvedSourceVersion }),
    projectName: build.project,
    phases: build.phases.map(viewPhase),
    ...shown,
    secondarySources: [],
    secondarySourceVersions: [],
    artifacts: { location: '' },
    secondaryArtifacts: [],
    cache: { type: 'NO_CACHE' },
    logs: viewLogs(world, build),
    buildComplete: !isInProgress(build),
    initiator: build.initiator,
    encryptionKey: encryptionKey(world),
    ...(exported.length > 0 && {
      exportedEnvironmentVariables: exported.map(([name, value]) => ({ name, value })),
    }),
    autoRetryConfig: {
      autoRetryLimit,
      autoRetryNumber: build.retryNumber,
      ...(build.nextRetry !== undefined && { nextAutoRetry: buildArn(world, build.nextRetry) }),
      ...(build.previousRetry !== undefined && {
        previousAutoRetry: buildArn(world, build.previousRetry),
      }),
    },
  };
}

/** The current phase shows its beginning only. */
function viewPhase({ type, startedAt, endedAt, status, contexts }: PhaseState): BuildPhase {
  const begin = { phaseType: type, startTime: new Date(startedAt) };
  if (endedAt === undefined) return begin;
  return {
    ...begin,
    ...(status !== undefined && { phaseStatus: status }),
    endTime: new Date(endedAt),
    durationInSeconds: Math.floor((endedAt - startedAt) / 1000),
    ...(contexts !== undefined && contexts.length > 0 && { contexts: [...contexts] }),
  };
}

function viewLogs(world: World, build: BuildState) {
  const names = logNames(build);
  const { groupName = 'null', streamName = 'null' } = names;
  return {
    ...names,
    deepLink: logLink(world, build),
    cloudWatchLogsArn: `arn:aws:logs:${world.region}:${world.account}:log-group:${groupName}:log-stream:${streamName}`,
  };
}

function encryptionKey({ region, account }: World): string {
  return `arn:aws:kms:${region}:${account}:alias/aws/s3`;
}
