import { expect, test } from 'vitest';
import { changesInWords } from '../../../../shared/core/release/definition/changes.ts';
import type { JsonRecord } from '../../../../shared/core/release/definition/containers.ts';
import { mergeDefinition } from '../../../../shared/core/release/definition/merge.ts';

/** As ECS tells what runs. */
const runs: JsonRecord = {
  family: 'web',
  revision: 7,
  networkMode: 'awsvpc',
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::111122223333:role/web-execution',
  volumes: [],
  fieldOfTheYear2030: { deep: true },
  containerDefinitions: [
    {
      name: 'app',
      image: 'registry/shop/web@sha256:aa',
      cpu: 0,
      environment: [
        { name: 'LOG_LEVEL', value: 'info' },
        { name: 'DATABASE_URL', value: 'postgres://made-by-terraform' },
      ],
      secrets: [{ name: 'TOKEN', valueFrom: 'arn:aws:ssm:eu-west-1:111122223333:parameter/token' }],
      portMappings: [{ containerPort: 8080, hostPort: 8080, protocol: 'tcp' }],
      healthCheck: { command: ['CMD-SHELL', 'true'], interval: 30, retries: 3 },
      logConfiguration: { logDriver: 'awslogs', options: { 'awslogs-group': '/ecs/web' } },
      mountPoints: [],
    },
    { name: 'log', image: 'fluent/bit:3', environment: [] },
  ],
};

const NOTHING = { leave: [], roles: [] };

function merged(written: JsonRecord, rules: { leave: string[]; roles: string[] } = NOTHING) {
  return mergeDefinition(runs, written, rules, ['app']);
}

function changes(written: JsonRecord, rules?: { leave: string[]; roles: string[] }) {
  const answer = merged(written, rules);
  return answer.state === 'refused' ? answer.because : changesInWords(runs, answer.definition);
}

const app = (fields: JsonRecord): JsonRecord => ({
  containerDefinitions: [{ name: 'app', ...fields }],
});

test('what the file names is taken, and everything else stays as it runs', () => {
  const answer = merged({
    cpu: '512',
    ...app({ image: '<IMAGE>', environment: [{ name: 'LOG_LEVEL', value: 'debug' }] }),
  });
  const [ran, log] = runs.containerDefinitions as JsonRecord[];
  expect(answer).toEqual({
    state: 'merged',
    definition: {
      ...runs,
      cpu: '512',
      containerDefinitions: [{ ...ran, environment: [{ name: 'LOG_LEVEL', value: 'debug' }] }, log],
    },
  });
});

test('a file that says what runs changes nothing, in whatever order and with whatever ECS filled in', () => {
  const written = {
    cpu: '256',
    ...app({
      environment: [
        { name: 'DATABASE_URL', value: 'postgres://made-by-terraform' },
        { name: 'LOG_LEVEL', value: 'info' },
      ],
      portMappings: [{ containerPort: 8080 }],
      healthCheck: { command: ['CMD-SHELL', 'true'] },
    }),
  };
  expect(merged(written)).toEqual({ state: 'merged', definition: runs });
});

test('changes are told by name, and no value of the environment is', () => {
  expect(
    changes({
      memory: '1024',
      ...app({
        environment: [
          { name: 'LOG_LEVEL', value: 'debug' },
          { name: 'PASSWORD', value: 'hunter2' },
        ],
        secrets: [{ name: 'TOKEN', valueFrom: 'token-2' }],
      }),
    }),
  ).toEqual([
    'memory "512" -> "1024"',
    'app: environment LOG_LEVEL changed',
    'app: environment DATABASE_URL removed',
    'app: environment PASSWORD added',
    'app: secrets TOKEN valueFrom "arn:aws:ssm:eu-west-1:111122223333:parameter/token" -> "token-2"',
  ]);
  expect(
    changes(
      app({
        command: ['node', 'server.js'],
        healthCheck: { command: ['CMD-SHELL', 'false'], retries: 5 },
      }),
    ),
  ).toEqual([
    'app: healthCheck command changed',
    'app: healthCheck retries 3 -> 5',
    'app: command added',
  ]);
});

test('options of a log driver, and what is no size and no name, are told without their values', () => {
  const options = { 'awslogs-group': '/ecs/other', token: 'hunter2', user: 'ada' };
  const written = app({ logConfiguration: { options }, workingDirectory: '/srv/hunter2' });
  expect(changes(written)).toEqual([
    'app: logConfiguration options awslogs-group changed',
    'app: logConfiguration options token added',
    'app: logConfiguration options user added',
    'app: workingDirectory added',
  ]);
});

test('of many changes the first are told, and how many more there are', () => {
  const environment = Array.from({ length: 20 }, (_, i) => ({ name: `V${i}`, value: 'x' }));
  const told = changes(app({ environment }));
  expect(told).toHaveLength(6);
  expect(told.at(-1)).toBe('and 17 more');
});

test('what is left to its owner stays as it runs, whatever the file says', () => {
  const leave = [
    'cpu',
    'containerDefinitions.*.logConfiguration',
    'containerDefinitions.app.environment.DATABASE_URL',
    'containerDefinitions.app.environment.NOT_THERE',
  ];
  const written = {
    cpu: '4096',
    ...app({
      environment: [
        { name: 'LOG_LEVEL', value: 'debug' },
        { name: 'NOT_THERE', value: 'x' },
      ],
      logConfiguration: { logDriver: 'splunk' },
    }),
  };
  expect(changes(written, { leave, roles: [] })).toEqual(['app: environment LOG_LEVEL changed']);
});

test.each([
  [{ family: 'api' }, '`family` is not as it runs'],
  [{ networkMode: 'host' }, '`networkMode` is not as it runs'],
  [{ volumes: [{ name: 'host', host: { sourcePath: '/' } }] }, '`volumes` is not as it runs'],
  [app({ privileged: true }), 'container "app": `privileged` is not as it runs'],
  [app({ image: 'evil/image:1' }), 'it names an image for container "app"'],
  [
    { containerDefinitions: [{ name: 'log', image: 'evil/image:1' }] },
    'it names an image for container "log"',
  ],
  [
    { containerDefinitions: [{ name: 'miner' }] },
    'it names container "miner", and what runs has "app", "log"',
  ],
  [{ taskRoleArn: 'admin' }, '`taskRoleArn` is "admin", which is none of the roles of this target'],
  [
    { executionRoleArn: 'arn:aws:iam::111122223333:role/other/web-execution' },
    '`executionRoleArn` is "arn:aws:iam::111122223333:role/other/web-execution", which is none',
  ],
])('what would change who the task is, or let it do more, is refused: %j', (written, because) => {
  const answer = merged(written as JsonRecord, { leave: [], roles: ['web-execution', 'web-task'] });
  expect(answer).toMatchObject({ state: 'refused', because: expect.stringContaining(because) });
});

test('the same of the file and of what runs may be written, as in an exported definition', () => {
  const written = { family: 'web', networkMode: 'awsvpc', volumes: [], ...app({ image: '' }) };
  expect(changes(written)).toEqual([]);
});

test.each(['web-task', 'arn:aws:iam::111122223333:role/web-task'])(
  'a role of the target may be named: %s',
  (taskRoleArn) => {
    expect(changes({ taskRoleArn }, { leave: [], roles: ['web-task'] })).toEqual([
      `taskRoleArn none -> "${taskRoleArn}"`,
    ]);
  },
);

test("a label that the file leaves out is gone, since its keys are the user's", () => {
  const labelled = {
    ...runs,
    containerDefinitions: [{ name: 'app', dockerLabels: { a: '1', b: '2' } }],
  };
  const answer = mergeDefinition(labelled, app({ dockerLabels: { a: '1' } }), NOTHING, ['app']);
  expect(answer.state === 'merged' && changesInWords(labelled, answer.definition)).toEqual([
    'app: dockerLabels b removed',
  ]);
});

test('why it is refused is no longer than a person reads, whatever the file says', () => {
  const answer = merged({ containerDefinitions: [{ name: 'miner'.repeat(2_000) }] });
  expect(answer.state === 'refused' && answer.because.length).toBeLessThanOrEqual(300);
});
