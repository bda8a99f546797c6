/** What a build leaves in ECR. */
import { BatchGetBuildsCommand, type CodeBuildClient } from '@aws-sdk/client-codebuild';
import { beforeEach, describe, expect, it } from 'vitest';
import { type BuildPlan, planBuild } from '../../codebuild/state.ts';
import { pushImage } from '../../ecr/images.ts';
import { behaviourOf, digestOfTag } from '../../ecr/state.ts';
import type { World } from '../../kernel/world.ts';
import {
  COMMIT,
  codebuildClient,
  codebuildWorld,
  imageVariables,
  pass,
  startBuild,
} from './codebuild-world.ts';

const TAG = 'main-8f3c2a1b9d04';
let world: World;
let client: CodeBuildClient;

beforeEach(() => {
  world = codebuildWorld();
  client = codebuildClient(world);
});

/** Runs one build to its end. */
async function run(plan: BuildPlan, variables = imageVariables()) {
  planBuild(world, { commit: COMMIT, plan });
  const { id } = await startBuild(client, { environmentVariablesOverride: variables });
  pass(world, 600);
  const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [id] }));
  return builds?.[0];
}

const pushed = () => digestOfTag(world, 'shop/web', TAG);

/** Of ECR and CodeBuild's states, in the order in which they came. */
function sources(): string[] {
  return (world.eventbridge.buses.default ?? [])
    .filter((event) => event['detail-type'] !== 'CodeBuild Build Phase Change')
    .map(({ source }) => source);
}

describe('a build that succeeds', () => {
  it('pushes its image in BUILD, before it says so, and exports the digest', async () => {
    const build = await run({ image: { behaviour: { errorRate: 0.5 } } });
    const digest = pushed();
    expect(digest).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(build).toMatchObject({
      buildStatus: 'SUCCEEDED',
      exportedEnvironmentVariables: [
        { name: 'IMAGE_DIGEST', value: digest },
        { name: 'IMAGE_STOOD', value: 'no' },
      ],
    });
    expect(behaviourOf(world, digest ?? '')).toEqual({ errorRate: 0.5 });
    expect(sources()).toEqual(['aws.codebuild', 'aws.ecr', 'aws.codebuild']);
  });

  it('again under the tag of the same commit pushes nothing and exports what stands', async () => {
    await run({});
    const standing = pushed();
    const build = await run({});
    expect(build).toMatchObject({
      buildStatus: 'SUCCEEDED',
      exportedEnvironmentVariables: [
        { name: 'IMAGE_DIGEST', value: standing },
        { name: 'IMAGE_STOOD', value: 'yes' },
      ],
    });
    expect(Object.keys(world.ecr.repositories['shop/web']?.images ?? {})).toEqual([standing]);
  });

  it('pushes for several platforms when asked', async () => {
    await run({ image: { multiArch: true } });
    expect(Object.keys(world.ecr.repositories['shop/web']?.images ?? {})).toHaveLength(4);
  });

  it('without the variables of the buildspec leaves nothing', async () => {
    const build = await run({}, [{ name: 'OTHER', value: 'x' }]);
    expect(build?.buildStatus).toBe('SUCCEEDED');
    expect(build).not.toHaveProperty('exportedEnvironmentVariables');
    expect(sources()).toEqual(['aws.codebuild', 'aws.codebuild']);
  });
});

describe('a build fails in BUILD, with a message,', () => {
  const failure = (build: Awaited<ReturnType<typeof run>>) => {
    const phase = build?.phases?.find(({ phaseStatus }) => phaseStatus === 'FAILED');
    return [build?.buildStatus, phase?.phaseType, phase?.contexts?.[0]?.message];
  };

  it('when its tag stands for another commit', async () => {
    const other = 'a'.repeat(40);
    await run({}, imageVariables(TAG, other));
    const standing = pushed();
    expect(failure(await run({}))).toEqual([
      'FAILED',
      'BUILD',
      `tag ${TAG} of shop/web stands already, built from ${other}, not from ${COMMIT}`,
    ]);
    expect(pushed()).toBe(standing);
  });

  it('when nobody knows what its tag was built from', async () => {
    pushImage(world, { repository: 'shop/web', tag: TAG });
    expect(failure(await run({}))[2]).toContain('an unknown commit');
  });

  it('when the repository or the registry does not exist', async () => {
    const [host = ''] = imageVariables()[1]?.value?.split('/') ?? [];
    const none = imageVariables(TAG, COMMIT, `${host}/shop/none`);
    expect(failure(await run({}, none))[2]).toContain("name 'shop/none' does not exist");
    const elsewhere = imageVariables(TAG, COMMIT, 'docker.io/shop/web');
    expect(failure(await run({}, elsewhere))[2]).toContain(`no registry but ${host}`);
    expect(world.ecr.repositories['shop/none']).toBeUndefined();
  });
});

describe('whether a build that does not succeed pushes', () => {
  it.each([
    ['fails in BUILD', { outcome: 'FAILED' }, false],
    ['fails in BUILD and says that it pushes', { outcome: 'FAILED', pushes: true }, true],
    ['fails in POST_BUILD, after a good BUILD', { outcome: 'FAILED', phase: 'POST_BUILD' }, true],
    ['fails in PRE_BUILD', { outcome: 'FAILED', phase: 'PRE_BUILD' }, false],
    ['succeeds and says that it does not push', { pushes: false }, false],
    ['faults', { outcome: 'FAULT' }, false],
  ] satisfies [string, BuildPlan, boolean][])('%s', async (_, plan, pushes) => {
    await run(plan);
    expect(pushed() !== undefined).toBe(pushes);
  });
});
