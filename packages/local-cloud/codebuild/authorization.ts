/** What each operation of CodeBuild asks of IAM: of a build, its project is the resource. */
import type { BatchGetBuildsCommandInput, StartBuildCommandInput } from '@aws-sdk/client-codebuild';
import { arnOf, type Need, type NeedsOf, need } from '../kernel/authorization.ts';
import type { World } from '../kernel/world.ts';
import type { codebuildOperations } from './operations.ts';

function onProject(world: World, action: string, name = ''): Need {
  return need(`codebuild:${action}`, arnOf(world, 'codebuild', `project/${name}`));
}

/** `<project>:<uuid>` */
function ofBuild(action: string) {
  return (world: World, { id = '' }: { readonly id?: string | undefined }): readonly Need[] => [
    onProject(world, action, id.slice(0, Math.max(id.indexOf(':'), 0))),
  ];
}

export const codebuildNeeds: NeedsOf<typeof codebuildOperations> = {
  CreateProject: (world, { name }: { readonly name?: string }) => [
    onProject(world, 'CreateProject', name),
  ],
  BatchGetProjects: (world, { names = [] }: { readonly names?: readonly string[] }) =>
    names.map((name) => onProject(world, 'BatchGetProjects', name.replace(/^.*project\//, ''))),
  StartBuild: (world, input: StartBuildCommandInput) => [
    { ...onProject(world, 'StartBuild', input.projectName), ...overridden(input) },
  ],
  RetryBuild: ofBuild('RetryBuild'),
  StopBuild: ofBuild('StopBuild'),
  BatchGetBuilds: (world, { ids = [] }: BatchGetBuildsCommandInput) =>
    ids.flatMap((id) => ofBuild('BatchGetBuilds')(world, { id })),
  ListBuildsForProject: (world, { projectName }: { readonly projectName?: string }) => [
    onProject(world, 'ListBuildsForProject', projectName),
  ],
};

/** A key is there when the request overrides what it names. (CodeBuild user guide, action-context-keys) */
function overridden(input: StartBuildCommandInput): Pick<Need, 'context'> {
  const keys = {
    'codebuild:source.buildspec': input.buildspecOverride,
    'codebuild:source.location': input.sourceLocationOverride,
    'codebuild:environment.image': input.imageOverride,
    'codebuild:environment.type': input.environmentTypeOverride,
    'codebuild:environment.computeType': input.computeTypeOverride,
    'codebuild:environment.privilegedMode': input.privilegedModeOverride,
    'codebuild:environment.environmentVariables.name': input.environmentVariablesOverride?.flatMap(
      ({ name }) => name ?? [],
    ),
    'codebuild:serviceRole': input.serviceRoleOverride,
    'codebuild:cache': input.cacheOverride && JSON.stringify(input.cacheOverride),
    'codebuild:logsConfig': input.logsConfigOverride && JSON.stringify(input.logsConfigOverride),
    'codebuild:encryptionKey': input.encryptionKeyOverride,
  };
  const given = Object.entries(keys).filter(([, value]) => value !== undefined);
  const context = given.map(([key, value]) => [key, Array.isArray(value) ? value : String(value)]);
  return given.length === 0 ? {} : { context: Object.fromEntries(context) };
}
