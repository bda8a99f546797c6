/** The page with the local AWS itself: a bad image is pushed, and the page shows how it goes away. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { startLocalAws } from '../../local/server/local-aws.ts';
import { definePipeline, ecsService, noAlarms } from '../../shared/config/config.ts';
import { type Check, until, watch } from './check.ts';

const pipeline = definePipeline({
  account: '123456789012',
  region: 'eu-central-1',
  targets: {
    web: ecsService({
      mode: 'act',
      cluster: 'production',
      service: 'web',
      containers: { app: { repository: 'shop/web', tags: { glob: 'main-*' } } },
      alarms: ['web-5xx'],
      bakeMinutes: 10,
      rollout: { minimumHealthyPercent: 100, maximumPercent: 200 },
    }),
    worker: ecsService({
      mode: 'act',
      cluster: 'production',
      service: 'worker',
      containers: { worker: { repository: 'shop/worker', tags: { glob: 'main-*' } } },
      alarms: noAlarms('it answers no requests'),
    }),
  },
});

export function realChecks(screenshot: string | undefined): readonly Check[] {
  return [
    {
      name: 'with the local AWS itself: a bad release is watched until it is rolled back',
      async run({ browser, shoot }) {
        const aws = await startLocalAws({
          pipeline,
          port: 0,
          host: '127.0.0.1',
          seed: 1,
          speed: 0,
        });
        const context = await browser.newContext({
          viewport: { width: 1280, height: 800 },
          colorScheme: 'light',
        });
        const complaints: string[] = [];
        try {
          const page = await context.newPage();
          watch(page, (line) => complaints.push(line));
          await watchRollback(page, aws.url, screenshot);
          await shoot(page, 'real');
        } finally {
          await context.close();
          await aws.stop();
        }
        assert.deepEqual(complaints, []);
      },
    },
  ];
}

async function watchRollback(page: Page, url: string, screenshot: string | undefined) {
  const response = await page.goto(url);
  assert.match(response?.headers()['content-security-policy'] ?? '', /default-src 'self'/);
  await page.locator('.card').nth(1).waitFor();
  assert.match(await page.locator('footer').innerText(), /AWS_ENDPOINT_URL=http/);

  const push = (tag: string, behaviour: object) =>
    page.request.post(`${url}/_slipway/push`, {
      data: { repository: 'shop/web', tag, behaviour },
    });
  const badge = page.locator('.card .badge').first();
  await advance(page, 600);
  await push('main-1a2b3c4', {});
  await advance(page, 1_500);
  await badge.filter({ hasText: 'idle' }).waitFor();
  await page.locator('.entry').filter({ hasText: 'proven' }).first().waitFor();

  await push('main-8f3c2a1', { errorRate: 0.25, latencyMs: 80 });
  await advance(page, 60);
  await badge.filter({ hasText: 'deploying' }).waitFor();
  await advanceUntil(page, 'rolling-back');
  await bothAnswer(page);
  if (screenshot !== undefined) {
    await page.locator('#shown-for').selectOption('15');
    // As high as its charts reach.
    await page.setViewportSize({ width: 1280, height: 920 });
    await page.waitForTimeout(300);
    await page.screenshot({ path: screenshot });
  }
  assert.match(
    await page.locator('.because').first().innerText(),
    /^main-8f3c2a1 is being rolled back: alarm web-5xx rose .* % of answers were errors/,
  );
  await advanceUntil(page, 'idle');
  // At rest again, the first thing on the card still says what was rolled back, and what to do.
  const answer = page.locator('.answer').first();
  assert.match(await answer.innerText(), /^main-8f3c2a1 was rolled back: /);
  assert.match(await answer.innerText(), /npx slipway why web --local http/);
  assert.match(await page.locator('.facts').first().innerText(), /shop\/web:main-8f3c2a1/);
  await page.locator('.entry').filter({ hasText: 'rolled back: web main-8f3c2a1' }).waitFor();

  const before = await page.locator('#clock').innerText();
  await page.locator('#speeds label').filter({ hasText: '60×' }).click();
  await until(page, 'time passes', `document.querySelector('#clock').textContent !== '${before}'`);
  await page.locator('#speeds label').filter({ hasText: 'Pause' }).click();
}

/** The one that goes and the one that comes back: the picture that says most. */
async function bothAnswer(page: Page): Promise<void> {
  const back = page.locator('.revision').first().locator('.answers');
  for (let slices = 0; slices < SLICES_MOST; slices++) {
    await advance(page, 5);
    if ((await back.innerText()) !== '') return;
  }
  throw new Error('the revision that came back never answered');
}

const SLICE_SECONDS = 20;
const SLICES_MOST = 60;

async function advanceUntil(page: Page, phase: string): Promise<void> {
  for (let slices = 0; slices < SLICES_MOST; slices++) {
    await advance(page, SLICE_SECONDS);
    const shown = await page.locator('.card .badge').first().innerText();
    if (shown.startsWith(phase)) return;
  }
  throw new Error(`web was never ${phase}`);
}

/** Lets virtual time pass, and waits until the page shows it. */
async function advance(page: Page, seconds: number): Promise<void> {
  const { origin } = new URL(page.url());
  const response = await page.request.post(`${origin}/_slipway/advance`, { data: { seconds } });
  const { now } = (await response.json()) as { now: number };
  await until(
    page,
    `the page shows ${new Date(now).toISOString()}`,
    `Date.parse(document.querySelector('#clock').dateTime) >= ${now}`,
  );
}
