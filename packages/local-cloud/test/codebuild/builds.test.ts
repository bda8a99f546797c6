import {
  BatchGetBuildsCommand,
  type Build,
  type CodeBuildClient,
  RetryBuildCommand,
  StopBuildCommand,
} from '@aws-sdk/client-codebuild';
import { beforeEach, describe, expect, it } from 'vitest';
import { planBuild } from '../../codebuild/state.ts';
import type { World } from '../../kernel/world.ts';
import {
  addProject,
  COMMIT,
  codebuildClient,
  codebuildWorld,
  pass,
  START,
  startBuild,
  told,
} from './codebuild-world.ts';

let world: World;
let client: CodeBuildClient;

beforeEach(() => {
  world = codebuildWorld();
  client = codebuildClient(world);
});

async function get(id: string): Promise<Build> {
  const { builds = [] } = await client.send(new BatchGetBuildsCommand({ ids: [id] }));
  const [build] = builds;
  if (build === undefined) throw new Error(`no build ${id}`);
  return build;
}

/** `BUILD SUCCEEDED 90` for each phase; the current one has neither status nor duration. */
function phasesOf({ phases = [] }: Build): string[] {
  return phases.map(({ phaseType, phaseStatus, durationInSeconds }) =>
    [phaseType, phaseStatus, durationInSeconds].filter((part) => part !== undefined).join(' '),
  );
}

describe('a build', () => {
  it('is queued when StartBuild answers, without a log yet', async () => {
    const build = await startBuild(client);
    expect(build).toMatchObject({
      arn: `arn:aws:codebuild:eu-central-1:123456789012:build/${build.id}`,
      buildNumber: 1,
      startTime: new Date(START),
      currentPhase: 'QUEUED',
      buildStatus: 'IN_PROGRESS',
      sourceVersion: COMMIT,
      projectName: 'shop-web',
      buildComplete: false,
      initiator: 'local',
      timeoutInMinutes: 60,
      queuedTimeoutInMinutes: 480,
      autoRetryConfig: { autoRetryLimit: 0, autoRetryNumber: 0 },
      logs: {
        deepLink:
          'https://console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logEvent:group=null;stream=null',
      },
    });
    expect(build.id).toMatch(/^shop-web:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(build).not.toHaveProperty('endTime');
    expect(build).not.toHaveProperty('resolvedSourceVersion');
  });

  it('goes through its phases in order, BUILD as long as planned', async () => {
    planBuild(world, { commit: COMMIT, plan: { seconds: 90 } });
    const { id } = await startBuild(client);
    pass(world, 600);
    const build = await get(id);
    expect(phasesOf(build)).toEqual([
      'SUBMITTED SUCCEEDED 0',
      'QUEUED SUCCEEDED 1',
      'PROVISIONING SUCCEEDED 18',
      'DOWNLOAD_SOURCE SUCCEEDED 15',
      'INSTALL SUCCEEDED 0',
      'PRE_BUILD SUCCEEDED 4',
      'BUILD SUCCEEDED 90',
      'POST_BUILD SUCCEEDED 0',
      'UPLOAD_ARTIFACTS SUCCEEDED 0',
      'FINALIZING SUCCEEDED 2',
      'COMPLETED',
    ]);
    for (const [index, phase] of (build.phases ?? []).slice(0, -1).entries()) {
      expect(build.phases?.[index + 1]?.startTime).toEqual(phase.endTime);
    }
    expect(build).toMatchObject({
      buildStatus: 'SUCCEEDED',
      buildComplete: true,
      currentPhase: 'COMPLETED',
      resolvedSourceVersion: COMMIT,
      endTime: build.phases?.at(-1)?.startTime,
      logs: {
        groupName: '/aws/codebuild/shop-web',
        streamName: id.slice('shop-web:'.length),
        deepLink: `https://console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logEvent:group=/aws/codebuild/shop-web;stream=${id.slice(9)}`,
        cloudWatchLogsArn: `arn:aws:logs:eu-central-1:123456789012:log-group:/aws/codebuild/shop-web:log-stream:${id.slice(9)}`,
      },
    });
  });

  it('shows only the beginning of the phase that it is in', async () => {
    const { id } = await startBuild(client);
    pass(world, 60);
    const build = await get(id);
    expect(build).toMatchObject({ currentPhase: 'BUILD', buildStatus: 'IN_PROGRESS' });
    expect(Object.keys(build.phases?.at(-1) ?? {}).sort()).toEqual(['phaseType', 'startTime']);
    expect(build.resolvedSourceVersion).toBe(COMMIT);
  });

  it('of a branch resolves to some commit, always the same', async () => {
    const first = await startBuild(client, { sourceVersion: 'refs/heads/main' });
    const second = await startBuild(client, { sourceVersion: 'refs/heads/main' });
    pass(world, 600);
    const resolved = (await get(first.id)).resolvedSourceVersion;
    expect(resolved).toMatch(/^[0-9a-f]{40}$/);
    expect((await get(second.id)).resolvedSourceVersion).toBe(resolved);
  });
});

describe('how a build ends', () => {
  it('POST_BUILD and UPLOAD_ARTIFACTS run after a failed BUILD', async () => {
    planBuild(world, { commit: COMMIT, plan: { seconds: 30, outcome: 'FAILED' } });
    const { id } = await startBuild(client);
    pass(world, 600);
    const build = await get(id);
    expect(build.buildStatus).toBe('FAILED');
    expect(phasesOf(build).slice(6)).toEqual([
      'BUILD FAILED 30',
      'POST_BUILD SUCCEEDED 0',
      'UPLOAD_ARTIFACTS SUCCEEDED 0',
      'FINALIZING SUCCEEDED 2',
      'COMPLETED',
    ]);
    expect(build.phases?.[6]?.contexts).toEqual([
      {
        statusCode: 'COMMAND_EXECUTION_ERROR',
        message: 'Error while executing command: docker buildx build. Reason: exit status 1',
      },
    ]);
  });

  it.each([
    ['DOWNLOAD_SOURCE', ['DOWNLOAD_SOURCE FAILED', 'FINALIZING SUCCEEDED', 'COMPLETED']],
    ['PRE_BUILD', ['PRE_BUILD FAILED', 'FINALIZING SUCCEEDED', 'COMPLETED']],
    ['PROVISIONING', ['PROVISIONING FAILED', 'COMPLETED']],
    ['POST_BUILD', ['POST_BUILD FAILED', 'UPLOAD_ARTIFACTS SUCCEEDED', 'FINALIZING SUCCEEDED']],
  ] as const)('a build that fails in %s', async (phase, expected) => {
    planBuild(world, { commit: COMMIT, plan: { outcome: 'FAILED', phase, message: 'because' } });
    const { id } = await startBuild(client);
    pass(world, 600);
    const build = await get(id);
    const phases = phasesOf(build).map((text) => text.replace(/ \d+$/, ''));
    const from = phases.indexOf(expected[0]);
    expect(phases.slice(from, from + expected.length)).toEqual(expected);
    expect(build.buildStatus).toBe('FAILED');
    expect(build.phases?.[from]?.contexts?.[0]?.message).toBe('because');
  });

  it.each(['FAULT', 'TIMED_OUT', 'STOPPED'] as const)(
    'a planned %s ends it there',
    async (outcome) => {
      planBuild(world, { commit: COMMIT, plan: { seconds: 30, outcome } });
      const { id } = await startBuild(client);
      pass(world, 600);
      const build = await get(id);
      expect(build.buildStatus).toBe(outcome);
      expect(phasesOf(build).slice(-2)).toEqual([`BUILD ${outcome} 30`, 'COMPLETED']);
    },
  );

  it('one that takes longer than its timeout is FAILED, its phase TIMED_OUT', async () => {
    planBuild(world, { commit: COMMIT, plan: { seconds: 7_200 } });
    const { id } = await startBuild(client, { timeoutInMinutesOverride: 5 });
    pass(world, 300);
    expect((await get(id)).buildStatus).toBe('IN_PROGRESS');
    pass(world, 1);
    const build = await get(id);
    expect(build).toMatchObject({ buildStatus: 'FAILED', endTime: new Date(START + 301_000) });
    expect(build.phases?.at(-2)).toMatchObject({
      phaseType: 'BUILD',
      phaseStatus: 'TIMED_OUT',
      contexts: [{ statusCode: 'BUILD_TIMED_OUT', message: 'Build has timed out. ' }],
    });
    pass(world, 7_200);
    expect(await get(id)).toEqual(build);
  });

  it('plans of one commit are taken in turn, and one of the project before one of all', async () => {
    addProject(world, 'shop-api');
    planBuild(world, { project: 'shop-web', commit: COMMIT, plan: { outcome: 'FAILED' } });
    planBuild(world, { project: 'shop-web', commit: COMMIT, plan: { outcome: 'FAULT' } });
    planBuild(world, { commit: COMMIT, plan: { outcome: 'TIMED_OUT' } });
    const ids: string[] = [];
    for (const projectName of ['shop-web', 'shop-web', 'shop-web', 'shop-api']) {
      ids.push((await startBuild(client, { projectName })).id);
    }
    ids.push((await startBuild(client, { sourceVersion: 'another' })).id);
    pass(world, 600);
    const { builds } = await client.send(new BatchGetBuildsCommand({ ids }));
    expect(builds?.map(({ buildStatus }) => buildStatus)).toEqual([
      'FAILED',
      'FAULT',
      'FAULT',
      'TIMED_OUT',
      'SUCCEEDED',
    ]);
  });
});

describe('StopBuild', () => {
  it('ends a running build at once, in its phase', async () => {
    const { id } = await startBuild(client);
    pass(world, 60);
    const { build } = await client.send(new StopBuildCommand({ id }));
    expect(build).toMatchObject({ buildStatus: 'STOPPED', buildComplete: true });
    expect(phasesOf(build ?? {}).slice(-2)).toEqual(['BUILD STOPPED 19', 'COMPLETED']);
    pass(world, 600);
    expect(await get(id)).toEqual(build);
    expect(world.ecr.repositories['shop/web']?.images).toEqual({});
  });

  it('answers a build that has ended as it is', async () => {
    const { id } = await startBuild(client);
    pass(world, 600);
    const { build } = await client.send(new StopBuildCommand({ id }));
    expect(build?.buildStatus).toBe('SUCCEEDED');
    expect(told(world, 'State')).toHaveLength(2);
  });

  it('takes a build out of the queue', async () => {
    world.codebuild.concurrentBuildLimit = 1;
    await startBuild(client);
    const { id } = await startBuild(client);
    pass(world, 10);
    const { build } = await client.send(new StopBuildCommand({ id }));
    expect(phasesOf(build ?? {})).toEqual([
      'SUBMITTED SUCCEEDED 0',
      'QUEUED STOPPED 10',
      'COMPLETED',
    ]);
  });
});

describe('the queue', () => {
  it('a build over the account’s limit waits until another ends', async () => {
    world.codebuild.concurrentBuildLimit = 1;
    const first = await startBuild(client);
    const second = await startBuild(client);
    pass(world, 60);
    expect((await get(second.id)).currentPhase).toBe('QUEUED');
    await client.send(new StopBuildCommand({ id: first.id }));
    expect((await get(second.id)).currentPhase).toBe('PROVISIONING');
    expect(phasesOf(await get(second.id))[1]).toBe('QUEUED SUCCEEDED 60');
  });

  it('a build that waits for too long is removed', async () => {
    world.codebuild.concurrentBuildLimit = 1;
    planBuild(world, { commit: COMMIT, plan: { seconds: 3_000 } });
    await startBuild(client);
    const { id } = await startBuild(client, { queuedTimeoutInMinutesOverride: 5 });
    pass(world, 300);
    const build = await get(id);
    expect(build.buildStatus).toBe('TIMED_OUT');
    expect(phasesOf(build)[1]).toBe('QUEUED TIMED_OUT 300');
  });
});

describe('a retry', () => {
  it('by a person is a new build with the same settings', async () => {
    const first = await startBuild(client);
    pass(world, 600);
    const { build } = await client.send(new RetryBuildCommand({ id: first.id }));
    expect(build?.id).not.toBe(first.id);
    expect(build).toMatchObject({
      buildNumber: 2,
      sourceVersion: COMMIT,
      environment: first.environment,
      autoRetryConfig: { autoRetryLimit: 0, autoRetryNumber: 0 },
    });
  });

  it('of CodeBuild itself has a new id, and each names the other', async () => {
    planBuild(world, { commit: COMMIT, plan: { seconds: 10, outcome: 'FAILED' } });
    const { id } = await startBuild(client, { autoRetryLimitOverride: 2 });
    pass(world, 3_600);
    const ids = Object.keys(world.codebuild.builds);
    const { builds = [] } = await client.send(new BatchGetBuildsCommand({ ids }));
    const [first, second, third] = ids.map(
      (other) => `arn:aws:codebuild:eu-central-1:123456789012:build/${other}`,
    );
    expect(ids[0]).toBe(id);
    expect(builds.map(({ autoRetryConfig }) => autoRetryConfig)).toEqual([
      { autoRetryLimit: 2, autoRetryNumber: 0, nextAutoRetry: second },
      { autoRetryLimit: 2, autoRetryNumber: 1, previousAutoRetry: first, nextAutoRetry: third },
      { autoRetryLimit: 2, autoRetryNumber: 2, previousAutoRetry: second },
    ]);
    expect(builds.map(({ buildNumber }) => buildNumber)).toEqual([1, 2, 3]);
  });

  it('does not follow a build that was stopped or succeeded', async () => {
    const { id } = await startBuild(client, { autoRetryLimitOverride: 2 });
    await client.send(new StopBuildCommand({ id }));
    await startBuild(client, { autoRetryLimitOverride: 2 });
    pass(world, 3_600);
    expect(Object.keys(world.codebuild.builds)).toHaveLength(2);
  });
});
