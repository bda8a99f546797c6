/** A world with the project shop-web, and the real client over it. */
import {
  type Build,
  CodeBuildClient,
  type EnvironmentVariable,
  StartBuildCommand,
  type StartBuildCommandInput,
} from '@aws-sdk/client-codebuild';
import { addRepository } from '../../ecr/state.ts';
import type { BusEvent } from '../../eventbridge/bus-event.ts';
import type { World } from '../../kernel/world.ts';
import { advance, emptyWorld, execute } from '../../services.ts';
import { clientSettings } from '../../wire/client-settings.ts';
import { createTransport } from '../../wire/transport.ts';

export const START = Date.UTC(2026, 10, 21, 10, 0, 3);
export const COMMIT = '8f3c2a1b9d0447c6e5a1f0b2c3d4e5f60718293a';
export const REGISTRY = '123456789012.dkr.ecr.eu-central-1.amazonaws.com';

export function codebuildWorld(seed = 5): World {
  const world = emptyWorld({
    now: START,
    seed,
    account: '123456789012',
    region: 'eu-central-1',
  });
  addRepository(world, 'shop/web');
  addProject(world, 'shop-web');
  return world;
}

export function addProject(world: World, name: string, more: object = {}): void {
  execute(world, 'codebuild', 'CreateProject', {
    name,
    source: {
      type: 'GITHUB',
      location: 'https://github.com/acme/shop.git',
      buildspec: 'buildspec.yml',
    },
    artifacts: { type: 'NO_ARTIFACTS' },
    environment: {
      type: 'LINUX_CONTAINER',
      image: 'aws/codebuild/standard:7.0',
      computeType: 'BUILD_GENERAL1_SMALL',
      privilegedMode: true,
      environmentVariables: [{ name: 'STAGE', value: 'ci' }],
    },
    serviceRole: 'arn:aws:iam::123456789012:role/shop-web-build',
    ...more,
  });
}

export function codebuildClient(world: World): CodeBuildClient {
  return new CodeBuildClient(clientSettings({ world, transport: createTransport({ world }) }));
}

/** The environment that the pipeline's buildspec reads. */
export function imageVariables(
  tag = 'main-8f3c2a1b9d04',
  commit = COMMIT,
  repository = `${REGISTRY}/shop/web`,
): EnvironmentVariable[] {
  return [
    { name: 'SLIPWAY_IMAGE_TAG', value: tag },
    { name: 'SLIPWAY_REPOSITORY_URI', value: repository },
    { name: 'SLIPWAY_COMMIT', value: commit },
  ];
}

/** Starts a build of shop-web and returns it as StartBuild answers. */
export async function startBuild(
  client: CodeBuildClient,
  more: Partial<StartBuildCommandInput> = {},
): Promise<Build & { readonly id: string }> {
  const command = new StartBuildCommand({
    projectName: 'shop-web',
    sourceVersion: COMMIT,
    environmentVariablesOverride: imageVariables(),
    ...more,
  });
  const { build } = await client.send(command);
  if (build?.id === undefined) throw new Error('StartBuild answered no build');
  return { ...build, id: build.id };
}

/** Lets `seconds` pass. */
export function pass(world: World, seconds: number): void {
  advance(world, world.now + seconds * 1000);
}

/** CodeBuild's events so far, of one kind. */
export function told(world: World, kind: 'State' | 'Phase'): BusEvent[] {
  const detailType = `CodeBuild Build ${kind} Change`;
  const { default: events = [] } = world.eventbridge.buses;
  return events.filter((event) => event['detail-type'] === detailType);
}
