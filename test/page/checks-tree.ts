/** Both pages as a screen reader is told them: names, roles, what is announced, and the order of the focus, of Chromium's own tree. */
import assert from 'node:assert/strict';
import { close, listen } from '@slipway/local-cloud/server/http.ts';
import type { Page } from 'playwright-core';
import { createViewServer } from '../../cli/view/server.ts';
import { canary } from '../../shared/config/config.ts';
import { personIn } from '../cli/view/person.ts';
import { badAfterPush, shifting } from '../local/strategies/shift-world.ts';
import { type Check, until, watch } from './check.ts';

interface Told {
  readonly role: string;
  readonly name: string;
  readonly live: string;
  readonly level: number;
}

interface AxNode {
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
  readonly properties?: readonly { readonly name: string; readonly value: { value?: unknown } }[];
}

/** In the order in which it is read. */
async function toldBy(page: Page): Promise<readonly Told[]> {
  const session = await page.context().newCDPSession(page);
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as unknown as {
    nodes: readonly AxNode[];
  };
  await session.detach();
  return nodes.flatMap(({ ignored, role, name, properties = [] }): readonly Told[] => {
    if (ignored) return [];
    const of = (wanted: string) => properties.find((one) => one.name === wanted)?.value.value;
    return [
      {
        role: role?.value ?? '',
        name: name?.value ?? '',
        live: String(of('live') ?? ''),
        level: Number(of('level') ?? 0),
      },
    ];
  });
}

/** Whoever has the focus after so many presses of Tab, by role and name. */
async function focusOrder(page: Page, presses: number): Promise<readonly string[]> {
  const order: string[] = [];
  for (let i = 0; i < presses; i++) {
    await page.keyboard.press('Tab');
    order.push(
      String(
        await page.evaluate(
          `(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()`,
        ),
      ),
    );
  }
  return order;
}

const NAMED = ['button', 'link', 'slider', 'searchbox', 'textbox', 'combobox', 'radio', 'checkbox'];

function holdsForBoth(told: readonly Told[]): void {
  const nameless = told.filter(({ role, name }) => NAMED.includes(role) && name.trim() === '');
  assert.deepEqual(nameless, [], 'each thing that can be used has a name');
  assert.equal(told.filter(({ role }) => role === 'main').length, 1, 'one main part');
  assert.equal(told.filter(({ role, level }) => role === 'heading' && level === 1).length, 1);
  const levels = told.filter(({ role }) => role === 'heading').map(({ level }) => level);
  for (const [i, level] of levels.entries()) {
    const before = levels[i - 1] ?? level;
    assert.ok(level <= before + 1, `no level of headings is left out: ${levels.join(' ')}`);
  }
  const live = told.filter(({ role }) => role === 'status');
  assert.deepEqual(
    live.map((one) => one.live),
    ['polite'],
    'news is said by one place, when nothing else is',
  );
}

/** Chromium's tree leaves the text of a slider's value empty over its protocol: it is read where it is written. */
async function chartsSayFigures(page: Page): Promise<void> {
  const charts = await page.getByRole('slider').all();
  assert.ok(charts.length >= 2, 'charts are there');
  for (const chart of charts) {
    assert.match((await chart.getAttribute('aria-valuetext')) ?? '', /\d/, 'it says its figures');
  }
}

export const TREE: readonly Check[] = [
  {
    name: 'a screen reader is told the page of slipway local: names, one main part, levels, figures of the charts',
    async run({ open }) {
      const { page } = await open('rolling-back');
      const told = await toldBy(page);
      holdsForBoth(told);
      await chartsSayFigures(page);
      const judged = page.getByRole('slider', { name: 'Evidence of the judge (ln) of web' });
      const evidence = (await judged.getAttribute('aria-valuetext')) ?? '';
      assert.match(evidence, /^10:37:00 UTC: two-arm 11.8, history 9.6, alone 4, /);
      const order = await focusOrder(page, 3);
      assert.deepEqual(order.slice(0, 2), ['Skip to the targets', 'Skip to the timeline']);
    },
  },
  {
    name: 'a screen reader is told the pages of slipway view, and the answer again when it is another one',
    async run({ browser }) {
      const web = await shifting(canary({ bakeMinutes: 10, canaryBakeMinutes: 20 }));
      await badAfterPush(web, { errorRate: 0.25, minutes: 45 });
      const server = createViewServer(personIn(web.cloud), {
        host: '127.0.0.1',
        onWarning: () => undefined,
      });
      const url = `http://127.0.0.1:${await listen(server, 0, '127.0.0.1')}/targets/web`;
      const context = await browser.newContext();
      const complaints: string[] = [];
      try {
        const page = await context.newPage();
        watch(page, (line) => complaints.push(line));
        await page.goto(url);
        await page.locator('.plot canvas').nth(2).waitFor();
        holdsForBoth(await toldBy(page));
        await chartsSayFigures(page);
        assert.deepEqual(await focusOrder(page, 3), ['to the content', 'Slipway', 'all targets']);
        await saysAnotherAnswer(page, url);
      } finally {
        await context.close();
        await close(server);
      }
      assert.deepEqual(complaints, []);
    },
  },
];

/** The next look has another answer: it is said, once, and a look with the same says nothing. */
async function saysAnotherAnswer(page: Page, url: string): Promise<void> {
  const look = () => page.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`);
  const spoken = `document.querySelector('#spoken').textContent`;
  await look();
  await page.waitForTimeout(300);
  assert.equal(await page.evaluate(spoken), '', 'what was there from the beginning is no news');
  await page.route(url, async (route) => {
    const answer = await route.fetch();
    const text = (await answer.text()).replace(
      /<p class="headline">[^<]*/,
      '<p class="headline">main-3 is being rolled out.',
    );
    await route.fulfill({ response: answer, body: text });
  });
  await look();
  await until(page, 'the answer is said', `${spoken}.includes('main-3 is being rolled out.')`);
}
