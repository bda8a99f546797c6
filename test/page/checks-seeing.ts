/** What is shown, that it is live, that it can be read, and that texts stay texts. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import {
  announced,
  decided,
  numbered,
  pageAlarm,
  pageImage,
  pageRevision,
  pageServed,
  pageState,
  pageTarget,
  pageTasks,
  step,
  TEN,
} from '../local/page-world.ts';
import { type Check, tellMoment, until } from './check.ts';
import { faintTexts } from './contrast.ts';
import { crowdedState } from './crowded.ts';
import { entriesUntil, MOMENTS, type Moment } from './story.ts';

const EVIL = '<img src=x onerror="window.hit=1"><script>window.hit=1</script>&amp;';

export const SEEING: readonly Check[] = [
  {
    name: 'each target shows its phase with its because, its tasks by revision, and its charts',
    async run({ open, shoot }) {
      const { page } = await open('rolling-back');
      const web = page.locator('.card').filter({ hasText: 'ecs/production/web' });
      assert.equal(await web.locator('.badge').innerText(), 'rolling-back: redeploying');
      assert.match(await web.locator('.because').innerText(), /^condemned: alarm web-5xx rose/);
      const [back, bad] = await web.locator('.revisions').first().locator('.revision').all();
      assert.equal(await back?.locator('.task').count(), 4);
      assert.match((await bad?.innerText()) ?? '', /3 serving, 1 stopping, 1 stopped, 4 wanted/);
      assert.match((await bad?.innerText()) ?? '', /24 % errors/);
      // Errors, requests, and what the judge has against it.
      assert.equal(await web.locator('canvas').count(), 3);
      assert.match(await web.locator('.way').innerText(), /yes, to web:2 \(main-1a2b3c4\)/);
      const worker = page.locator('.card').filter({ hasText: 'ecs/production/worker' });
      assert.equal(await worker.locator('canvas').count(), 0);
      assert.match(await worker.innerText(), /no: no other release is proven/);
      assert.match(await worker.innerText(), /by ada: black friday/);
      assert.equal(await page.title(), 'web: rolling-back: redeploying · Slipway local');
      assert.equal(await page.locator('#clock').innerText(), '10:39:20');
      await shoot(page, 'light');
    },
  },
  {
    name: 'what happens is shown as it happens; what was there stays the same element',
    async run({ open }) {
      const { page, server } = await open('calm');
      await page.evaluate(`document.querySelector('.card').kept = true`);
      tellMoment(server, 'deploying');
      const badge = page.locator('.card .badge').first();
      await badge.filter({ hasText: 'deploying' }).waitFor();
      assert.equal(await page.evaluate(`document.querySelector('.card').kept`), true);
      assert.equal(
        await page.locator('#spoken').innerText(),
        'web is deploying: shop/web:main-8f3c2a1 starts',
      );
      tellMoment(server, 'rolling-back');
      await badge.filter({ hasText: 'rolling-back' }).waitFor();
      const newest = page.locator('.entry').first();
      assert.match(await newest.innerText(), /ecs:UpdateService web web:2/);
      assert.equal(await page.locator('[aria-live]').count(), 1);
    },
  },
  {
    name: 'dark and light can be read: every text has a contrast of 4.5',
    async run({ open, shoot }) {
      for (const colorScheme of ['light', 'dark'] as const) {
        const { page, server } = await open('calm', { colorScheme });
        for (const moment of Object.keys(MOMENTS) as Moment[]) {
          tellMoment(server, moment);
          await page.waitForTimeout(100);
          assert.deepEqual(await faintTexts(page), [], `${colorScheme}, ${moment}`);
        }
        await page.keyboard.press('?');
        assert.deepEqual(await faintTexts(page), [], `${colorScheme}, help`);
        await shoot(page, `help-${colorScheme}`);
        await page.keyboard.press('Escape');
        tellMoment(server, 'rolling-back');
        await page.waitForTimeout(100);
        await shoot(page, `whole-${colorScheme}`);
      }
    },
  },
  {
    name: 'the theme follows the system until somebody chooses, and the choice is kept',
    async run({ open }) {
      const { page } = await open('calm', { colorScheme: 'dark' });
      const paper = () =>
        page.evaluate(`getComputedStyle(document.documentElement).backgroundColor`);
      assert.equal(await paper(), 'rgb(14, 18, 23)');
      await page.emulateMedia({ colorScheme: 'light' });
      assert.equal(await paper(), 'rgb(244, 245, 248)');
      await page.locator('#theme').click();
      await page.locator('#theme').click();
      assert.equal(await paper(), 'rgb(14, 18, 23)');
      await page.reload();
      await page.locator('.card').first().waitFor();
      assert.equal(await paper(), 'rgb(14, 18, 23)');
      assert.equal(await page.locator('#theme-name').innerText(), 'dark');
    },
  },
  {
    name: 'on a small screen nothing scrolls sideways',
    async run({ open, shoot }) {
      for (const width of [320, 360, 768]) {
        const { page, server } = await open('calm', { viewport: { width, height: 740 } });
        for (const moment of Object.keys(MOMENTS) as Moment[]) {
          tellMoment(server, moment);
          await page.waitForTimeout(100);
          await assertNoSideways(page, `${width} px, ${moment}`);
        }
        if (width === 360) await shoot(page, 'small');
      }
    },
  },
  {
    name: 'many targets, many tasks and long names fit as well',
    async run({ open, shoot }) {
      const { page, server } = await open('calm', { viewport: { width: 360, height: 740 } });
      server.tell(crowdedState(), []);
      await until(page, '30 targets are shown', `document.querySelectorAll('.card').length === 30`);
      await assertNoSideways(page, 'crowded');
      assert.equal(await page.locator('.card').first().locator('.task-bar .task').count(), 2);
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.waitForTimeout(200);
      await assertNoSideways(page, 'crowded, wide');
      await shoot(page, 'crowded');
    },
  },
  {
    name: 'a text that looks like HTML stays a text',
    async run({ open }) {
      const { page, server } = await open('calm');
      server.tell(...evilWorld(entriesUntil('calm').length));
      const evil = page.locator('.because').filter({ hasText: EVIL });
      await evil.waitFor();
      await page.locator('#depth').selectOption('everything');
      await page.locator('.entry summary').first().click();
      await page.locator('.entry pre').first().waitFor();
      assert.equal(await page.evaluate(`typeof window.hit`), 'undefined');
      assert.equal(await page.locator('img').count(), 1);
      assert.equal(await page.locator('main script').count(), 0);
    },
  },
  {
    name: 'who wants less motion has none',
    async run({ open }) {
      const still = await open('deploying', { reducedMotion: 'reduce' });
      const moving = await open('deploying', { reducedMotion: 'no-preference' });
      const animation = `getComputedStyle(document.querySelector('.task[data-life=starting]')).animationName`;
      assert.equal(await still.page.evaluate(animation), 'none');
      assert.equal(await moving.page.evaluate(animation), 'turn');
    },
  },
];

async function assertNoSideways(page: Page, when: string): Promise<void> {
  const [wanted, shown] = (await page.evaluate(
    '[document.documentElement.scrollWidth, document.documentElement.clientWidth]',
  )) as [number, number];
  assert.ok(wanted <= shown, `${when}: ${wanted} px in ${shown} px`);
}

/** Its entries come after those that were told already. */
function evilWorld(first: number) {
  const image = { [EVIL]: { repository: EVIL, digest: EVIL, tag: EVIL }, app: pageImage(EVIL) };
  const target = pageTarget({
    id: EVIL,
    key: EVIL,
    cluster: EVIL,
    phase: EVIL,
    because: EVIL,
    latest: { at: TEN, because: EVIL },
    running: image,
    wanted: image,
    waiting: image,
    hold: { by: EVIL, because: EVIL },
    wayBack: { possible: false, because: EVIL },
    quarantined: [pageImage(EVIL)],
    revisions: [
      pageRevision({
        revision: EVIL,
        images: image,
        tasks: pageTasks(EVIL, 2, { stoppedReason: EVIL, lastStatus: EVIL }),
        served: [pageServed(TEN)],
      }),
    ],
    alarms: [pageAlarm({ name: EVIL, label: EVIL, reason: EVIL, state: 'ALARM' })],
  });
  const entries = numbered(
    [step(TEN, EVIL), announced(TEN, EVIL, EVIL), decided(TEN, EVIL, EVIL)],
    first,
  );
  const state = pageState({
    now: TEN + 10 * 60_000 * 6,
    account: EVIL,
    region: EVIL,
    targets: [target],
    timeline: { first: 0, next: first + entries.length },
  });
  return [state, entries] as const;
}
