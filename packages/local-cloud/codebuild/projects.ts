/** The projects of the local CodeBuild: made once, then asked for. */
import type {
  BatchGetProjectsCommandInput,
  BatchGetProjectsCommandOutput,
  CreateProjectCommandInput,
  CreateProjectCommandOutput,
} from '@aws-sdk/client-codebuild';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import { invalid, notFound, refuseCount, refuseUnknown, unsupported } from './errors.ts';
import { merged, minutes, QUEUED_TIMEOUT, TIMEOUT } from './start.ts';
import { type ProjectState, projectArn } from './state.ts';
import { viewProject } from './views.ts';

type Answer<T> = Omit<T, '$metadata'>;

/** API reference, CreateProject. */
const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{1,254}$/;
/** API reference: 60 minutes; docs, builds-working: eight hours. */
const TIMEOUT_DEFAULT = 60;
const QUEUED_TIMEOUT_DEFAULT = 480;

const PROJECT_MEMBERS = new Set(
  `name description source sourceVersion artifacts environment serviceRole timeoutInMinutes
   queuedTimeoutInMinutes concurrentBuildLimit autoRetryLimit`.split(/\s+/),
);

export function CreateProject(
  world: World,
  input: CreateProjectCommandInput,
): Answer<CreateProjectCommandOutput> {
  const { projects, concurrentBuildLimit: accountLimit } = world.codebuild;
  const { name = '', source, artifacts, environment, serviceRole } = input;
  const { concurrentBuildLimit, description, sourceVersion } = input;
  if (!NAME.test(name)) {
    throw invalid('Only alphanumeric characters, dash, and underscore are supported');
  }
  if (projects[name] !== undefined) {
    const message = `Project already exists: ${projectArn(world, name)}`;
    throw new AwsError('ResourceAlreadyExistsException', message);
  }
  if (source === undefined || environment === undefined || !serviceRole || !artifacts) {
    throw invalid('a project needs source, artifacts, environment and serviceRole');
  }
  refuseUnknown('CreateProject', input, PROJECT_MEMBERS);
  if (artifacts.type !== 'NO_ARTIFACTS') {
    throw unsupported(`artifacts of type ${artifacts.type}; it knows NO_ARTIFACTS`);
  }
  if (concurrentBuildLimit !== undefined && concurrentBuildLimit > accountLimit) {
    throw invalid(
      `Project-level concurrent build limit cannot exceed the account-level concurrent build limit of ${accountLimit}.`,
    );
  }
  const project: ProjectState = {
    name,
    createdAt: world.now,
    lastBuildNumber: 0,
    ...(description !== undefined && { description }),
    ...(concurrentBuildLimit !== undefined && { concurrentBuildLimit }),
    settings: {
      source,
      ...(sourceVersion !== undefined && { sourceVersion }),
      environment: {
        ...environment,
        environmentVariables: merged(environment.environmentVariables ?? [], []),
      },
      serviceRole,
      timeoutInMinutes: minutes(input.timeoutInMinutes, TIMEOUT, TIMEOUT_DEFAULT),
      queuedTimeoutInMinutes: minutes(
        input.queuedTimeoutInMinutes,
        QUEUED_TIMEOUT,
        QUEUED_TIMEOUT_DEFAULT,
      ),
      autoRetryLimit: input.autoRetryLimit ?? 0,
    },
  };
  projects[name] = project;
  return { project: viewProject(world, project) };
}

/** By names or ARNs. */
export function BatchGetProjects(
  world: World,
  { names = [] }: BatchGetProjectsCommandInput,
): Answer<BatchGetProjectsCommandOutput> {
  refuseCount('names', names);
  const found = names.map((name) => [name, findProject(world, name)] as const);
  return {
    projects: found.flatMap(([, project]) => (project ? [viewProject(world, project)] : [])),
    projectsNotFound: found.flatMap(([name, project]) => (project ? [] : [name])),
  };
}

function findProject(world: World, nameOrArn = ''): ProjectState | undefined {
  const { projects } = world.codebuild;
  const name = nameOrArn.replace(projectArn(world, ''), '');
  return Object.hasOwn(projects, name) ? projects[name] : undefined;
}

/** By its name only. */
export function projectNamed(world: World, name = ''): ProjectState {
  const project = findProject(world, name);
  if (project?.name === name) return project;
  throw notFound(`Project cannot be found: ${projectArn(world, name)}`);
}
