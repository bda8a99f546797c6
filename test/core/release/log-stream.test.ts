/** Where a container of a task writes its log, read off the task definition. */
import { expect, test } from 'vitest';
import { logStreamOf } from '../../../shared/core/release/task-definition.ts';

const TASK = 'arn:aws:ecs:eu-central-1:1:task/production/0123';
const logs = (change: object = {}) => ({
  logDriver: 'awslogs',
  options: { 'awslogs-group': '/ecs/web', 'awslogs-stream-prefix': 'ecs' },
  ...change,
});
const of = (containerDefinitions: unknown) =>
  logStreamOf({ containerDefinitions } as never, 'app', TASK);

test('its group, and a stream of prefix, container and task', () => {
  const beside = { name: 'log', logConfiguration: { logDriver: 'json-file' } };
  expect(of([beside, { name: 'app', logConfiguration: logs() }])).toEqual({
    group: '/ecs/web',
    stream: 'ecs/app/0123',
  });
});

test.each<[what: string, definitions: unknown]>([
  ['no containers', undefined],
  ['another container alone', [{ name: 'log', logConfiguration: logs() }]],
  ['another driver', [{ name: 'app', logConfiguration: logs({ logDriver: 'splunk' }) }]],
  ['no prefix', [{ name: 'app', logConfiguration: logs({ options: { 'awslogs-group': 'g' } }) }]],
  [
    'no group',
    [{ name: 'app', logConfiguration: logs({ options: { 'awslogs-stream-prefix': 'p' } }) }],
  ],
  ['no options', [{ name: 'app', logConfiguration: { logDriver: 'awslogs' } }]],
  ['no log at all', [{ name: 'app' }]],
])('%s: it is not known', (_, definitions) => {
  expect(of(definitions)).toBeUndefined();
});
