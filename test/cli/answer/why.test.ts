/** `slipway why`: cause, evidence, last log lines, what changed, what to do; and what it could not see. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Connection } from '../../../cli/connect/connection.ts';
import { EXIT } from '../../../cli/output/exit.ts';
import { redacted } from '../../../cli/output/redacted.ts';
import { type WhyOptions, why } from '../../../cli/why.ts';
import { COMMON, printed, type Standing, standing } from '../world.ts';

const OPTIONS: WhyOptions = { ...COMMON, lines: 10, redact: [] };

let here: Standing;
beforeAll(async () => {
  here = await standing();
  here.push('main-1');
  await here.pass(20);
  here.push('main-2', { exitCodeOnStart: 3 });
  await here.pass(10);
});

test('a container that exits: its code, its last lines, what changed since, and what to do', async () => {
  const { code, stdout } = await printed(() => why(here.connection, 'web', OPTIONS));
  expect(code).toBe(EXIT.done);
  expect(stdout).toMatch(/^web #2 /);
  expect(stdout).toMatch(
    /\n\nmain-2 was rolled back: a container ended with exit code 3 \(\d tasks\)\.\n/,
  );
  expect(stdout).toMatch(
    /\n {2}stopped task at 10:\d\d:\d\d UTC: task \w{8}; Essential container in task exited; app: exit code 3\n/,
  );
  expect(stdout).toContain(
    '\nLast lines of app\n  starting\n  Error: cannot go on, exiting with code 3\n',
  );
  expect(stdout).toMatch(
    /\n {2}image of "app": shop\/web:main-1 \(\S+\) -> shop\/web:main-2 \(\S+\)\n {2}the task definition is otherwise the same\n/,
  );
  expect(stdout).toContain('\nTo do\n  its last log lines tell why\n');
  expect(stdout).not.toContain('Not seen');
});

test('a release is named by its number, and a proven one has nothing against it', async () => {
  const { stdout } = await printed(() =>
    why(here.connection, 'web', { ...OPTIONS, release: '#1' }),
  );
  expect(stdout).toMatch(/^web #1 /);
  expect(stdout).toContain('main-1 is proven: nothing speaks against it.');
});

test('an unknown release is refused with those that there are', async () => {
  await expect(why(here.connection, 'web', { ...OPTIONS, release: '9' })).rejects.toThrow(
    /^no release of web is "9"; there is: /,
  );
});

test('a target that never had a release says so', async () => {
  const early = await standing();
  const none: Connection = {
    ...early.connection,
    aws: {
      ...early.connection.aws,
      records: { ...early.connection.aws.records, load: async () => undefined },
    },
  };
  await expect(why(none, 'web', OPTIONS)).rejects.toThrow('web has had no release yet');
});

test('with --no-logs no log is read', async () => {
  const aws = {
    ...here.connection.aws,
    logs: { lastLines: () => Promise.reject(new Error('a log was read')) },
  };
  const { stdout } = await printed(() =>
    why({ ...here.connection, aws }, 'web', { ...OPTIONS, lines: 0 }),
  );
  expect(stdout).not.toContain('Last lines');
});

describe('a release on its way, behind a load balancer', () => {
  const sick = (n: number) => ({
    target: `10.0.1.${n}:80`,
    state: 'unhealthy',
    because: 'Target.Timeout: Request timed out',
  });

  test.each([
    [
      [sick(1)],
      /\n {2}load balancer: 10\.0\.1\.1:80 is unhealthy now: Target\.Timeout: Request timed out\n/,
    ],
    [
      [1, 2, 3, 4, 5].map(sick),
      /10\.0\.1\.3:80 is unhealthy now[^\n]*\n {2}load balancer: and 2 targets more\n/,
    ],
  ])(
    'what the load balancer has against its targets is evidence, three of them',
    async (all, told) => {
      const moving = await standing();
      moving.push('main-1', { failsHealthCheck: true });
      await moving.pass(2);
      const aws = { ...moving.connection.aws, sickTargets: async () => all };
      const { stdout } = await printed(() => why({ ...moving.connection, aws }, 'web', OPTIONS));
      expect(stdout).toMatch(told);
    },
  );

  test('of one that ended otherwise it is not asked', async () => {
    const sickTargets = () => Promise.reject(new Error('it was asked'));
    const aws = { ...here.connection.aws, sickTargets };
    const { stdout } = await printed(() => why({ ...here.connection, aws }, 'web', OPTIONS));
    expect(stdout).not.toContain('it was asked');
  });
});

test('without the right to read the log the rest is told, and what was not seen', async () => {
  const lastLines = async () =>
    ({ state: 'unseen', because: 'the log /ecs/web: AccessDeniedException' }) as const;
  const aws = { ...here.connection.aws, logs: { lastLines } };
  const { stdout } = await printed(() => why({ ...here.connection, aws }, 'web', OPTIONS));
  expect(stdout).toContain('a container ended with exit code 3');
  expect(stdout).toContain('\nNot seen\n  the log /ecs/web: AccessDeniedException\n');
});

test('what a person wants hidden does not stand in the JSON either', async () => {
  const { stdout } = await printed(() =>
    why(here.connection, 'web', { ...OPTIONS, json: true, redact: [/cannot go on/g] }),
  );
  expect(JSON.parse(stdout)).toMatchObject({
    format: 'slipway.why/1',
    cause: { kind: 'exit-nonzero' },
    log: { container: 'app', lines: ['starting', 'Error: (hidden), exiting with code 3'] },
    unseen: [],
  });
});

describe('secrets in a log', () => {
  test.each([
    ['DB_PASSWORD=hunter2 host=db', 'DB_PASSWORD=(hidden) host=db'],
    ['{"token": "abc.def", "user": "ada"}', '{"token": "(hidden)", "user": "ada"}'],
    ['Authorization: Bearer abcdef0123456789', 'Authorization: (hidden)'],
    ['using AKIAIOSFODNN7EXAMPLE', 'using (hidden)'],
    [
      'connecting to postgres://app:s3cret@db:5432/shop',
      'connecting to postgres://app:(hidden)@db:5432/shop',
    ],
    ['eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc', '(hidden)'],
    ['exiting with code 3', 'exiting with code 3'],
  ])('%s', (text, shown) => {
    expect(redacted(text)).toBe(shown);
  });
});
