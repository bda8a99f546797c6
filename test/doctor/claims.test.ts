/** What doctor says of images that others build. */
import { expect, test } from 'vitest';
import { claimsChecks, type LoadClaims } from '../../cli/doctor/claims-check.ts';
import { at, digest } from '../build.ts';
import { commit } from '../build-source.ts';
import { shopPipeline } from '../shop.ts';

const elsewhere = shopPipeline({
  ...{ builtBy: 'elsewhere', branches: ['main'], tags: [] },
  images: { web: { repository: 'shop/web' } },
});
const image = { image: 'web', digest: digest(2), tag: 'main-2', commit: commit(2) };
const waits = { at: at(1), failures: 1, because: 'GitHub could not be asked: HTTP 503' };

const of = async (stored: Awaited<ReturnType<LoadClaims>>) =>
  (await claimsChecks(elsewhere, async () => stored))[0];

test('what waits for GitHub is told, with the secret that may be to blame', async () => {
  const claims = [
    { ...image, since: at(0) },
    { ...image, since: at(0), waits },
  ];
  expect(await of({ record: { claims } })).toMatchObject({
    name: 'images of acme/shop main',
    state: 'failed',
    says: 'main-2 waits: GitHub could not be asked: HTTP 503',
    fix: 'wait, or see whether the secret slipway/github may read the repository',
  });
});

test('what was not taken is told with its reason, and is no trouble of ours', async () => {
  const refused = [{ ...image, at: at(0), because: 'it names no commit' }];
  expect(await of({ record: { refused } })).toMatchObject({
    state: 'ok',
    says: expect.stringMatching(
      /^the last that was not taken is main-2, at .*Z: it names no commit$/,
    ),
  });
  expect(await of({ record: {} })).toMatchObject({
    state: 'ok',
    says: 'each that came was taken, or is asked of now',
  });
});

test('without a record, or without the right to read it, nobody knows', async () => {
  expect((await of(undefined))?.state).toBe('skipped');
  const [denied] = await claimsChecks(elsewhere, () => Promise.reject(new Error('AccessDenied')));
  expect([denied?.state, denied?.says]).toEqual(['skipped', 'AccessDenied']);
});

test('a pipeline that builds its images is not asked', async () => {
  expect(await claimsChecks(shopPipeline(), async () => undefined)).toEqual([]);
});
