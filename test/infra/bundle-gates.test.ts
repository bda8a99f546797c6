/** Sigstore's libraries are in the bundle of who asks for signatures, work there, and are nowhere else. */
import { sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LOCAL_KEY, LOCAL_PUBLIC_KEY } from '@slipway/local-cloud/ecr/cosign.ts';
import { afterAll, describe, expect, test } from 'vitest';
import {
  type Bundle,
  bundleFunction,
  bundleFunctions,
  bundleText,
  packageOf,
} from '../../infra/bundle.ts';
import type { FunctionName } from '../../infra/names.ts';
import { parsePipeline } from '../../shared/config/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'slipway-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));

const pipeline = (gates: object, more: object = {}) =>
  parsePipeline({
    ...more,
    account: '123456789012',
    region: 'eu-central-1',
    targets: {
      web: {
        ...{ type: 'ecs-service', mode: 'act', cluster: 'production', service: 'web' },
        containers: { app: { repository: 'shop/web', tags: { glob: '*' } } },
        alarms: { noAlarmsBecause: 'a test' },
        ...gates,
      },
    },
  });

/** Of each of these functions, what it has of Sigstore. */
async function sigstoreIn(names: readonly FunctionName[], gates: object) {
  const bundles = await bundleFunctions(names, pipeline(gates));
  const packagesOf = ({ metafile }: Bundle) => {
    const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
    return [...new Set(inputs.map(packageOf))].filter((name) => name.includes('sigstore')).sort();
  };
  return Object.fromEntries([...bundles].map(([name, bundle]) => [name, packagesOf(bundle)]));
}

test('Octokit is in reconcile where a target has its task definition in git, and nowhere else', async () => {
  const sources = {
    shop: { repository: 'acme/shop', images: { web: { repository: 'shop/web' } } },
  };
  const octokits = async (gates: object) => {
    const { metafile } = await bundleFunction('reconcile', pipeline(gates, { sources }));
    const inputs = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs));
    return [...new Set(inputs.map(packageOf))].filter((name) => name.includes('octokit'));
  };
  expect(await octokits({})).toEqual([]);
  expect(await octokits({ definition: 'taskdef.json' })).toContain('@octokit/core');
});

describe('Sigstore', () => {
  test('is in reconcile where a target asks for signatures, and nowhere else: a start does not pay for what nobody asks', async () => {
    const signature = { publicKey: LOCAL_PUBLIC_KEY };
    expect(await sigstoreIn(['reconcile', 'image-pushed', 'tick'], { signature })).toEqual({
      reconcile: expect.arrayContaining(['@sigstore/verify', 'sigstore']),
      'image-pushed': [],
      tick: [],
    });
    const unasked = await sigstoreIn(['reconcile'], { scan: { highest: 'HIGH' } });
    expect(unasked).toEqual({ reconcile: [] });
  });

  test('is loaded by the first image that needs it, not by the start, and for a key without what asks for roots', async () => {
    const loaded = (folder: string) =>
      Object.keys(createRequire(import.meta.url).cache).some((file) => file.includes(folder));
    await import('../../shared/aws/connect/reconcile.ts');
    expect(loaded('/@sigstore/verify/')).toBe(false);
    const { checkByKey } = await import('../../shared/aws/ecr/sigstore.ts');
    checkByKey(LOCAL_PUBLIC_KEY);
    expect(loaded('/@sigstore/verify/')).toBe(true);
    expect(loaded('/sigstore/')).toBe(false);
  });

  test('works as one file', async () => {
    const file = join(folder, 'sigstore.mjs');
    const { code } = bundleText(`export { checkByKey } from './shared/aws/ecr/sigstore.ts';`);
    writeFileSync(file, code);
    const { checkByKey } = await import(file);
    const digest = `sha256:${'a'.repeat(64)}`;
    const payload = Buffer.from(
      JSON.stringify({
        critical: {
          image: { 'docker-manifest-digest': digest },
          type: 'cosign container image signature',
        },
      }),
    );
    const signature = sign('sha256', payload, LOCAL_KEY).toString('base64');
    const annotations = { 'dev.cosignproject.cosign/signature': signature };
    const found = { kind: 'payload', payload, annotations };
    const check = checkByKey(LOCAL_PUBLIC_KEY);
    expect(check(found, digest)).toEqual({ is: 'good' });
    expect(check(found, `sha256:${'b'.repeat(64)}`).is).toBe('wrong');
  });
});
