/** The port `Builds` through the real client, over the local CodeBuild. */
import { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { planBuild } from '@slipway/local-cloud/codebuild/state.ts';
import { pushImage } from '@slipway/local-cloud/ecr/images.ts';
import type { Call, CallResult, Fault } from '@slipway/local-cloud/kernel/call.ts';
import { AwsError } from '@slipway/local-cloud/kernel/errors.ts';
import type { World } from '@slipway/local-cloud/kernel/world.ts';
import {
  addProject,
  COMMIT,
  codebuildWorld,
  pass,
  REGISTRY,
  START,
} from '@slipway/local-cloud/test/codebuild/codebuild-world.ts';
import { clientSettings } from '@slipway/local-cloud/wire/client-settings.ts';
import { createTransport } from '@slipway/local-cloud/wire/transport.ts';
import { beforeEach, describe, expect, test } from 'vitest';
import { buildIdOf, createBuilds } from '../../shared/aws/builds.ts';
import { readSettings } from '../../shared/aws/connect/client-settings.ts';
import type { StartBuild } from '../../shared/core/source/intended-call.ts';
import type { ObservedBuild } from '../../shared/core/source/observation.ts';
import { TransientError } from '../../shared/ports.ts';
import { wire } from './wire.ts';

const KEY = 'git/acme/shop/refs/heads/main';
const SOURCE = { key: KEY, repository: 'acme/shop' };
const TAG = 'main-8f3c2a1b9d04';
const START_WEB: StartBuild = {
  type: 'StartBuild',
  image: 'web',
  rules: { registry: REGISTRY, repository: 'shop/web', project: 'shop-web' },
  commit: COMMIT,
  tag: TAG,
  token: 'look-1-0',
};

let world: World;
let calls: CallResult[];
/** Faults of the next calls, one each; then none. */
let faults: Fault[];
let builds: ReturnType<typeof createBuilds>;

beforeEach(() => {
  world = codebuildWorld();
  calls = [];
  faults = [];
  const transport = createTransport({
    world,
    onCall: (result) => calls.push(result),
    fault: (_call: Call) => faults.shift() ?? 'none',
  });
  const client = new CodeBuildClient(readSettings(clientSettings({ world, transport })));
  builds = createBuilds(client, 'https://github.com');
});

/** Starts it and returns its id. */
async function started(change: Partial<StartBuild> = {}): Promise<string> {
  const answer = await builds.start({ ...START_WEB, ...change }, SOURCE);
  if (!answer.ok) throw new Error(`${answer.code}: ${answer.message}`);
  return answer.value;
}

async function stateOf(id: string): Promise<ObservedBuild> {
  const seen = (await builds.states([id]))[id];
  if (seen === undefined) throw new Error(`nothing is said of ${id}`);
  return seen;
}

const ids = () => Object.keys(world.codebuild.builds);

describe('start', () => {
  test('names the commit, the token, and what the buildspec reads', async () => {
    const id = await started();
    expect(id).toMatch(/^shop-web:[0-9a-f-]{36}$/);
    expect(calls[0]?.input).toEqual({
      projectName: 'shop-web',
      sourceVersion: COMMIT,
      idempotencyToken: 'look-1-0',
      environmentVariablesOverride: [
        { name: 'SLIPWAY_SOURCE_KEY', value: KEY, type: 'PLAINTEXT' },
        { name: 'SLIPWAY_TOKEN', value: 'look-1-0', type: 'PLAINTEXT' },
        { name: 'SLIPWAY_COMMIT', value: COMMIT, type: 'PLAINTEXT' },
        { name: 'SLIPWAY_IMAGE_TAG', value: TAG, type: 'PLAINTEXT' },
        { name: 'SLIPWAY_REPOSITORY_URI', value: `${REGISTRY}/shop/web`, type: 'PLAINTEXT' },
        { name: 'SLIPWAY_SOURCE', value: 'https://github.com/acme/shop', type: 'PLAINTEXT' },
      ],
    });
  });

  test('twice with one token is one build', async () => {
    const first = await started();
    expect(await started()).toBe(first);
    expect(ids()).toHaveLength(1);
  });

  test('an answer that is lost is repeated by the client, and is one build', async () => {
    faults = ['lost-answer'];
    const id = await started();
    expect(calls).toHaveLength(2);
    expect(ids()).toEqual([id]);
  });

  test('answers that stay lost are no answer: nobody knows whether it runs', async () => {
    faults = ['lost-answer', 'lost-answer', 'lost-answer'];
    await expect(builds.start(START_WEB, SOURCE)).rejects.toThrow(TransientError);
    expect(ids()).toHaveLength(1);
  });

  test('a project that is not there is an answer', async () => {
    const rules = { ...START_WEB.rules, project: 'gone' };
    expect(await builds.start({ ...START_WEB, rules }, SOURCE)).toMatchObject({
      ok: false,
      code: 'ResourceNotFoundException',
    });
  });

  test('the account’s limit is an answer too: it passes, and the source counts how long', async () => {
    addProject(world, 'narrow', { concurrentBuildLimit: 1 });
    const rules = { ...START_WEB.rules, project: 'narrow' };
    await started({ rules });
    const second = await builds.start({ ...START_WEB, rules, token: 'look-2-0' }, SOURCE);
    expect(second).toMatchObject({ ok: false, code: 'AccountLimitExceededException' });
  });

  test('throttling is no answer', async () => {
    faults = ['throttle', 'throttle', 'throttle'];
    await expect(builds.start(START_WEB, SOURCE)).rejects.toThrow(
      'codebuild:StartBuild of shop-web was not taken: ThrottlingException',
    );
    expect(ids()).toEqual([]);
  });
});

describe('stop', () => {
  test('ends a build that runs; a second call is an answer', async () => {
    const id = await started();
    expect(await builds.stop(id)).toEqual({ ok: true, value: undefined });
    expect(await stateOf(id)).toMatchObject({ state: 'ended', outcome: 'STOPPED' });
    expect(await builds.stop(id)).toEqual({ ok: true, value: undefined });
  });

  test('of a build that is not there is refused, which is an answer', async () => {
    expect(await builds.stop('shop-web:gone')).toMatchObject({
      ok: false,
      code: 'ResourceNotFoundException',
    });
  });

  test('without an answer it throws', async () => {
    const id = await started();
    faults = ['timeout', 'timeout', 'timeout'];
    await expect(builds.stop(id)).rejects.toThrow(TransientError);
  });
});

describe('states', () => {
  test('of none asks nobody', async () => {
    expect(await builds.states([])).toEqual({});
    expect(calls).toEqual([]);
  });

  test('a build that runs, and one that CodeBuild does not know', async () => {
    const id = await started();
    pass(world, 60);
    const link = `https://console.aws.amazon.com/cloudwatch/home?region=eu-central-1#logEvent:group=/aws/codebuild/shop-web;stream=${id.slice(9)}`;
    expect(await builds.states([id, 'shop-web:gone'])).toEqual({
      [id]: { state: 'running', phase: 'BUILD', logs: link },
      'shop-web:gone': { state: 'missing' },
    });
    expect(calls).toHaveLength(2);
  });

  test('SUCCEEDED: when it ended, its log, and the digest that it exported', async () => {
    planBuild(world, { commit: COMMIT, plan: { seconds: 90 } });
    const id = await started();
    pass(world, 600);
    const pushed = Object.keys(world.ecr.repositories['shop/web']?.images ?? {});
    const ended = world.codebuild.builds[id]?.endedAt;
    expect(ended).toBeGreaterThan(START + 90_000);
    expect(await stateOf(id)).toEqual({
      state: 'ended',
      outcome: 'SUCCEEDED',
      endedAt: ended,
      digest: pushed[0],
      logs: expect.stringContaining('https://console.aws.amazon.com/cloudwatch/'),
    });
  });

  test('a tag that exists with this commit’s label: it succeeds without a push, with its digest', async () => {
    await started();
    pass(world, 600);
    const first = Object.keys(world.ecr.repositories['shop/web']?.images ?? {});
    const again = await started({ token: 'look-2-0' });
    pass(world, 600);
    expect(await stateOf(again)).toMatchObject({ outcome: 'SUCCEEDED', digest: first[0] });
    expect(Object.keys(world.ecr.repositories['shop/web']?.images ?? {})).toEqual(first);
  });

  test('a tag that somebody else took: it fails, and says so', async () => {
    pushImage(world, { repository: 'shop/web', tag: TAG });
    const id = await started();
    pass(world, 600);
    const seen = await stateOf(id);
    expect(seen).toMatchObject({ state: 'ended', outcome: 'FAILED' });
    expect(seen).not.toHaveProperty('digest');
  });

  test('FAILED names the phase and its last message, and has no digest', async () => {
    planBuild(world, { commit: COMMIT, plan: { outcome: 'FAILED', message: 'exit status 1' } });
    const id = await started();
    pass(world, 600);
    const seen = await stateOf(id);
    expect(seen).toMatchObject({
      state: 'ended',
      outcome: 'FAILED',
      because: 'BUILD FAILED: exit status 1',
    });
    expect(seen).not.toHaveProperty('digest');
  });

  test.each([
    ['DOWNLOAD_SOURCE', 'FAILED', 'no such commit', 'DOWNLOAD_SOURCE FAILED: no such commit'],
    ['PROVISIONING', 'FAULT', 'no host', 'PROVISIONING FAULT: no host'],
    ['BUILD', 'TIMED_OUT', 'too slow', 'BUILD TIMED_OUT: too slow'],
  ] as const)('%s %s is told as that', async (phase, outcome, message, because) => {
    planBuild(world, { commit: COMMIT, plan: { outcome, phase, message } });
    const id = await started();
    pass(world, 600);
    expect(await stateOf(id)).toMatchObject({ outcome, because });
  });

  test('one that takes longer than it may is FAILED, as CodeBuild has it, and says why', async () => {
    planBuild(world, { commit: COMMIT, plan: { seconds: 7_200 } });
    const id = await started();
    pass(world, 7_200);
    expect(await stateOf(id)).toMatchObject({
      outcome: 'FAILED',
      because: 'BUILD TIMED_OUT: Build has timed out.',
    });
  });

  test('a retry of CodeBuild’s own is named by its id, not by its ARN', async () => {
    addProject(world, 'retrying', { autoRetryLimit: 1 });
    planBuild(world, { commit: COMMIT, plan: { outcome: 'FAILED' } });
    const rules = { ...START_WEB.rules, project: 'retrying' };
    const id = await started({ rules });
    pass(world, 600);
    const [first, second] = ids();
    expect(first).toBe(id);
    expect(await stateOf(id)).toMatchObject({ outcome: 'FAILED', retry: second });
    pass(world, 600);
    expect(await stateOf(second ?? '')).not.toHaveProperty('retry');
  });

  test('without an answer it throws', async () => {
    faults = ['server-error', 'server-error', 'server-error'];
    await expect(builds.states(['shop-web:1'])).rejects.toThrow(TransientError);
  });

  test('what a build exports is not believed to be a digest', async () => {
    const far = wire({
      BatchGetBuilds: [
        {
          builds: [
            {
              id: 'shop-web:1',
              buildStatus: 'SUCCEEDED',
              endTime: START / 1000,
              exportedEnvironmentVariables: [{ name: 'IMAGE_DIGEST', value: 'latest; rm -rf /' }],
            },
          ],
        },
      ],
    });
    const { states } = createBuilds(new CodeBuildClient(far.settings), 'https://github.com');
    expect(await states(['shop-web:1'])).toEqual({
      'shop-web:1': { state: 'ended', outcome: 'SUCCEEDED', endedAt: START },
    });
  });

  test('a status that is new to us is a build that runs', async () => {
    const answer = { builds: [{ id: 'shop-web:1', buildStatus: 'PAUSED', currentPhase: 'BUILD' }] };
    const far = wire({ BatchGetBuilds: [answer] });
    const { states } = createBuilds(new CodeBuildClient(far.settings), 'https://github.com');
    expect(await states(['shop-web:1'])).toEqual({
      'shop-web:1': { state: 'running', phase: 'BUILD' },
    });
  });
});

describe('find', () => {
  const lost = (token: string, project = 'shop-web') => ({ project, token, since: START });

  test('builds by their tokens, in as many calls as projects', async () => {
    addProject(world, 'shop-api');
    const web = await started();
    const rules = { ...START_WEB.rules, project: 'shop-api' };
    const api = await started({ rules, token: 'look-1-1' });
    await started({ token: 'another' });
    calls.length = 0;
    expect(await builds.find([lost('look-1-0'), lost('look-1-1', 'shop-api'), lost('no')])).toEqual(
      { 'look-1-0': web, 'look-1-1': api },
    );
    expect(calls.map(({ operation }) => operation)).toEqual([
      'ListBuildsForProject',
      'BatchGetBuilds',
      'ListBuildsForProject',
      'BatchGetBuilds',
    ]);
  });

  test('of a retry the newest, which has the same token', async () => {
    addProject(world, 'retrying', { autoRetryLimit: 1 });
    planBuild(world, { commit: COMMIT, plan: { outcome: 'FAILED' } });
    await started({ rules: { ...START_WEB.rules, project: 'retrying' } });
    pass(world, 600);
    expect(await builds.find([lost('look-1-0', 'retrying')])).toEqual({ 'look-1-0': ids()[1] });
  });

  test('in a project without builds, or one that is gone, there are none', async () => {
    expect(await builds.find([lost('look-1-0'), lost('look-1-0', 'gone')])).toEqual({});
  });

  test('without an answer it throws, so that nothing is asked for twice', async () => {
    faults = ['timeout', 'timeout', 'timeout'];
    await expect(builds.find([lost('look-1-0')])).rejects.toThrow(TransientError);
    faults = ['none', new AwsError('AccessDeniedException', 'not yours')];
    await started();
    faults = [new AwsError('AccessDeniedException', 'not yours')];
    await expect(builds.find([lost('look-1-0')])).rejects.toThrow(TransientError);
  });
});

test('an id is the end of an ARN, and of an id itself', () => {
  const arn = 'arn:aws:codebuild:eu-central-1:123456789012:build/shop-web:7f0d';
  expect([buildIdOf(arn), buildIdOf('shop-web:7f0d')]).toEqual(['shop-web:7f0d', 'shop-web:7f0d']);
});
