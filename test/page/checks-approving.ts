/** A person's word, said on the page: by the keyboard alone, with a name and a reason, and once. */
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { numbered, pageAwaited, pageState, pageTarget, step, TEN } from '../local/page-world.ts';
import { type Check, until } from './check.ts';
import { faintTexts } from './contrast.ts';

const WAITING = pageTarget({ phase: 'deploying', awaited: [pageAwaited()] });

const outcome = (page: Page) => page.locator('.approval .outcome').innerText();

export const APPROVING: readonly Check[] = [
  {
    name: 'what waits for a word is approved by the keyboard alone, with a name and a reason',
    async run({ open, shoot }) {
      const { page, server } = await open('calm');
      assert.equal(await page.locator('.approval').count(), 0, 'nothing waits');
      const entries = numbered([step(TEN, 'it waits')]);
      server.tell(pageState({ targets: [WAITING] }), entries);
      const box = page.getByRole('group', { name: /^A person's word is awaited: the release of/ });
      await box.waitFor();
      assert.match(
        await box.innerText(),
        /asked by a push at 10:00:00: .*; until 10:30:00, for 30 min/,
      );
      await page.locator('.card h2').first().focus();
      await page.keyboard.press('Tab');
      await page.keyboard.type('bob');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Tab');
      await page.keyboard.press('Enter');
      assert.equal(await outcome(page), 'Not said: because of what?');
      assert.equal(await page.evaluate(`document.activeElement.dataset.name`), 'Because');
      await page.keyboard.type('seen with ada');
      server.tell(pageState({ targets: [WAITING], now: TEN + 1000 }), entries);
      await until(
        page,
        'the minutes that are left go on',
        `document.querySelector('.approval').textContent.includes('for 29 min 59 s')`,
      );
      await page.keyboard.press('Tab');
      await shoot(page, 'approving');
      await page.keyboard.press('Enter');
      await page.getByText(/^bob says yes\./).waitFor();
      assert.deepEqual(
        server.asked.map((line) => JSON.parse(line.replace(/^step /, ''))),
        [
          {
            operator: {
              target: 'web',
              by: 'bob',
              because: 'seen with ada',
              ask: { do: 'approve', of: 'cccccccc-mi7b0u80' },
            },
          },
        ],
      );
      server.tell(pageState({ targets: [pageTarget()] }), entries);
      await box.waitFor({ state: 'detached' });
    },
  },
  {
    name: 'a no is said with a click; a refusal of the server is shown; who said it is kept',
    async run({ open, expectTrouble }) {
      const { page, server } = await open('calm');
      const entries = numbered([step(TEN, 'it waits')]);
      server.tell(pageState({ targets: [WAITING] }), entries);
      await page.getByRole('textbox', { name: 'Your name' }).fill('  bob ');
      await page.getByRole('textbox', { name: 'Because' }).fill('<b>ugly</b>');
      expectTrouble(/400 \(Bad Request\)/);
      await page.route('**/_slipway/step', (route) =>
        route.fulfill({ status: 400, json: { error: 'operator.target: is none' } }),
      );
      await page.getByRole('button', { name: 'Reject' }).click();
      await page.getByText('Not said: operator.target: is none').waitFor();
      await page.unroute('**/_slipway/step');
      await page.getByRole('button', { name: 'Reject' }).click();
      await page.getByText(/^bob says no\./).waitFor();
      assert.match(server.asked.at(-1) ?? '', /"do":"reject"/);
      assert.deepEqual(await faintTexts(page), []);
      const second = pageTarget({ awaited: [pageAwaited({ id: 'dddddddd-1' })] });
      server.tell(pageState({ targets: [second] }), entries);
      await until(
        page,
        'the next one knows who speaks, and not why',
        `(() => { const [who, why] = document.querySelectorAll('.approval input'); return document.querySelectorAll('.approval').length === 1 && who.value === 'bob' && why.value === ''; })()`,
      );
    },
  },
];
