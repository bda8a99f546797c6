/** Takes a picture of `slipway view` for each of the ten incidents, in the minute in which its mail came. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { close, listen } from '@slipway/local-cloud/server/http.ts';
import type { Browser } from 'playwright-core';
import { createViewServer } from '../../cli/view/server.ts';
import type { Cloud } from '../../local/slipway/slipway-cloud.ts';
import { INCIDENTS, mailOf, playIncidents } from '../cli/incidents/incidents.ts';
import { onlookerIn } from '../cli/view/person.ts';
import { pipeline } from '../cli/world.ts';

const VIEW = { width: 800, height: 620 };

export async function takeIncidents(browser: Browser, folder: string): Promise<void> {
  const taken = new Set<string>();
  await playIncidents(pipeline, async (cloud, minute) => {
    const now = INCIDENTS.filter(
      ({ target, readAt }) =>
        !taken.has(target) && (mailOf(cloud, target) !== undefined || readAt === minute),
    );
    for (const { target } of now) {
      taken.add(target);
      await take(browser, cloud, target, join(folder, `${target}.png`));
    }
  });
}

async function take(browser: Browser, cloud: Cloud, target: string, path: string): Promise<void> {
  const server = createViewServer(onlookerIn(cloud), {
    host: '127.0.0.1',
    onWarning: () => undefined,
  });
  const port = await listen(server, 0, '127.0.0.1');
  const context = await browser.newContext({ viewport: VIEW, colorScheme: 'light' });
  const page = await context.newPage();
  await page.goto(`http://127.0.0.1:${port}/targets/${target}`);
  await page.locator('#charts h2').filter({ hasText: 'UTC' }).waitFor();
  await page.waitForTimeout(300);
  await page.screenshot({ path });
  await context.close();
  await close(server);
  // A picture of text has few colours; without pngquant it is only larger.
  try {
    execFileSync('pngquant', ['24', '--force', '--nofs', '--output', path, path]);
  } catch {
    console.log(`${path} is not made smaller: there is no pngquant`);
  }
}
