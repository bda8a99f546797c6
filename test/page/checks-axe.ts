/** Both pages by axe-core, light and dark, wide and as a phone has it; and that of `slipway view` by itself. */
import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { close, listen } from '@slipway/local-cloud/server/http.ts';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { createViewServer } from '../../cli/view/server.ts';
import { accountAssets } from '../../local/page/assets.ts';
import { canary, type Pipeline } from '../../shared/config/config.ts';
import { personIn } from '../cli/view/person.ts';
import { badAfterPush, shifting } from '../local/strategies/shift-world.ts';
import { axeFinds } from './axe.ts';
import { type Check, until, watch } from './check.ts';
import { crowdedState } from './crowded.ts';

const LOOKS: readonly BrowserContextOptions[] = (['light', 'dark'] as const).flatMap(
  (colorScheme) => [
    { colorScheme, viewport: { width: 1280, height: 800 }, bypassCSP: true },
    { colorScheme, viewport: { width: 390, height: 800 }, bypassCSP: true },
  ],
);

/** The account of a canary that was rolled back, as `slipway view` serves it. */
async function servedAccount(targets = 1) {
  const web = await shifting(canary({ bakeMinutes: 10, canaryBakeMinutes: 20 }));
  await badAfterPush(web, { errorRate: 0.25, minutes: 45 });
  const person = personIn(web.cloud);
  const connection = { ...person, pipeline: many(person.pipeline, targets) };
  const server = createViewServer(connection, { host: '127.0.0.1', onWarning: () => undefined });
  const port = await listen(server, 0, '127.0.0.1');
  return { url: `http://127.0.0.1:${port}`, stop: () => close(server) };
}

/** The first has a service; the others are down, which is the longest page. */
function many(pipeline: Pipeline, count: number): Pipeline {
  const { web } = pipeline.targets;
  if (web === undefined) throw new Error('the world has no web');
  const copies = Array.from({ length: count }, (_, i) => {
    const id = i === 0 ? 'web' : `team-${i}-with-a-long-name`;
    return [id, i === 0 ? web : { ...web, id, key: `ecs/production/${id}`, service: id }] as const;
  });
  return { ...pipeline, targets: Object.fromEntries(copies) };
}

async function looking(
  browser: Browser,
  options: BrowserContextOptions,
  see: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(options);
  const complaints: string[] = [];
  try {
    const page = await context.newPage();
    watch(page, (line) => complaints.push(line));
    await see(page);
  } finally {
    await context.close();
  }
  assert.deepEqual(complaints, []);
}

const chartsDrawn = (page: Page) => page.locator('.plot canvas').nth(2).waitFor();

export const AXE: readonly Check[] = [
  {
    name: 'axe finds nothing on the page of slipway local, light and dark, wide and small',
    async run({ open }) {
      for (const look of LOOKS) {
        const { page, server } = await open('rolling-back', look);
        await page.locator('.entry summary').first().click();
        await page.getByRole('button', { name: 'Roll back' }).first().click();
        assert.deepEqual(await axeFinds(page), []);
        server.tell(crowdedState(), []);
        await page.locator('.fleet-row').nth(29).waitFor({ state: 'attached' });
        await page.locator('#fleet-quiet summary').click();
        assert.deepEqual(await axeFinds(page), []);
      }
    },
  },
  {
    name: 'axe finds nothing on the pages of slipway view, light and dark, wide and small',
    async run({ browser, shoot }) {
      const { url, stop } = await servedAccount(20);
      for (const look of LOOKS) {
        await looking(browser, look, async (page) => {
          await page.goto(url);
          assert.deepEqual(await axeFinds(page), []);
          await page.goto(`${url}/targets/web/releases/1`);
          await chartsDrawn(page);
          await page.locator('.entries summary').first().click();
          assert.deepEqual(await axeFinds(page), []);
          assert.equal(await page.evaluate('document.body.scrollWidth <= innerWidth'), true);
          await shoot(page, `view-${look.colorScheme}-${look.viewport?.width}`);
        });
      }
      await stop();
    },
  },
  {
    name: 'a decision that is opened moves the charts of slipway view, and a look of the page leaves them there',
    async run({ browser }) {
      const { url, stop } = await servedAccount();
      await looking(browser, { viewport: { width: 1280, height: 800 } }, async (page) => {
        await page.goto(`${url}/targets/web`);
        await chartsDrawn(page);
        const caption = page.locator('.chart figcaption').first();
        await page.locator('summary').filter({ hasText: 'OK to ALARM' }).first().click();
        await page.getByText('Charts stand at 10:08').waitFor();
        assert.match(await caption.innerText(), /^Errors\s*10:0[78]:00/);
        await page.evaluate(`document.querySelector('#charts').kept = true`);
        await page.waitForResponse((answer) => answer.url().endsWith('/targets/web'));
        await until(page, 'it was looked again', `document.querySelector('#charts').kept === true`);
        assert.match(await caption.innerText(), /^Errors\s*10:0[78]:00/);
        await page.locator('summary').last().click();
        await page.getByRole('button', { name: 'Back to the newest' }).click();
        await until(
          page,
          'the charts are at their end',
          `document.activeElement.id === 'charts-name' && document.querySelector('.pointed').hidden`,
        );
        await page.locator('.plot').first().focus();
        await page.keyboard.press('ArrowLeft');
        const told = await page.locator('.plot').first().getAttribute('aria-valuetext');
        assert.match(told ?? '', /UTC: web:1 0 %/);
      });
      await stop();
    },
  },
  {
    name: 'two hundred targets are seen within two seconds, on a phone as well, and weigh little',
    async run({ browser }) {
      const { url, stop } = await servedAccount(200);
      const assets = await accountAssets();
      const weight = (path: string) => gzipSync(assets.get(path)?.body ?? '').length;
      await looking(browser, { viewport: { width: 390, height: 800 } }, async (page) => {
        const began = performance.now();
        await page.goto(url);
        await page.locator('.item').nth(199).waitFor();
        const fleet = performance.now() - began;
        assert.equal(await page.evaluate('document.body.scrollWidth <= innerWidth'), true);
        const then = performance.now();
        await page.goto(`${url}/targets/web`);
        await chartsDrawn(page);
        const charts = performance.now() - then;
        const kb = (path: string) => `${path} ${Math.round(weight(path) / 1024)} KB`;
        console.log(
          `        200 targets after ${Math.round(fleet)} ms, the charts of one after ${Math.round(charts)} ms; compressed: ${['/view.css', '/view.js', '/charts.js'].map(kb).join(', ')}`,
        );
        assert.ok(fleet < 2_000 && charts < 4_000, `${fleet} and ${charts} ms`);
      });
      assert.ok(weight('/charts.js') < 60 * 1024);
      await stop();
    },
  },
];
