/** What could not work is refused before anything is created, in the config's own words. */
import { describe, expect, test } from 'vitest';
import { checkSettings } from '../../infra/settings-check.ts';
import { TOOLS } from '../../infra/settings-check-builds.ts';
import example from '../../pipeline.config.ts';
import { ConfigError, type Pipeline } from '../../shared/config/config.ts';
import type { Settings } from '../../shared/config/infra.ts';
import { pipelineWith, settingsFor } from './made.ts';

function problemsOf(pipeline: Pipeline, settings: Settings): readonly string[] {
  try {
    checkSettings(pipeline, settings);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ line }) => line);
    throw error;
  }
  return [];
}

test('the example is right, and its roles become ARNs', () => {
  expect(checkSettings(example, example.infra)).toEqual({
    taskDefinitions: {
      web: {
        family: 'web',
        roles: [
          'arn:aws:iam::123456789012:role/web-task',
          'arn:aws:iam::123456789012:role/web-execution',
        ],
      },
      worker: {
        family: 'worker',
        roles: [
          'arn:aws:iam::123456789012:role/worker-task',
          'arn:aws:iam::123456789012:role/worker-execution',
        ],
      },
    },
    table: 'slipway',
    people: { commandQueues: {}, breakGlass: [] },
    readBy: [],
    secretKeys: [],
    logDays: 30,
    historyDays: 90,
    concurrency: {
      commands: 2,
      urgent: 10,
      releases: 10,
      builds: 5,
      feedback: 2,
      alarms: 10,
      webhook: 10,
    },
    builds: {
      compute: 'MEDIUM',
      timeoutMinutes: 60,
      tools: TOOLS,
      pullsFrom: [],
    },
  });
});

test('a target that acts needs rights, one that watches does not', () => {
  const none = { taskDefinitions: {} };
  expect(problemsOf(pipelineWith({ web: { mode: 'watch' } }), none)).toEqual([]);
  expect(problemsOf(pipelineWith({ web: {} }), none)).toEqual([
    expect.stringMatching(/taskDefinitions\.web: is missing, expected .*mode: 'watch'/),
  ]);
});

describe('a role', () => {
  const pipeline = pipelineWith({ web: {} });
  const withRole = (role: string) =>
    problemsOf(pipeline, { taskDefinitions: { web: { family: 'web', roles: [role] } } });

  test.each(['web-task', 'team/web-task', 'arn:aws:iam::123456789012:role/team/web-task'])(
    '%s is passed',
    (role) => expect(withRole(role)).toEqual([]),
  );

  test.each([
    ['arn:aws:iam::999999999999:role/web-task', 'a role of account 123456789012'],
    ['arn:aws-cn:iam::123456789012:role/web-task', "a role's name"],
    ['aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS', 'a service-linked one'],
    ['*', "a role's name"],
    ['web-*', "a role's name"],
    ['', "a role's name"],
  ])('%s is refused', (role, why) => {
    expect(withRole(role)).toEqual([expect.stringContaining(why)]);
  });
});

test('an alarm by its ARN is refused: alarms of other accounts and regions cannot be read', () => {
  const foreign = 'arn:aws:cloudwatch:us-east-1:999999999999:alarm:web-5xx';
  const pipeline = pipelineWith({ web: { mode: 'watch', alarms: [foreign] } });
  expect(problemsOf(pipeline, { taskDefinitions: {} })).toEqual([
    expect.stringContaining('targets.web.alarms.0'),
  ]);
});

test.each([
  [{ alarmTopic: 'arn:aws:sns:us-east-1:123456789012:on-call' }, 'alarmTopic'],
  [{ alarmTopic: 'arn:aws:sns:eu-central-1:999999999999:on-call' }, 'alarmTopic'],
  [{ alarmTopic: 'on-call' }, 'alarmTopic'],
  [{ logDays: 31 }, 'logDays'],
  [{ historyDays: 0 }, 'historyDays'],
  [{ concurrency: { urgent: 1, releases: 10 } }, 'concurrency.urgent'],
  [{ concurrency: { urgent: 2, releases: 1_000 } }, 'concurrency.releases'],
  [{ concurrency: { urgent: 2, releases: 2, commands: 1 } }, 'concurrency.commands'],
  [{ concurrency: { urgent: 2, releases: 2, builds: 1 } }, 'concurrency.builds'],
  [{ concurrency: { urgent: 2, releases: 2, feedback: 1 } }, 'concurrency.feedback'],
  [{ concurrency: { urgent: 2, releases: 2, webhook: 0 } }, 'concurrency.webhook'],
  [{ builds: { compute: 'HUGE' as 'SMALL' } }, 'builds.compute'],
  [{ builds: { timeoutMinutes: 4 } }, 'builds.timeoutMinutes'],
  [{ builds: { parallel: 0 } }, 'builds.parallel'],
  [{ builds: { tools: { buildkit: 'a,network=host' } } }, 'builds.tools.buildkit'],
  [{ builds: { pullsFrom: ['docker-hub/*', '*'] } }, 'builds.pullsFrom.1'],
  [{ builds: { codeConnectionArn: connection('999999999999') } }, 'builds.codeConnectionArn'],
  [{ builds: { codeConnectionArn: 'github' } }, 'builds.codeConnectionArn'],
] as const)('%j is refused', (wrong, path) => {
  expect(problemsOf(example, settingsFor(example, wrong))).toEqual([expect.stringContaining(path)]);
});

test.each(['codeconnections', 'codestar-connections'])(
  'a connection of %s is taken, from another region as well',
  (service) => {
    const codeConnectionArn = connection('123456789012', service);
    expect(problemsOf(example, settingsFor(example, { builds: { codeConnectionArn } }))).toEqual(
      [],
    );
  },
);

test('several images may share a project of yours', () => {
  const shared = pipelineWith(
    { web: { mode: 'watch' } },
    {
      sources: {
        shop: {
          repository: 'acme/shop',
          images: {
            web: { repository: 'shop/web', project: 'ours' },
            api: { repository: 'shop/api', project: 'ours' },
          },
        },
      },
    },
  );
  expect(problemsOf(shared, { taskDefinitions: {} })).toEqual([]);
});

function connection(account: string, service = 'codeconnections'): string {
  return `arn:aws:${service}:us-east-1:${account}:connection/0f6f1f7e-1d2c-4a55-9f2e-6a4b0f1e8a11`;
}

test('rights for a target that does not exist are refused: it may be a slip of the pen', () => {
  const wbe = { family: 'web', roles: [] };
  const settings = { taskDefinitions: { ...example.infra.taskDefinitions, wbe } };
  expect(problemsOf(example, settings)).toEqual([expect.stringContaining('web worker')]);
});

test('everything that is wrong is told at once', () => {
  expect(problemsOf(example, { taskDefinitions: {}, logDays: 2 })).toHaveLength(3);
});
