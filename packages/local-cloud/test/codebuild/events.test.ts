/** CodeBuild's events: when they come, and what they say. */
import type { CodeBuildClient } from '@aws-sdk/client-codebuild';
import { beforeEach, describe, expect, it } from 'vitest';
import { dateText } from '../../codebuild/events.ts';
import { planBuild } from '../../codebuild/state.ts';
import type { BusEvent } from '../../eventbridge/bus-event.ts';
import type { World } from '../../kernel/world.ts';
import {
  COMMIT,
  codebuildClient,
  codebuildWorld,
  imageVariables,
  pass,
  startBuild,
  told,
} from './codebuild-world.ts';

let world: World;
let client: CodeBuildClient;

beforeEach(() => {
  world = codebuildWorld();
  client = codebuildClient(world);
});

function phasesOf(event: BusEvent | undefined): object[] {
  const information = event?.detail['additional-information'] as { phases?: object[] } | undefined;
  return information?.phases ?? [];
}

describe('the event of a state', () => {
  it('comes at the start and a second after the end', async () => {
    planBuild(world, { commit: COMMIT, plan: { seconds: 90 } });
    const { id } = await startBuild(client);
    pass(world, 600);
    const arn = `arn:aws:codebuild:eu-central-1:123456789012:build/${id}`;
    const [begun, ended, ...more] = told(world, 'State');
    expect(more).toEqual([]);
    expect(begun).toMatchObject({
      source: 'aws.codebuild',
      time: '2026-11-21T10:00:03Z',
      resources: [arn],
      detail: {
        'build-status': 'IN_PROGRESS',
        'project-name': 'shop-web',
        'build-id': arn,
        'current-phase': 'SUBMITTED',
        'current-phase-context': '[]',
        version: '1',
        'additional-information': {
          'build-complete': false,
          'build-start-time': 'Nov 21, 2026 10:00:03 AM',
          'source-version': COMMIT,
          'timeout-in-minutes': 60,
        },
      },
    });
    expect(ended).toMatchObject({
      time: '2026-11-21T10:02:16Z',
      detail: {
        'build-status': 'SUCCEEDED',
        'current-phase': 'COMPLETED',
        'current-phase-context': '[: ]',
        'additional-information': { 'build-number': 1, 'build-complete': true },
      },
    });
    const phases = phasesOf(ended);
    expect(phases.slice(0, 3)).toEqual([
      {
        'phase-context': [],
        'start-time': 'Nov 21, 2026 10:00:03 AM',
        'end-time': 'Nov 21, 2026 10:00:03 AM',
        'duration-in-seconds': 0,
        'phase-type': 'SUBMITTED',
        'phase-status': 'SUCCEEDED',
      },
      {
        'phase-context': [],
        'start-time': 'Nov 21, 2026 10:00:03 AM',
        'end-time': 'Nov 21, 2026 10:00:04 AM',
        'duration-in-seconds': 1,
        'phase-type': 'QUEUED',
        'phase-status': 'SUCCEEDED',
      },
      {
        'phase-context': [': '],
        'start-time': 'Nov 21, 2026 10:00:04 AM',
        'end-time': 'Nov 21, 2026 10:00:22 AM',
        'duration-in-seconds': 18,
        'phase-type': 'PROVISIONING',
        'phase-status': 'SUCCEEDED',
      },
    ]);
    expect(phases.at(-1)).toEqual({
      'start-time': 'Nov 21, 2026 10:02:15 AM',
      'phase-type': 'COMPLETED',
    });
  });

  it('shows the environment as it was asked for', async () => {
    await startBuild(client, { environmentVariablesOverride: imageVariables('main-1') });
    expect(told(world, 'State')[0]?.detail).toMatchObject({
      'additional-information': {
        environment: {
          image: 'aws/codebuild/standard:7.0',
          'privileged-mode': true,
          'compute-type': 'BUILD_GENERAL1_SMALL',
          type: 'LINUX_CONTAINER',
          'environment-variables': [
            { name: 'STAGE', type: 'PLAINTEXT', value: 'ci' },
            { name: 'SLIPWAY_IMAGE_TAG', type: 'PLAINTEXT', value: 'main-1' },
            { name: 'SLIPWAY_REPOSITORY_URI' },
            { name: 'SLIPWAY_COMMIT' },
          ],
        },
      },
    });
  });

  it('of a retry comes after that of the build that failed', async () => {
    planBuild(world, { commit: COMMIT, plan: { seconds: 10, outcome: 'FAILED' } });
    await startBuild(client, { autoRetryLimitOverride: 1 });
    pass(world, 3_600);
    const ids = told(world, 'State').map(({ detail }) => detail['build-id']);
    const statuses = told(world, 'State').map(({ detail }) => detail['build-status']);
    expect(statuses).toEqual(['IN_PROGRESS', 'FAILED', 'IN_PROGRESS', 'FAILED']);
    expect(new Set(ids).size).toBe(2);
  });

  it('is lost for a build whose plan says so, after that of its start', async () => {
    planBuild(world, { commit: COMMIT, plan: { loseEvent: true } });
    const { id } = await startBuild(client);
    pass(world, 600);
    expect(world.codebuild.builds[id]?.status).toBe('SUCCEEDED');
    expect(told(world, 'State').map(({ detail }) => detail['build-status'])).toEqual([
      'IN_PROGRESS',
    ]);
    expect(told(world, 'Phase')).toEqual([]);
  });
});

describe('the event of a phase', () => {
  /** docs, sample-build-notifications. */
  const KEYS = [
    'additional-information',
    'build-id',
    'completed-phase',
    'completed-phase-context',
    'completed-phase-duration-seconds',
    'completed-phase-end',
    'completed-phase-start',
    'completed-phase-status',
    'project-name',
    'version',
  ];

  it('comes for each phase but the last, with its context as one text', async () => {
    const plan = { seconds: 70, outcome: 'FAILED', message: 'no such file' } as const;
    planBuild(world, { commit: COMMIT, plan });
    await startBuild(client);
    pass(world, 600);
    const events = told(world, 'Phase');
    expect(events.map(({ detail }) => Object.keys(detail).sort())).toEqual(events.map(() => KEYS));
    const summary = events.map(({ detail }) => [
      detail['completed-phase'],
      detail['completed-phase-status'],
      detail['completed-phase-context'],
    ]);
    expect(summary).toEqual([
      ['SUBMITTED', 'SUCCEEDED', '[]'],
      ['QUEUED', 'SUCCEEDED', '[]'],
      ['PROVISIONING', 'SUCCEEDED', '[: ]'],
      ['DOWNLOAD_SOURCE', 'SUCCEEDED', '[: ]'],
      ['INSTALL', 'SUCCEEDED', '[: ]'],
      ['PRE_BUILD', 'SUCCEEDED', '[: ]'],
      ['BUILD', 'FAILED', '[COMMAND_EXECUTION_ERROR: no such file]'],
      ['POST_BUILD', 'SUCCEEDED', '[: ]'],
      ['UPLOAD_ARTIFACTS', 'SUCCEEDED', '[: ]'],
      ['FINALIZING', 'SUCCEEDED', '[: ]'],
    ]);
  });

  it('is stamped with the beginning of its phase, and shows the next one begun', async () => {
    await startBuild(client);
    pass(world, 600);
    const provisioning = told(world, 'Phase')[2];
    expect(provisioning).toMatchObject({
      time: '2026-11-21T10:00:04Z',
      detail: {
        'completed-phase-start': 'Nov 21, 2026 10:00:04 AM',
        'completed-phase-end': 'Nov 21, 2026 10:00:22 AM',
        'completed-phase-duration-seconds': 18,
        'additional-information': { 'build-complete': false, 'build-number': 1 },
      },
    });
    const phases = phasesOf(provisioning);
    expect(phases.at(-1)).toEqual({
      'start-time': 'Nov 21, 2026 10:00:22 AM',
      'phase-type': 'DOWNLOAD_SOURCE',
    });
  });
});

describe('a date for people', () => {
  it.each([
    ['2017-09-01T16:12:29Z', 'Sep 1, 2017 4:12:29 PM'],
    ['2020-04-23T00:59:22Z', 'Apr 23, 2020 12:59:22 AM'],
    ['2026-12-31T12:00:05.999Z', 'Dec 31, 2026 12:00:05 PM'],
    ['2026-01-09T09:05:00Z', 'Jan 9, 2026 9:05:00 AM'],
  ])('%s is %s', (iso, text) => {
    expect(dateText(Date.parse(iso))).toBe(text);
  });
});
