/** `infra` of the config: a shape that is wrong is told by its path, like any other mistake of the config. */
import { expect, test } from 'vitest';
import { ConfigError, parsePipeline } from '../../shared/config/config.ts';

const config = (infra: unknown) => ({
  account: '123456789012',
  region: 'eu-central-1',
  infra,
  targets: {
    web: {
      type: 'ecs-service',
      cluster: 'shop',
      service: 'web',
      containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
      alarms: { noAlarmsBecause: 'a test' },
    },
  },
});

function mistakes(infra: unknown): readonly string[] {
  try {
    parsePipeline(config(infra));
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ line }) => line);
    throw error;
  }
  return [];
}

test.each([
  ['web', 'infra: is "web", expected { taskDefinitions: { web: { family: '],
  [
    { alarmtopic: 'x' },
    'infra.alarmtopic: is "x", but there is no such setting; did you mean alarmTopic?',
  ],
  [{ logDays: '30' }, 'infra.logDays: is "30", expected a number'],
  [
    { people: { command: 'deployers' } },
    'infra.people.command: is "deployers", expected a list; each of it a role',
  ],
  [{ secretKeys: [7] }, 'infra.secretKeys.0: is the number 7, expected the ARN of a key of KMS'],
  [
    { builds: { compute: 'HUGE' } },
    "infra.builds.compute: is \"HUGE\", expected 'SMALL' or 'MEDIUM'",
  ],
  [
    { builds: { tools: { docker: 'x' } } },
    'infra.builds.tools.docker: is "x", but there is no such setting',
  ],
  [
    { taskDefinitions: { web: { family: 'web', role: 'web-task' } } },
    'infra.taskDefinitions.web.roles: is missing, expected a list; each of it a role',
  ],
  [{ taskDefinitions: ['web'] }, 'infra.taskDefinitions: is a list'],
  [
    { taskDefinitions: { constructor: {} } },
    'infra.taskDefinitions.constructor: is "constructor", expected the name of a target',
  ],
])('%j', (infra, beginning) => {
  expect(mistakes(infra).some((line) => line.startsWith(beginning))).toBe(true);
});

test('what is right is plain data, without what is only undefined', () => {
  const infra = { logDays: 7, people: { command: ['deployers'] }, table: undefined };
  expect(parsePipeline(config(infra)).infra).toEqual({
    logDays: 7,
    people: { command: ['deployers'] },
  });
  expect(parsePipeline(config(undefined)).infra).toEqual({});
});
