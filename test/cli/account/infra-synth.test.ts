/** `infra synth` of a config with environments: all of them, each in a folder of its own, or none. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import { configCheck } from '../../../cli/config-check.ts';
import { synthesized, synthesizedAll } from '../../../cli/infra/synthesized.ts';
import type { synthesize } from '../../../infra/synth.ts';
import { ConfigError } from '../../../shared/config/config.ts';
import { printed } from '../world.ts';

const written = vi.hoisted(() => [] as (readonly [account: string, outdir: string])[]);
vi.mock('../../../infra/synth.ts', () => ({
  synthesize: (async ({ account }, outdir) => {
    written.push([account, outdir]);
    return { notices: [], digests: [] };
  }) satisfies typeof synthesize,
}));

const folder = mkdtempSync(join(tmpdir(), 'slipway-synth-'));
afterAll(() => rmSync(folder, { recursive: true }));
beforeEach(() => void written.splice(0));

const input = (account: string, infra = {}) => ({
  account,
  region: 'eu-central-1',
  targets: {
    web: {
      type: 'ecs-service',
      cluster: 'shop',
      service: 'web',
      containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
      alarms: { noAlarmsBecause: 'a test' },
    },
  },
  infra,
});
const [STAGING, PRODUCTION] = ['111111111111', '222222222222'];
function config(value: unknown): string {
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify(value));
  return path;
}
const both = () =>
  config({ environments: { staging: input(STAGING), production: input(PRODUCTION) } });
const all = async (options: { readonly config: string; readonly env?: string }) =>
  (await printed(async () => void (await synthesizedAll({ ...options, json: false }, 'cdk.out'))))
    .stdout;

test('makes all environments, each in a folder of its own', async () => {
  const stdout = await all({ config: both() });
  expect(written).toEqual([
    [STAGING, 'cdk.out/staging'],
    [PRODUCTION, 'cdk.out/production'],
  ]);
  expect(stdout).toContain('cdk.out/production/Slipway.template.json is made');
});

test('makes the one that --env names, in the same folder, which is what deploy hands to cdk', async () => {
  await all({ config: both(), env: 'production' });
  const deploying = { config: both(), env: 'production', json: false };
  await printed(async () => expect(await synthesized(deploying, 'out')).toBe('out/production'));
  expect(written).toEqual([
    [PRODUCTION, 'cdk.out/production'],
    [PRODUCTION, 'out/production'],
  ]);
});

test('writes nothing when one of them is wrong', async () => {
  const wrong = input(PRODUCTION, { logDays: 4 });
  const path = config({ environments: { staging: input(STAGING), production: wrong } });
  await expect(all({ config: path })).rejects.toBeInstanceOf(ConfigError);
  for (const options of [{ config: path }, { config: path, env: 'production' }]) {
    await expect(all(options)).rejects.toThrow(/production\.infra\.logDays: is the number 4/);
  }
  const { stdout } = await printed(() => configCheck(path, { json: false, debug: false }));
  expect(stdout).toContain('production.infra.logDays: is the number 4');
  expect(written).toEqual([]);
});

test('of a config without environments the folder is the one that is told', async () => {
  await all({ config: config(input(STAGING)) });
  expect(written).toEqual([[STAGING, 'cdk.out']]);
});
