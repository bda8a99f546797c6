/**
 * How a build of the local CodeBuild begins: from its project's settings and a request's overrides,
 * or again from an earlier build; once for each token, within the limits.
 */
import type { EnvironmentVariable, StartBuildCommandInput } from '@aws-sdk/client-codebuild';
import { AwsError } from '../kernel/errors.ts';
import { randomUuid } from '../kernel/random.ts';
import type { World } from '../kernel/world.ts';
import { invalid, tooMany } from './errors.ts';
import { submit } from './phases.ts';
import {
  type BuildSettings,
  type BuildState,
  isInProgress,
  type ProjectState,
  takePlan,
} from './state.ts';

/** docs, StartBuild: "valid for 5 minutes". */
const TOKEN_MS = 5 * 60_000;
/** docs, builds-working: so many times the limit of builds at once. */
const QUEUE_TIMES = 5;
/** API reference, StartBuild, in minutes. */
export const TIMEOUT = [5, 2_160] as const;
export const QUEUED_TIMEOUT = [5, 480] as const;

/** Carries out a request once: the same token with the same request means the same build. */
export function oncePerToken(
  world: World,
  { idempotencyToken: token, ...request }: { readonly idempotencyToken?: string | undefined },
  start: () => BuildState,
): BuildState {
  if (token === undefined) return start();
  const { tokens, builds } = world.codebuild;
  const text = JSON.stringify(sorted(request));
  const use = tokens[token];
  if (use !== undefined && world.now < use.at + TOKEN_MS) {
    const build = builds[use.build];
    // Observed (2026), the error's text too.
    if (use.request !== text || build === undefined) {
      throw invalid(`Request parameter mismatch for idempotency token ${token}`);
    }
    return build;
  }
  const build = start();
  tokens[token] = { request: text, build: build.id, at: world.now };
  return build;
}

export interface Beginning {
  readonly project: ProjectState;
  readonly settings: BuildSettings;
  readonly initiator: string;
  /** The build that this one repeats by itself. */
  readonly retryOf?: BuildState;
}

/** Makes a build and lets it run. Throws AccountLimitExceededException where a limit is reached. */
export function begin(world: World, beginning: Beginning): BuildState {
  const { project, settings, initiator, retryOf } = beginning;
  refuseTooMany(world, project);
  project.lastBuildNumber++;
  const build: BuildState = {
    id: `${project.name}:${randomUuid(world)}`,
    project: project.name,
    number: project.lastBuildNumber,
    startedAt: world.now,
    initiator,
    settings,
    plan: takePlan(world, project.name, settings.sourceVersion),
    phases: [{ type: 'SUBMITTED', startedAt: world.now }],
    status: 'IN_PROGRESS',
    exported: {},
    retryNumber: retryOf === undefined ? 0 : retryOf.retryNumber + 1,
    ...(retryOf !== undefined && { previousRetry: retryOf.id }),
  };
  world.codebuild.builds[build.id] = build;
  if (retryOf !== undefined) retryOf.nextRetry = build.id;
  submit(world, build);
  return build;
}

/** docs, auto-retry-build: after a failed build, with the service role of the project. */
export function retryAutomatically(world: World, build: BuildState): void {
  const { settings, retryNumber, status } = build;
  const failed = status === 'FAILED' || status === 'FAULT' || status === 'TIMED_OUT';
  const project = world.codebuild.projects[build.project];
  if (!failed || project === undefined || retryNumber >= settings.autoRetryLimit) return;
  const role = settings.serviceRole.split('/').at(-1);
  try {
    // The name of the session is unverified.
    begin(world, { project, settings, initiator: `${role}/AWSCodeBuild`, retryOf: build });
  } catch (error) {
    // Where a limit is reached, the retry does not come.
    if (!(error instanceof AwsError)) throw error;
  }
}

function refuseTooMany(world: World, { name, concurrentBuildLimit }: ProjectState): void {
  const going = Object.values(world.codebuild.builds).filter(isInProgress);
  const ofProject = going.filter(({ project }) => project === name).length;
  // A build over the project's limit is refused, not queued: docs, builds-working.
  if (concurrentBuildLimit !== undefined && ofProject >= concurrentBuildLimit) {
    throw tooMany(`Cannot have more than ${concurrentBuildLimit} active builds for the project`);
  }
  const limit = world.codebuild.concurrentBuildLimit;
  const queue = limit * QUEUE_TIMES;
  if (going.length >= limit + queue) {
    throw tooMany(`Cannot have more than ${queue} builds in queue for the account`);
  }
}

/** The settings of a project with what StartBuild says otherwise, for this build only. */
export function overridden(settings: BuildSettings, input: StartBuildCommandInput): BuildSettings {
  const { source, environment } = settings;
  return {
    source: {
      ...source,
      type: input.sourceTypeOverride ?? source.type,
      location: input.sourceLocationOverride ?? source.location,
      gitCloneDepth: input.gitCloneDepthOverride ?? source.gitCloneDepth,
      buildspec: input.buildspecOverride ?? source.buildspec,
    },
    ...defined({ sourceVersion: input.sourceVersion ?? settings.sourceVersion }),
    environment: {
      ...environment,
      type: input.environmentTypeOverride ?? environment.type,
      image: input.imageOverride ?? environment.image,
      computeType: input.computeTypeOverride ?? environment.computeType,
      ...defined({ privilegedMode: input.privilegedModeOverride ?? environment.privilegedMode }),
      environmentVariables: merged(
        environment.environmentVariables,
        input.environmentVariablesOverride ?? [],
      ),
    },
    serviceRole: input.serviceRoleOverride ?? settings.serviceRole,
    timeoutInMinutes: minutes(input.timeoutInMinutesOverride, TIMEOUT, settings.timeoutInMinutes),
    queuedTimeoutInMinutes: minutes(
      input.queuedTimeoutInMinutesOverride,
      QUEUED_TIMEOUT,
      settings.queuedTimeoutInMinutes,
    ),
    autoRetryLimit: input.autoRetryLimitOverride ?? settings.autoRetryLimit,
  };
}

/** How long a build may wait or run, in minutes; `otherwise` if nothing is said. */
export function minutes(
  said: number | undefined,
  [least, most]: readonly [number, number],
  otherwise: number,
): number {
  if (said === undefined) return otherwise;
  if (Number.isInteger(said) && said >= least && said <= most) return said;
  throw invalid(`Invalid timeout: ${said} is not between ${least} and ${most} minutes`);
}

/** A variable of the same name is replaced where it stands; a type left out is PLAINTEXT. */
export function merged(
  own: readonly EnvironmentVariable[],
  overrides: readonly EnvironmentVariable[],
): EnvironmentVariable[] {
  const byName = new Map<string | undefined, EnvironmentVariable>();
  for (const { name, value, type = 'PLAINTEXT' } of [...own, ...overrides]) {
    byName.set(name, { name, value, type });
  }
  return [...byName.values()];
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the members that are undefined. */
function defined<T extends object>(value: T): Defined<T> {
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members) as Defined<T>;
}

/** With its keys in one order, so that two equal requests are one text. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, member]) => [key, sorted(member)]));
}
