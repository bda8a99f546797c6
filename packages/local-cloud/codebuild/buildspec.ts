/**
 * What the commands of a build do, seen from outside: the buildspec of the pipeline's project
 * pushes an image under the tag and with the commit that the build's environment names, and exports
 * its digest. A build without these variables leaves nothing behind.
 */

import { pushImage } from '../ecr/images.ts';
import { digestOfTag, repositoryNamed } from '../ecr/state.ts';
import { AwsError } from '../kernel/errors.ts';
import type { World } from '../kernel/world.ts';
import type { BuildPlan, BuildState } from './state.ts';

/** The variables that the buildspec reads; `…_REPOSITORY_URI` is host and repository. */
const TAG = 'SLIPWAY_IMAGE_TAG';
const REPOSITORY = 'SLIPWAY_REPOSITORY_URI';
const COMMIT = 'SLIPWAY_COMMIT';
const EXPORTED = 'IMAGE_DIGEST';
const STOOD = 'IMAGE_STOOD';

/**
 * The end of BUILD: pushes if the build succeeds so far, or fails and its plan pushes all the same.
 * Returns why it fails; undefined if the commands went well.
 */
export function runBuildspec(
  world: World,
  build: BuildState,
  planned: NonNullable<BuildPlan['outcome']>,
): string | undefined {
  const { pushes = planned === 'SUCCEEDED' } = build.plan;
  const tag = variable(build, TAG);
  const uri = variable(build, REPOSITORY);
  if (!pushes || tag === undefined || uri === undefined) return undefined;
  try {
    const { digest, stood } = push(world, build, { tag, uri });
    build.exported[EXPORTED] = digest;
    build.exported[STOOD] = stood ? 'yes' : 'no';
    return undefined;
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return error.message;
  }
}

function push(
  world: World,
  build: BuildState,
  { tag, uri }: { readonly tag: string; readonly uri: string },
): { readonly digest: string; readonly stood: boolean } {
  const repository = repositoryOf(world, uri);
  const commit = variable(build, COMMIT) ?? build.resolvedSourceVersion ?? '';
  const { revisions } = world.codebuild;
  const standing = digestOfTag(world, repository, tag);
  if (standing !== undefined && revisions[standing] === commit)
    return { digest: standing, stood: true };
  if (standing !== undefined) {
    throw new AwsError(
      'ImageTagAlreadyExistsException',
      `tag ${tag} of ${repository} stands already, built from ${revisions[standing] ?? 'an unknown commit'}, not from ${commit}`,
    );
  }
  const digest = pushImage(world, { ...build.plan.image, repository, tag });
  revisions[digest] = commit;
  return { digest, stood: false };
}

/** `docker push` goes to the registry that the URI names, and makes no repository. */
function repositoryOf(world: World, uri: string): string {
  const host = `${world.account}.dkr.ecr.${world.region}.amazonaws.com`;
  if (!uri.startsWith(`${host}/`)) {
    throw new AwsError('InvalidParameterException', `no registry but ${host} can be pushed to`);
  }
  return repositoryNamed(world, uri.slice(host.length + 1)).name;
}

/** The value as the build's environment has it; empty counts as absent. */
function variable({ settings }: BuildState, name: string): string | undefined {
  const found = settings.environment.environmentVariables.find((other) => other.name === name);
  return found?.value === '' ? undefined : found?.value;
}
