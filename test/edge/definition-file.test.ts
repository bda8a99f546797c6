import { expect, test } from 'vitest';
import { readDefinitionText } from '../../shared/edge/definition-file.ts';

const read = (value: unknown) => readDefinitionText(JSON.stringify(value, null, 2));
const app = (fields: object) => read({ containerDefinitions: [{ name: 'app', ...fields }] });

test('a definition is read, and sizes of the task become the texts that ECS has', () => {
  const written = {
    family: 'web',
    cpu: 512,
    memory: '1024',
    networkMode: 'awsvpc',
    containerDefinitions: [
      {
        name: 'app',
        image: '<IMAGE>',
        environment: [{ name: 'LOG_LEVEL', value: 'info' }],
        secrets: [{ name: 'TOKEN', valueFrom: 'arn:aws:ssm:eu-west-1:111122223333:parameter/t' }],
        portMappings: [{ containerPort: 8080 }],
        healthCheck: { command: ['CMD-SHELL', 'true'], retries: 3 },
      },
    ],
  };
  expect(read(written)).toEqual({ state: 'read', written: { ...written, cpu: '512' } });
});

test('what ECS adds to a registered definition is passed over', () => {
  expect(read({ revision: 7, status: 'ACTIVE', registeredAt: 1, compatibilities: [] })).toEqual({
    state: 'read',
    written: {},
  });
});

test.each([
  ['', 'line 1, column 1: it ends here, in the middle of a value'],
  ['{\n  "cpu": "256"', 'line 2, column 15: it ends here, in the middle of a value'],
  ['{\n  "cpu": "256"\n  "memory": "512"\n}', 'line 3, column 3: JSON has no "\\"" here'],
  ['{ "cpu": "256", "cpu": "512" }', 'line 1, column 17: "cpu" stands here twice'],
  ['{ cpu: 1 }', 'line 1, column 3: JSON has no "c" here'],
  ['{ "cpu": 1 } x', 'line 1, column 14: JSON has no "x" here'],
  ['[1,]', 'line 1, column 4: JSON has no "]" here'],
  [`${'['.repeat(40)}${']'.repeat(40)}`, 'line 1, column 34: more than 32 levels'],
  ['['.repeat(60_000), 'line 1, column 1: more than 32 levels'],
  [
    '[]',
    'line 1, column 1: is a list of 0, expected an object, as RegisterTaskDefinition takes it',
  ],
])('what is no JSON is told with its line and column: %j', (text, because) => {
  expect(readDefinitionText(text)).toEqual({ state: 'wrong', because });
});

test('a field of a wrong shape, or that is not known, is told with its place', () => {
  expect(app({ environment: { LOG: 'x' } })).toEqual({
    state: 'wrong',
    because:
      'line 5, column 22: containerDefinitions.0.environment is an object, expected a list of { "name": "…", "value": "…" }',
  });
  expect(app({ priviledged: true })).toEqual({
    state: 'wrong',
    because:
      'line 5, column 22: containerDefinitions.0.priviledged is no field that Slipway takes from a file',
  });
  expect(read({ tags: [] })).toMatchObject({
    because: 'line 2, column 11: tags is no field that Slipway takes from a file',
  });
});

test('a name that stands twice is refused, of a variable and of a container', () => {
  const twice = { name: 'A', value: 'x' };
  expect(app({ environment: [twice, twice] })).toMatchObject({
    because: expect.stringContaining('expected each name once'),
  });
  expect(read({ containerDefinitions: [{ name: 'a' }, { name: 'a' }] })).toMatchObject({
    because: expect.stringContaining('expected each name once'),
  });
});

test('a secret in plain text is refused, and not told', () => {
  const value = `ghp_${'a'.repeat(36)}`;
  expect(app({ environment: [{ name: 'TOKEN', value }] })).toEqual({
    state: 'wrong',
    because:
      'line 8, column 20: containerDefinitions.0.environment.0.value is a text (hidden), expected no secret: put it into Secrets Manager, and name it in `secrets`',
  });
});

test('a file that is longer than ECS takes is not looked into', () => {
  expect(readDefinitionText(' '.repeat(70_000))).toEqual({
    state: 'wrong',
    because: 'it has 70000 characters, and ECS takes 65536 at the most',
  });
});
