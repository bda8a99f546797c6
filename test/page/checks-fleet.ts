/** Two hundred targets on the page of `slipway local`: a line each, trouble first, and only the card that is asked for. */
import assert from 'node:assert/strict';
import { pageState, pageTarget } from '../local/page-world.ts';
import type { Check } from './check.ts';

const name = (i: number) => `team-${String(i).padStart(3, '0')}`;

function twoHundred() {
  const targets = Array.from({ length: 200 }, (_, i) =>
    pageTarget({
      id: name(i),
      key: `ecs/production/${name(i)}`,
      ...(i === 150 ? { phase: 'needs-attention', because: 'no proven release is left' } : {}),
    }),
  );
  return pageState({ targets, timeline: { first: 0, next: 0 } });
}

export const FLEET: readonly Check[] = [
  {
    name: 'two hundred targets on the page of slipway local are a line each, the worst first, with one card',
    async run({ open, shoot }) {
      const { page, server } = await open('calm');
      server.tell(twoHundred(), []);
      await page.locator('.fleet-row').nth(199).waitFor({ state: 'attached' });
      assert.equal(await page.locator('#fleet-title').innerText(), '1 of 200 targets to look at');
      assert.equal(await page.locator('#fleet-loud .fleet-name').innerText(), name(150));
      assert.equal(await page.locator('.fleet-row:visible').count(), 1);
      assert.deepEqual(await page.locator('.card h2').allInnerTexts(), [name(150)]);
      const high = await page.evaluate('document.body.scrollHeight');
      assert.ok(Number(high) < 3_000, `${high} px high`);
      await shoot(page, 'fleet');

      await page.getByRole('searchbox', { name: 'Find' }).fill('team-19');
      assert.equal(await page.locator('.fleet-row:visible').count(), 10);
      await page.getByRole('button', { name: /^team-199/ }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: /^team-199/, expanded: true }).waitFor();
      assert.deepEqual(await page.locator('.card h2').allInnerTexts(), [name(150), name(199)]);
      await page.keyboard.press('Enter');
      assert.deepEqual(await page.locator('.card h2').allInnerTexts(), [name(150)]);
    },
  },
];
