/** From an event of CodeBuild to a hint for the source that started the build, or to nobody. */
import { readFileSync } from 'node:fs';
import { matches } from '@slipway/local-cloud/eventbridge/pattern.ts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHandler } from '../../functions/build-changed.ts';
import { BUILD_VARIABLES } from '../../shared/aws/builds.ts';
import { parseBuildEvent, SOURCE_KEY_VARIABLE } from '../../shared/edge/build.ts';
import { parseSourceEnvelope } from '../../shared/edge/source-envelope.ts';
import { UnreadableEvent } from '../../shared/parsing/unreadable.ts';
import { TransientError } from '../../shared/ports.ts';
import { routes } from '../../shared/runtime/routing.ts';
import { listeningLog } from '../aws/wire.ts';
import { shopPipeline } from '../shop.ts';
import { contextWith } from './sent.ts';

const KEY = 'git/acme/shop/refs/heads/main';
const pipeline = shopPipeline();

interface Variable {
  readonly name: string;
  readonly type?: string;
  readonly value?: string | null;
}

/** A sample, with other values in its detail. */
function sample(name: string, changes: Readonly<Record<string, unknown>> = {}) {
  const file = new URL(`../../events/codebuild-build-${name}.json`, import.meta.url);
  const event = JSON.parse(readFileSync(file, 'utf8'));
  return { ...event, detail: { ...event.detail, ...changes } };
}

/** A build with these variables, of the project that the samples have. */
function withVariables(variables: unknown) {
  return sample('succeeded', {
    'additional-information': { environment: { 'environment-variables': variables } },
  });
}

const started = (key: string): Variable => ({
  name: 'SLIPWAY_SOURCE_KEY',
  type: 'PLAINTEXT',
  value: key,
});

async function heard(event: unknown, fails?: Error) {
  const sent: string[] = [];
  const log = listeningLog();
  const queues = {
    send: async (queue: string, messages: readonly { readonly body: string }[]) => {
      expect(queue).toBe('builds');
      if (fails !== undefined) throw fails;
      sent.push(...messages.map(({ body }) => body));
    },
  };
  const handler = createHandler(() => ({ pipeline, queues, log }));
  const result = await handler(event, contextWith(10_000));
  return { result, envelopes: sent.map(parseSourceEnvelope), log };
}

async function why(event: unknown): Promise<string> {
  const { result, envelopes, log } = await heard(event);
  expect(envelopes).toEqual([]);
  expect(log.lines).toMatchObject([{ level: 'info', message: 'ignored' }]);
  return 'ignored' in result ? result.ignored : 'heard';
}

describe('a build of ours', () => {
  test.each([
    ['in-progress', 'IN_PROGRESS', '1c0a7d52-4b7e-4f0e-a855-1b1f8c2d0104'],
    ['succeeded', 'SUCCEEDED', undefined],
    ['failed', 'FAILED', '1c0a7d52-4b7e-4f0e-a855-1b1f8c2d0102'],
    ['stopped', 'STOPPED', undefined],
  ])('is a hint for the source that started it: %s', async (name, status, id) => {
    const { result, envelopes, log } = await heard(sample(name));
    expect(result).toEqual({ source: KEY });
    const event = sample(name);
    const build = `slipway-shop-web:${id ?? event.detail['build-id'].split(':').at(-1)}`;
    expect(envelopes).toEqual([
      {
        source: KEY,
        message: {
          type: 'BuildHeard',
          cause: `CodeBuild Build State Change ${status} of ${build}`,
        },
        cause: {
          id: event.id,
          source: 'aws.codebuild',
          detailType: 'CodeBuild Build State Change',
        },
      },
    ]);
    expect(log.lines).toMatchObject([
      { level: 'info', message: 'heard', facts: { source: KEY, build, status } },
    ]);
  });

  test.each(['FAULT', 'TIMED_OUT', 'A_STATUS_OF_TOMORROW'])(
    'whatever its status: %s',
    async (status) => {
      const { envelopes } = await heard(sample('failed', { 'build-status': status }));
      expect(envelopes).toMatchObject([
        { message: { cause: expect.stringContaining(` ${status} of slipway-shop-web:`) } },
      ]);
    },
  );

  test('that is a retry of another is a hint like any other: it has the same environment', async () => {
    const arn = 'arn:aws:codebuild:eu-central-1:123456789012:build/slipway-shop-web:retry-of-it';
    const { envelopes } = await heard(sample('in-progress', { 'build-id': arn }));
    expect(envelopes[0]?.message).toEqual({
      type: 'BuildHeard',
      cause: 'CodeBuild Build State Change IN_PROGRESS of slipway-shop-web:retry-of-it',
    });
  });

  test('told twice is the same message twice', async () => {
    const first = await heard(sample('succeeded'));
    expect((await heard(sample('succeeded'))).envelopes).toEqual(first.envelopes);
  });

  test('whose message did not go fails, so that Lambda hears it again', async () => {
    const ill = new TransientError('sqs:SendMessageBatch to builds gave no answer');
    await expect(heard(sample('succeeded'), ill)).rejects.toThrow(ill);
  });
});

test('the variable is the one that our builds are started with', () => {
  expect(SOURCE_KEY_VARIABLE).toBe(BUILD_VARIABLES.sourceKey);
});

describe('a build is ignored, with the reason', () => {
  test('of a project that is not ours', async () => {
    const other = {
      'project-name': 'payroll',
      'build-id': 'arn:aws:codebuild:eu-central-1:123456789012:build/payroll:1',
    };
    expect(await why(sample('succeeded', other))).toBe(
      'payroll:1 is a build of a project that is not ours',
    );
  });

  test.each<[string, readonly Variable[]]>([
    ['it has no variables', []],
    ['it has others', [{ name: 'STAGE', type: 'PLAINTEXT', value: 'ci' }]],
    ['the variable is empty', [started('')]],
    ['the variable has no value', [{ name: 'SLIPWAY_SOURCE_KEY', value: null }]],
    ['the variable is no key', [started('main; rm -rf /')]],
    ['the key is of a target', [started('ecs/production/web')]],
    ['the variable names a parameter', [{ ...started(KEY), type: 'PARAMETER_STORE' }]],
  ])('that we did not start: %s', async (_, variables) => {
    expect(await why(withVariables(variables))).toMatch(
      /^slipway-shop-web:\S+ is a build that we did not start$/,
    );
  });

  test('for a ref that the config does not build', async () => {
    expect(await why(withVariables([started('git/acme/shop/refs/heads/other')]))).toMatch(
      /was started for git\/acme\/shop\/refs\/heads\/other, which the config does not build$/,
    );
    expect(await why(withVariables([started('git/evil/shop/refs/heads/main')]))).toMatch(
      /which the config does not build$/,
    );
  });

  test('for a source whose images another project builds', async () => {
    const key = 'git/codertocat/hello-world/refs/heads/master';
    expect(await why(withVariables([started(key)]))).toMatch(
      /^slipway-shop-web:\S+ says that it was started for git\/codertocat\/hello-world\/refs\/heads\/master, which is not built by slipway-shop-web$/,
    );
  });

  test('of another account or region', async () => {
    expect(await why({ ...sample('succeeded'), account: '999999999999' })).toMatch(
      /^it comes from account "999999999999"/,
    );
    expect(await why({ ...sample('succeeded'), region: 'us-east-1' })).toMatch(/in "us-east-1"/);
  });

  test('and so is whatever is no state of a build', async () => {
    expect(
      await why({ ...sample('succeeded'), 'detail-type': 'CodeBuild Build Phase Change' }),
    ).toBe('nobody here listens to "CodeBuild Build Phase Change" from "aws.codebuild"');
    expect(await why({})).toBe('nobody here listens to missing from missing');
  });
});

describe('an event that claims to be of a build and cannot be read goes to the dead-letter queue', () => {
  test.each<[string, unknown, string]>([
    ['no event', 'text', 'the input of this function: is "text", expected an event'],
    [
      'no detail',
      { ...sample('failed'), detail: 5 },
      'detail: is the number 5, expected an object',
    ],
    [
      'no project',
      sample('failed', { 'project-name': undefined }),
      'detail.project-name: is missing, expected the name of a CodeBuild project',
    ],
    [
      'a project with a space',
      sample('failed', { 'project-name': 'a b' }),
      'expected the name of a CodeBuild project',
    ],
    [
      'an id that is no ARN',
      sample('failed', { 'build-id': 'slipway-shop-web:1' }),
      'detail.build-id: is "slipway-shop-web:1", expected the ARN of a build',
    ],
    ['no status', sample('failed', { 'build-status': 5 }), 'expected a word like SUCCEEDED'],
    [
      'no environment',
      sample('failed', { 'additional-information': {} }),
      "detail.additional-information.environment: is missing, expected the build's environment",
    ],
    [
      'variables that are no list',
      withVariables({ SLIPWAY_SOURCE_KEY: KEY }),
      'environment-variables: is an object, expected a list of environment variables',
    ],
    [
      'more variables than anybody has',
      withVariables(Array.from({ length: 6_000 }, () => started(KEY))),
      'expected at most 5000 entries',
    ],
  ])('%s', async (_, event, message) => {
    await expect(heard(event)).rejects.toThrow(UnreadableEvent);
    await expect(heard(event)).rejects.toThrow(message);
  });

  test('and no value of the build’s environment is shown', async () => {
    const variables = [{ name: 'PASSWORD', type: 'PLAINTEXT', value: 'hunter2' }, 5];
    const failed = await heard(withVariables(variables)).catch((error: Error) => error);
    expect(failed).toBeInstanceOf(UnreadableEvent);
    expect(JSON.stringify([failed, String(failed)])).not.toContain('hunter2');
    const { log } = await heard(withVariables([variables[0], started(KEY)]));
    expect(JSON.stringify(log.lines)).not.toContain('hunter2');
  });

  test('whatever stands in it: it is heard, ignored or refused, and nothing else', () => {
    const keys = ['build-status', 'project-name', 'build-id', 'additional-information'];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) => {
        try {
          expect(['build', 'ignored']).toContain(
            parseBuildEvent(sample('failed', { [key]: value }), pipeline).kind,
          );
        } catch (error) {
          expect(error).toBeInstanceOf(UnreadableEvent);
        }
      }),
      { seed: 20_261_120, numRuns: 500 },
    );
  });
});

describe('the rule for builds', () => {
  const rules = routes(pipeline).filter((route) => route.function === 'build-changed');

  test('asks for the projects of the config, in its account and region', () => {
    expect(rules).toEqual([
      {
        name: 'build-changed-1',
        function: 'build-changed',
        pattern: {
          source: ['aws.codebuild'],
          'detail-type': ['CodeBuild Build State Change'],
          account: ['123456789012'],
          region: ['eu-central-1'],
          detail: {
            'project-name': ['slipway-hello-hello', 'slipway-shop-web', 'slipway-shop-worker'],
          },
        },
      },
    ]);
  });

  test('lets our builds through, and no others', () => {
    const reaches = (event: object) => rules.some(({ pattern }) => matches(pattern, event));
    for (const name of ['in-progress', 'succeeded', 'failed', 'stopped']) {
      expect(reaches(sample(name)), name).toBe(true);
    }
    expect(reaches(sample('failed', { 'project-name': 'payroll' }))).toBe(false);
    expect(reaches({ ...sample('failed'), 'detail-type': 'CodeBuild Build Phase Change' })).toBe(
      false,
    );
    expect(reaches({ ...sample('failed'), region: 'us-east-1' })).toBe(false);
  });

  test('is not there without sources', () => {
    const without = { ...pipeline, sources: {} };
    expect(routes(without).filter((route) => route.function === 'build-changed')).toEqual([]);
  });
});
