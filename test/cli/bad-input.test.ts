/** What goes wrong is one line, an exit code of the table, and no stack. Its own process where its environment matters. */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { dispatch } from '../../cli/dispatch.ts';
import { UsageError } from '../../cli/output/command-error.ts';
import { type AwsThat, awsThatKnowsYouAs, awsThatSays } from './aws-that.ts';
import { type Ran, slipway, slipwayIn } from './run.ts';
import { slipwayHere } from './run-here.ts';

/** As on a machine where nobody ever signed in. */
function cleanEnvironment(more: Record<string, string> = {}) {
  const { PATH } = process.env;
  const HOME = mkdtempSync(join(tmpdir(), 'slipway-home-'));
  return { PATH, HOME, AWS_EC2_METADATA_DISABLED: 'true', ...more };
}

const SIGNED_IN = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };

function isOneLine({ stdout, stderr }: Ran, starts: string): void {
  expect(stderr).toMatch(/^slipway: [^\n]+\n$/);
  expect(stderr.slice('slipway: '.length)).toMatch(new RegExp(`^${starts}`));
  expect(stderr).not.toMatch(/\n\s+at /);
  expect(stdout).toBe('');
}

async function against(aws: Promise<AwsThat>, run: (url: string) => Promise<Ran>): Promise<Ran> {
  const { url, close } = await aws;
  try {
    return await run(url);
  } finally {
    close();
  }
}

describe('a target that the config does not name needs no credentials to be refused', () => {
  afterEach(() => void vi.unstubAllEnvs());

  test.each([
    ['status', 'nosuch'],
    ['explain', 'nosuch'],
    ['rollback', 'nosuch', '--because', 'x', '--yes'],
    ['hold', 'nosuch', '--because', 'x'],
    ['approve', 'nosuch', '--because', 'x', '--yes'],
  ])('%s', async (...args) => {
    const ours = Object.keys(process.env).filter((name) => name.startsWith('AWS_'));
    for (const name of ours) vi.stubEnv(name, undefined);
    for (const [name, value] of Object.entries(cleanEnvironment())) vi.stubEnv(name, value);
    const ran = await slipwayHere(...args);
    isOneLine(ran, 'there is no target "nosuch"');
    expect(ran.code).toBe(2);
  });
});

describe.concurrent('between us and AWS', () => {
  test('no credentials', async () => {
    const ran = await slipwayIn(cleanEnvironment(), 'status');
    expect(ran.code).toBe(3);
    isOneLine(ran, 'there are no AWS credentials \\(.*\\); sign in, or set AWS_PROFILE');
  });

  test('a profile that does not exist is named', async () => {
    const ran = await slipwayIn({ ...cleanEnvironment(), AWS_PROFILE: 'nope' }, 'status');
    expect(ran.code).toBe(3);
    isOneLine(ran, '.*the profile that was tried is "nope", of AWS_PROFILE');
  });

  test('credentials of another account: both are named, and nothing is asked', async () => {
    const arn =
      'arn:aws:sts::210987654321:assumed-role/AWSReservedSSO_Deployer_0a1b2c3d4e5f6071/ada@example.com';
    const ran = await against(awsThatKnowsYouAs(arn), (AWS_ENDPOINT_URL) =>
      slipwayIn(cleanEnvironment({ ...SIGNED_IN, AWS_ENDPOINT_URL }), 'status'),
    );
    expect(ran.code).toBe(3);
    isOneLine(
      ran,
      'your credentials are of account 210987654321 \\(ada@example.com \\(Deployer\\)\\), and the config is for 123456789012; nothing was asked',
    );
  });

  test.each([
    [
      'an expired token',
      [400, 'ExpiredTokenException', 'The security token included in the request is expired'],
      3,
      'your credentials have expired \\(The security token .*\\); sign in again',
    ],
    [
      'a key that nobody knows',
      [
        400,
        'UnrecognizedClientException',
        'The security token included in the request is invalid.',
      ],
      3,
      'the local AWS does not accept these credentials \\(UnrecognizedClientException',
    ],
    [
      'a missing permission, by its name and its resource',
      [
        400,
        'AccessDeniedException',
        'User: arn:aws:iam::123456789012:user/ada is not authorized to perform: dynamodb:GetItem on resource: arn:aws:dynamodb:eu-central-1:123456789012:table/slipway because no identity-based policy allows the dynamodb:GetItem action',
      ],
      4,
      'the permission dynamodb:GetItem on arn:aws:dynamodb:eu-central-1:123456789012:table/slipway is missing',
    ],
    [
      'a missing permission of which AWS says no more',
      [400, 'AccessDeniedException', 'denied'],
      4,
      'the permission (dynamodb|ecs):\\w+ is missing',
    ],
    [
      'an account without Slipway',
      [400, 'ResourceNotFoundException', 'Requested resource not found'],
      5,
      'there is no Slipway at the local AWS \\(.*Requested resource not found\\)',
    ],
    [
      'an AWS that is ill',
      [500, 'InternalServerError', 'Internal server error'],
      5,
      'the local AWS did not answer: ',
    ],
  ] as const)('%s', async (_, [status, code, message], exit, starts) => {
    const ran = await against(awsThatSays(status, code, message), (url) =>
      slipwayHere('history', 'web', '--local', url),
    );
    expect(ran.code).toBe(exit);
    isOneLine(ran, starts);
  });

  test('nothing listens there', async () => {
    const { url, close } = await awsThatSays(200, '', '');
    close();
    const ran = await slipwayHere('status', '--local', url);
    expect(ran.code).toBe(5);
    isOneLine(ran, `nothing answers at ${url} \\(ECONNREFUSED\\); \`slipway local\` starts`);
  });

  test('--debug says where it happened', async () => {
    const ran = await against(awsThatSays(400, 'AccessDeniedException', 'denied'), (url) =>
      slipway('explain', 'web', '--debug', '--local', url),
    );
    expect(ran.stderr).toMatch(/\nTransientError: [^\n]+\n {4}at /);
    expect(ran.stderr).toMatch(/\ncaused by: AccessDeniedException: denied\n/);
  });
});

describe('asked wrongly', () => {
  test.each([
    ['a wrong command', ['stauts'], 'there is no command "stauts"; did you mean status\\?'],
    [
      'a wrong word of a word',
      ['config', 'chek'],
      'there is no command "config chek"; did you mean check\\?',
    ],
    ['a word that is missing', ['config'], 'config needs a word more; there is: check'],
    ['no target', ['history'], 'history needs a target: slipway history <target>'],
    ['no image', ['deploy', 'web', '--because', 'x'], 'deploy needs --image <reference>: '],
    ['no reason', ['rollback', 'web'], 'rollback needs --because <words>: why, in a sentence'],
    [
      'a reason without words',
      ['rollback', 'web', '--because'],
      '--because needs a value: --because <words>',
    ],
    ['an empty reason', ['hold', 'web', '--because', ''], '--because is empty'],
    [
      'a wrong option',
      ['status', '--wacht'],
      'there is no option --wacht; did you mean --watch\\?',
    ],
    ['a word too many', ['explain', 'web', 'worker'], '"worker" is one word too many'],
    ['a wrong URL', ['status', '--local=ftp://x'], '--local is "ftp://x", expected a URL such as'],
    [
      'a wrong shell',
      ['completion', 'bsh'],
      'completion knows no shell "bsh"; did you mean bash\\?',
    ],
    ['no such config', ['status', '--config', 'nowhere.ts'], 'nowhere.ts does not exist'],
    [
      'a config that is none',
      ['config', 'check', 'cli/output/print.ts'],
      'cli/output/print.ts has no default export',
    ],
    [
      'a config that is JSON of something else',
      ['config', 'check', 'nowhere.json'],
      'nowhere.json does not exist',
    ],
    [
      'a wrong number',
      ['history', 'web', '--limit', 'all'],
      '--limit is "all", expected a whole number from 1 to 1000',
    ],
  ])('%s is refused before anything is done', async (_, args, starts) => {
    await expect(dispatch(args)).rejects.toThrow(new RegExp(`^${starts}`));
    await expect(dispatch(args)).rejects.toBeInstanceOf(UsageError);
  });

  test('it is one line on stderr, and exit code 2', async () => {
    const ran = await slipway('history');
    expect(ran.code).toBe(2);
    isOneLine(ran, 'history needs a target: slipway history <target>');
  });
});

test('what is piped and closed early ends quietly', async () => {
  const main = fileURLToPath(new URL('../../cli/main.ts', import.meta.url));
  const story = ['--scenario', 'local/scenarios/healthy.json'];
  const child = spawn(process.execPath, [main, 'start', '--json', ...story]);
  let stderr = '';
  child.stderr.on('data', (data) => {
    stderr += String(data);
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect([code, stderr]).toEqual([0, '']);
});
