/** What CodeBuild answers and refuses, through the real client. */
import {
  AccountLimitExceededException,
  BatchGetBuildsCommand,
  BatchGetProjectsCommand,
  type CodeBuildClient,
  CreateProjectCommand,
  type CreateProjectCommandInput,
  InvalidInputException,
  ListBuildsForProjectCommand,
  paginateListBuildsForProject,
  ResourceAlreadyExistsException,
  ResourceNotFoundException,
  RetryBuildCommand,
  StopBuildCommand,
} from '@aws-sdk/client-codebuild';
import { beforeEach, describe, expect, it } from 'vitest';
import type { World } from '../../kernel/world.ts';
import {
  addProject,
  codebuildClient,
  codebuildWorld,
  pass,
  startBuild,
} from './codebuild-world.ts';

let world: World;
let client: CodeBuildClient;

beforeEach(() => {
  world = codebuildWorld();
  client = codebuildClient(world);
});

describe('an idempotency token', () => {
  const idempotencyToken = 'token-1';

  it('with the same request means the same build, for five minutes', async () => {
    const first = await startBuild(client, { idempotencyToken });
    pass(world, 299);
    const again = await startBuild(client, { idempotencyToken });
    expect(again.id).toBe(first.id);
    expect(again.buildStatus).toBe('SUCCEEDED');
    pass(world, 1);
    const late = await startBuild(client, { idempotencyToken });
    expect(late.id).not.toBe(first.id);
  });

  it('with another request is refused', async () => {
    await startBuild(client, { idempotencyToken });
    const other = startBuild(client, {
      idempotencyToken,
      environmentVariablesOverride: [{ name: 'A', value: 'b' }],
    });
    await expect(other).rejects.toBeInstanceOf(InvalidInputException);
    await expect(other).rejects.toThrow('Request parameter mismatch for idempotency token token-1');
    expect(Object.keys(world.codebuild.builds)).toHaveLength(1);
  });

  it('is not spent by a request that was refused', async () => {
    await expect(
      startBuild(client, { idempotencyToken, timeoutInMinutesOverride: 1 }),
    ).rejects.toThrow('between 5 and 2160');
    expect((await startBuild(client, { idempotencyToken })).buildNumber).toBe(1);
  });

  it('holds for RetryBuild', async () => {
    const { id } = await startBuild(client);
    pass(world, 600);
    const retry = () => client.send(new RetryBuildCommand({ id, idempotencyToken }));
    const first = await retry();
    expect((await retry()).build?.id).toBe(first.build?.id);
  });
});

describe('environment variables', () => {
  it('of the request replace those of the project by name, and are shown', async () => {
    const { environment } = await startBuild(client, {
      environmentVariablesOverride: [
        { name: 'TOKEN', value: '/shop/token', type: 'PARAMETER_STORE' },
        { name: 'STAGE', value: 'test' },
      ],
    });
    expect(environment?.environmentVariables).toEqual([
      { name: 'STAGE', value: 'test', type: 'PLAINTEXT' },
      { name: 'TOKEN', value: '/shop/token', type: 'PARAMETER_STORE' },
    ]);
    expect(world.codebuild.projects['shop-web']?.settings.environment.environmentVariables).toEqual(
      [{ name: 'STAGE', value: 'ci', type: 'PLAINTEXT' }],
    );
  });

  it('and other overrides count for this build only', async () => {
    const build = await startBuild(client, {
      imageOverride: 'aws/codebuild/standard:8.0',
      buildspecOverride: 'other.yml',
      queuedTimeoutInMinutesOverride: 10,
    });
    expect(build).toMatchObject({
      environment: { image: 'aws/codebuild/standard:8.0', privilegedMode: true },
      source: { buildspec: 'other.yml', location: 'https://github.com/acme/shop.git' },
      queuedTimeoutInMinutes: 10,
    });
    const { projects } = await client.send(new BatchGetProjectsCommand({ names: ['shop-web'] }));
    expect(projects).toMatchObject([
      { source: { buildspec: 'buildspec.yml' }, queuedTimeoutInMinutes: 480 },
    ]);
  });
});

describe('asking for builds', () => {
  it('answers in the order asked, and names what it does not know', async () => {
    const first = await startBuild(client);
    const second = await startBuild(client);
    const unknown = 'shop-web:00000000-0000-4000-a000-000000000000';
    const ids = [second.id, unknown, first.id, first.arn ?? ''];
    const answer = await client.send(new BatchGetBuildsCommand({ ids }));
    expect(answer.builds?.map(({ id }) => id)).toEqual([second.id, first.id]);
    expect(answer.buildsNotFound).toEqual([unknown, first.arn]);
  });

  it('of a project: newest first, a hundred on a page', async () => {
    addProject(world, 'shop-api');
    world.codebuild.concurrentBuildLimit = 100;
    const ids: string[] = [];
    for (let n = 0; n < 101; n++) ids.unshift((await startBuild(client)).id);
    await startBuild(client, { projectName: 'shop-api' });
    const pages = [];
    for await (const page of paginateListBuildsForProject(
      { client },
      { projectName: 'shop-web' },
    )) {
      // A build that begins in between moves nothing to another page.
      if (pages.length === 0) await startBuild(client);
      pages.push(page.ids);
    }
    expect(pages).toEqual([ids.slice(0, 100), ids.slice(100)]);
    const oldest = new ListBuildsForProjectCommand({
      projectName: 'shop-web',
      sortOrder: 'ASCENDING',
    });
    expect((await client.send(oldest)).ids?.[0]).toBe(ids.at(-1));
  });

  it('of projects by name and by ARN', async () => {
    const arn = 'arn:aws:codebuild:eu-central-1:123456789012:project/shop-web';
    const names = ['shop-web', arn, 'none', 'constructor'];
    const answer = await client.send(new BatchGetProjectsCommand({ names }));
    expect(answer.projects?.map((project) => project.arn)).toEqual([arn, arn]);
    expect(answer.projectsNotFound).toEqual(['none', 'constructor']);
    expect(answer.projects?.[0]).toMatchObject({
      serviceRole: 'arn:aws:iam::123456789012:role/shop-web-build',
      autoRetryLimit: 0,
    });
  });
});

describe('what CodeBuild refuses', () => {
  it('a project that does not exist', async () => {
    const start = startBuild(client, { projectName: 'none' });
    await expect(start).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(start).rejects.toThrow(
      'Project cannot be found: arn:aws:codebuild:eu-central-1:123456789012:project/none',
    );
    const list = client.send(new ListBuildsForProjectCommand({ projectName: 'none' }));
    await expect(list).rejects.toBeInstanceOf(ResourceNotFoundException);
  });

  it('a build that does not exist, and what is no id', async () => {
    const stop = (id: string) => client.send(new StopBuildCommand({ id }));
    await expect(stop('shop-web:none')).rejects.toBeInstanceOf(ResourceNotFoundException);
    await expect(stop('none')).rejects.toBeInstanceOf(InvalidInputException);
    const get = client.send(new BatchGetBuildsCommand({ ids: ['none'] }));
    await expect(get).rejects.toBeInstanceOf(InvalidInputException);
  });

  it('more than a hundred builds or projects in one call, and none', async () => {
    const names = Array.from({ length: 101 }, (_, n) => `p:${n}`);
    const builds = (ids: string[]) => client.send(new BatchGetBuildsCommand({ ids }));
    await expect(builds(names)).rejects.toThrow('1 to 100');
    await expect(builds([])).rejects.toThrow('1 to 100');
    await expect(builds(names.slice(1))).resolves.toMatchObject({ builds: [] });
    const projects = client.send(new BatchGetProjectsCommand({ names }));
    await expect(projects).rejects.toThrow('1 to 100');
  });

  it('a build over the limit of its project: it is not queued', async () => {
    addProject(world, 'one-at-a-time', { concurrentBuildLimit: 1 });
    const { id } = await startBuild(client, { projectName: 'one-at-a-time' });
    const second = startBuild(client, { projectName: 'one-at-a-time' });
    await expect(second).rejects.toBeInstanceOf(AccountLimitExceededException);
    await client.send(new StopBuildCommand({ id }));
    await expect(startBuild(client, { projectName: 'one-at-a-time' })).resolves.toBeDefined();
  });

  it('a build when five times the account’s limit wait', async () => {
    world.codebuild.concurrentBuildLimit = 1;
    for (let n = 0; n < 6; n++) await startBuild(client);
    const seventh = startBuild(client);
    await expect(seventh).rejects.toBeInstanceOf(AccountLimitExceededException);
    await expect(seventh).rejects.toThrow(
      'Cannot have more than 5 builds in queue for the account',
    );
  });

  it('to retry a build that is still going', async () => {
    const { id } = await startBuild(client);
    const retry = client.send(new RetryBuildCommand({ id }));
    await expect(retry).rejects.toBeInstanceOf(InvalidInputException);
  });

  it('what it does not know, instead of passing over it', async () => {
    await expect(startBuild(client, { debugSessionEnabled: true })).rejects.toMatchObject({
      name: 'UnsupportedOperation',
      message: 'The local CodeBuild does not know the member "debugSessionEnabled" of StartBuild.',
    });
  });

  it.each([
    ['-web', {}, InvalidInputException],
    ['shop/web', {}, InvalidInputException],
    ['shop-web', {}, ResourceAlreadyExistsException],
    ['big', { concurrentBuildLimit: 21 }, InvalidInputException],
    ['slow', { timeoutInMinutes: 2_161 }, InvalidInputException],
    ['quick', { queuedTimeoutInMinutes: 4 }, InvalidInputException],
  ])('the project %s %j', async (name, more: Partial<CreateProjectCommandInput>, error) => {
    const create = client.send(
      new CreateProjectCommand({
        name,
        source: { type: 'NO_SOURCE' },
        artifacts: { type: 'NO_ARTIFACTS' },
        environment: {
          type: 'LINUX_CONTAINER',
          image: 'aws/codebuild/standard:7.0',
          computeType: 'BUILD_GENERAL1_SMALL',
        },
        serviceRole: 'arn:aws:iam::123456789012:role/build',
        ...more,
      }),
    );
    await expect(create).rejects.toBeInstanceOf(error);
    expect(Object.keys(world.codebuild.projects)).toEqual(['shop-web']);
  });
});
