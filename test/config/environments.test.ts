/** One file, several accounts: which one is meant is said, and every mistake of all of them is told at once. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadAll, loadPipeline } from '../../cli/connect/pipeline.ts';
import { defineEnvironments } from '../../packages/slipway/door.ts';
import {
  ConfigError,
  ecsService,
  noAlarms,
  type PipelineInput,
} from '../../shared/config/config.ts';

const input = (account: string, region = 'eu-central-1'): PipelineInput => ({
  account,
  region,
  targets: {
    web: ecsService({
      cluster: 'shop',
      service: 'web',
      containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
      alarms: noAlarms('a test'),
    }),
  },
});

function mistakes(inputs: Readonly<Record<string, PipelineInput>>): readonly string[] {
  try {
    defineEnvironments(inputs);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ line }) => line);
    throw error;
  }
  return [];
}

const folder = mkdtempSync(join(tmpdir(), 'slipway-environments-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string, value: unknown) => {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(value));
  return path;
};
const both = file('both.json', {
  environments: { staging: input('111111111111'), production: input('222222222222') },
});

test('an environment is chosen by its name', async () => {
  expect((await loadPipeline({ config: both, env: 'staging' })).account).toBe('111111111111');
  expect((await loadPipeline({ config: both, env: 'production' })).account).toBe('222222222222');
  expect([...(await loadAll(both)).keys()]).toEqual(['staging', 'production']);
});

test('none, a wrong one, and one of a config that has none are refused with what there is', async () => {
  await expect(loadPipeline({ config: both })).rejects.toThrow(
    /has staging and production: say which, --env staging$/,
  );
  await expect(loadPipeline({ config: both, env: 'producton' })).rejects.toThrow(
    /has no environment producton; did you mean production\?$/,
  );
  const one = file('one.json', input('111111111111'));
  await expect(loadPipeline({ config: one, env: 'staging' })).rejects.toThrow(
    /has no environments, so --env staging says nothing: leave it out$/,
  );
});

test('the mistakes of all environments are told at once, each with its name', () => {
  expect(mistakes({ staging: input('1'), production: input('222222222222', 'Frankfurt') })).toEqual(
    [
      expect.stringMatching(/^staging\.account: is "1", expected an AWS account/),
      expect.stringMatching(/^production\.region: is "Frankfurt", expected an AWS region/),
    ],
  );
  expect(mistakes({})).toEqual([expect.stringContaining('expected at least one environment')]);
  expect(mistakes({ 'Pro duction': input('111111111111') })).toEqual([
    expect.stringContaining('expected a name of up to 30 small letters'),
  ]);
});

test('two of one account and region without a name would be one stack with two configs, and are refused', () => {
  expect(mistakes({ staging: input('111111111111'), production: input('111111111111') })).toEqual([
    'production.name: is missing, expected another name than staging has: what both have in 111111111111 in eu-central-1 would be one',
  ]);
});

test('two pipelines of one account and region, each with its name, and no service of both', () => {
  const shop = { ...input('111111111111'), name: 'shop' };
  const { web } = shop.targets;
  const other = { worker: { ...web, service: 'worker' } } as typeof shop.targets;
  expect(mistakes({ main: input('111111111111'), shop: { ...shop, targets: other } })).toEqual([]);
  expect(mistakes({ main: input('111111111111'), shop })).toEqual([
    `shop.targets.web.service: is "web", expected another service: main has ecs/shop/web in 111111111111 in eu-central-1, and two would undo each other's releases`,
  ]);
  expect(mistakes({ main: input('111111111111'), shop: { ...shop, region: 'eu-west-1' } })).toEqual(
    [],
  );
});

test.each([
  '',
  'Shop',
  '1shop',
  'shop-',
  'slipway',
  'my-slipway-2',
  'aws-shop',
  'ssm',
  'a-name-too-long-x',
])('the name %s is refused: of two pipelines no name may begin as one of the other', (name) => {
  expect(mistakes({ main: { ...input('111111111111'), name } })).toEqual([
    expect.stringContaining('expected a name of up to 16 small letters, digits and -'),
  ]);
});
