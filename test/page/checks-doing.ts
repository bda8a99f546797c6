/** What a reader does: with the keyboard, in the timeline, and when the server goes away. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { decided, MINUTE, numbered, SECOND, step, TEN } from '../local/page-world.ts';
import { type Check, tellMoment, until } from './check.ts';
import { startFakeServer } from './fake-server.ts';
import { entriesUntil, stateAt } from './story.ts';

const focused = (page: Page, expression: string) =>
  page.evaluate(`document.activeElement?.${expression}`);

export const DOING: readonly Check[] = [
  {
    name: 'the Tab key leads through the page, each stop can be seen, none is passed twice',
    async run({ open, shoot }) {
      const { page } = await open('rolling-back');
      const stops: string[] = [];
      for (let presses = 0; presses < 40; presses++) {
        await page.keyboard.press('Tab');
        const stop = String(
          await page.evaluate(
            `(() => { const e = document.activeElement; return e === document.body ? 'BODY' : e.id || e.textContent.trim().slice(0, 24) || e.className; })()`,
          ),
        );
        if (stop === 'BODY') break;
        const outline = await page.evaluate(
          `(() => { const e = document.activeElement; const shown = e.matches('#speeds input') ? e.nextElementSibling : e; return getComputedStyle(shown).outlineStyle !== 'none' || e.matches('.skip'); })()`,
        );
        assert.equal(outline, true, `${stop} shows that it has the focus`);
        if (stops.length === 0) await shoot(page, 'skip-link');
        stops.push(stop);
      }
      assert.equal(stops[0], 'Skip to the targets');
      assert.ok(stops.length < 24, `there are ${stops.length} stops: ${stops.join(', ')}`);
      for (const id of ['theme', 'help-open', 'of', 'depth']) {
        assert.ok(stops.includes(id), `${id} is reached: ${stops.join(', ')}`);
      }
      await page.locator('.skip').first().focus();
      await page.keyboard.press('Enter');
      assert.equal(await focused(page, 'id'), 'targets');
    },
  },
  {
    name: 'single keys do what the help lists, and can be turned off',
    async run({ open }) {
      const { page, server } = await open('calm');
      await page.keyboard.press('?');
      assert.match(await page.locator('#help').innerText(), /pause virtual time, or let it go on/);
      await page.keyboard.press('Escape');
      assert.equal(await page.locator('#help').isVisible(), false);
      await page.keyboard.press('p');
      await page.keyboard.press('+');
      await page.keyboard.press('+');
      await until(page, '10× is chosen', `document.querySelector('#speeds [value="10"]').checked`);
      assert.deepEqual(server.asked, [
        'speed {"speed":0}',
        'speed {"speed":1}',
        'speed {"speed":10}',
      ]);
      await page.keyboard.press('2');
      assert.equal(await focused(page, 'textContent'), 'worker');
      await page.keyboard.press('f');
      assert.equal(await focused(page, 'id'), 'of');
      await page.keyboard.press('p');
      assert.equal(server.asked.length, 3, 'a letter in a list is a letter');
      await page.locator('#help-open').click();
      await page.locator('#shortcuts-on').uncheck();
      await page.keyboard.press('Escape');
      await page.keyboard.press('p');
      assert.equal(server.asked.length, 3, 'turned off');
    },
  },
  {
    name: 'speed and skipping are asked of the server; its refusal is shown',
    async run({ open, expectTrouble }) {
      const { page, server } = await open('calm');
      await page.locator('#speeds input').nth(1).focus();
      await page.keyboard.press('ArrowRight');
      await until(page, '10× is chosen', `document.querySelector('#speeds [value="10"]').checked`);
      await page.getByRole('button', { name: 'Let one minute pass at once' }).click();
      await until(page, 'it is no longer busy', `!document.querySelector('[aria-busy]')`);
      assert.deepEqual(server.asked, ['speed {"speed":10}', 'advance {"seconds":60}']);
      expectTrouble(/400 \(Bad Request\)/);
      await page.route('**/_slipway/speed', (route) =>
        route.fulfill({ status: 400, json: { error: 'speed is too high' } }),
      );
      await page.keyboard.press('+');
      await page.getByText('Not done: speed is too high').waitFor();
    },
  },
  {
    name: 'in a chart the arrow keys move along its moments, and what it says there is told',
    async run({ open }) {
      const { page } = await open('rolling-back');
      const chart = page.getByRole('slider', { name: 'Errors of web, over time' });
      const text = () => chart.getAttribute('aria-valuetext');
      assert.equal(await text(), '10:39:20 UTC: web:3 24 %, web:2 0 %, web-5xx 25 %');
      await chart.focus();
      for (let presses = 0; presses < 14; presses++) await page.keyboard.press('ArrowLeft');
      assert.match((await text()) ?? '', /^10:38:\d\d UTC: web:3 2\d %/);
      assert.match(await page.locator('.chart').first().innerText(), /10:38/);
      await page.keyboard.press('Escape');
      assert.match((await text()) ?? '', /^10:39:20/);
    },
  },
  {
    name: 'the timeline can be narrowed to a target, and to how much one wants to read',
    async run({ open }) {
      const { page } = await open('rolling-back');
      const rows = page.locator('.entry');
      const story = await rows.count();
      await page.locator('#depth').selectOption('decisions');
      assert.ok((await rows.count()) > story);
      await page.locator('#of').selectOption('worker');
      assert.equal(await rows.count(), 1);
      assert.match(await rows.first().innerText(), /worker, idle: nothing waits/);
      await page.reload();
      await rows.first().waitFor();
      assert.equal(await page.locator('#depth').inputValue(), 'decisions');
    },
  },
  {
    name: 'an entry opens by the keyboard, and the arrow keys go from one to the next',
    async run({ open }) {
      const { page } = await open('rolling-back');
      await page.locator('.entry summary').first().focus();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('Enter');
      const details = page.locator('.entry').nth(1).locator('pre');
      await details.waitFor();
      assert.equal(JSON.parse(await details.innerText()).event.detail.alarmName, 'web-5xx');
      assert.equal(await page.locator('.entry summary[tabindex="0"]').count(), 1);
    },
  },
  {
    name: 'an entry that is opened moves the charts to its moment, and a button leads back to now',
    async run({ open }) {
      const { page } = await open('rolling-back');
      const caption = page.locator('.chart figcaption').first();
      await page.locator('.entry summary').filter({ hasText: 'OK → ALARM' }).first().click();
      await page.locator('#pointed').waitFor();
      assert.match(await page.locator('#pointed').innerText(), /^Charts stand at 10:39:\d\d/);
      assert.match(await caption.innerText(), /^Errors 10:3\d:\d\d/);
      await page.locator('.entry summary').last().click();
      await page.getByRole('button', { name: 'Back to now' }).click();
      assert.equal(await page.locator('#pointed').isVisible(), false);
      assert.match(await caption.innerText(), /^Errors now/);
      assert.equal(await focused(page, 'id'), 'shown-for');
    },
  },
  {
    name: 'a good image is pushed at once; a bad one, and a rollback, are asked about first',
    async run({ open, expectTrouble }) {
      const { page, server } = await open('calm');
      const card = page.locator('.card').first();
      await card.getByRole('button', { name: 'Push a good image' }).click();
      await card.getByText('shop/web:main-7 was pushed.').waitFor();
      await card.getByRole('button', { name: 'Push a bad image' }).click();
      assert.equal(server.asked.length, 1, 'nothing is pushed before a yes');
      await page.keyboard.press('Escape');
      assert.equal(await focused(page, 'textContent'), 'Push a bad image');
      await page.keyboard.press('Enter');
      assert.match(await card.locator('.question').innerText(), /A quarter of its answers/);
      await page.keyboard.press('Enter');
      await until(
        page,
        'it is pushed',
        `document.activeElement.textContent === 'Push a bad image'`,
      );
      await card.getByRole('button', { name: 'Hold' }).click();
      await card.getByText('Asked to hold it').waitFor();
      await card.getByRole('button', { name: 'Roll back' }).click();
      await card.getByRole('button', { name: 'No' }).click();
      assert.deepEqual(server.asked, [
        'push {"repository":"shop/web","tag":"main-7","behaviour":{}}',
        'push {"repository":"shop/web","tag":"main-7","behaviour":{"errorRate":0.25}}',
        'step {"operator":{"target":"web","by":"you","because":"a button on the page","ask":{"do":"hold"}}}',
      ]);
      expectTrouble(/409 \(Conflict\)/);
      await page.route('**/_slipway/step', (route) =>
        route.fulfill({ status: 409, json: { error: 'the queue is away' } }),
      );
      await card.getByRole('button', { name: 'Roll back' }).click();
      await card.getByRole('button', { name: 'Yes' }).click();
      await card.getByText('Not done: the queue is away').waitFor();
    },
  },
  {
    name: 'who has scrolled back stays there while new entries come in, and can jump to now',
    async run({ open, shoot }) {
      const { page, server } = await open('calm');
      const many = Array.from({ length: 400 }, (_, n) => step(TEN + n * SECOND, `step ${n}`));
      const state = (count: number) => stateAt('calm', count);
      server.tell(state(300), numbered(many.slice(0, 300)));
      await page.getByText('step 299').waitFor();
      await page.evaluate(`document.querySelector('#entries').scrollTop = 3000`);
      await page.getByRole('button', { name: 'Jump to now' }).waitFor();
      const seen = `(() => { const box = document.querySelector('#entries').getBoundingClientRect(); const row = [...document.querySelectorAll('.entry')].find((e) => e.getBoundingClientRect().bottom > box.top + 1); return row.innerText + ' at ' + Math.round(row.getBoundingClientRect().top); })()`;
      const before = await page.evaluate(seen);
      server.tell(state(400), numbered(many));
      await page.getByRole('button', { name: 'Jump to now, 100 new' }).waitFor();
      assert.equal(await page.evaluate(seen), before);
      await shoot(page, 'scrolled-back');
      await page.evaluate(`document.querySelector('#entries').scrollTop = 1e6`);
      await page
        .locator('.entry')
        .filter({ hasText: /step 100$/ })
        .waitFor();
      await page.getByRole('button', { name: 'Jump to now' }).click();
      assert.equal(await page.evaluate(`document.querySelector('#entries').scrollTop`), 0);
      assert.match(await page.locator('.entry').first().innerText(), /step 399/);
      assert.equal(await page.locator('#jump').isVisible(), false);
    },
  },
  {
    name: 'a lost connection is said; the same server goes on, another world begins anew',
    async run({ open, assets, expectTrouble, shoot }) {
      expectTrouble(
        /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/,
      );
      const { page, server } = await open('deploying');
      const rows = page.locator('.entry');
      const before = await rows.count();
      await server.stop();
      await page.getByText('Connection lost').first().waitFor();
      await shoot(page, 'connection-lost');

      const same = await startFakeServer(assets, server.port);
      tellMoment(same, 'rolling-back');
      await page.locator('.badge', { hasText: 'rolling-back' }).first().waitFor();
      await page.locator('#notice').waitFor({ state: 'hidden' });
      assert.ok((await rows.count()) > before);
      const stories = entriesUntil('rolling-back').filter((entry) => entry.type !== 'decision');
      assert.equal(await rows.count(), stories.length, 'no entry is shown twice');
      await same.stop();

      const other = await startFakeServer(assets, server.port);
      const entries = numbered([step(TEN, 'another world begins'), decided(TEN, 'nothing waits')]);
      other.tell({ ...stateAt('calm', entries.length), now: TEN + MINUTE }, entries);
      await page.getByText('another world begins').waitFor({ timeout: 15_000 });
      assert.equal(await rows.count(), 1);
      assert.equal(await page.locator('#clock').innerText(), '10:01:00');
      await other.stop();
    },
  },
];
