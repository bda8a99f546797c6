/** doctor reads off the records of the branches whether GitHub's webhook reaches Slipway. */
import { expect, test } from 'vitest';
import { type LoadSource, webhookChecks } from '../../cli/doctor/webhook-check.ts';
import { shopPipeline } from '../shop.ts';

const COMMITS = [{ commit: 'a'.repeat(40), line: 0, position: 1 }];
const checked = async (stored: Awaited<ReturnType<LoadSource>>) =>
  (await webhookChecks(shopPipeline(), async () => stored))[0];

test('the record of the branch is asked for, by its key', async () => {
  const asked: string[] = [];
  const load: LoadSource = async (key) => void asked.push(key);
  const [check] = await webhookChecks(shopPipeline(), load);
  expect(asked).toEqual([
    'git/acme/shop/refs/heads/main',
    'git/codertocat/hello-world/refs/heads/master',
  ]);
  expect(check).toMatchObject({ name: 'webhook of acme/shop main', state: 'skipped' });
});

test('deliveries have come: it reaches us', async () => {
  const record = { commits: COMMITS, deliveries: ['d-1', 'd-2'] };
  expect(await checked({ record })).toMatchObject({
    state: 'ok',
    says: '2 deliveries have come; whether the newest push was among them, GitHub knows',
  });
});

test('the branch is known, and by no delivery: the webhook does not reach us', async () => {
  expect(await checked({ record: { commits: COMMITS, deliveries: [] } })).toMatchObject({
    state: 'failed',
    says: expect.stringContaining('no delivery of GitHub has ever come'),
    fix: expect.stringContaining('Recent Deliveries'),
  });
});

test('what cannot be read is skipped, in words', async () => {
  const load: LoadSource = async () => {
    throw new Error('dynamodb:GetItem: not authorized');
  };
  const [check] = await webhookChecks(shopPipeline(), load);
  expect(check).toMatchObject({ state: 'skipped', says: 'dynamodb:GetItem: not authorized' });
});

test('images that others build do not need it: a commit is placed when its image comes', async () => {
  const shop = { builtBy: 'elsewhere', branches: ['main'], tags: [] };
  const elsewhere = shopPipeline({ ...shop, images: { web: { repository: 'shop/web' } } });
  const commits = [{ commit: 'c'.repeat(40), line: 1, position: 0 }];
  const [check] = await webhookChecks(elsewhere, async () => ({
    record: { commits, deliveries: [] },
  }));
  expect(check).toMatchObject({
    state: 'skipped',
    says: expect.stringMatching(/, or an image came; a commit is placed then, too$/),
  });
});
