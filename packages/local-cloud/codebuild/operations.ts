/**
 * What a client can ask of the local CodeBuild, by operation name. Limits and error names are those
 * of the CodeBuild API reference; texts as seen in public logs, or noted in `README.md`.
 */
import type {
  BatchGetBuildsCommandInput,
  BatchGetBuildsCommandOutput,
  ListBuildsForProjectCommandInput,
  ListBuildsForProjectCommandOutput,
  RetryBuildCommandInput,
  RetryBuildCommandOutput,
  StartBuildCommandInput,
  StartBuildCommandOutput,
  StopBuildCommandInput,
  StopBuildCommandOutput,
} from '@aws-sdk/client-codebuild';
import { callerArn } from '../ecs/task-definition/operations.ts';
import type { World } from '../kernel/world.ts';
import { invalid, notFound, refuseCount, refuseUnknown } from './errors.ts';
import { stop } from './phases.ts';
import { BatchGetProjects, CreateProject, projectNamed } from './projects.ts';
import { begin, oncePerToken, overridden } from './start.ts';
import { type BuildState, isInProgress } from './state.ts';
import { viewBuild } from './views.ts';

type Answer<T> = Omit<T, '$metadata'>;

/** API reference, ListBuildsForProject. */
const PAGE = 100;
function StartBuild(world: World, input: StartBuildCommandInput): Answer<StartBuildCommandOutput> {
  refuseUnknown('StartBuild', input, START_MEMBERS);
  const project = projectNamed(world, input.projectName);
  const build = oncePerToken(world, input, () => {
    const settings = overridden(project.settings, input);
    return begin(world, { project, settings, initiator: caller(world) });
  });
  return { build: viewBuild(world, build) };
}

/** With the settings of the build that it repeats, under a new id. */
function RetryBuild(world: World, input: RetryBuildCommandInput): Answer<RetryBuildCommandOutput> {
  const before = buildNamed(world, input.id);
  const build = oncePerToken(world, input, () => {
    if (isInProgress(before)) throw invalid(`Build ${before.id} is still in progress`);
    const { settings } = before;
    const project = projectNamed(world, before.project);
    return begin(world, { project, settings, initiator: caller(world) });
  });
  return { build: viewBuild(world, build) };
}

/** A build that has ended is answered as it is (observed, 2026). */
function StopBuild(world: World, { id }: StopBuildCommandInput): Answer<StopBuildCommandOutput> {
  const build = buildNamed(world, id);
  stop(world, build);
  return { build: viewBuild(world, build) };
}

/** In the order asked for (observed, 2026). */
function BatchGetBuilds(
  world: World,
  { ids = [] }: BatchGetBuildsCommandInput,
): Answer<BatchGetBuildsCommandOutput> {
  refuseCount('ids', ids);
  for (const id of ids) refuseNoBuildId(id);
  const asked = [...new Set(ids)];
  const { builds } = world.codebuild;
  return {
    builds: asked.flatMap((id) => (builds[id] ? [viewBuild(world, builds[id])] : [])),
    buildsNotFound: asked.filter((id) => builds[id] === undefined),
  };
}

function ListBuildsForProject(
  world: World,
  { projectName, sortOrder = 'DESCENDING', nextToken }: ListBuildsForProjectCommandInput,
): Answer<ListBuildsForProjectCommandOutput> {
  const { name } = projectNamed(world, projectName);
  const ids = Object.values(world.codebuild.builds)
    .filter(({ project }) => project === name)
    .map(({ id }) => id);
  if (sortOrder === 'DESCENDING') ids.reverse();
  // The token names the last id of the page, so that new builds move nothing to another page.
  const last = nextToken === undefined ? undefined : Buffer.from(nextToken, 'base64').toString();
  const from = last === undefined ? 0 : ids.indexOf(last) + 1;
  if (last !== undefined && from === 0) throw invalid('Invalid next token');
  const page = ids.slice(from, from + PAGE);
  const more = from + PAGE < ids.length;
  return {
    ids: page,
    ...(more && { nextToken: Buffer.from(page.at(-1) ?? '').toString('base64') }),
  };
}

export const codebuildOperations = {
  CreateProject,
  BatchGetProjects,
  StartBuild,
  RetryBuild,
  StopBuild,
  BatchGetBuilds,
  ListBuildsForProject,
} satisfies Record<string, (world: World, input: never) => unknown>;

const START_MEMBERS = new Set(
  `projectName sourceVersion environmentVariablesOverride sourceTypeOverride sourceLocationOverride
   gitCloneDepthOverride buildspecOverride environmentTypeOverride imageOverride
   computeTypeOverride privilegedModeOverride serviceRoleOverride timeoutInMinutesOverride
   queuedTimeoutInMinutesOverride autoRetryLimitOverride idempotencyToken`.split(/\s+/),
);

function buildNamed(world: World, id = ''): BuildState {
  refuseNoBuildId(id);
  const build = world.codebuild.builds[id];
  if (build !== undefined) return build;
  throw notFound(`Build ${id} does not exist`);
}

function refuseNoBuildId(id: string): void {
  if (!id.includes(':')) throw invalid('Invalid build ID provided');
}

/** "If a user started the build, the user's name": API reference, Build. */
function caller(world: World): string {
  return callerArn(world).split('/').at(-1) ?? '';
}
