/** What Lambda gets: which packages are in which function, and the config as data. */
import { describe, expect, test } from 'vitest';
import {
  bundleFunction,
  bundleFunctions,
  configModule,
  packageOf,
  partsOf,
} from '../../infra/bundle.ts';
import { FUNCTION_NAMES } from '../../infra/names.ts';
import example from '../../pipeline.config.ts';
import { pipelineWith } from './made.ts';

const bundles = await bundleFunctions(FUNCTION_NAMES, example);

const CLIENTS: Readonly<Record<(typeof FUNCTION_NAMES)[number], readonly string[]>> = {
  'image-pushed': ['client-sqs'],
  'rollout-changed': ['client-sqs'],
  'alarm-changed': ['client-sqs'],
  reconcile: [
    'client-cloudwatch',
    'client-cloudwatch-logs',
    'client-dynamodb',
    'client-ecr',
    'client-ecs',
    'client-elastic-load-balancing-v2',
    'client-eventbridge',
    'client-sqs',
    'client-ssm',
  ],
  tick: ['client-dynamodb', 'client-ecr', 'client-ecs', 'client-sqs'],
  'lifecycle-hook': ['client-cloudwatch', 'client-dynamodb'],
  'github-push': ['client-secrets-manager', 'client-sqs'],
  'build-changed': ['client-sqs'],
  build: [
    'client-codebuild',
    'client-dynamodb',
    'client-ecr',
    'client-eventbridge',
    'client-secrets-manager',
    'client-sqs',
  ],
  feedback: ['client-dynamodb', 'client-secrets-manager', 'client-sqs'],
  notice: ['client-cloudwatch', 'client-dynamodb', 'client-ecs', 'client-sns'],
};

describe.each(FUNCTION_NAMES)('%s', (name) => {
  const bundle = bundles.get(name);
  const inputs = Object.keys(bundle?.metafile.inputs ?? {});

  test('has these SDK clients and no other', () => {
    const clients = new Set(
      partsOf(bundle as never)
        .map(([part]) => part)
        .filter((part) => part.startsWith('@aws-sdk/client-'))
        .map((part) => part.replace('@aws-sdk/', '')),
    );
    expect([...clients].sort()).toEqual(CLIENTS[name]);
  });

  test('knows nothing of the local AWS, the infrastructure or the tests', () => {
    const ours = inputs.filter((input) => packageOf(input) === '');
    expect(ours.filter((input) => !/^(functions|shared|data:)/.test(input))).toEqual([]);
    for (const packageName of ['aws-cdk-lib', 'esbuild', 'vitest', 'dynalite']) {
      expect(inputs.map(packageOf)).not.toContain(packageName);
    }
  });

  test('has the config as data, already checked', () => {
    expect(inputs).not.toContain('pipeline.config.ts');
    expect(inputs).not.toContain('shared/config/schema.ts');
    for (const packageName of ['picomatch', 'semver', 'fastest-levenshtein']) {
      expect(inputs.map(packageOf)).not.toContain(packageName);
    }
    expect(bundle?.code).toContain('shop/worker');
  });

  test('is minified, has its source map apart, and stays under a megabyte', () => {
    expect(bundle?.code.length).toBeLessThan(1_000_000);
    expect(bundle?.code).not.toContain('sourceMappingURL');
    expect(bundle?.code).not.toContain('sourcesContent');
    expect(JSON.parse(bundle?.sourceMap ?? '{}').version).toBe(3);
  });
});

const ROUTING = ['image-pushed', 'rollout-changed', 'alarm-changed'];

test.each([
  ['what decides', 'shared/core/decide.ts', ['reconcile']],
  [
    'what reads the queues',
    'shared/edge/envelope.ts',
    ['reconcile', 'build', 'feedback', 'notice'],
  ],
  ['what decides on sources', 'shared/core/source/decide.ts', ['build']],
  ['what speaks to GitHub', 'shared/github/client.ts', ['build', 'feedback']],
  ['what checks signatures of GitHub', 'shared/edge/webhook-signature.ts', ['github-push']],
  ['what hears AWS', 'shared/edge/parse-aws-event.ts', ROUTING],
  ['the classes of zod, which are slow to start,', 'node_modules/zod/v4/classic/schemas.js', []],
])('%s is only where it is needed', (_, input, needed) => {
  const having = FUNCTION_NAMES.filter((name) =>
    Object.keys(bundles.get(name)?.metafile.inputs ?? {}).includes(input),
  );
  expect(having.toSorted()).toEqual(needed.toSorted());
});

test.each(['github-push', 'build-changed', 'build', 'feedback'] as const)(
  '%s has no client that could deploy',
  (name) => {
    const inputs = Object.keys(bundles.get(name)?.metafile.inputs ?? {});
    expect(inputs.map(packageOf)).not.toContain('@aws-sdk/client-ecs');
    // Of others' images `build` reads the labels; that it may do nothing else, its policy says.
    const ecr = inputs.filter((input) => packageOf(input) === '@aws-sdk/client-ecr');
    expect(ecr.length > 0).toBe(name === 'build');
  },
);

test('the same config gives the same bytes, alone and beside others', async () => {
  const { metafile, ...alone } = await bundleFunction('reconcile', example);
  const { metafile: beside, ...same } = bundles.get('reconcile') ?? {};
  expect(same).toEqual(alone);
  expect(beside).toEqual(metafile);
});

test('the data is the pipeline without what only the infrastructure needs, and an id of every object finds no target', async () => {
  const pipeline = pipelineWith({ web: {}, worker: { mode: 'watch' } });
  const source = `data:text/javascript,${encodeURIComponent(configModule(pipeline))}`;
  const { default: read } = await import(source);
  const { infra: _, ...data } = pipeline;
  expect(read).toEqual(data);
  expect(read.targets.constructor).toBeUndefined();
});
